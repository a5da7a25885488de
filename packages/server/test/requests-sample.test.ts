import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseFilter } from '../src/model/filter.ts';
import { isRefusal } from '../src/model/request.ts';
import { METRICS, type TrafficQuery } from '../src/model/traffic-query.ts';
import { uuidv7 } from '../src/model/uuid.ts';
import { migrateClickHouse } from '../src/stores/drivers/clickhouse/migrate.ts';
import { openRequests, type RequestStore } from '../src/stores/requests.ts';
import { DAY_MS, insertRows, NOON, type OpenStore, openTestStore, storedRequest } from './support/clickhouse.ts';
import { anyRequest } from './support/clickhouse-arbitrary.ts';

const WINDOW = { from: NOON - 5 * DAY_MS, to: NOON + 1 };
const SHARES = { request: 1 / 32, visitor: 1 / 64 };
const NEVER = { beyond: Infinity, fair: 1 };
const VISITORS = 4000;
let open: OpenStore;
/** Stores over the same engine that are quick to sample, and one whose sample is everything. */
let sampling: RequestStore;
let careful: RequestStore;
let whole: RequestStore;

beforeAll(async () => {
  open = await openTestStore('embedded');
  const again = (beyond: number, fair: number, shares = SHARES) =>
    openRequests({
      clickhouse: open.clickhouse,
      now: () => NOON + DAY_MS,
      sampling: { beyond, fair, many: NEVER, shares },
    });
  sampling = await again(100, 1);
  careful = await again(100, 1_000_000);
  whole = await again(0, 1, { request: 1, visitor: 1 });
});
afterAll(() => open.close());

const queryOf = (query: Partial<TrafficQuery>): TrafficQuery => ({
  ...WINDOW,
  metrics: ['requests', 'people', 'uniques', 'p50'],
  by: ['path'],
  where: [],
  limit: 100,
  sampling: 'auto',
  ...query,
});

function filterOf(text: string) {
  const filter = parseFilter(text);
  if (isRefusal(filter)) throw new Error(filter.detail);
  return filter;
}

/** Two requests of each visitor. */
async function insertVisitors(tenantId: string): Promise<void> {
  const rows = Array.from({ length: 2 * VISITORS }, (_, index) =>
    storedRequest({
      tenantId,
      domain: index % 8 < 6 ? 'www.example.com' : 'small.example.com',
      keys: { client: String(BigInt(index >> 1) * 7_919_999_983n + 1n), net: '0', site: '0', day: 20_000 },
      request: { time: NOON - index * 1000, path: index % 4 === 3 ? '/b' : '/a', durationUs: 50_000 },
    }),
  );
  await insertRows(open.store, rows);
}

test('many rows are answered from a sample, scaled, and say so; none asks for all of them', async () => {
  const tenantId = uuidv7();
  await insertVisitors(tenantId);
  const sampled = await sampling.forTenant(tenantId).traffic(queryOf({}));
  expect(sampled).toMatchObject({ source: 'rows', sampling: SHARES.visitor });
  expect(sampled.coverage).toEqual({ requests: 2 * VISITORS, kept: 2 * VISITORS });
  const [a] = sampled.rows;
  expect(a?.['path']).toBe('/a');
  // 188 of 6000 requests are drawn, 62 of 4000 visitors: five standard deviations.
  expect(Math.abs(Number(a?.['requests']) - 6000)).toBeLessThan(2200);
  expect(Number(a?.['requests']) % 32).toBe(0);
  expect(Math.abs(Number(a?.['uniques']) - VISITORS)).toBeLessThan(2600);
  expect(a?.['p50']).toBeCloseTo(50, 0);
  const exact = await sampling.forTenant(tenantId).traffic(queryOf({ sampling: 'none' }));
  expect(exact.sampling).toBe(1);
  expect(exact.rows[0]).toMatchObject({ path: '/a', requests: 6000, people: 6000, uniques: VISITORS });
  // Without uniques the share is that of requests; roll-ups never need a sample.
  const counts = await sampling.forTenant(tenantId).traffic(queryOf({ metrics: ['requests'] }));
  expect(counts.sampling).toBe(SHARES.request);
  const totals = await sampling.forTenant(tenantId).traffic(queryOf({ by: [], metrics: ['requests', 'uniques'] }));
  expect(totals).toMatchObject({ source: 'roll-up', sampling: 1, rows: [{ requests: 2 * VISITORS }] });
});

