import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_NETWORK } from '../src/model/enrichment.ts';
import { INTERACTION_KINDS, type StoredInteraction } from '../src/model/interaction.ts';
import type { InteractionBy, InteractionFigures } from '../src/model/interaction-query.ts';
import { trafficClass } from '../src/model/request.ts';
import { uuidv7 } from '../src/model/uuid.ts';
import { encodeInteractions } from '../src/stores/interactions-encoding.ts';
import { keepRows } from '../src/stores/native-rows.ts';
import {
  BOT,
  DAY_MS,
  HOUR_MS,
  insertInteractions,
  NOON,
  type OpenStore,
  openTestStore,
  PERSON,
  storedInteraction,
  TENANT_B,
} from './support/clickhouse.ts';

let open: OpenStore;
beforeAll(async () => {
  open = await openTestStore('embedded');
});
afterAll(() => open.close());

const hex = (byte: number) => byte.toString(16).padStart(2, '0').repeat(16);
const text = fc.oneof(fc.constantFrom('', '/', 'a\tb\\n', "'; DROP TABLE interactions --", 'ünï ☃'), fc.string());

/** Interactions of few visitors, names and pages, within some days; every other of nobody who granted. */
const anyInteraction = (tenantId: string): fc.Arbitrary<StoredInteraction> =>
  fc
    .record({
      id: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex')),
      kind: fc.constantFrom(...INTERACTION_KINDS),
      time: fc.integer({ min: NOON - 3 * DAY_MS, max: NOON }),
      kept: fc.boolean(),
      visitor: fc.nat(9),
      country: fc.constantFrom('', 'DE', 'FR'),
      bot: fc.boolean(),
      hosting: fc.boolean(),
      path: text,
      query: text,
      referrer: text,
      name: fc.constantFrom('', 'buy', 'ünï ☃', 'LCP'),
      value: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: null }),
      domain: fc.constantFrom('a.example', 'b.example'),
    })
    .map(({ visitor, country, bot, hosting, ...rest }) =>
      storedInteraction({
        ...rest,
        tenantId,
        visitorId: rest.kept ? hex(visitor) : '',
        place: { country, region: '', city: '' },
        agent: bot ? BOT : PERSON,
        network: hosting ? { ...NO_NETWORK, kind: 'hosting' } : NO_NETWORK,
      }),
    );

const figures = (tenantId: string, query: object = {}) =>
  open.interactions
    .forTenant(tenantId)
    .figures({ from: NOON - 5 * DAY_MS, to: NOON + HOUR_MS, by: 'kind', limit: 1000, ...query });

const classOf = (row: StoredInteraction) => trafficClass(row.agent.isBot, row.network.kind);
const KEYS: Record<InteractionBy, (row: StoredInteraction) => string> = {
  kind: ({ kind }) => kind,
  name: ({ name }) => name,
  path: ({ path }) => path,
  country: ({ place }) => place.country,
  device_type: ({ agent }) => agent.deviceType,
  class: classOf,
  hour: ({ time }) => new Date(Math.floor(time / HOUR_MS) * HOUR_MS).toISOString(),
  day: ({ time }) => new Date(Math.floor(time / DAY_MS) * DAY_MS).toISOString(),
};

/** What the figures must be, counted one by one. */
function recount(rows: readonly StoredInteraction[], by: InteractionBy): Map<string, unknown> {
  const seen = by === 'path' ? rows.filter(({ kept }) => kept) : rows;
  const groups = Map.groupBy(seen, KEYS[by]);
  return new Map(
    [...groups].map(([key, group]) => {
      const kept = group.filter((row) => row.kept);
      const visitors = new Set(kept.map(({ visitorId }) => visitorId)).size;
      return [key, { count: group.length, consented: kept.length, visitors }];
    }),
  );
}

const counted = ({ rows }: InteractionFigures) =>
  new Map(rows.map(({ key, count, consented, visitors }) => [key, { count, consented, visitors }]));

