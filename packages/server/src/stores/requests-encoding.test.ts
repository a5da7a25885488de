import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_AGENT, NO_NETWORK, NO_PLACE } from '../model/enrichment.ts';
import { emptyRequest } from '../model/request.ts';
import { NO_KEYS, type StoredRequest } from '../model/stored-request.ts';
import { readBlock } from './native-block.fixture.ts';
import { encodeRows, FIELD_LIMITS } from './requests-encoding.ts';

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

/** The fields of the only row, by column. */
function fieldsOf(stored: StoredRequest): Record<string, unknown> {
  const { rows, columns } = readBlock(encodeRows([stored]));
  expect(rows).toBe(1);
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[0]]));
}

describe('encodeRows', () => {
  test('nothing gives nothing', () => {
    expect(encodeRows([]).length).toBe(0);
  });

  test.each<[string, StoredRequest, Record<string, unknown>]>([
    ['unknowns', row({}), { status: 0, duration_us: -1, bytes_in: -1, threat_score: -1, user_agent_known: 0 }],
    ['an empty user agent is not an unknown one', row({}, { userAgent: '' }), { user_agent: '', user_agent_known: 1 }],
    ['a host in lower case', row({ domain: 'WWW.Example.COM' }), { domain: 'www.example.com' }],
    ['ids', row({}), { id: '01950000-0000-7000-8000-000000000001', tenant_id: '01950000-0000-7000-8000-00000000000a' }],
    [
      'an id in capitals',
      row({ id: '01950000-0000-7000-8000-00000000ABCD' }),
      { id: '01950000-0000-7000-8000-00000000abcd' },
    ],
    ['control characters', row({}, { path: '/a\tb\nc\\d\0' }), { path: '/a\tb\nc\\d\0' }],
    ['a lone surrogate', row({}, { path: '/\ud800x' }), { path: '/\ufffdx' }],
    [
      '64-bit keys to the last digit',
      row({ keys: { client: '18446744073709551615', net: '9007199254740993', site: '0', day: 7 } }),
      { client_key: '18446744073709551615', net_key: '9007199254740993', site_key: '0', key_day: 7 },
    ],
    [
      'scores and lists',
      row({ attackScore: 0, attackRules: ["a'b", 'c\\'] }),
      { attack_score: 0, attack_rules: ["a'b", 'c\\'], threat_sources: [] },
    ],
    ['headers', row({}, { headers: { 'x-a': '1\t2', 'x-b': "'" } }), { headers: { 'x-a': '1\t2', 'x-b': "'" } }],
    [
      'fractions and nonsense numbers',
      row({}, { durationUs: 1.9, bytesOut: Number.NaN }),
      { duration_us: 1, bytes_out: -1 },
    ],
    ['large numbers', row({}, { bytesOut: 12_345_678_901_234 }), { bytes_out: 12_345_678_901_234 }],
    ['numbers that are not exact', row({}, { bytesOut: 1e300 }), { bytes_out: -1 }],
    ['a status that cannot be', row({}, { status: 1e9 }), { status: 0 }],
    ['times before the epoch', row({}, { time: -1500 }), { time_ms: -1500 }],
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
    expect(fields['query']).toHaveLength(FIELD_LIMITS.query);
    expect(fields['user_agent']).toHaveLength(FIELD_LIMITS.userAgent);
    expect(fields['headers']).toEqual({ a: 'x' });
  });

  test.each([1, 255, 256, 257, 70_000])('%i rows keep their values and order, and the bytes are their own', (count) => {
    const rows = Array.from({ length: count }, (_, index) => row({}, { path: `/${index}`, method: `M${index % 3}` }));
    const first = encodeRows(rows);
    const copy = Buffer.from(first);
    encodeRows(rows.slice(0, 10).toReversed());
    expect(first.equals(copy)).toBe(true);
    const { columns } = readBlock(first);
    expect(columns['path']).toEqual(rows.map(({ request }) => request.path));
    expect(columns['method']).toEqual(rows.map(({ request }) => request.method));
  });

  test('texts that become alike when they are cut, and equal texts of different objects, share a code', () => {
    const long = 'x'.repeat(FIELD_LIMITS.path);
    const place = { ...NO_PLACE, country: 'DE' };
    const { columns } = readBlock(
      encodeRows([row({ place }, { path: `${long}1` }), row({ place: { ...place } }, { path: `${long}2` })]),
    );
    expect(columns['path']).toEqual([long, long]);
    expect(columns['country']).toEqual(['DE', 'DE']);
  });

  test('whatever the texts hold, they come back as they were', () => {
    const binary = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(binary, fc.dictionary(fc.string({ minLength: 1 }), binary), (text, headers) => {
        const fields = fieldsOf(
          row({ attackRules: [text], visitorId: text }, { path: text, userAgent: text, query: text, headers }),
        );
        const whole = text.toWellFormed();
        expect(fields).toMatchObject({ path: whole, user_agent: whole, query: whole, visitor_id: whole });
        expect(fields['attack_rules']).toEqual([whole]);
        expect(Object.keys(fields['headers'] as object).length).toBe(
          new Set(Object.keys(headers).map((name) => name.toWellFormed())).size,
        );
      }),
    );
  });
});
