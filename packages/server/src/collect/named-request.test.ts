import fc from 'fast-check';
import { expect, test } from 'vitest';
import table from '../../../contract/cases/consent-cookie.json' with { type: 'json' };
import { isRefusal } from '../model/request.ts';
import { isHttp, readNamed } from './named-request.ts';

const TIME = Date.UTC(2026, 0, 31, 12);
const of = (values: Record<string, unknown>, when?: { time: number; durationUs: number }) =>
  readNamed(new Map(Object.entries(values)), when);

const EXPECTED = {
  time: TIME,
  clientAddress: '192.0.2.7',
  host: 'www.example.com',
  method: 'GET',
  path: '/a/b',
  query: 'c=1',
  status: 404,
  durationUs: 12_500,
  bytesIn: 10,
  bytesOut: 2000,
  protocol: 'HTTP/1.1',
  userAgent: 'curl/8',
};

test.each([
  [
    'OpenTelemetry',
    {
      time: '2026-01-31T12:00:00Z',
      'client.address': '192.0.2.7',
      'network.peer.address': '10.0.0.1',
      'server.address': 'www.example.com',
      'http.request.method': 'GET',
      'url.path': '/a/b',
      'url.query': 'c=1',
      'http.response.status_code': 404,
      'http.server.request.duration': 0.0125,
      'http.request.body.size': 10,
      'http.response.body.size': 2000,
      'network.protocol.version': '1.1',
      'user_agent.original': 'curl/8',
    },
  ],
  [
    'OpenTelemetry’s former names',
    {
      time: TIME,
      'net.peer.ip': '10.0.0.1',
      'http.client_ip': '192.0.2.7',
      'http.host': 'WWW.example.com:8080',
      'http.method': 'GET',
      'http.target': '/a/b?c=1',
      'http.status_code': '404',
      'event.duration': 12_500_000,
      'http.request_content_length': 10,
      'http.response_content_length': '2000',
      'http.flavor': '1.1',
      'http.user_agent': 'curl/8',
    },
  ],
  [
    'ECS, with lists',
    {
      '@timestamp': '2026-01-31T13:00:00+01:00',
      'source.ip': ['192.0.2.7'],
      'url.full': 'https://www.example.com/a/b?c=1',
      'http.request.method': ['GET'],
      'http.response.status_code': [404],
      'event.duration': 12_500_000,
      'http.request.body.bytes': 10,
      'http.response.body.bytes': 2000,
      'http.version': '1.1',
      'user_agent.original': 'curl/8',
    },
  ],
])('the names of %s are read', (_, values) => {
  expect(of(values)).toMatchObject(EXPECTED);
});

test('of addresses the first that is one is taken, also a mapped one; a host name is none', () => {
  const values = { time: TIME, 'client.address': 'proxy.example', 'net.sock.peer.addr': '::ffff:192.0.2.1' };
  expect(of(values)).toMatchObject({ clientAddress: '192.0.2.1' });
});

test('headers that are kept are those that may be, in either spelling', () => {
  expect(
    of({
      time: TIME,
      'http.request.header.accept_language': ['de', 'en'],
      'http.request.header.cookie': ['secret'],
      'http.request.header.x-forwarded-for': ['192.0.2.1'],
      'http.request.header.referer': ['https://example.org/'],
      'http.request.header.user-agent': ['curl/8'],
    }),
  ).toMatchObject({
    headers: { 'accept-language': 'de, en' },
    referrer: 'https://example.org/',
    userAgent: 'curl/8',
  });
});

test('an unusual method comes as it was sent', () => {
  expect(of({ time: TIME, 'http.request.method': '_OTHER', 'http.request.method_original': 'PURGE' })).toMatchObject({
    method: 'PURGE',
  });
});

test.each([
  [{}, 'bad-time'],
  [{ time: 'yesterday' }, 'bad-time'],
  [{ time: TIME, 'http.status_code': 'many' }, 'bad-status'],
  [{ time: TIME, 'http.status_code': 1000 }, 'bad-status'],
  [{ time: TIME, 'vedette.consent': 'maybe' }, 'bad-consent'],
])('%j is refused as %s', (values, refused) => {
  expect(of(values)).toMatchObject({ refused });
});

test('nothing that is told makes it throw or break the promises of a request', () => {
  const names = ['time', '@timestamp', 'http.method', 'http.target', 'url.path', 'http.status_code', 'client.address'];
  const more = ['http.request.header.accept', 'event.duration', 'http.flavor', 'http.host', 'http.request.body.size'];
  const values = fc.dictionary(fc.constantFrom(...names, ...more), fc.anything({ withBigInt: true }));
  fc.assert(
    fc.property(values, (given) => {
      const fields = new Map(Object.entries(given));
      isHttp(fields);
      const raw = readNamed(fields, { time: TIME, durationUs: -1 });
      if (isRefusal(raw)) return;
      expect(Number.isInteger(raw.status) && raw.status >= 0 && raw.status <= 999).toBe(true);
      for (const size of [raw.bytesIn, raw.bytesOut, raw.durationUs]) expect(Number.isInteger(size)).toBe(true);
      for (const text of [raw.path, raw.query, raw.host, raw.method, raw.referrer]) expect(typeof text).toBe('string');
    }),
    { numRuns: 1000 },
  );
});

test.each(table.cookies)(
  'of the cookies that a sender passes on, only the choice: $given',
  ({ given, choice, visitor }) => {
    const headers = visitor === '' ? null : { 'vedette-visitor-id': visitor };
    for (const cookie of [given, ['s=1', given]]) {
      const raw = of({ time: TIME, 'http.request.method': 'GET', 'http.request.header.cookie': cookie });
      expect(raw).toMatchObject({ consent: choice, headers });
    }
    const told = { time: TIME, 'http.request.header.cookie': given, 'vedette.consent': 'refused' };
    expect(of(told)).toMatchObject({ consent: 'refused', headers: null });
  },
);
