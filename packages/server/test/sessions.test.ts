import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChores } from '../src/chores.ts';
import { NO_NETWORK } from '../src/model/enrichment.ts';
import { INTERACTION_KINDS, type StoredInteraction } from '../src/model/interaction.ts';
import type { StoredRequest } from '../src/model/stored-request.ts';
import { uuidv7 } from '../src/model/uuid.ts';
import { createPolicyBook } from '../src/privacy/policy.ts';
import { openRecords } from '../src/stores/records.ts';
import { LATENESS_MS } from '../src/stores/sessions.ts';
import {
  BOT,
  DAY_MS,
  HOUR_MS,
  insertInteractions,
  insertRows,
  NOON,
  type OpenStore,
  openTestStore,
  PERSON,
  storedInteraction,
  storedRequest,
} from './support/clickhouse.ts';
import { quietLog, startTestPostgres } from './support/postgres.ts';
import { referenceSessions, type Session } from './support/session-reference.ts';

const MINUTE_MS = 60_000;
const MIDNIGHT = NOON - 12 * HOUR_MS;
let open: OpenStore;
beforeAll(async () => {
  open = await openTestStore('embedded');
});
afterAll(() => open.close());

const hex = (byte: number) => byte.toString(16).padStart(2, '0').repeat(16);
const policyOf = () => ({ sessionDays: 396, rowDays: 30 });
const derive = (now: number, more = {}) => open.sessions.derive({ now, policyOf, mostSessionDays: 396, ...more });

async function derived(tenantIds: readonly string[]): Promise<Session[]> {
  const rows = await open.clickhouse.query<Session>(
    `SELECT toString(s.tenant_id) AS tenantId, toString(s.domain) AS domain, s.visitor_id AS visitor,
      toString(s.client_key) AS client, toUnixTimestamp64Milli(s.started) AS started,
      toUnixTimestamp64Milli(s.ended) AS ended, s.hits AS hits, s.pages AS pages, toString(s.entry) AS entry,
      toString(s.exit) AS exit, toString(s.referrer) AS referrer, toString(s.country) AS country
     FROM sessions AS s WHERE toString(s.tenant_id) IN (${tenantIds.map((id) => `'${id}'`).join(', ')})`,
  );
  return inOrder(rows);
}

