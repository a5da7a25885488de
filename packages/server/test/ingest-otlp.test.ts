import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
let count = 0;

beforeAll(async () => {
  world = await startWorld({ VEDETTE_BODY_MAX: '64KB' });
  acme = await world.tenant('acme');
});
afterAll(() => world.stop());

const ownPath = () => `/otlp-${(count += 1)}`;
const nano = (ms: number) => `${ms}000000`;
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });

async function rows(path: string, by: string, tenant = acme): Promise<Record<string, unknown>[]> {
  const { json } = await world.call(
    `/api/v1/traffic?metrics=requests,p50&from=-2d&to=%2B2d&by=${by}&where=path=${path}`,
    { key: tenant.keys.read },
  );
  return json.rows;
}

function span(path: string, more: object = {}, attributes: object[] = []): object {
  const start = Date.now() - 1000;
  return {
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: 'eee19b7ec3c1b174',
    name: 'GET',
    kind: 2,
    startTimeUnixNano: nano(start),
    endTimeUnixNano: nano(start + 25),
    attributes: [
      text('http.request.method', 'GET'),
      text('url.path', path),
      text('server.address', 'www.acme.example'),
      text('client.address', '192.0.2.1'),
      { key: 'http.response.status_code', value: { intValue: '404' } },
      ...attributes,
    ],
    ...more,
  };
}

const traces = (spans: object[], service = 'shop') => ({
  resourceSpans: [
    { resource: { attributes: [text('service.name', service)] }, scopeSpans: [{ scope: { name: 'http' }, spans }] },
  ],
});

const logs = (logRecords: object[], service = 'web') => ({
  resourceLogs: [{ resource: { attributes: [text('service.name', service)] }, scopeLogs: [{ logRecords }] }],
});

const send = (path: string, body: unknown, headers: Record<string, string> = {}, key = acme.keys.ingest) =>
  world.call(path, { key, body, headers });

