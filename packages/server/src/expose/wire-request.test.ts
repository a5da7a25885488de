import fc from 'fast-check';
import { expect, test } from 'vitest';
import table from '../../../contract/cases/consent-cookie.json' with { type: 'json' };
import { isRefusal } from '../model/request.ts';
import { uuidAfter } from '../model/uuid.ts';
import { createLineReader, readWireRequest } from './wire-request.ts';

const TIME = '2026-01-31T12:00:00.250Z';
const MS = Date.UTC(2026, 0, 31, 12, 0, 0, 250);

test('every field is read', () => {
  expect(
    readWireRequest({
      time: TIME,
      id: '01940000-0000-7000-8000-00000000ABCD',
      'client.address': '::ffff:192.0.2.1',
      'server.address': 'WWW.Example.com:8443',
      'http.request.method': 'GET',
      'url.path': '/a%20b',
      'url.query': 'x=1',
      'http.route': '/{a}',
      'http.response.status_code': 404,
      'http.server.request.duration': 0.0125,
      'http.request.body.size': 0,
      'http.response.body.size': 512,
      'user_agent.original': 'curl/8',
      'network.protocol.version': '2',
      'http.request.header.referer': 'https://example.org/',
      'http.request.header.accept_language': ['de', 'en'],
      'http.request.header.cookie': 'secret=1',
      'http.request.header.authorization': 'Bearer x',
      'http.request.header.x-forwarded-for': '203.0.113.1',
      'vedette.consent': 'granted',
      'something.else': { nested: true },
    }),
  ).toEqual({
    id: '01940000-0000-7000-8000-00000000abcd',
    time: MS,
    clientAddress: '192.0.2.1',
    host: 'www.example.com',
    method: 'GET',
    path: '/a%20b',
    query: 'x=1',
    route: '/{a}',
    status: 404,
    durationUs: 12_500,
    bytesIn: 0,
    bytesOut: 512,
    protocol: 'HTTP/2.0',
    userAgent: 'curl/8',
    referrer: 'https://example.org/',
    headers: { 'accept-language': 'de, en' },
    consent: 'granted',
  });
});

test.each([
  [{ time: MS }, { time: MS, status: 0, durationUs: -1, bytesOut: -1, userAgent: null, consent: 'unknown' }],
  [
    { time: MS, 'client.address': null, 'http.response.status_code': null },
    { clientAddress: '', status: 0 },
  ],
  [
    { time: MS, 'url.path': '/a?b=c' },
    { path: '/a', query: 'b=c' },
  ],
  [
    { time: MS, 'url.path': '/a', 'url.query': '?b=c' },
    { path: '/a', query: 'b=c' },
  ],
  [{ time: MS, 'server.address': '[2001:DB8::1]:443' }, { host: '2001:db8::1' }],
  [{ time: MS, 'server.address': '2001:db8::1' }, { host: '2001:db8::1' }],
  [{ time: MS, 'server.address': 'example.com.' }, { host: 'example.com' }],
  [{ time: MS, 'http.request.header.user-agent': 'a' }, { userAgent: 'a' }],
  [{ time: MS, 'user_agent.original': '' }, { userAgent: '' }],
])('%j', (record, expected) => {
  expect(readWireRequest(record)).toMatchObject(expected);
});

