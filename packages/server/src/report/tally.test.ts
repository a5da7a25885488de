import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Enricher, NO_AGENT, NO_NETWORK, NO_PLACE } from '../model/enrichment.ts';
import { type Filter, parseFilter } from '../model/filter.ts';
import { emptyRequest, type RawRequest } from '../model/request.ts';
import { buildReport } from './build.ts';
import { condition } from './condition.ts';
import { Tally } from './tally.ts';
import { mergeTallies, type TallyData } from './tally-data.ts';
import type { TableLimit } from './top-table.ts';

const PLACES = ['DE', 'FR', ''].map((country) => Object.freeze({ ...NO_PLACE, country, city: country && 'Capital' }));
const NETWORKS = (['residential', 'hosting', 'mobile'] as const).map((kind, i) =>
  Object.freeze({ ...NO_NETWORK, kind, asn: 64500 + i, asOrg: `Network ${i}` }),
);
const AGENTS = [
  Object.freeze({ ...NO_AGENT, deviceType: 'Desktop' as const, osName: 'Linux', browserName: 'Firefox' }),
  Object.freeze({
    ...NO_AGENT,
    deviceType: 'Bot' as const,
    isBot: true,
    botName: 'Examplebot',
    botKind: 'search' as const,
  }),
];

/** Documentation addresses are nowhere in real data; here the last octet says where they are. */
const enricher: Enricher = {
  enrich(address, userAgent) {
    const last = Number(address.split('.')[3] ?? 0);
    return {
      place: PLACES[last % 3] ?? NO_PLACE,
      network: NETWORKS[Math.floor(last / 3) % 3] ?? NO_NETWORK,
      agent: (userAgent?.includes('bot') ? AGENTS[1] : AGENTS[0]) ?? NO_AGENT,
    };
  },
};

const START = Date.UTC(2025, 11, 19);

const request: fc.Arbitrary<RawRequest> = fc
  .record({
    time: fc.integer({ min: 0, max: 40 * 86_400_000 }),
    address: fc.integer({ min: 1, max: 40 }),
    path: fc.integer({ min: 0, max: 60 }),
    status: fc.constantFrom(0, 200, 204, 301, 404, 500, 503),
    bytesOut: fc.integer({ min: -1, max: 5000 }),
    durationUs: fc.integer({ min: -1, max: 1_000_000 }),
    userAgent: fc.constantFrom(null, '', 'Mozilla/5.0 Firefox', 'Examplebot/1.0', 'otherbot'),
    referrer: fc.constantFrom('', 'https://example.com/a?b=c', 'http://www.example.org:8080/#top'),
  })
  .map(({ time, address, path, ...rest }) => ({
    ...emptyRequest(START + time),
    clientAddress: `192.0.2.${address}`,
    path: `/page/${path}`,
    method: 'GET',
    host: path % 2 ? 'www.example.com' : 'api.example.com',
    ...rest,
  }));
const requests = fc.array(request, { maxLength: 200 });

const EVERYTHING = { from: -Infinity, to: Infinity };

function tallyOf(
  list: readonly RawRequest[],
  where: readonly string[] = [],
  window = EVERYTHING,
  limit?: TableLimit,
): TallyData {
  const options = {
    enricher,
    window,
    condition: condition(where.map((text) => parseFilter(text) as Filter)),
    clients: true,
  };
  const tally = new Tally(limit === undefined ? options : { ...options, limit });
  for (const one of list) tally.add(one);
  return tally.data();
}

/** What people see of a tally: the order of keys in its tables is no part of that. */
function reportOf(tally: TallyData) {
  const asked = { window: EVERYTHING, where: [], top: 1000 };
  return buildReport({ tally, files: [], rejected: [], attributions: [] }, asked);
}