describe('POST /v1/traces', () => {
  test('takes server spans over HTTP and passes over all others', async () => {
    const path = ownPath();
    const answer = await send(
      '/v1/traces',
      traces([span(path), span(path, { kind: 3 }), span(path, { kind: 2, attributes: [text('rpc.system', 'grpc')] })]),
    );
    expect([answer.status, answer.json]).toEqual([200, {}]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await rows(path, 'status,domain,method')).toEqual([
      { status: 404, domain: 'www.acme.example', method: 'GET', requests: 1, p50: expect.closeTo(25, 0) },
    ]);
  });

  test('the same export again is answered, not stored again', async () => {
    const path = ownPath();
    const body = JSON.stringify(traces([span(path)]));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    for (let i = 0; i < 3; i += 1) expect((await send('/v1/traces', gzipSync(body), headers)).status).toBe(200);
    expect(await rows(path, 'status')).toMatchObject([{ requests: 1 }]);
  });

  test('says how many spans it did not take, and why', async () => {
    const path = ownPath();
    const late = nano(Date.now() + 3 * 86_400_000);
    const answer = await send(
      '/v1/traces',
      traces([span(path), span(path, { startTimeUnixNano: '0' }), span(path, { startTimeUnixNano: late })]),
    );
    expect(answer.json).toEqual({
      partialSuccess: { rejectedSpans: '2', errorMessage: 'the span has no start time (and 1 more)' },
    });
    expect(await rows(path, 'status')).toMatchObject([{ requests: 1 }]);
  });

  test.each([
    ['no key', {}, 401, 16, ''],
    ['another type', { 'content-type': 'text/plain' }, 415, 3, 'x-protobuf'],
    ['no JSON', { 'content-type': 'application/json' }, 400, 3, 'not JSON'],
    ['no gzip', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, 400, 3, 'gzip'],
  ])('%s is answered by a Status', async (what, headers, status, code, message) => {
    const call = what === 'no key' ? {} : { key: acme.keys.ingest };
    const answer = await world.call('/v1/traces', {
      ...call,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{nonsense',
    });
    expect(answer.status).toBe(status);
    if (what === 'another type') {
      expect(answer.headers.get('content-type')).toBe('application/x-protobuf');
      expect(answer.text).toContain(message);
    } else expect(answer.json).toEqual({ code, message: expect.stringContaining(message) });
  });

  test('protobuf that is none is answered in protobuf', async () => {
    const headers = { 'content-type': 'application/x-protobuf' };
    const answer = await send('/v1/traces', Buffer.from([0x0a, 0xff, 0xff]), headers);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/x-protobuf');
    expect(answer.text).toContain('not protobuf');
  });

  test('a bomb of nested values or of many bytes is refused', async () => {
    const deep = `{"resourceSpans":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    const json = { 'content-type': 'application/json' };
    expect((await send('/v1/traces', deep, json)).json.message).toContain('inside one another');
    const zeros = gzipSync(Buffer.alloc(10_000_000));
    const bomb = await send('/v1/traces', zeros, { ...json, 'content-encoding': 'gzip' });
    expect([bomb.status, bomb.json.code]).toEqual([413, 3]);
  });
});

describe('POST /v1/logs', () => {
  test('takes records by attributes, by a map and by a line', async () => {
    const path = ownPath();
    const time = Date.now() - 5000;
    const attributes = [
      text('http.method', 'POST'),
      text('http.target', `${path}?a=1`),
      text('http.status_code', '201'),
    ];
    const map = {
      kvlistValue: {
        values: [text('method', 'PUT'), text('uri', path), { key: 'status', value: { intValue: 202 } }],
      },
    };
    const stamp = new Date(time).toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1/$2/$3:$4 +0000');
    const line = `192.0.2.9 - - [${stamp}] "DELETE ${path} HTTP/1.1" 204 5 "-" "curl/8"`;
    const answer = await send(
      '/v1/logs',
      logs([
        { timeUnixNano: nano(time), attributes },
        { observedTimeUnixNano: nano(time), body: map },
        { timeUnixNano: nano(time), body: { stringValue: line } },
        { timeUnixNano: nano(time), body: { stringValue: 'worker process started' } },
      ]),
    );
    expect(answer.json).toEqual({
      partialSuccess: { rejectedLogRecords: '1', errorMessage: 'no [time] in its place' },
    });
    expect((await rows(path, 'method,status')).map(({ method, status }) => [method, status]).sort()).toEqual([
      ['DELETE', 204],
      ['POST', 201],
      ['PUT', 202],
    ]);
  });

  test.each([
    ['with a time that is exact, once', { timeUnixNano: '1000000', observedTimeUnixNano: '000001' }, 1],
    ['with whole ms, as often as it comes', { timeUnixNano: '000000', observedTimeUnixNano: '000000' }, 2],
  ])('the same export again %s', async (_, ends, times) => {
    const path = ownPath();
    const now = Date.now();
    const attributes = [text('http.method', 'GET'), text('http.target', path), text('http.status_code', '200')];
    const stamps = Object.fromEntries(Object.entries(ends).map(([name, end]) => [name, `${now}${end.slice(-6)}`]));
    const body = logs([{ ...stamps, attributes }]);
    for (let i = 0; i < 2; i += 1) expect((await send('/v1/logs', body)).status).toBe(200);
    expect(await rows(path, 'status')).toMatchObject([{ requests: times }]);
  });
});

test('with a key of the installation, spans go to the tenant that has the host', async () => {
  const path = ownPath();
  const { records } = world.running.hub;
  await records.forTenant(acme.id).domains.add('*.acme.example');
  await records.hosts.refresh();
  const { token } = await records.forTenant(records.installation.id).keys.create({ scope: 'ingest' });
  expect((await send('/v1/traces', traces([span(path)]), {}, token)).status).toBe(200);
  expect(await rows(path, 'status')).toMatchObject([{ requests: 1 }]);
});
