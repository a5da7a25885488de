import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_AGENT, NO_NETWORK, NO_PLACE } from '../model/enrichment.ts';
import { emptyRequest } from '../model/request.ts';
import { NO_KEYS, type StoredRequest } from '../model/stored-request.ts';
import { encodeRows, FIELD_LIMITS, REQUEST_COLUMNS } from './requests-encoding.ts';
import { createTsvWriter, escapeTsv, quoteTsv } from './requests-tsv.ts';

const row = (changes: Partial<StoredRequest>, request: Partial<StoredRequest['request']> = {}): StoredRequest => ({
  id: '01950000-0000-7000-8000-000000000001',
  tenantId: '01950000-0000-7000-8000-00000000000a',
  domain: 'www.example.com',
  received: 1_700_000_000_123,
  expiresOn: 20_000,
  kept: true,
  consent: 'unknown',
  visitorId: '',
  keys: NO_KEYS,
  place: NO_PLACE,
  network: NO_NETWORK,
  agent: NO_AGENT,
  botVerified: false,
  threatScore: null,
  threatSources: [],
  attackScore: null,
  attackRules: [],
  origin: 'edge',
  ...changes,
  request: { ...emptyRequest(1_700_000_000_000), ...request },
});

/** The fields of the only line, by column. */
function fieldsOf(stored: StoredRequest): Record<string, string> {
  const text = encodeRows([stored]).toString('utf8');
  expect(text.endsWith('\n')).toBe(true);
  const fields = text.slice(0, -1).split('\t');
  expect(fields).toHaveLength(REQUEST_COLUMNS.length);
  return Object.fromEntries(REQUEST_COLUMNS.map((name, index) => [name, fields[index] ?? '']));
}

describe('encodeRows', () => {
  test('nothing gives nothing', () => {
    expect(encodeRows([]).length).toBe(0);
  });

  test.each<[string, StoredRequest, Record<string, string>]>([
    ['unknowns', row({}), { status: '0', duration_us: '-1', bytes_in: '-1', threat_score: '-1', user_agent: '\\N' }],
    ['an empty user agent is not an unknown one', row({}, { userAgent: '' }), { user_agent: '' }],
    ['a host in lower case', row({ domain: 'WWW.Example.COM' }), { domain: 'www.example.com' }],
    ['control characters', row({}, { path: '/a\tb\nc\\d\0' }), { path: '/a\\tb\\nc\\\\d\\0' }],
    ['a lone surrogate', row({}, { path: '/\ud800x' }), { path: '/\ufffdx' }],
    [
      '64-bit keys to the last digit',
      row({ keys: { client: '18446744073709551615', net: '9007199254740993', site: '0', day: 7 } }),
      { client_key: '18446744073709551615', net_key: '9007199254740993', key_day: '7' },
    ],
    [
      'scores and lists',
      row({ attackScore: 0, attackRules: ["a'b", 'c\\'] }),
      { attack_score: '0', attack_rules: "['a\\'b','c\\\\']" },
    ],
    ['headers', row({}, { headers: { 'x-a': '1\t2', 'x-b': "'" } }), { headers: "{'x-a':'1\\t2','x-b':'\\''}" }],
    [
      'fractions and nonsense numbers',
      row({}, { durationUs: 1.9, bytesOut: Number.NaN }),
      { duration_us: '1', bytes_out: '-1' },
    ],
    ['large numbers', row({}, { bytesOut: 12_345_678_901_234 }), { bytes_out: '12345678901234' }],
    ['times before the epoch', row({}, { time: -1500 }), { time_ms: '-1500' }],
  ])('%s', (_, stored, wanted) => {
    expect(fieldsOf(stored)).toMatchObject(wanted);
  });

  test('a field over its limit is cut, and headers stop at theirs', () => {
    const fields = fieldsOf(
      row(
        {},
        {
          path: 'p'.repeat(9999),
          query: '\t'.repeat(9999),
          userAgent: 'ü'.repeat(9999),
          headers: { a: 'x', b: 'y'.repeat(9000), c: 'z' },
        },
      ),
    );
    expect(fields['path']).toHaveLength(FIELD_LIMITS.path);
    expect(fields['query']).toHaveLength(2 * FIELD_LIMITS.query);
    expect(fields['user_agent']).toHaveLength(FIELD_LIMITS.userAgent);
    expect(fields['headers']).toBe("{'a':'x'}");
  });

  test('rows keep their number and order however many there are, and the bytes are their own', () => {
    const rows = Array.from({ length: 5000 }, (_, index) => row({}, { path: `/${index}${'x'.repeat(index % 700)}` }));
    const first = encodeRows(rows);
    const copy = Buffer.from(first);
    encodeRows(rows.slice(0, 10).toReversed());
    expect(first.equals(copy)).toBe(true);
    const lines = first.toString('utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.split('\t')[REQUEST_COLUMNS.indexOf('path')]?.replace(/x*$/, ''))).toEqual(
      rows.map((_, index) => `/${index}`),
    );
  });

  test('whatever the texts hold, a line stays a line with as many fields', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.dictionary(fc.string(), fc.string({ unit: 'binary' })),
        (text, headers) => {
          const { path, user_agent: agent } = fieldsOf(
            row({ attackRules: [text], visitorId: text }, { path: text, userAgent: text, method: text, headers }),
          );
          expect(unescape(path ?? '')).toBe(text.toWellFormed().slice(0, FIELD_LIMITS.path));
          expect(agent).toBe(path);
        },
      ),
    );
  });
});

describe('TSV', () => {
  test('whole numbers are written as JavaScript writes them', () => {
    const writer = createTsvWriter();
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        writer.reset();
        writer.ensure(32);
        writer.integer(value);
        expect(writer.taken().toString()).toBe(`${value}\t`);
      }),
    );
  });

  test('escapes cut before they escape', () => {
    expect(escapeTsv('\t\t\t', 2)).toBe('\\t\\t');
    expect(quoteTsv("it's\n")).toBe("'it\\'s\\n'");
  });
});

function unescape(field: string): string {
  const plain: Record<string, string> = { t: '\t', n: '\n', r: '\r', 0: '\0', b: '\b', f: '\f' };
  return field.replace(/\\(.)/g, (_, char: string) => plain[char] ?? char);
}