test.each([
  [null, 'object'],
  ['text', 'object'],
  [[], 'object'],
  [{}, 'time: is missing'],
  [{ time: 'yesterday' }, 'time: "yesterday"'],
  [{ time: true }, 'time: true'],
  [{ time: MS, id: 'x' }, 'id: "x" is not a UUID'],
  [{ time: MS, 'client.address': 'localhost' }, 'client.address: "localhost"'],
  [{ time: MS, 'client.address': '192.0.2.300' }, 'client.address'],
  [{ time: MS, 'http.response.status_code': '200' }, 'http.response.status_code: "200"'],
  [{ time: MS, 'http.response.status_code': 20 }, 'http.response.status_code: 20'],
  [{ time: MS, 'http.server.request.duration': -1 }, 'http.server.request.duration: -1'],
  [{ time: MS, 'http.response.body.size': 1.5 }, 'http.response.body.size: 1.5'],
  [{ time: MS, 'vedette.consent': 'yes' }, 'vedette.consent: "yes"'],
  [{ time: MS, 'http.request.header.accept': { a: 1 } }, 'http.request.header.accept'],
  [{ time: MS, 'url.path': 'x'.repeat(20_000) }, 'url.path'],
])('%j is refused by name', (record, reason) => {
  const refusal = readWireRequest(record);
  expect(refusal).toMatchObject({ refused: 'bad-record', detail: expect.stringContaining(reason) });
});

test('anything at all is a request or a refusal', () => {
  const names = [
    'time',
    'client.address',
    'server.address',
    'url.path',
    'http.request.header.x',
    'http.response.status_code',
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), (record) => {
      const read = readWireRequest(record);
      expect(isRefusal(read) ? read.detail !== '' : Number.isFinite(read.time)).toBe(true);
    }),
  );
});

test.each(table.cookies)(
  'of the cookies that a sender passes on, only the choice: $given',
  ({ given, choice, visitor }) => {
    for (const cookie of [given, ['s=1', given]]) {
      const raw = readWireRequest({ time: MS, 'http.request.header.cookie': cookie, 'http.request.header.dnt': '1' });
      const headers = { dnt: '1', ...(visitor === '' ? {} : { 'vedette-visitor-id': visitor }) };
      expect(raw).toMatchObject({ consent: choice });
      expect((raw as { headers: unknown }).headers).toEqual(headers);
    }
    const told = { time: MS, 'http.request.header.cookie': given, 'vedette.consent': 'refused' };
    expect(readWireRequest(told)).toMatchObject({ consent: 'refused', headers: null });
  },
);

const ID = '01940000-0000-7000-8000-00000000abcd';
const FULL = `{"time":${MS},"id":"${ID}","url.path":"/a","http.request.header.accept":"x","http.server.request.duration":1}`;

test('an array is the line before, so many ms later, with the id after and another duration', () => {
  const read = createLineReader();
  const [first, second, third] = [FULL, '[7,123]', '[-1,0]'].map(read);
  expect(second).toEqual({ ...first, time: MS + 7, id: uuidAfter(ID, MS + 7), durationUs: 123 });
  expect(third).toEqual({ ...first, time: MS + 6, id: uuidAfter(uuidAfter(ID, MS), MS + 6), durationUs: 0 });
});

test('an array after a line without an id has none either', () => {
  const read = createLineReader();
  expect(read(`{"time":${MS}}`)).toMatchObject({ id: '' });
  expect(read('[1,2]')).toMatchObject({ id: '', time: MS + 1 });
});

test.each([
  [['[0,1]'], 'there is none'],
  [[FULL, '[]'], 'an array must be of'],
  [[FULL, `["${TIME}",1]`], 'an array must be of'],
  [[FULL, '[0,1,2]'], 'an array must be of'],
  [[FULL, '[0.5,1]'], 'an array must be of'],
  [[FULL, '[0,-1]'], 'duration: -1'],
  [[FULL, '[0,1.5]'], 'duration: 1.5'],
  [[FULL, '[0,null]'], 'duration: null'],
  [[FULL, '[0,2000000000001]'], 'duration: 2000000000001'],
  [[FULL, '[0,"x"]', '[0,1]'], 'duration: "x"'],
  [['{"time":"x"}', '[0,1]'], 'time: "x"'],
  [[FULL, '{', '[0,1]'], 'the line is not JSON'],
  [[FULL, '7', '[0,1]'], 'a record must be an object'],
])('%j is refused: %s', (lines, reason) => {
  const last = lines.map(createLineReader()).at(-1) as object;
  expect(isRefusal(last) ? last.detail : last).toContain(reason);
});