describe('tally', () => {
  it('of parts, merged in any order, reports what the whole does', () => {
    fc.assert(
      fc.property(requests, requests, requests, (a, b, c) => {
        const [x, y, z] = [tallyOf(a), tallyOf(b), tallyOf(c)];
        const whole = reportOf(tallyOf([...a, ...b, ...c]));
        expect(reportOf(mergeTallies(mergeTallies(x, y), z))).toEqual(whole);
        expect(reportOf(mergeTallies(z, mergeTallies(y, x)))).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('is left as it was by merging', () => {
    const list = [{ ...emptyRequest(START), path: '/', durationUs: 5 }];
    const [a, b] = [tallyOf(list), tallyOf(list)];
    const before = reportOf(a);
    mergeTallies(a, b);
    expect(reportOf(a)).toEqual(before);
  });

  it('adds up: classes to totals, lists and time to requests', () => {
    fc.assert(
      fc.property(requests, (list) => {
        const report = reportOf(tallyOf(list));
        const { people, bots, hosting, total } = report.requests;
        expect(total).toBe(list.length);
        expect(people + bots + hosting).toBe(total);
        for (const name of ['paths', 'countries', 'networks', 'statuses', 'status_classes', 'methods'] as const) {
          expect(
            report.top[name].rows.reduce((sum, row) => sum + row.requests, 0),
            name,
          ).toBe(total);
        }
        expect(report.over_time.points.reduce((sum, point) => sum + point.requests, 0)).toBe(total);
        expect(report.latency?.all.count ?? 0).toBe(list.filter((one) => one.durationUs >= 0).length);
      }),
      { numRuns: 60 },
    );
  });

  it('stays exact where its tables are full as far as it says so', () => {
    fc.assert(
      fc.property(requests, (list) => {
        const report = reportOf(tallyOf(list, [], EVERYTHING, { keys: 4, text: 10_000 }));
        const exact = new Map<string, number>();
        for (const { path } of list) exact.set(path, (exact.get(path) ?? 0) + 1);
        const { rows, missed_at_most: missed, exact: isExact } = report.top.paths;
        for (const row of rows) {
          const real = exact.get(row.key) as number;
          expect(row.requests).toBeLessThanOrEqual(real);
          expect(row.requests + (row.unseen_at_most ?? 0)).toBeGreaterThanOrEqual(real);
          exact.delete(row.key);
        }
        for (const real of exact.values()) expect(real).toBeLessThanOrEqual(missed);
        expect(isExact).toBe(missed === 0);
        for (const row of report.top.browsers.rows) expect(row.requests).toBeLessThanOrEqual(list.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is counted', () => {
  const list: RawRequest[] = [
    {
      path: '/a',
      clientAddress: '192.0.2.3',
      userAgent: 'Mozilla Firefox',
      status: 200,
      durationUs: 1500,
      bytesOut: 10,
    },
    { path: '/a', clientAddress: '192.0.2.3', userAgent: 'Examplebot', status: 404, durationUs: 900, bytesOut: 20 },
    { path: '/b', clientAddress: '192.0.2.4', userAgent: 'Mozilla Firefox', status: 503, durationUs: -1, bytesOut: -1 },
    { path: '/c', clientAddress: '192.0.2.1', userAgent: 'Mozilla Firefox', status: 200, durationUs: 0, bytesOut: 5 },
  ].map((one, i) => ({
    ...emptyRequest(START + i * 60_000),
    method: i === 3 ? 'POST' : 'GET',
    host: 'www.example.com',
    referrer: i === 0 ? 'https://search.example/?q=x' : '',
    ...one,
  }));

  it.each<[string, number]>([
    ['country=DE', 2],
    ['country=de', 2],
    ['country!=DE', 2],
    ['city=Capital', 4],
    ['asn=AS64501', 3],
    ['network=network 1', 3],
    ['network_kind=hosting', 3],
    ['class=hosting', 2],
    ['class=bots,people', 2],
    ['class!=bots', 3],
    ['bot=true', 1],
    ['bot_name=examplebot', 1],
    ['bot_kind=search', 1],
    ['browser=Firefox', 3],
    ['os=linux', 3],
    ['device=Desktop', 3],
    ['user_agent~firefox', 3],
    ['domain=www.example.com', 4],
    ['method=post', 1],
    ['path=/a', 2],
    ['path=/A', 0],
    ['path!=/a', 2],
    ['status=5xx', 1],
    ['status=200,404', 3],
    ['status_class=2', 2],
    ['duration>1', 1],
    ['duration<=0.9', 2],
    ['bytes_out>=10', 2],
    ['origin=import', 4],
    ['referrer=search.example', 1],
    ['referrer~q=x', 1],
    ['referrer!=search.example', 3],
    ['referrer=', 3],
    ['protocol=', 4],
    ['route=', 4],
    ['region=', 4],
    ['bytes_in>=0', 0],
  ])('%s takes %d', (where, expected) => {
    const { counts } = tallyOf(list, [where]);
    expect(counts.requests.reduce((sum, n) => sum + n, 0)).toBe(expected);
    expect(counts.filtered).toBe(list.length - expected);
  });

  it('takes what every filter takes, within the window', () => {
    const window = { from: START + 60_000, to: START + 180_000 };
    const report = reportOf(tallyOf(list, ['class=people,hosting', 'status=5xx'], window));
    expect(report.requests).toMatchObject({ total: 1, outside_window: 2, filtered_out: 1 });
    expect(report.window).toEqual({ from: '2025-12-19T00:02:00.000Z', to: '2025-12-19T00:02:00.000Z' });
    expect(report.log).toEqual({ from: '2025-12-19T00:00:00.000Z', to: '2025-12-19T00:03:00.000Z' });
  });

  it('drops query and fragment of referrers', () => {
    const report = reportOf(tallyOf(list));
    expect(report.top.referrers.rows.map((row) => row.key)).toEqual(['https://search.example/']);
    expect(report.top.referring_hosts.rows.map((row) => row.key)).toEqual(['search.example']);
  });

  it('has nothing to say of nothing', () => {
    const report = reportOf(Tally.empty());
    expect(report.requests.total).toBe(0);
    expect(report.window).toEqual({ from: null, to: null });
    expect(report.latency).toBeNull();
    expect(report.over_time.points).toEqual([]);
  });
});
