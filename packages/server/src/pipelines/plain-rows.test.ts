import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openParser } from '../collect/access-log/parser.ts';
import { createEnricher, type LocalEnricher } from '../enrich/enricher.ts';
import { createRouteEnricher } from '../enrich/route.ts';
import { NO_KEYS } from '../model/stored-request.ts';
import { DEFAULT_TRAFFIC_POLICY, privacyPolicyOf, trafficPolicyOf } from '../privacy/policy.ts';
import { readBlock } from '../stores/native-block.fixture.ts';
import { createRowEncoder } from '../stores/requests-encoding.ts';
import { PlainRows } from './plain-rows.ts';
import { type Context, createPrepare, type Prepare } from './prepare.ts';
import { RangeParser } from './range-parser.ts';

const CONTEXT: Context = {
  tenantId: '01950000-0000-7000-8000-00000000000a',
  origin: 'import',
  received: Date.UTC(2026, 2, 18, 12),
  fallbackHost: 'www.example.com',
  policy: DEFAULT_TRAFFIC_POLICY,
};

let enricher: LocalEnricher;
let prepare: Prepare;

beforeAll(async () => {
  enricher = await createEnricher({ watch: false });
  const keysFor = (address: string) => ({ ...NO_KEYS, client: String(BigInt(Buffer.from(address).readUInt8(0) || 1)) });
  prepare = createPrepare({
    enricher,
    keyring: {
      keysFor: (address) => (address === '' ? NO_KEYS : keysFor(address)),
      prepare: async () => undefined,
      everyDay: () => [],
      rotate: async () => 0,
      days: () => [],
    },
    templateRoute: createRouteEnricher(),
  });
});
afterAll(() => enricher.close());

/** One policy of each kind, so that what is kept differs. */
const POLICIES = [
  {},
  { city: false },
  { referrer: 'none' },
  { unknown: 'counted' },
  { unknown: 'counted', referrer: 'none', city: false },
  { retentionDays: { unknown: 3 } },
].map((stored) => trafficPolicyOf(privacyPolicyOf(stored)));

/**
 * Everything that becomes of some ranges of a log: rows by column, figures, rejected lines. `policies`: those that hold
 * for the ranges in turn.
 */
function outcome(
  format: string,
  ranges: readonly Buffer[],
  plain: PlainRows | null,
  policies: readonly Context['policy'][] = [DEFAULT_TRAFFIC_POLICY],
) {
  const parser = openParser(format);
  return ranges.map((bytes, place) => {
    const context = { ...CONTEXT, policy: policies[place % policies.length] as Context['policy'] };
    const rejected: [string, string][] = [];
    let lines = 0;
    const range = new RangeParser({
      parser,
      prepare,
      plain,
      rows: createRowEncoder(bytes.filter((byte) => byte === 10).length + 1),
      context,
      onLine: () => {
        lines += 1;
      },
      onReject: (refusal, line) => rejected.push([refusal.detail, line]),
    });
    const half = bytes.indexOf(10, bytes.length / 2) + 1 || bytes.length;
    for (const slice of [bytes.subarray(0, half), bytes.subarray(half)]) range.slice(slice);
    const { figures } = range;
    const block = range.rows.finish();
    const { id = [], ...columns } = block.length === 0 ? {} : readBlock(block).columns;
    expect(new Set(id).size).toBe(id.length);
    return { lines, rejected, figures, columns };
  });
}

function bothWays(format: string, ...ranges: Buffer[]) {
  return bothWaysUnder([DEFAULT_TRAFFIC_POLICY], format, ...ranges);
}

function bothWaysUnder(policies: readonly Context['policy'][], format: string, ...ranges: Buffer[]) {
  const parts = prepare.parts;
  if (parts === undefined) throw new Error('no parts');
  const long = outcome(format, ranges, null, policies);
  expect(outcome(format, ranges, new PlainRows(parts), policies)).toEqual(long);
  return long;
}