test('few rows, few that match, and the rows of a small domain are all read', async () => {
  const tenantId = uuidv7();
  await insertVisitors(tenantId);
  const tenant = sampling.forTenant(tenantId);
  const short = { from: NOON - 50_000, to: NOON + 1 };
  expect((await tenant.traffic(queryOf(short))).sampling).toBe(1);
  expect((await tenant.traffic(queryOf({ where: [filterOf('path=/c')] }))).sampling).toBe(1);
  expect((await careful.forTenant(tenantId).traffic(queryOf({}))).sampling).toBe(1);
  const domain = { where: [filterOf('domain=small.example.com')] };
  expect((await tenant.traffic(queryOf(domain))).sampling).toBeLessThan(1);
  const of = (beyond: number) =>
    openRequests({
      clickhouse: open.clickhouse,
      now: () => NOON + DAY_MS,
      sampling: { beyond, fair: 1, many: NEVER, shares: SHARES },
    });
  expect((await (await of(3000)).forTenant(tenantId).traffic(queryOf(domain))).sampling).toBe(1);
  // Of so very many rows fewer have to match.
  const many = { beyond: 2 * VISITORS - 1, fair: 10 };
  const vast = await openRequests({
    clickhouse: open.clickhouse,
    now: () => NOON + DAY_MS,
    sampling: { beyond: 100, fair: 1_000_000, many, shares: SHARES },
  });
  expect((await vast.forTenant(tenantId).traffic(queryOf({ where: [filterOf('path=/b')] }))).sampling).toBeLessThan(1);
  // Both windows together are too many.
  const compare = { from: NOON - 20_000 * 1000, to: NOON - 50_000 };
  expect((await tenant.traffic(queryOf({ ...short, compare }))).sampling).toBeLessThan(1);
});

test('a sample of everything answers as the rows do', async () => {
  const tenantId = uuidv7();
  const rows = fc.sample(anyRequest(tenantId), { numRuns: 300, seed: 5 });
  await insertRows(open.store, rows);
  await open.clickhouse.command(
    `ALTER TABLE requests_sample DELETE WHERE tenant_id = '${tenantId}' SETTINGS mutations_sync = 1`,
  );
  const columns = await open.clickhouse.query<{ name: string }>(
    `SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'requests_sample' AND default_kind = ''
       AND name NOT IN ('drawn_by', 'day', 'named_visitor_id') ORDER BY position`,
  );
  const names = columns.map(({ name }) => name).join(', ');
  await open.clickhouse.command(
    `INSERT INTO requests_sample (drawn_by, ${names}) SELECT arrayJoin(['request', 'visitor']), ${names} FROM requests
     WHERE tenant_id = '${tenantId}' SETTINGS max_partitions_per_insert_block = 0`,
  );
  const by = fc.subarray(['hour', 'path', 'country', 'status', 'consent', 'bot_verified', 'attack_score'] as const, {
    minLength: 1,
    maxLength: 3,
  });
  const where = fc.subarray(
    ['status=200..499', 'bot=false', 'threat_score>=50', 'method!=GET', 'route~/'].map(filterOf),
    {
      maxLength: 2,
    },
  );
  const metrics = fc.subarray([...METRICS], { minLength: 1 });
  const compare = fc.constantFrom(null, { from: WINDOW.from - 2 * DAY_MS, to: NOON - DAY_MS });
  await fc.assert(
    fc.asyncProperty(by, where, metrics, compare, async (...[by, where, metrics, compare]) => {
      // The order of rows that are alike does not matter, and path keeps all questions away from the roll-ups.
      const query = queryOf({ by: [...by, 'query'], where, metrics, compare, limit: 10_000 });
      const sampled = await whole.forTenant(tenantId).traffic(query);
      const exact = await whole.forTenant(tenantId).traffic({ ...query, sampling: 'none' });
      const keyed = ({ rows }: typeof exact) => rows.map((row) => JSON.stringify(row)).sort();
      expect(keyed(sampled)).toEqual(keyed(exact));
    }),
    { numRuns: 15, seed: 3 },
  );
}, 600_000);

test('rows from before are drawn when the sample is made, and starting over draws none of them twice', async () => {
  const tenantId = uuidv7();
  await insertVisitors(tenantId);
  const drawn = () =>
    open.clickhouse.query(
      `SELECT toString(drawn_by) AS by, count() AS n, sum(cityHash64(time, path, client_key, day, expires_on)) AS rows
       FROM requests_sample WHERE tenant_id = {t:UUID} GROUP BY by ORDER BY by`,
      { t: tenantId },
    );
  const before = await drawn();
  expect(before).toHaveLength(2);
  const redo = async () => {
    await open.clickhouse.command('DELETE FROM schema_migrations WHERE number = 3 SETTINGS mutations_sync = 1');
    expect(await migrateClickHouse(open.clickhouse)).toEqual(['0003_sample.sql']);
  };
  await open.clickhouse.command('DROP VIEW requests_sample_view SYNC');
  await open.clickhouse.command('TRUNCATE TABLE requests_sample SYNC');
  await redo();
  expect(await drawn()).toEqual(before);
  await redo();
  expect(await drawn()).toEqual(before);
});

test('a repeated batch is drawn once', async () => {
  const tenantId = uuidv7();
  const rows = Array.from({ length: 500 }, () => storedRequest({ tenantId }));
  await insertRows(open.store, rows, `twice-${tenantId}`);
  const count = async () => {
    const [row] = await open.clickhouse.query<{ n: number }>(
      'SELECT count() AS n FROM requests_sample WHERE tenant_id = {t:UUID}',
      { t: tenantId },
    );
    return row?.n;
  };
  const once = await count();
  expect(once).toBeGreaterThan(0);
  await insertRows(open.store, rows, `twice-${tenantId}`);
  expect(await count()).toBe(once);
});
