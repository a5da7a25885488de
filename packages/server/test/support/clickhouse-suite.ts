import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FIELDS, type FieldName } from '../../src/model/field.ts';
import { type Filter, matcher, parseFilter } from '../../src/model/filter.ts';
import { isRefusal } from '../../src/model/request.ts';
import type { StoredRequest } from '../../src/model/stored-request.ts';
import type { Metric, TrafficQuery, TrafficRow } from '../../src/model/traffic-query.ts';
import { METRICS } from '../../src/model/traffic-query.ts';
import { uuidv7 } from '../../src/model/uuid.ts';
import { isAboutTheRows, TENANT_TABLES, type TenantRequests, tenantWall } from '../../src/stores/requests.ts';
import type { RequestsPage } from '../../src/stores/requests-pages.ts';
import {
  DAY_MS,
  HOUR_MS,
  insertInteractions,
  insertRows,
  NOON,
  type OpenStore,
  openTestStore,
  storedInteraction,
  storedRequest,
  TENANT_B,
} from './clickhouse.ts';
import { anyRequest, fieldValue, hostileText } from './clickhouse-arbitrary.ts';

const MINUTE_MS = 60_000;
const EVERYTHING = { from: 0, to: NOON + 2 * DAY_MS };

/** What the request store promises, however its engine is reached. */
export function describeRequestStore(way: 'embedded' | 'http'): void {
  let open: OpenStore;
  beforeAll(async () => {
    open = await openTestStore(way);
  });
  afterAll(() => open.close());

  const ask = async (tenant: string, query: Partial<TrafficQuery>) =>
    open.store.forTenant(tenant).traffic({
      ...EVERYTHING,
      metrics: ['requests'],
      by: [],
      where: [],
      limit: 10_000,
      ...query,
    });

  describe(`requests, ${way}`, () => {
    test('what goes in comes out, whatever its texts hold', async () => {
      const tenantId = uuidv7();
      const rows = fc.sample(anyRequest(tenantId), { numRuns: 400, seed: 7 }).map((row) => ({ ...row, kept: true }));
      await insertRows(open.store, rows);
      const page = await open.store.forTenant(tenantId).requests({ ...EVERYTHING, where: [], limit: 1000 });
      expect(page.next).toBeNull();
      const found = new Map(page.rows.map((row) => [row.id, row]));
      for (const row of rows) expect(found.get(row.id)).toEqual(expectedRecord(row));
    });

    test('long fields are cut, not refused', async () => {
      const tenantId = uuidv7();
      const long = '/ü'.repeat(5000);
      const headers = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`x-${n}`, 'v'.repeat(1000)]));
      await insertRows(open.store, [
        storedRequest({
          tenantId,
          request: { path: long, route: long, query: long, userAgent: long, referrer: long, headers },
        }),
      ]);
      const { rows } = await open.store.forTenant(tenantId).requests({ ...EVERYTHING, where: [], limit: 1 });
      const { path, query, user_agent, referrer, headers: kept } = rows[0] ?? {};
      expect([path, query, user_agent, referrer].map((text) => text?.length)).toEqual([2048, 2048, 1024, 1024]);
      expect(JSON.stringify(kept).length).toBeLessThan(9000);
    });

    test('filters mean what the model says, on every field and with hostile values', async () => {
      const tenantId = uuidv7();
      const rows = fc.sample(anyRequest(tenantId), { numRuns: 300, seed: 11 }).map((row) => ({ ...row, kept: true }));
      await insertRows(open.store, rows);
      for (const filter of filtersOver(rows)) {
        const match = matcher(filter);
        const wanted = rows.filter((row) => match(fieldValue(row, filter.field))).length;
        // By path: not in the roll-ups, so that rows answer.
        const { rows: groups, source } = await ask(tenantId, { by: ['path'], where: [filter] });
        expect(source).toBe('rows');
        expect(
          groups.reduce((sum, row) => sum + Number(row['requests']), 0),
          filter.text,
        ).toBe(wanted);
      }
    });

    test('every field groups rows as the model does', async () => {
      const tenantId = uuidv7();
      const rows = fc.sample(anyRequest(tenantId), { numRuns: 200, seed: 13 }).map((row) => ({ ...row, kept: true }));
      await insertRows(open.store, rows);
      for (const { name, kind } of FIELDS) {
        const wanted = new Map<string, number>();
        for (const row of rows) {
          const value = fieldValue(row, name);
          const shown = typeof value === 'number' && value < 0 ? null : kind === 'flag' ? value === 'true' : value;
          wanted.set(JSON.stringify(shown), (wanted.get(JSON.stringify(shown)) ?? 0) + 1);
        }
        const { rows: groups } = await ask(tenantId, { by: [name] });
        expect(new Map(groups.map((row) => [JSON.stringify(row[name]), row['requests']])), name).toEqual(wanted);
      }
    });

    test('roll-ups equal a recount, in any window and grouping', async () => {
      const tenantId = uuidv7();
      const rows = fc.sample(anyRequest(tenantId), { numRuns: 600, seed: 17 });
      for (let from = 0; from < rows.length; from += 100) await insertRows(open.store, rows.slice(from, from + 100));
      const windows = [
        [NOON - 3 * DAY_MS, NOON + DAY_MS],
        [NOON - 2 * DAY_MS - 7 * MINUTE_MS, NOON - 3 * HOUR_MS + 11 * MINUTE_MS],
        [NOON - 50 * HOUR_MS, NOON - 50 * HOUR_MS + 90 * MINUTE_MS],
      ] as const;
      const groupings: TrafficQuery['by'][] = [
        [],
        ['domain'],
        ['class', 'origin'],
        ['country', 'device', 'status_class'],
        ['day'],
        ['hour', 'bot'],
        ['minute'],
      ];
      for (const [from, to] of windows) {
        for (const by of groupings) {
          const where = by.length === 1 ? [filterOf('class=people,bots')] : [];
          const metrics: Metric[] = [
            'requests',
            'people',
            'bots',
            'hosting',
            'bytes_in',
            'bytes_out',
            'errors',
            'kept',
          ];
          const answer = await ask(tenantId, { from, to, by, where, metrics });
          expect(answer.source).toBe('roll-up');
          expect(sorted(answer.rows)).toEqual(sorted(recount(rows, { from, to, by, where })));
        }
      }
    });

    test('a window that cuts minutes counts kept rows to the ms', async () => {
      const tenantId = uuidv7();
      const times = [
        NOON - 1,
        NOON,
        NOON + 1,
        NOON + MINUTE_MS,
        NOON + 2 * MINUTE_MS + 500,
        NOON + 2 * MINUTE_MS + 501,
      ];
      await insertRows(
        open.store,
        times.map((time) => storedRequest({ tenantId, request: { time } })),
      );
      const count = async (from: number, to: number) => (await ask(tenantId, { from, to })).rows[0]?.['requests'];
      expect(await count(NOON, NOON + 1)).toBe(1);
      expect(await count(NOON + 1, NOON + 2 * MINUTE_MS + 501)).toBe(3);
      expect(await count(NOON - 1, NOON + 2 * MINUTE_MS + 502)).toBe(6);
      expect(await count(NOON + 5 * MINUTE_MS, NOON + 6 * MINUTE_MS)).toBe(0);
    });

    test('uniques and percentiles agree between roll-ups and rows, within their error', async () => {
      const tenantId = uuidv7();
      const durations = Array.from({ length: 5000 }, (_, index) => 50 + ((index * 7919) % 5000) ** 2);
      const rows = durations.map((durationUs, index) =>
        storedRequest({
          tenantId,
          keys: { client: String(1_000_000_007n * BigInt(1 + (index % 700))), net: '1', site: '0', day: 1 },
          request: { time: NOON - index * 10_000, durationUs },
        }),
      );
      await insertRows(open.store, rows);
      const metrics: Metric[] = ['uniques', 'p50', 'p75', 'p90', 'p95', 'p99', 'requests'];
      const rolledUp = await ask(tenantId, { metrics });
      const fromRows = await ask(tenantId, { metrics, where: [filterOf('path=/')] });
      expect([rolledUp.source, fromRows.source]).toEqual(['roll-up', 'rows']);
      durations.sort((a, b) => a - b);
      for (const [row] of [rolledUp.rows, fromRows.rows]) {
        expect(row?.['uniques']).toBe(700);
        for (const [metric, level] of [
          ['p50', 0.5],
          ['p75', 0.75],
          ['p90', 0.9],
          ['p95', 0.95],
          ['p99', 0.99],
        ] as const) {
          const exact = (durations[Math.floor(level * (durations.length - 1))] as number) / 1000;
          expect(Math.abs(Number(row?.[metric]) - exact) / exact, metric).toBeLessThanOrEqual(0.01);
        }
      }
    });

    test('timed counts the requests that tell their duration, by rows and by roll-ups', async () => {
      const tenantId = uuidv7();
      // One value, a few far apart, many side by side, none at all and instant ones: all encodings of the sketch.
      const durations = [
        [-1],
        [74],
        [0, 1, 900_000_000],
        Array.from({ length: 3000 }, (_, index) => 100 + (index % 500)),
        [],
      ];
      durations.push(Array.from({ length: 900 }, (_, index) => Math.floor(1.025 ** index)));
      const rows = durations.flatMap((values, hour) =>
        [...values, -1, -1].map((durationUs) =>
          storedRequest({ tenantId, request: { time: NOON - hour * HOUR_MS, durationUs } }),
        ),
      );
      await insertRows(open.store, rows);
      const timed = durations.map((values) => values.filter((value) => value >= 0).length);
      const all = timed.reduce((sum, value) => sum + value, 0);
      const metrics: Metric[] = ['requests', 'timed', 'p50'];
      for (const where of [[], [filterOf('path=/')]]) {
        expect((await ask(tenantId, { metrics, where })).rows).toMatchObject([{ requests: rows.length, timed: all }]);
        const hours = (await ask(tenantId, { metrics: ['timed'], by: ['hour'], where })).rows;
        expect(hours.map((row) => row['timed'])).toEqual(timed.toReversed());
      }
      expect((await ask(tenantId, { metrics: ['timed'], by: ['hour'], order: 'timed', limit: 1 })).source).toBe(
        'roll-up',
      );
      expect((await ask(uuidv7(), { metrics: ['timed', 'p50'] })).rows).toEqual([{ timed: 0, p50: null }]);
    });

    test('a batch under the same token changes nothing, in rows and roll-ups', async () => {
      const tenantId = uuidv7();
      const rows = fc.sample(anyRequest(tenantId), { numRuns: 50, seed: 19 });
      const token = `twice-${tenantId}`;
      const figures = async () => [
        await ask(tenantId, { metrics: METRICS, by: ['hour'] }),
        await ask(tenantId, { metrics: METRICS, by: ['day'] }),
        await ask(tenantId, { metrics: METRICS, by: ['path'] }),
        await open.store.forTenant(tenantId).count(),
      ];
      await insertRows(open.store, rows, token);
      const once = await figures();
      await insertRows(open.store, rows, token);
      await insertRows(open.store, [storedRequest({ tenantId })], token);
      expect(await figures()).toEqual(once);
      await insertRows(open.store, rows, `${token}-other`);
      const total = (await ask(tenantId, {})).rows[0]?.['requests'];
      expect(total).toBe(100);
    });

    test('pages go through all requests once, newest first, times shared or not', async () => {
      const tenantId = uuidv7();
      const rows = Array.from({ length: 57 }, (_, index) =>
        storedRequest({ tenantId, request: { time: NOON - Math.floor(index / 5) * 3 * HOUR_MS } }),
      );
      await insertRows(open.store, rows);
      const seen: string[] = [];
      const times: string[] = [];
      let before: { time: number; id: string } | null = null;
      do {
        const page: RequestsPage = await open.store
          .forTenant(tenantId)
          .requests({ ...EVERYTHING, where: [], limit: 8, before });
        seen.push(...page.rows.map(({ id }) => id));
        times.push(...page.rows.map(({ time }) => time));
        before = page.next;
      } while (before !== null);
      expect(seen.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
      expect(times).toEqual(times.toSorted().reverse());
    });

    test('a request is found by its id, whenever it was and whatever made the id, by its tenant alone', async () => {
      const tenantId = uuidv7();
      const times = [NOON, NOON - 10 * 24 * HOUR_MS];
      const rows = [uuidv7(NOON), crypto.randomUUID()].flatMap((id) =>
        times.map((time, index) =>
          storedRequest({ tenantId, id: `${id.slice(0, -1)}${index}`, request: { time, path: `/${index}` } }),
        ),
      );
      await insertRows(open.store, rows);
      for (const { id, request } of rows) {
        expect(await open.store.forTenant(tenantId).request(id)).toMatchObject({ id, path: request.path });
        expect(await open.store.forTenant(uuidv7()).request(id)).toBeNull();
      }
      expect(await open.store.forTenant(tenantId).request(uuidv7(NOON))).toBeNull();
    });

    test('arrivals are the latest received, and those of a rare question are not lost beside those of all', async () => {
      const tenantId = uuidv7();
      const rows = Array.from({ length: 40 }, (_, i) =>
        storedRequest({
          tenantId,
          received: NOON + ((i * 7) % 40),
          request: { time: NOON - i, status: i % 20 === 0 ? 500 : 200 },
        }),
      );
      await insertRows(open.store, rows);
      const { arrivals } = open.store.forTenant(tenantId);
      const status = parseFilter('status=5xx') as Filter;
      const questions = [
        { since: NOON + 5, behindId: '', where: [] },
        { since: NOON, behindId: '', where: [status] },
      ];
      const query = { from: NOON - 40, to: NOON + 1, questions };
      const { latest, counts } = await arrivals.look(query, NOON + 30, 10);
      const expected = rows
        .map(({ id, received, request }) => ({
          id,
          received,
          asked: (received >= NOON + 5 ? 1 : 0) + (request.status === 500 ? 2 : 0),
        }))
        .filter(({ asked }) => asked !== 0)
        .sort((a, b) => b.received - a.received);
      const most = (asked: number) => expected.filter((one) => one.asked === asked).slice(0, 10);
      expect(latest).toEqual([1, 2, 3].flatMap(most).sort((a, b) => b.received - a.received));
      const late = rows.filter(({ received, request }) => received >= NOON + 30 && request.status === 500).length;
      expect(counts).toEqual([
        { all: 35, later: 10 },
        { all: 2, later: late },
      ]);
      const since = async (part: Partial<typeof query>) =>
        (await arrivals.look({ ...query, ...part }, NOON, 10)).counts.map(({ all }) => all);
      expect(await since({ from: NOON })).toEqual([0, 1]);
      // From a place on: what is behind it, by the time and then by the id.
      const at = NOON + 7;
      const same = Array.from({ length: 4 }, () => storedRequest({ tenantId, received: at, request: { time: NOON } }));
      await insertRows(open.store, same);
      const there = [...same, ...rows.filter(({ received }) => received === at)].map(({ id }) => id).sort();
      const behind = (behindId: string) => since({ questions: [{ since: at, behindId, where: [] }] });
      const [all = 0] = await behind('');
      expect(await behind(there[1] ?? '')).toEqual([all - 2]);
      expect(await behind(there.at(-1) ?? '')).toEqual([all - there.length]);
      const found = await arrivals.rows(query, latest.slice(0, 3));
      expect([...found.keys()].sort()).toEqual(
        latest
          .slice(0, 3)
          .map(({ id }) => id)
          .sort(),
      );
      const [first] = latest;
      expect(found.get(first?.id ?? '')).toMatchObject({ received: new Date(first?.received ?? 0).toISOString() });
      expect(await arrivals.rows(query, [])).toEqual(new Map());
    });

    test('no tenant sees another, through any method, with any filter', async () => {
      const [mine, theirs] = [uuidv7(), uuidv7()];
      const marked = (tenantId: string, mark: string) =>
        storedRequest({ tenantId, domain: `${mark}.example.com`, request: { path: `/${mark}`, userAgent: mark } });
      await insertRows(open.store, [marked(mine, 'mine'), marked(theirs, 'theirs'), marked(theirs, 'theirs')]);
      const handle = open.store.forTenant(mine);
      const theirArrivals = async () => {
        const questions = [{ since: 0, behindId: '', where: [] }];
        return (await open.store.forTenant(theirs).arrivals.look({ ...EVERYTHING, questions }, 0, 100)).latest;
      };
      expect(await theirArrivals()).toHaveLength(2);
      const filters = [
        ...fc.sample(hostileText, { numRuns: 40, seed: 23 }).map((value) => plainFilter('path', value)),
        plainFilter('path', '/theirs'),
        plainFilter('user_agent', "theirs' OR tenant_id != ''"),
        { ...plainFilter('path', 'none'), negated: true },
      ];
      const calls: Record<keyof TenantRequests, () => Promise<unknown[]>> = {
        traffic: () =>
          Promise.all(
            filters.flatMap((filter) => [
              handle.traffic({ ...EVERYTHING, metrics: METRICS, by: ['domain', 'path'], where: [filter], limit: 100 }),
              handle.traffic({ ...EVERYTHING, metrics: METRICS, by: ['domain'], where: [], limit: 100 }),
            ]),
          ),
        request: async () => {
          const { rows } = await open.store.forTenant(theirs).requests({ ...EVERYTHING, where: [], limit: 100 });
          expect(rows.length).toBeGreaterThan(0);
          const found = await Promise.all(rows.map(({ id }) => handle.request(id)));
          return found.filter((row) => row !== null);
        },
        requests: () =>
          Promise.all(filters.map((filter) => handle.requests({ ...EVERYTHING, where: [filter], limit: 100 }))),
        arrivals: async () => {
          const questions = filters.slice(0, 32).map((filter) => ({ since: 0, behindId: '', where: [filter] }));
          const { latest } = await handle.arrivals.look({ ...EVERYTHING, questions }, 0, 100);
          const all = await theirArrivals();
          return [...latest, ...(await handle.arrivals.rows({ ...EVERYTHING, questions }, all)).values()];
        },
        domains: () => handle.domains(),
        span: async () => [await handle.span()],
        count: async () => [await handle.count()],
        kept: () => handle.kept(),
      };
      expect(Object.keys(handle).toSorted()).toEqual(Object.keys(calls).toSorted());
      for (const [method, call] of Object.entries(calls)) {
        expect(JSON.stringify(await call()), method).not.toContain('theirs');
      }
      expect(await handle.count()).toBe(1);
      expect((await handle.domains()).map(({ requests }) => requests)).toEqual([1]);
      expect(() => open.store.forTenant("x' OR 1=1")).toThrow('not a tenant id');
    });

    test('the wall alone keeps a statement that forgot its tenant inside, subqueries included', async () => {
      const mine = uuidv7();
      await insertRows(open.store, [storedRequest({ tenantId: mine }), storedRequest({ tenantId: TENANT_B })]);
      await open.store.insertLiveAddresses([live(mine, NOON), live(TENANT_B, NOON)]);
      await insertInteractions(
        open.interactions,
        [mine, TENANT_B].map((tenantId) => storedInteraction({ tenantId })),
      );
      // Which rows the sample draws is up to their ids.
      await open.clickhouse.command(
        `INSERT INTO requests_sample (tenant_id, drawn_by, time, expires_on)
         SELECT toUUID(arrayJoin(['${mine}', '${TENANT_B}'])), 'request', now64(3), today() + 30`,
      );
      const policyOf = () => ({ sessionDays: 396, rowDays: 30 });
      await open.sessions.derive({ now: NOON + DAY_MS, policyOf, mostSessionDays: 396 });
      for (const table of TENANT_TABLES) {
        for (const sql of [
          `SELECT DISTINCT toString(tenant_id) AS t FROM ${table}`,
          `SELECT t FROM (SELECT DISTINCT toString(a.tenant_id) AS t FROM ${table} AS a)`,
          `SELECT DISTINCT toString(b.tenant_id) AS t FROM (SELECT 1 AS x) AS a CROSS JOIN (SELECT * FROM ${table}) AS b`,
          `WITH c AS (SELECT toString(tenant_id) AS t FROM ${table}) SELECT DISTINCT t FROM c`,
          `SELECT arrayJoin((SELECT groupUniqArray(toString(tenant_id)) FROM ${table})) AS t`,
        ]) {
          expect(await open.clickhouse.query(sql, {}, tenantWall(mine)), sql).toEqual([{ t: mine }]);
        }
      }
      const tables = await open.clickhouse.query<{ table: string }>(
        `SELECT DISTINCT c.table AS table FROM system.columns AS c INNER JOIN system.tables AS t ON t.name = c.table AND t.database = c.database
         WHERE c.database = currentDatabase() AND c.name = 'tenant_id' AND t.engine LIKE '%MergeTree'`,
      );
      expect(tables.map(({ table }) => table).toSorted()).toEqual(TENANT_TABLES.toSorted());
    });

    test('retention drops partitions: rows by their day, roll-ups by their resolution, live addresses by the hour', async () => {
      const tenantId = uuidv7();
      const old = NOON - 500 * DAY_MS;
      const oldDay = Math.floor(old / DAY_MS);
      await insertRows(open.store, [
        storedRequest({ tenantId, expiresOn: oldDay + 80, request: { time: old } }),
        storedRequest({ tenantId, expiresOn: 20_999, request: { time: NOON } }),
      ]);
      await open.clickhouse.command(
        `INSERT INTO requests_sample (tenant_id, drawn_by, time, expires_on) VALUES ('${tenantId}', 'request', now64(3), toDate(${oldDay + 80}))`,
      );
      const tablesOf = (dropped: string[]) => dropped.map((name) => name.split('/')[0]).toSorted();
      expect(tablesOf(await open.store.dropExpired(oldDay + 79))).toEqual(['counts_minute', 'visits_minute']);
      expect(await open.store.forTenant(tenantId).count()).toBe(2);
      const today = Math.floor(NOON / DAY_MS);
      expect(tablesOf(await open.store.dropExpired(today))).toEqual([
        'counts_hour',
        'requests',
        'requests_sample',
        'visits_hour',
      ]);
      expect(await open.store.forTenant(tenantId).count()).toBe(1);
      expect((await ask(tenantId, { by: ['day'] })).rows).toHaveLength(2);

      await open.store.insertLiveAddresses([live(tenantId, NOON - 3 * HOUR_MS), live(tenantId, NOON)]);
      const left = async () =>
        open.clickhouse.query<{ a: string }>('SELECT address AS a FROM live_addresses WHERE tenant_id = {t:UUID}', {
          t: tenantId,
        });
      expect(await left()).toHaveLength(2);
      expect(await open.store.dropLiveAddresses(NOON - 2 * HOUR_MS)).toEqual(['2026-03-18 09:00:00']);
      expect(await left()).toEqual([{ a: '192.0.2.1' }]);
    });

    test('merges wait while they are held, and no longer than that', async () => {
      const tenantId = uuidv7();
      const expiresOn = 30_000;
      const parts = async () => {
        const [row] = await open.clickhouse.query<{ n: number }>(
          "SELECT count() AS n FROM system.parts WHERE active AND table = 'requests' AND partition = '2052-02-20'",
        );
        return row?.n;
      };
      const [release, releaseToo] = [await open.store.holdMerges(), await open.store.holdMerges()];
      for (let index = 0; index < 12; index += 1)
        await insertRows(open.store, [storedRequest({ tenantId, expiresOn })]);
      await release();
      await release();
      if (way === 'embedded') expect(await parts()).toBe(12);
      await releaseToo();
      await open.clickhouse.command('OPTIMIZE TABLE requests FINAL');
      expect(await parts()).toBe(1);
      expect(await open.store.forTenant(tenantId).count()).toBe(12);
    });

    test('a batch whose rows are broken is refused for good', async () => {
      const failure = await open.store.insert({ token: uuidv7(), count: 1, bytes: Buffer.from('not\ta\trow\n') }).then(
        () => null,
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(Error);
      expect(isAboutTheRows(failure)).toBe(true);
    });
  });
}

