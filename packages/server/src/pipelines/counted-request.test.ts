import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEnricher, type LocalEnricher } from '../enrich/enricher.ts';
import { createRouteEnricher } from '../enrich/route.ts';
import { emptyRequest, isRefusal, type RawRequest } from '../model/request.ts';
import { NO_KEYS, type StoredRequest } from '../model/stored-request.ts';
import { DEFAULT_TRAFFIC_POLICY, privacyPolicyOf, trafficPolicyOf } from '../privacy/policy.ts';
import { readBlock } from '../stores/native-block.fixture.ts';
import { encodeRows } from '../stores/requests-encoding.ts';
import { createPrepare, type Prepare } from './prepare.ts';

const RECEIVED = Date.UTC(2026, 2, 18, 12);
const VISITOR = '0123456789abcdef0123456789abcdef';

let enricher: LocalEnricher;
let prepare: Prepare;

beforeAll(async () => {
  enricher = await createEnricher({ watch: false });
  prepare = createPrepare({
    enricher,
    keyring: {
      keysFor: () => ({ client: '4242424242424242', net: '4343434343434343', site: '0', day: 7 }),
      prepare: async () => undefined,
      everyDay: () => [],
      rotate: async () => 0,
      days: () => [],
    },
    templateRoute: createRouteEnricher(),
  });
});
afterAll(() => enricher.close());

function visit(more: Partial<RawRequest>, policy = DEFAULT_TRAFFIC_POLICY): StoredRequest {
  const raw: RawRequest = {
    ...emptyRequest(RECEIVED),
    clientAddress: '93.192.0.77',
    host: 'shop.example',
    method: 'GET',
    path: '/marked-path/4711',
    query: 'marked=query',
    status: 404,
    durationUs: 1234,
    bytesIn: 10,
    bytesOut: 20,
    protocol: 'HTTP/1.1',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 marked',
    referrer: 'https://marked-referrer.example/x',
    headers: { 'accept-language': 'marked-language', 'vedette-visitor-id': VISITOR },
    ...more,
  };
  const context = {
    tenantId: '01950000-0000-7000-8000-00000000000a',
    origin: 'edge' as const,
    received: RECEIVED,
    fallbackHost: '',
    policy,
  };
  const row = prepare(raw, context);
  if (isRefusal(row)) throw new Error(row.detail);
  return row;
}

const counted = trafficPolicyOf(privacyPolicyOf({ unknown: 'counted' }));

test.each<[string, Partial<RawRequest>, typeof counted, string]>([
  ['a refusal', { consent: 'refused' }, DEFAULT_TRAFFIC_POLICY, 'refused'],
  ['GPC', { headers: { 'sec-gpc': '1', 'vedette-visitor-id': VISITOR } }, DEFAULT_TRAFFIC_POLICY, 'refused'],
  ['no choice where the unknown are counted', {}, counted, 'unknown'],
])('%s: what goes on to spool and broker is what is counted', (_, more, policy, consent) => {
  const row = visit(more, policy);
  const bytes = encodeRows([row]);
  for (const text of ['marked', VISITOR, 'Firefox', 'Linux', 'Tschernitz', '93.192', 'Telekom']) {
    expect(bytes.includes(text), text).toBe(false);
  }
  const { columns } = readBlock(bytes);
  const told = Object.fromEntries(Object.entries(columns).map(([name, [value]]) => [name, String(value)]));
  expect(told).toMatchObject({
    kept: '0',
    consent,
    domain: 'shop.example',
    country: 'DE',
    region: '',
    network_kind: 'residential',
    device_type: 'Desktop',
    status: '404',
    bytes_in: '10',
    bytes_out: '20',
    duration_us: '1234',
    client_key: '0',
    net_key: '0',
    asn: '0',
  });
  expect(row.keys).toBe(NO_KEYS);
});

test('requests that are counted alike share what they have, so that encoding them is cheap', () => {
  const [one, other] = [visit({ consent: 'refused' }), visit({ consent: 'refused', path: '/other' })];
  expect(one.place).toBe(other.place);
  expect(one.network).toBe(other.network);
  expect(one.agent).toBe(other.agent);
});

test.each<[string, RawRequest['consent'], string, string]>([
  ['granted', 'granted', VISITOR, VISITOR],
  ['granted, but it is no id', 'granted', 'jane.roe@example.com', ''],
  ['granted, in capitals', 'granted', VISITOR.toUpperCase(), ''],
  ['no choice', 'unknown', VISITOR, ''],
])('a visitor id has a column of its own: %s', (_, consent, given, stored) => {
  const row = visit({ consent, headers: { dnt: '1', 'vedette-visitor-id': given } });
  expect(row.visitorId).toBe(stored);
  expect(row.request.headers).toEqual({ dnt: '1' });
  expect(visit({ consent, headers: { 'vedette-visitor-id': given } }).request.headers).toBeNull();
});