const text = (...lines: string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
const PLAIN = '8.8.8.8 - - [18/Mar/2026:10:00:00 +0000] "GET /a/17?q=1 HTTP/1.1" 200 5 "-" "curl/8.5.0"';

test('a plain line goes the short way', () => {
  const { parts } = prepare;
  if (parts === undefined) throw new Error('no parts');
  const plain = new PlainRows(parts);
  const rows = createRowEncoder(2);
  plain.begin(rows, CONTEXT);
  const bytes = text(PLAIN, PLAIN);
  expect([plain.read(bytes, 0), plain.read(bytes, bytes.length / 2)]).toEqual([bytes.length / 2, bytes.length]);
  expect([rows.count, plain.time]).toEqual([2, Date.UTC(2026, 2, 18, 10)]);
});

test.each([
  ['nothing before the referrer', '8.8.8.8 - - [18/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 304 -'],
  [
    'a user agent that is not there and one that is empty',
    `${PLAIN.replace('curl/8.5.0', '')}\n${PLAIN.replace('curl/8.5.0', '-')}`,
  ],
  [
    'a Common line between Combined ones',
    `${PLAIN}\n8.8.8.8 - - [18/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 304 -\n${PLAIN}`,
  ],
  [
    'another day, zone and a leap second',
    `${PLAIN}\n${PLAIN.replace('18/Mar', '19/mar').replace('+0000', '-0730')}\n${PLAIN.replace('10:00:00', '23:59:60')}`,
  ],
  ['a day that does not exist', PLAIN.replace('18/Mar', '31/Feb')],
  ['a time long ago and one to come', `${PLAIN.replace('2026', '1971')}\n${PLAIN.replace('2026', '2031')}`],
  ['a quote within', PLAIN.replace('curl', 'cu"rl')],
  ['a quote and a blank within', PLAIN.replace('curl', 'cu" rl')],
  ['an escape', PLAIN.replace('curl', 'cu\\"rl\\x41')],
  ['more behind', `${PLAIN} 1532`],
  ['a user and a host', `${PLAIN.replace('- -', '- alice')}\nwww.example.org ${PLAIN}`],
  ['umlauts in UTF-8 and in Latin-1', `${PLAIN.replace('/a/', '/\u00c3\u00bc/')}\n${PLAIN.replace('/a/', '/\u00fc/')}`],
  ['a line end of Windows', `${PLAIN}\r`],
  ['control characters', PLAIN.replace('/a/', '/\u0001\t/')],
  ['no HTTP', PLAIN.replace('GET /a/17?q=1 HTTP/1.1', '\\x16\\x03\\x01')],
  [
    'requests of other kinds',
    ['', '-', 'GET /', 'OPTIONS * HTTP/1.0', 'GET http://Other.example:80/x?y HTTP/1.1']
      .map((line) => PLAIN.replace('GET /a/17?q=1 HTTP/1.1', line))
      .join('\n'),
  ],
  [
    'clients of other kinds',
    ['::1', '2001:4860:4860::8888', '::ffff:8.8.8.8', 'proxy.example', '-', '8.8.8.8:443']
      .map((client) => PLAIN.replace('8.8.8.8', client))
      .join('\n'),
  ],
  ['what is secret', PLAIN.replace('q=1', 'token=abc&mail=a@example.com')],
  ['a referrer of a person', PLAIN.replace('"-"', '"https://user:secret@example.org/page?id=7"')],
  [
    'odd numbers',
    ['99', '1000', 'abc', '2x0', '', '000', '999'].map((status) => PLAIN.replace(' 200 ', ` ${status} `)).join('\n'),
  ],
  [
    'odd sizes',
    ['-1', '1234567890123456', '123456789012345', '', 'x', '1x']
      .map((size) => PLAIN.replace(' 5 ', ` ${size} `))
      .join('\n'),
  ],
  [
    'bots, hosting and people',
    [
      'Googlebot/2.1 (+http://www.google.com/bot.html)',
      'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    ]
      .flatMap((agent) =>
        ['8.8.8.8', '66.249.66.1', '3.5.140.2', '10.0.0.1'].map((client) =>
          PLAIN.replace('curl/8.5.0', agent).replace('8.8.8.8', client),
        ),
      )
      .join('\n'),
  ],
  ['blank lines', `\n${PLAIN}\n   \n\n${PLAIN}`],
  [
    'very long lines',
    `${PLAIN.replace('/a/', `/${'a'.repeat(9000)}/`)}\n${PLAIN.replace('/a/', `/${'a'.repeat(70_000)}/`)}`,
  ],
])('%s: the same either way', (_, lines) => {
  const [first] = bothWays('combined', text(lines, PLAIN), text(PLAIN, lines));
  expect(first?.figures.accepted).toBeGreaterThan(0);
});

test.each<[string, { city?: boolean; referrer?: string; unknown?: string }, number]>([
  ['no city', { city: false }, 2],
  ['no referrer', { referrer: 'none' }, 2],
  ['the unknown are counted: only what is no person goes the short way', { unknown: 'counted' }, 1],
])('by a policy: %s', (_, stored, short) => {
  const { parts } = prepare;
  if (parts === undefined) throw new Error('no parts');
  const policy = trafficPolicyOf(privacyPolicyOf(stored));
  const agents = ['Googlebot/2.1 (+http://www.google.com/bot.html)', 'Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0'];
  const lines = text(...agents.map((agent) => PLAIN.replace('curl/8.5.0', agent).replace('8.8.8.8', '84.128.0.1')));
  const plain = new PlainRows(parts);
  const rows = createRowEncoder(2);
  plain.begin(rows, { ...CONTEXT, policy });
  const next = plain.read(lines, 0);
  plain.read(lines, next < 0 ? lines.indexOf(10) + 1 : next);
  expect(rows.count).toBe(short);
  const [long] = bothWaysUnder([policy], 'combined', lines);
  const { city = [], referrer = [], path = [], kept = [] } = long?.columns ?? {};
  expect(kept.filter((one) => Number(one) === 1)).toHaveLength(short);
  if (stored.city === false) expect(city.every((one) => one === '')).toBe(true);
  if (stored.referrer === 'none') expect(referrer.every((one) => one === '')).toBe(true);
  if (short === 1) expect(path.filter((one) => one !== '')).toHaveLength(1);
});

test('a last line without its newline, and a byte order mark', () => {
  bothWays('combined', Buffer.from(`\ufeff${PLAIN}\n${PLAIN}`), Buffer.from(PLAIN));
});

test('lines made of anything: the same either way, range after range', () => {
  const piece = fc.constantFrom(
    '/',
    '?',
    '&a=1',
    ' ',
    '"',
    '" ',
    '\\',
    '-',
    '[',
    '\u00fc',
    '\t',
    'x',
    '12',
    '%40',
    '@example.com',
    'HTTP/1.1',
  );
  const free = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  const line = fc
    .record({
      client: fc.oneof(fc.constantFrom('8.8.8.8', '66.249.66.1', '192.0.2.1', '2001:db8::1', 'host'), free),
      identity: fc.oneof({ arbitrary: fc.constant('- -'), weight: 6 }, free),
      time: fc.oneof(
        {
          arbitrary: fc.constantFrom(
            '18/Mar/2026:10:00:00 +0000',
            '17/Mar/2026:23:59:59 -0700',
            '18/Mar/2026:24:00:00 +0000',
          ),
          weight: 6,
        },
        free,
      ),
      request: fc.oneof(fc.constantFrom('GET / HTTP/1.1', 'POST /a/1234 HTTP/2.0', 'GET /?token=x'), free),
      numbers: fc.oneof({ arbitrary: fc.constantFrom('200 5', '404 -', '500 0', '20 5', '200'), weight: 6 }, free),
      rest: fc.oneof(
        fc
          .tuple(
            fc.constantFrom('-', 'https://example.org/a?b', 'x@y'),
            fc.constantFrom('-', '', 'curl/8.5.0', 'Mozilla/5.0 (compatible; bingbot/2.0)'),
          )
          .map(([referrer, agent]) => ` "${referrer}" "${agent}"`),
        fc.tuple(free, free).map(([referrer, agent]) => ` "${referrer}" "${agent}"`),
        free,
      ),
    })
    .map(
      ({ client, identity, time, request, numbers, rest }) =>
        `${client} ${identity} [${time}] "${request}" ${numbers}${rest}`,
    );
  fc.assert(
    fc.property(
      fc.constantFrom('combined', 'common', 'vhost'),
      fc.array(fc.array(line, { maxLength: 60 }), { maxLength: 3 }),
      fc.array(fc.constantFrom(...POLICIES), { minLength: 1, maxLength: 3 }),
      (format, ranges, policies) => {
        const texts = ranges.map((lines) => Buffer.from(lines.map((one) => `${one}\n`).join('')));
        bothWaysUnder(policies, format, ...texts);
      },
    ),
    { numRuns: 300 },
  );
});

test('more texts than are remembered: the same either way', () => {
  const lines = Array.from({ length: 70_000 }, (_, index) => PLAIN.replace('/a/17', `/p/x${index}`));
  const [long] = bothWays('combined', text(...lines));
  expect(long?.figures.accepted).toBe(70_000);
});