function inOrder(sessions: readonly Session[]): Session[] {
  const keyOf = (s: Session) => [s.tenantId, s.domain, s.visitor, s.client, s.started].join(' ');
  return sessions.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Times around midnight, such that gaps of exactly half an hour, of a ms less, and none at all are frequent. */
const time = fc
  .tuple(fc.integer({ min: -14, max: 14 }), fc.constantFrom(0, 0, 1, -1, MINUTE_MS, 29 * MINUTE_MS))
  .map(([halves, more]) => MIDNIGHT + halves * 30 * MINUTE_MS + more);
const path = fc.constantFrom('/', '/a', '/b.css', '/c/d.JS', '/e.html', '/f%20g');
const referrer = fc.constantFrom('', 'https://www.example.com/', 'https://search.example/?q=1', 'https://a.example');
const visitor = fc.record({
  tenant: fc.nat(1),
  domain: fc.constantFrom('www.example.com', 'b.example'),
  who: fc.integer({ min: 0, max: 3 }),
  granted: fc.boolean(),
  country: fc.constantFrom('DE', 'FR'),
});

function anyRequest(tenants: readonly string[]): fc.Arbitrary<StoredRequest> {
  return fc
    .record({
      time,
      path,
      referrer,
      by: visitor,
      id: fc.uuid(),
      method: fc.constantFrom('GET', 'GET', 'POST'),
      status: fc.constantFrom(200, 304, 404, 0),
      dest: fc.constantFrom('', '', 'document', 'empty', 'style'),
      is: fc.constantFrom('person', 'person', 'person', 'bot', 'hosting', 'refused', 'counted'),
    })
    .map(({ by, is, dest, id, ...request }) =>
      storedRequest({
        id,
        tenantId: tenants[by.tenant] as string,
        domain: by.domain,
        consent: is === 'refused' || is === 'counted' ? 'refused' : by.granted ? 'granted' : 'unknown',
        kept: is !== 'counted',
        visitorId: by.granted && is !== 'refused' && is !== 'counted' ? hex(by.who) : '',
        // 0: nobody knows who that was.
        keys: { client: String(by.who), net: '0', site: '0', day: 1 },
        agent: is === 'bot' ? BOT : PERSON,
        network: is === 'hosting' ? { ...NO_NETWORK, kind: 'hosting' } : NO_NETWORK,
        place: { country: by.country, region: '', city: '' },
        request: { ...request, headers: dest === '' ? null : { 'sec-fetch-dest': dest } },
      }),
    );
}

function anyInteraction(tenants: readonly string[]): fc.Arbitrary<StoredInteraction> {
  return fc
    .record({
      time,
      path,
      referrer,
      by: visitor,
      id: fc.uuid().map((id) => id.replaceAll('-', '')),
      kind: fc.constantFrom(...INTERACTION_KINDS),
      kept: fc.constantFrom(true, true, false),
      bot: fc.constantFrom(false, false, false, true),
    })
    .map(({ by, bot, kept, ...rest }) =>
      storedInteraction({
        ...rest,
        kept,
        tenantId: tenants[by.tenant] as string,
        domain: by.domain,
        visitorId: kept ? hex(by.who) : '',
        agent: bot ? BOT : PERSON,
        place: { country: by.country, region: '', city: '' },
      }),
    );
}

describe('sessions are what the reference says', () => {
  test.each([1, 2])('over random rows that come late, twice and in any order (%i)', async (seed) => {
    const tenants = [uuidv7(), uuidv7()];
    const requests = fc.sample(anyRequest(tenants), { numRuns: 160, seed });
    const interactions = fc.sample(anyInteraction(tenants), { numRuns: 120, seed });
    const cut = <T>(rows: readonly T[], parts: number) =>
      Array.from({ length: parts }, (_, part) => rows.filter((_row, at) => (at * 7 + seed) % parts === part));
    const requestBatches = cut(requests, 4);
    const interactionBatches = cut(interactions, 4);
    const told = { requests: [] as StoredRequest[], interactions: [] as StoredInteraction[] };
    for (let part = 0; part < 4; part += 1) {
      const now = MIDNIGHT + (part * 3 - 3) * HOUR_MS + seed * 7 * MINUTE_MS + LATENESS_MS;
      for (let replay = 0; replay <= part % 2; replay += 1) {
        await insertRows(open.store, requestBatches[part] as StoredRequest[], `${tenants[0]}-r${part}`);
        await insertInteractions(
          open.interactions,
          interactionBatches[part] as StoredInteraction[],
          `${tenants[0]}-i${part}`,
        );
      }
      told.requests.push(...(requestBatches[part] as StoredRequest[]));
      told.interactions.push(...(interactionBatches[part] as StoredInteraction[]));
      // Several processes at once, and again: nothing changes by it.
      await Promise.all([derive(now), derive(now, { rowsAtOnce: 40 })]);
      const wanted = referenceSessions(told.requests, told.interactions, now - LATENESS_MS);
      expect(await derived(tenants), `after part ${part}`).toEqual(inOrder(wanted));
    }
    expect((await derived(tenants)).length).toBeGreaterThan(10);
    const last = MIDNIGHT + 2 * DAY_MS + LATENESS_MS;
    await derive(last, { rowsAtOnce: 60 });
    expect(await derived(tenants)).toEqual(inOrder(referenceSessions(requests, interactions, last)));
    expect(await derive(last)).toEqual([]);
  });
});

describe('by example', () => {
  const at = (tenantId: string, minutes: number, more: Parameters<typeof storedRequest>[0] = {}) =>
    storedRequest({
      tenantId,
      keys: { client: '7', net: '0', site: '0', day: 1 },
      ...more,
      request: { time: MIDNIGHT + minutes * MINUTE_MS, ...more.request },
    });
  const told = async (tenantId: string) =>
    (await derived([tenantId])).map(({ started, hits }) => [(started - MIDNIGHT) / MINUTE_MS, hits]);

  test('a session over midnight belongs to the day it began on, and is followed for a day at most', async () => {
    const tenantId = uuidv7();
    const minutes = Array.from({ length: 80 }, (_, i) => -10 + i * 20);
    await insertRows(
      open.store,
      minutes.map((minute) => at(tenantId, minute, { consent: 'granted', visitorId: hex(9) })),
    );
    await derive(MIDNIGHT + 3 * DAY_MS);
    expect(await told(tenantId)).toEqual([[-10, 72]]);
  });

  test('days are derived again when rows come that matter to them, and not when others come', async () => {
    const tenantId = uuidv7();
    // Days that no other test has sessions on.
    const early = -40 * 24 * 60;
    const now = MIDNIGHT + early * MINUTE_MS + 3 * DAY_MS;
    const come = (...minutes: number[]) =>
      insertRows(
        open.store,
        minutes.map((minute) => at(tenantId, early + minute)),
      );
    await come(-5, 600);
    await derive(now);
    expect(await derive(now)).toEqual([]);
    // In the hour before the day: the session of that day may go on into it.
    await come(-35, 10);
    expect(await derive(now)).toEqual(['2026-02-06', '2026-02-05']);
    expect(await told(tenantId)).toEqual([
      [early - 35, 1],
      [early - 5, 2],
      [early + 600, 1],
    ]);
    // Long after the last session of the 5th was over.
    await come(700);
    expect(await derive(now)).toEqual(['2026-02-06']);
  });

  test('sessions that began less than two hours ago are not there yet', async () => {
    const tenantId = uuidv7();
    const now = MIDNIGHT + 5 * DAY_MS + HOUR_MS;
    const day = { keys: { client: '8', net: '0', site: '0', day: 1 } };
    const start = now - MIDNIGHT;
    await insertRows(open.store, [
      at(tenantId, (start - LATENESS_MS) / MINUTE_MS - 1, day),
      at(tenantId, (start - LATENESS_MS) / MINUTE_MS + 40, day),
    ]);
    await derive(now);
    expect(await told(tenantId)).toHaveLength(1);
    const ask = () => open.sessions.forTenant(tenantId).figures({ from: MIDNIGHT, to: now, by: 'day', limit: 10 });
    expect(await ask()).toMatchObject({
      derived_until: new Date(now - LATENESS_MS).toISOString(),
      total: { sessions: 1 },
    });
    await derive(now + HOUR_MS);
    expect(await told(tenantId)).toHaveLength(2);
  });

  test('who has not chosen is another each day, whatever the key', async () => {
    const tenantId = uuidv7();
    const keys = { client: '12', net: '0', site: '0', day: 1 };
    await insertRows(open.store, [at(tenantId, 5, { keys }), at(tenantId, 1505, { keys })]);
    await derive(MIDNIGHT + 4 * DAY_MS);
    const window = { from: MIDNIGHT, to: MIDNIGHT + 3 * DAY_MS, by: 'day', limit: 10 } as const;
    const { total, rows } = await open.sessions.forTenant(tenantId).figures(window);
    expect([total.daily_visitors, rows.map((row) => row.daily_visitors)]).toEqual([2, [1, 1]]);
  });

  test('figures: bounces, pages, duration; visitors over the window, the others day by day', async () => {
    const tenantId = uuidv7();
    const other = { client: '12', net: '0', site: '0', day: 1 };
    const granted = { consent: 'granted', visitorId: hex(1) } as const;
    const from = 'https://search.example/?q=shoes';
    await insertRows(open.store, [
      at(tenantId, 0, { ...granted, request: { path: '/', referrer: from, time: MIDNIGHT } }),
      at(tenantId, 10, { ...granted, request: { path: '/buy', time: MIDNIGHT + 10 * MINUTE_MS } }),
      at(tenantId, 1500, { ...granted, request: { path: '/', time: MIDNIGHT + 1500 * MINUTE_MS } }),
      at(tenantId, 5, { keys: { ...other, client: '11' } }),
      at(tenantId, 6, { keys: other, place: { country: 'DE', region: '', city: '' } }),
    ]);
    await derive(MIDNIGHT + 4 * DAY_MS);
    const ask = (more = {}) =>
      open.sessions
        .forTenant(tenantId)
        .figures({ from: MIDNIGHT, to: MIDNIGHT + 3 * DAY_MS, by: 'entry', limit: 10, ...more });
    const { total, rows } = await ask();
    expect(total).toMatchObject({
      sessions: 4,
      visitors: 1,
      daily_visitors: 2,
      bounce_rate: 0.75,
      pages_per_session: 1.25,
    });
    expect(rows).toMatchObject([{ key: '/', sessions: 4 }]);
    expect((await ask({ by: 'day' })).rows.map(({ key, sessions }) => [key, sessions])).toEqual([
      ['2026-03-18', 3],
      ['2026-03-19', 1],
    ]);
    expect((await ask({ by: 'exit' })).rows.map(({ key, sessions }) => [key, sessions])).toEqual([
      ['/', 3],
      ['/buy', 1],
    ]);
    expect((await ask({ by: 'referrer' })).rows[1]).toMatchObject({
      key: 'search.example',
      duration_p50: 600,
      bounce_rate: 0,
    });
    expect((await ask({ consent: 'granted' })).total).toMatchObject({ sessions: 2, visitors: 1, daily_visitors: 0 });
    expect((await ask({ consent: 'unknown', by: 'country' })).rows).toMatchObject([
      { key: '', sessions: 1 },
      { key: 'DE', sessions: 1 },
    ]);
    expect((await ask({ domain: 'nobody.example' })).total).toMatchObject({
      sessions: 0,
      bounce_rate: null,
      duration_p50: null,
    });
    const stranger = await open.sessions
      .forTenant(uuidv7())
      .figures({ from: 0, to: NOON + 9 * DAY_MS, by: 'day', limit: 10 });
    expect(stranger.total.sessions).toBe(0);
  });
});

test('sessions outlive the rows they were derived from, until their own retention', async () => {
  const tenantId = uuidv7();
  const start = MIDNIGHT - 100 * DAY_MS;
  const day = Math.floor(start / DAY_MS);
  const keys = { client: '5', net: '0', site: '0', day: 1 };
  await insertRows(open.store, [
    storedRequest({ tenantId, keys, expiresOn: day + 30, request: { time: start } }),
    storedRequest({ tenantId, keys: { ...keys, client: '6' }, expiresOn: day + 50, request: { time: start } }),
  ]);
  const sessionsOf = async () => (await derived([tenantId])).length;
  await derive(start + 2 * DAY_MS);
  expect(await sessionsOf()).toBe(2);
  await open.store.dropExpired(day + 30);
  // A late row, when another of the day is gone already: what is known of the day stays.
  await insertRows(open.store, [
    storedRequest({ tenantId, keys: { ...keys, client: '9' }, expiresOn: day + 90, request: { time: start } }),
  ]);
  expect(await derive(start + 40 * DAY_MS)).toContain(new Date(start).toISOString().slice(0, 10));
  expect(await sessionsOf()).toBe(2);
  const other = uuidv7();
  await insertRows(open.store, [
    storedRequest({ tenantId: other, keys, expiresOn: day + 90, request: { time: start } }),
  ]);
  const shorter = (id: string) => ({ sessionDays: id === other ? 60 : 396, rowDays: 30 });
  await derive(start + 41 * DAY_MS, { policyOf: shorter });
  expect([await sessionsOf(), (await derived([other])).length]).toEqual([2, 1]);
  expect(await open.sessions.dropExpired(day + 60)).toEqual([new Date(start).toISOString().slice(0, 10)]);
  expect([await sessionsOf(), (await derived([other])).length]).toEqual([2, 0]);
  await derive(start + 61 * DAY_MS, { policyOf: shorter });
  expect([await sessionsOf(), (await derived([other])).length]).toEqual([2, 0]);
  await open.sessions.dropExpired(day + 396);
  expect(await sessionsOf()).toBe(0);
});

test('staging tables of a derivation that was killed go', async () => {
  await open.clickhouse.command('CREATE TABLE sessions_next_killed AS sessions');
  await derive(NOON);
  const tables = () =>
    open.clickhouse.query<{ name: string }>("SELECT name FROM system.tables WHERE startsWith(name, 'sessions_next_')");
  // Another derivation may be at work.
  expect(await tables()).toEqual([{ name: 'sessions_next_killed' }]);
  await open.clickhouse.command('DROP TABLE sessions_next_killed');
});

test('the chore keeps to each tenant’s policy', async () => {
  const postgres = await startTestPostgres();
  const records = await openRecords({ url: await postgres.freshDatabase(), log: quietLog() });
  try {
    const made = await records.unscoped.tenants.create({ slug: 'sessions', name: 'Sessions' });
    if ('refused' in made) throw new Error(made.detail);
    const now = Date.now();
    const keys = { client: '3', net: '0', site: '0', day: 1 };
    await insertRows(open.store, [
      storedRequest({ tenantId: made.id, keys, request: { time: now - 3 * HOUR_MS } }),
      storedRequest({ tenantId: made.id, keys, request: { time: now - 9 * DAY_MS } }),
    ]);
    let sessionDays = 7;
    const chores = createChores({
      records,
      requests: open.store,
      sessions: open.sessions,
      log: quietLog(),
      policies: createPolicyBook((id) => (id === made.id ? { retention_days: { sessions: sessionDays } } : undefined)),
      config: { auditDays: 400 },
      audit: { add: async () => undefined, cut: async () => 0 },
      // What other chores are done with is not there.
    } as unknown as Parameters<typeof createChores>[0]);
    const task = { id: '', name: '', data: null, attempt: 0, signal: new AbortController().signal };
    await chores.deriveSessions(task);
    expect(await derived([made.id])).toHaveLength(1);
    sessionDays = 1;
    await chores.applyRetention(task);
    expect(await derived([made.id])).toHaveLength(1);
  } finally {
    await records.close();
    await postgres.stop();
  }
});