function live(tenantId: string, lastSeen: number) {
  return { tenantId, clientKey: '18446744073709551615', address: '192.0.2.1', lastSeen };
}

function plainFilter(field: FieldName, value: string): Filter {
  return { field, negated: false, any: [{ is: 'equal', value: value.toWellFormed() }], text: `${field}=${value}` };
}

function filterOf(text: string): Filter {
  const filter = parseFilter(text);
  if (isRefusal(filter)) throw new Error(filter.detail);
  return filter;
}

/** Filters made from the rows' own values and from hostile ones, for every field. */
function filtersOver(rows: readonly StoredRequest[]): Filter[] {
  const filters: Filter[] = [];
  for (const { name, kind } of FIELDS) {
    const value = fieldValue(rows[filters.length % rows.length] as StoredRequest, name);
    if (kind === 'flag') filters.push(filterOf(`${name}=true`), filterOf(`${name}!=true`));
    else if (kind === 'number') {
      const at = Math.max(0, Number(value));
      filters.push(
        filterOf(`${name}=${at}`),
        filterOf(`${name}!=0..${at}`),
        filterOf(`${name}>=${at}`),
        filterOf(`${name}<${at + 1}`),
      );
    } else {
      const text = String(value);
      const pieces = [text, ...fc.sample(hostileText, { numRuns: 4, seed: name.length })];
      for (const piece of pieces) {
        filters.push(plainFilter(name, piece), { ...plainFilter(name, piece), negated: true });
        const pattern = `*${[...piece.toWellFormed()].slice(1, 4).join('')}*`;
        filters.push({ field: name, negated: false, any: [{ is: 'glob', pattern }], text: `${name}~${pattern}` });
      }
    }
  }
  return filters.concat(filterOf('status=5xx'), filterOf('status=400..499,200'), filterOf('country=de,us'));
}