describe('interactions', () => {
  test('rows are there of people who granted only, and come out as they went in', async () => {
    const tenantId = uuidv7();
    const rows = fc.sample(anyInteraction(tenantId), { numRuns: 200, seed: 5 });
    await insertInteractions(open.interactions, rows);
    const found = await open.clickhouse.query<Record<string, unknown>>(
      `SELECT lower(hex(id)) AS id, toUnixTimestamp64Milli(time) AS time, toUnixTimestamp64Milli(received) AS received,
        toUInt16(expires_on) AS expires_on, toString(class) AS class, visitor_id, country, kind, name, path, query,
        referrer, value, has_value, domain FROM interactions WHERE tenant_id = {t:UUID}`,
      { t: tenantId },
    );
    const expected = rows
      .filter(({ kept }) => kept)
      .map((row) => ({
        id: row.id,
        time: row.time,
        received: row.received,
        expires_on: row.expiresOn,
        class: classOf(row),
        visitor_id: row.visitorId,
        country: row.place.country,
        kind: row.kind,
        name: row.name,
        path: row.path.toWellFormed(),
        query: row.query.toWellFormed(),
        referrer: row.referrer.toWellFormed(),
        value: row.value ?? 0,
        has_value: row.value === null ? 0 : 1,
        domain: row.domain,
      }));
    const sorted = (list: readonly Record<string, unknown>[]) =>
      list.toSorted((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
    expect(sorted(found)).toEqual(sorted(expected));
  });

  test.each(Object.keys(KEYS) as InteractionBy[])('roll-ups by %s equal a recount', async (by) => {
    const tenantId = uuidv7();
    const rows = fc.sample(anyInteraction(tenantId), { numRuns: 500, seed: 11 });
    for (let from = 0; from < rows.length; from += 100)
      await insertInteractions(open.interactions, rows.slice(from, from + 100));
    expect(counted(await figures(tenantId, { by }))).toEqual(recount(rows, by));
    const filter = { kind: 'click', class: 'people', domain: 'A.example' } as const;
    const some = rows.filter((row) => row.kind === 'click' && classOf(row) === 'people' && row.domain === 'a.example');
    const answer = await figures(tenantId, { by, ...filter });
    expect(counted(answer)).toEqual(recount(some, by));
    expect(answer.total).toEqual({ count: some.length, consented: some.filter(({ kept }) => kept).length });
  });

  test('a window is widened to whole hours, over days and hours of the roll-ups', async () => {
    const tenantId = uuidv7();
    const rows = fc.sample(anyInteraction(tenantId), { numRuns: 400, seed: 3 });
    await insertInteractions(open.interactions, rows);
    const [from, to] = [NOON - 2 * DAY_MS - 7 * HOUR_MS - 123_456, NOON - 3 * HOUR_MS - 1];
    const answer = await figures(tenantId, { from, to });
    const [start, end] = [Math.floor(from / HOUR_MS) * HOUR_MS, Math.ceil(to / HOUR_MS) * HOUR_MS];
    expect(answer.window).toEqual({ from: new Date(start).toISOString(), to: new Date(end).toISOString() });
    expect(counted(answer)).toEqual(
      recount(
        rows.filter(({ time }) => time >= start && time < end),
        'kind',
      ),
    );
    expect((await figures(tenantId, { from: NOON + DAY_MS, to: NOON + 2 * DAY_MS })).rows).toEqual([]);
  });

  test('levels of values are within their error, whoever told them', async () => {
    const tenantId = uuidv7();
    const values = Array.from({ length: 1000 }, (_, i) => i + 1);
    const rows = values.map((value) =>
      storedInteraction({ tenantId, kind: 'vital', name: 'LCP', value, kept: value % 2 === 0 }),
    );
    await insertInteractions(open.interactions, rows);
    await insertInteractions(open.interactions, [storedInteraction({ tenantId })]);
    const { rows: found } = await figures(tenantId, { by: 'name', kind: 'vital' });
    const [{ p50 = 0, p75 = 0, p95 = 0 } = {}] = found as { p50?: number; p75?: number; p95?: number }[];
    for (const [level, wanted] of [
      [p50, 500],
      [p75, 750],
      [p95, 950],
    ] as const) {
      expect(Math.abs(level - wanted) / wanted).toBeLessThan(0.011);
    }
    expect((await figures(tenantId, { kind: 'page_view' })).rows).toMatchObject([{ p50: null, p75: null, p95: null }]);
  });

  test('a batch under the same token counts once, in rows and roll-ups', async () => {
    const tenantId = uuidv7();
    const rows = [1, 2, 3].map((n) =>
      storedInteraction({ tenantId, time: NOON + n, kept: n > 1, kind: 'click', name: 'a' }),
    );
    for (let time = 0; time < 3; time += 1) await insertInteractions(open.interactions, rows, `same-${tenantId}`);
    const { total } = await figures(tenantId);
    expect([total, await open.interactions.forTenant(tenantId).count()]).toEqual([{ count: 3, consented: 2 }, 2]);
    for (const by of ['hour', 'day']) expect((await figures(tenantId, { by })).rows).toMatchObject([{ count: 3 }]);
  });

  test('rows can be taken out of a batch', async () => {
    const tenantId = uuidv7();
    const rows = fc.sample(anyInteraction(tenantId), { numRuns: 40, seed: 8 });
    const bytes = keepRows(encodeInteractions(rows), (row) => row % 3 === 0);
    const kept = rows.filter((_, row) => row % 3 === 0);
    await open.interactions.insert({ token: `cut-${tenantId}`, count: kept.length, bytes });
    expect(counted(await figures(tenantId))).toEqual(recount(kept, 'kind'));
  });
});

test('widgets: clicks of all people, rates of those who granted', async () => {
  const tenantId = uuidv7();
  const view = (visitor: number, path: string, more = {}) =>
    storedInteraction({ tenantId, visitorId: hex(visitor), path, ...more });
  const click = (visitor: number, path: string, name: string, more = {}) =>
    view(visitor, path, { kind: 'click', name, ...more });
  const counts = { kept: false, visitorId: '', path: '' };
  await insertInteractions(open.interactions, [
    ...[1, 2, 3, 4].map((visitor) => view(visitor, '/pricing')),
    view(5, '/about'),
    view(6, '/pricing', { agent: BOT }),
    click(1, '/pricing', 'buy'),
    click(1, '/pricing', 'buy'),
    click(2, '/pricing', 'buy', { domain: 'other.example' }),
    // The view of who clicked was not told.
    click(7, '/pricing', 'buy'),
    click(5, '/about', 'team'),
    click(6, '/pricing', 'buy', { agent: BOT }),
    click(0, '', 'buy', counts),
    click(0, '', 'unseen', counts),
    storedInteraction({ tenantId: TENANT_B, kind: 'click', name: 'buy', path: '/pricing' }),
  ]);
  const ask = (domain?: string) =>
    open.interactions.forTenant(tenantId).widgets({ from: NOON - 1, to: NOON + 1, domain, limit: 10 });
  const { widgets } = await ask('www.example.com');
  expect(widgets).toEqual([
    { name: 'buy', clicks: 4, consented_clicks: 3, visitors: 2, page_visitors: 5, rate: 0.4 },
    { name: 'team', clicks: 1, consented_clicks: 1, visitors: 1, page_visitors: 1, rate: 1 },
    { name: 'unseen', clicks: 1, consented_clicks: 0, visitors: 0, page_visitors: 0, rate: null },
  ]);
  expect((await ask()).widgets[0]).toMatchObject({ name: 'buy', clicks: 5, visitors: 3 });
});

test('funnels: each step after the one before, within the time, of people who granted', async () => {
  const tenantId = uuidv7();
  const at = (visitor: number, minutes: number, path: string, more = {}) =>
    storedInteraction({ tenantId, visitorId: hex(visitor), time: NOON + minutes * 60_000, path, ...more });
  const buy = { kind: 'click', name: "it's 100%" } as const;
  await insertInteractions(open.interactions, [
    at(1, 0, '/p/1'),
    at(1, 5, '/cart'),
    at(1, 10, '/cart', buy),
    // Too late.
    at(2, 0, '/p/2'),
    at(2, 5, '/cart'),
    at(2, 31, '/cart', buy),
    // In the wrong order.
    at(3, 5, '/p/3'),
    at(3, 0, '/cart'),
    at(4, 0, '/p_4'),
    at(4, 1, '/cart'),
    at(5, 0, '/p/5', { agent: BOT }),
    at(5, 1, '/cart', { agent: BOT }),
    at(6, 0, '/p/6', { kept: false, visitorId: '' }),
    at(7, 0, '/p/7', { domain: 'other.example' }),
    // Across midnight of nothing, in the same window: two visits of one person count once.
    at(8, 0, '/p/8'),
    at(8, 1, '/p/9'),
  ]);
  const ask = (more = {}) =>
    open.interactions.forTenant(tenantId).funnel({
      from: NOON,
      to: NOON + HOUR_MS,
      domain: 'www.example.com',
      withinMs: 30 * 60_000,
      steps: [
        { kind: 'page_view', match: '/p/*' },
        { kind: 'page_view', match: '/cart' },
        { kind: 'click', match: "it's 100%" },
      ],
      ...more,
    });
  expect((await ask()).steps.map(({ visitors, share }) => [visitors, share])).toEqual([
    [4, 1],
    [2, 0.5],
    [1, 0.25],
  ]);
  expect((await ask({ withinMs: 60 * 60_000 })).steps.map(({ visitors }) => visitors)).toEqual([4, 2, 2]);
  expect((await ask({ domain: undefined })).steps[0]?.visitors).toBe(5);
  expect((await ask({ from: NOON + DAY_MS, to: NOON + 2 * DAY_MS })).steps.map(({ share }) => share)).toEqual([
    null,
    null,
    null,
  ]);
});

test('retention drops rows by their day and roll-ups by their resolution', async () => {
  const tenantId = uuidv7();
  const today = Math.floor(NOON / DAY_MS);
  const old = NOON - 900 * DAY_MS;
  await insertInteractions(open.interactions, [
    storedInteraction({ tenantId, time: old, expiresOn: today }),
    storedInteraction({ tenantId, time: NOON, expiresOn: today + 1 }),
  ]);
  const dropped = await open.store.dropExpired(today);
  expect(
    dropped
      .map((name) => name.split('/')[0])
      .filter((table) => table?.startsWith('interaction'))
      .toSorted(),
  ).toEqual(['interaction_counts_hour', 'interactions']);
  expect(await open.interactions.forTenant(tenantId).count()).toBe(1);
  const { rows } = await figures(tenantId, { by: 'day', from: old - DAY_MS });
  // Days are there of what has no row any more; how many people that were is not known.
  expect(rows.map(({ count, consented, visitors }) => [count, consented, visitors])).toEqual([
    [1, 1, null],
    [1, 1, 1],
  ]);
});
