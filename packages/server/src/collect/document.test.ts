import { expect, test } from 'vitest';
import { flatten, readDocument } from './document.ts';
import { createLineReader } from './line-reader.ts';

const LINE = '192.0.2.7 - - [31/Jan/2026:12:00:00 +0000] "GET /line HTTP/1.1" 200 5 "-" "curl/8"';
const TIME = '2026-01-31T12:00:00Z';
const read = (document: Record<string, unknown>, time?: number) =>
  readDocument(document, createLineReader(), flatten(document), time);

test.each([
  ['ECS, nested', { '@timestamp': TIME, http: { request: { method: 'GET' } }, url: { path: '/ecs' } }, '/ecs'],
  ['ECS, dotted', { '@timestamp': TIME, 'http.request.method': 'GET', 'url.path': '/dotted' }, '/dotted'],
  ['Filebeat’s message', { '@timestamp': TIME, log: { file: { path: '/var/log/a' } }, message: LINE }, '/line'],
  ['a container’s log', { log: `${LINE}\n`, stream: 'stdout', time: TIME }, '/line'],
  ['Logstash’s message beside a path', { '@timestamp': TIME, path: '/var/log/a', message: LINE }, '/line'],
  ['Elastic’s event.original', { '@timestamp': TIME, event: { original: LINE } }, '/line'],
  [
    'Fluent Bit’s parser of nginx',
    { '@timestamp': TIME, remote: '192.0.2.7', host: '-', method: 'GET', path: '/fluent', code: '200', size: '5' },
    '/fluent',
  ],
  [
    'Caddy’s own',
    {
      level: 'info',
      ts: 1_769_860_800.5,
      msg: 'handled request',
      request: { method: 'GET', uri: '/caddy' },
      status: 200,
    },
    '/caddy',
  ],
  [
    'Traefik’s own',
    { StartUTC: TIME, ClientHost: '192.0.2.7', RequestMethod: 'GET', RequestPath: '/traefik', DownstreamStatus: 200 },
    '/traefik',
  ],
  [
    'JSON in a message',
    { message: JSON.stringify({ time: TIME, uri: '/inner', status: 200, method: 'GET' }) },
    '/inner',
  ],
])('%s is read', (_, document, path) => {
  expect(read(document)).toMatchObject({ method: 'GET', path });
});

test('a time known from elsewhere stands in for one that is missing', () => {
  const time = Date.UTC(2026, 0, 31);
  expect(read({ method: 'GET', uri: '/a', status: 200 }, time)).toMatchObject({ time, path: '/a' });
  expect(read({ 'http.request.method': 'GET' }, time)).toMatchObject({ time });
  expect(read({ 'http.request.method': 'GET' })).toMatchObject({ refused: 'bad-time' });
});

test('what tells of no request is refused, saying so', () => {
  expect(read({ hello: 'world' })).toMatchObject({
    refused: 'not-a-record',
    detail: expect.stringContaining('neither'),
  });
  expect(read({ message: 'server started' })).toMatchObject({ refused: 'not-a-record' });
});

test('depth and number of names are bounded', () => {
  let deep: Record<string, unknown> = { end: 1 };
  for (let i = 0; i < 5000; i += 1) deep = { a: deep };
  expect(flatten(deep).size).toBe(0);
  expect(flatten(Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`k${n}`, n]))).size).toBe(512);
});