function expectedRecord(row: StoredRequest) {
  const { request, network, agent, keys } = row;
  const text = (value: string) => value.toWellFormed();
  const unknown = (value: number) => (value < 0 ? null : value);
  return {
    id: row.id,
    time: new Date(request.time).toISOString(),
    received: new Date(row.received).toISOString(),
    domain: row.domain,
    method: text(request.method),
    path: text(request.path),
    route: text(request.route),
    query: text(request.query),
    status: request.status === 0 ? null : request.status,
    duration_ms: request.durationUs < 0 ? null : request.durationUs / 1000,
    bytes_in: unknown(request.bytesIn),
    bytes_out: unknown(request.bytesOut),
    protocol: text(request.protocol),
    headers: Object.fromEntries(
      Object.entries(request.headers ?? {}).map(([name, value]) => [text(name), text(value)]),
    ),
    user_agent: request.userAgent === null ? null : text(request.userAgent),
    referrer: text(request.referrer),
    consent: row.consent,
    visitor_id: text(row.visitorId),
    client_key: keys.client,
    net_key: keys.net,
    country: row.place.country,
    region: text(row.place.region),
    city: text(row.place.city),
    asn: network.asn === 0 ? null : network.asn,
    network: text(network.asOrg),
    network_kind: network.kind,
    device: agent.deviceType,
    os: text(agent.osName),
    browser: text(agent.browserName),
    bot: agent.isBot,
    bot_name: text(agent.botName),
    bot_kind: agent.botKind,
    bot_verified: row.botVerified,
    threat_score: row.threatScore,
    threat_sources: row.threatSources.map(text),
    attack_score: row.attackScore,
    attack_rules: row.attackRules.map(text),
    origin: row.origin,
  };
}

