import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseFilter } from '../src/model/filter.ts';
import { isRefusal } from '../src/model/request.ts';
import type { TrafficQuery } from '../src/model/traffic-query.ts';
import { uuidv7 } from '../src/model/uuid.ts';
import {
  DAY_MS,
  HOUR_MS,
  insertRows,
  NOON,
  type OpenStore,
  openTestStore,
  storedRequest,
} from './support/clickhouse.ts';

const TENANT = uuidv7();
const TODAY = { from: NOON - DAY_MS, to: NOON };
const YESTERDAY = { from: NOON - 2 * DAY_MS, to: NOON - DAY_MS };
let open: OpenStore;

beforeAll(async () => {
  open = await openTestStore('embedded');
  const request = (time: number, path: string, status = 200, durationUs = 10_000) =>
    storedRequest({ tenantId: TENANT, request: { time, path, route: path, status, durationUs } });
  await insertRows(open.store, [
    // Today: /a twice, /new once. Yesterday: /a once, /old three times, of which one is an error.
    request(NOON - HOUR_MS, '/a'),
    request(NOON - HOUR_MS + 1, '/a'),
    request(NOON - 2 * HOUR_MS, '/new', 503),
    request(NOON - DAY_MS - HOUR_MS, '/a', 200, 20_000),
    request(NOON - DAY_MS - 5 * HOUR_MS, '/old'),
    request(NOON - DAY_MS - 5 * HOUR_MS, '/old'),
    request(NOON - DAY_MS - 5 * HOUR_MS, '/old', 500),
    // Long before: one every hour of a day.
    ...Array.from({ length: 24 }, (_, hour) => request(NOON - 30 * DAY_MS + hour * HOUR_MS, '/then')),
  ]);
});
afterAll(() => open.close());

const ask = (query: Partial<TrafficQuery>) =>
  open.store.forTenant(TENANT).traffic({
    ...TODAY,
    metrics: ['requests'],
    by: [],
    where: [],
    limit: 100,
    compare: YESTERDAY,
    ...query,
  });

function filterOf(text: string) {
  const filter = parseFilter(text);
  if (isRefusal(filter)) throw new Error(filter.detail);
  return filter;
}

test('totals stand beside those of the window before', async () => {
  const answer = await ask({ metrics: ['requests', 'errors', 'error_rate', 'uniques', 'p50'] });
  expect(answer.compared).toEqual({ from: '2026-03-16T12:00:00.000Z', to: '2026-03-17T12:00:00.000Z' });
  expect(answer).toMatchObject({ source: 'roll-up', sampling: 1, coverage: null });
  expect(answer.rows[0]).toMatchObject({ requests: 3, requests_before: 4, errors: 1, errors_before: 1 });
  expect(answer.rows[0]?.['error_rate_before']).toBe(0.25);
  expect(answer.rows[0]?.['p50_before']).toBeCloseTo(10, 0);
});

test('without a window to compare with there are no figures of before', async () => {
  const { compared, rows } = await ask({ compare: null });
  expect(compared).toBeNull();
  expect(rows).toEqual([{ requests: 3 }]);
});

test('groups that are new and groups that vanished are both there, with nothing on the other side', async () => {
  const { rows, coverage } = await ask({
    by: ['path'],
    metrics: ['requests', 'errors', 'error_rate', 'p95', 'bytes_in', 'timed', 'uniques'],
  });
  expect(rows.map(({ path, requests, requests_before }) => [path, requests, requests_before])).toEqual([
    ['/a', 2, 1],
    ['/new', 1, 0],
    ['/old', 0, 3],
  ]);
  expect(rows[1]).toMatchObject({
    errors_before: 0,
    error_rate: 1,
    error_rate_before: null,
    p95_before: null,
    timed_before: 0,
  });
  expect(rows[2]).toMatchObject({
    errors: 0,
    error_rate: null,
    p95: null,
    bytes_in: null,
    errors_before: 1,
    timed: 0,
    uniques: 0,
  });
  expect(coverage).toEqual({ requests: 3, kept: 3 });
});

test('a window without a request is compared as well as one with', async () => {
  const empty = { from: NOON - 10 * DAY_MS, to: NOON - 9 * DAY_MS };
  const totals = await ask({ compare: empty, metrics: ['requests', 'error_rate', 'uniques', 'p50', 'timed'] });
  expect(totals.rows[0]).toMatchObject({
    requests_before: 0,
    error_rate_before: null,
    uniques_before: 0,
    p50_before: null,
    timed_before: 0,
  });
  const paths = await ask({ ...empty, compare: TODAY, by: ['path'], where: [filterOf('path=/a')] });
  expect(paths.rows).toEqual([{ path: '/a', requests: 0, requests_before: 2 }]);
});

test.each(['roll-up', 'rows'])(
  'hours stand beside those at the same distance from the start, from %s',
  async (source) => {
    const answer = await ask({ by: ['hour'], where: source === 'rows' ? [filterOf('path=/*')] : [] });
    expect(answer.source).toBe(source);
    expect(answer.rows).toEqual([
      { hour: '2026-03-18T07:00:00.000Z', requests: 0, requests_before: 3 },
      { hour: '2026-03-18T10:00:00.000Z', requests: 1, requests_before: 0 },
      { hour: '2026-03-18T11:00:00.000Z', requests: 2, requests_before: 1 },
    ]);
  },
);

test('a window that is longer, starts at another minute and has hours alone in the roll-ups', async () => {
  const compare = { from: NOON - 30 * DAY_MS - 20 * 60_000, to: NOON - 28 * DAY_MS };
  const { rows } = await ask({ by: ['hour'], compare });
  expect(rows).toHaveLength(24);
  expect(rows.reduce((sum, row) => sum + Number(row['requests_before']), 0)).toBe(24);
  expect(rows[0]).toEqual({ hour: '2026-03-17T12:00:00.000Z', requests: 0, requests_before: 1 });
});

test('the window that ends a moment from now has its neighbour up to the millisecond', async () => {
  const to = NOON + 1;
  const answer = await ask({
    from: TODAY.from,
    to,
    compare: { from: TODAY.from - (to - TODAY.from), to: TODAY.from },
    by: ['hour'],
  });
  expect(answer.rows.map(({ hour }) => hour)).toEqual([
    '2026-03-18T07:00:00.000Z',
    '2026-03-18T10:00:00.000Z',
    '2026-03-18T11:00:00.000Z',
  ]);
});

test('two groupings, one of them by time', async () => {
  const { rows } = await ask({ by: ['hour', 'path'], metrics: ['requests', 'uniques'] });
  expect(
    rows.map(({ hour, path, requests, requests_before }) => [
      String(hour).slice(11, 13),
      path,
      requests,
      requests_before,
    ]),
  ).toEqual([
    ['07', '/old', 0, 3],
    ['10', '/new', 1, 0],
    ['11', '/a', 2, 1],
  ]);
});
