import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseFilter } from '../src/model/filter.ts';
import { isRefusal } from '../src/model/request.ts';
import type { TrafficAnswer, TrafficQuery } from '../src/model/traffic-query.ts';
import { uuidv7 } from '../src/model/uuid.ts';
import { planTraffic } from '../src/stores/requests-traffic.ts';
import { DAY_MS, insertRows, NOON, type OpenStore, openTestStore } from './support/clickhouse.ts';
import { anyRequest } from './support/clickhouse-arbitrary.ts';

const TENANT = uuidv7();
const LIMITS = { coarsest: 'day', minutesSince: 0, hoursSince: 0 } as const;
let open: OpenStore;

beforeAll(async () => {
  open = await openTestStore('embedded');
  const rows = fc.sample(anyRequest(TENANT), { numRuns: 300, seed: 29 }).map((row) => ({ ...row, kept: true }));
  await insertRows(open.store, rows);
  // Indexes come with merges.
  await open.clickhouse.command('OPTIMIZE TABLE requests FINAL');
});
afterAll(() => open.close());

const queryOf = (query: Partial<TrafficQuery>): TrafficQuery => ({
  from: NOON - 3 * DAY_MS - 1_234_567,
  to: NOON - 7_654_321,
  metrics: ['requests', 'errors', 'uniques', 'p95'],
  by: [],
  where: [],
  limit: 10_000,
  ...query,
});

const ask = (query: Partial<TrafficQuery>): Promise<TrafficAnswer> =>
  open.store.forTenant(TENANT).traffic(queryOf(query));

function filterOf(text: string) {
  const filter = parseFilter(text);
  if (isRefusal(filter)) throw new Error(filter.detail);
  return filter;
}

// Every row matches the filter, which no roll-up has.
test.each([[[]], [['minute']], [['hour']], [['day', 'class']]] as TrafficQuery['by'][][])(
  'rows of whole hours and of the ends of a window are what roll-ups have of it, by %j',
  async (by) => {
    const rolledUp = await ask({ by });
    const read = await ask({ by, where: [filterOf('path!="no such path"')] });
    expect([rolledUp.source, read.source]).toEqual(['roll-up', 'rows']);
    expect(rolledUp.rows.length).toBeGreaterThan(0);
    expect(read.rows).toEqual(rolledUp.rows);
  },
);

test('rows by time of a window that is compared are counted at their time', async () => {
  const compare = { from: NOON - 6 * DAY_MS - 1_234_567, to: NOON - 3 * DAY_MS - 1_234_567 };
  const rolledUp = await ask({ by: ['hour'], compare });
  expect((await ask({ by: ['hour'], compare, where: [filterOf('path!="no such path"')] })).rows).toEqual(rolledUp.rows);
});

test.each([
  ['path', 'path_of'],
  ['route', 'route_of'],
  ['query', 'query_of'],
  ['city', 'city_of'],
  ['network', 'network_of'],
  ['user_agent', 'user_agent_of'],
  ['referrer', 'referrer_of'],
])('a filter on %s is looked up in the index %s', async (field, index) => {
  const query = queryOf({ by: ['domain'], where: [filterOf(`${field}="no such value"`)] });
  const { sql, binder } = planTraffic(query, TENANT, LIMITS, NOON);
  const lines = await open.clickhouse.query<{ explain: string }>(`EXPLAIN indexes = 1 ${sql}`, binder.params);
  expect(lines.map(({ explain }) => explain.trim())).toContain(`Name: ${index}`);
});