/** What the roll-ups should say, counted one request at a time. */
function recount(
  rows: readonly StoredRequest[],
  query: Pick<TrafficQuery, 'from' | 'to' | 'by' | 'where'>,
): TrafficRow[] {
  const groups = new Map<string, TrafficRow>();
  const matchers = query.where.map((filter) => [filter.field, matcher(filter)] as const);
  const steps: Record<string, number> = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };
  for (const row of rows) {
    const { time, status, bytesIn, bytesOut } = row.request;
    if (time < query.from || time >= query.to) continue;
    if (!matchers.every(([field, match]) => match(fieldValue(row, field)))) continue;
    const group: TrafficRow = {};
    for (const by of query.by) {
      const step = steps[by];
      const value =
        step === undefined ? fieldValue(row, by as FieldName) : new Date(Math.floor(time / step) * step).toISOString();
      group[by] = by === 'bot' ? value === 'true' : value;
    }
    const key = JSON.stringify(group);
    const cell =
      groups.get(key) ??
      Object.assign(group, {
        requests: 0,
        people: 0,
        bots: 0,
        hosting: 0,
        bytes_in: null,
        bytes_out: null,
        errors: 0,
        kept: 0,
      });
    groups.set(key, cell);
    const add = (name: string, amount: number) => {
      cell[name] = Number(cell[name] ?? 0) + amount;
    };
    add('requests', 1);
    add(String(fieldValue(row, 'class')), 1);
    if (row.kept) add('kept', 1);
    if (status >= 500 && status <= 599) add('errors', 1);
    if (bytesIn >= 0) add('bytes_in', bytesIn);
    if (bytesOut >= 0) add('bytes_out', bytesOut);
  }
  return [...groups.values()];
}

function sorted(rows: readonly TrafficRow[]): string[] {
  return rows.map((row) => JSON.stringify(Object.entries(row).toSorted(([a], [b]) => a.localeCompare(b)))).toSorted();
}
