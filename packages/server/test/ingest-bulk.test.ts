import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from '../src/model/uuid.ts';
import { type Call, startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
let count = 0;

beforeAll(async () => {
  world = await startWorld({ VEDETTE_BODY_MAX: '64KB' });
  acme = await world.tenant('acme');
});
afterAll(() => world.stop());

const ownPath = () => `/bulk-${(count += 1)}`;
const lines = (...entries: unknown[]) => `${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`;

const bulk = (body: string | Uint8Array<ArrayBuffer>, call: Call = {}, path = '/elasticsearch/_bulk') =>
  world.call(path, {
    key: acme.keys.ingest,
    ...call,
    method: call.method ?? 'POST',
    headers: { 'content-type': 'application/x-ndjson', ...call.headers },
    body,
  });

const ecs = (path: string, more: object = {}) => ({
  '@timestamp': new Date().toISOString(),
  client: { ip: '192.0.2.7' },
  url: { path, domain: 'www.acme.example' },
  http: { request: { method: 'GET' }, response: { status_code: 200 } },
  event: { duration: 12_000_000 },
  ...more,
});

async function stored(path: string, by = 'method,status'): Promise<Record<string, unknown>[]> {
  const { json } = await world.call(`/api/v1/traffic?metrics=requests&from=-2d&to=%2B2d&by=${by}&where=path=${path}`, {
    key: acme.keys.read,
  });
  return json.rows;
}

describe('POST /elasticsearch/_bulk', () => {
  test('takes documents by nested and by dotted names, and by a line', async () => {
    const path = ownPath();
    const stamp = new Date().toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1/$2/$3:$4 +0000');
    const answer = await bulk(
      lines(
        { create: { _index: 'logs-web' } },
        ecs(path),
        { index: { _index: 'logs-web', _id: 'one' } },
        {
          '@timestamp': Date.now(),
          'http.request.method': 'PUT',
          'url.path': path,
          'http.response.status_code': '201',
        },
        { index: {} },
        { '@timestamp': new Date(), message: `192.0.2.9 - - [${stamp}] "DELETE ${path} HTTP/1.1" 204 5 "-" "curl/8"` },
      ),
      {},
      '/elasticsearch/other/_bulk',
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-elastic-product')).toBe('Elasticsearch');
    expect(answer.json).toMatchObject({
      errors: false,
      items: [
        { create: { _index: 'logs-web', status: 201, result: 'created' } },
        { index: { _index: 'logs-web', _id: 'one', status: 201 } },
        { index: { _index: 'other', _id: expect.stringMatching(/^[0-9a-f-]{36}$/), status: 201 } },
      ],
    });
    expect(answer.json.took).toBeGreaterThanOrEqual(0);
    expect((await stored(path)).map(({ method, status }) => `${method} ${status}`).sort()).toEqual([
      'DELETE 204',
      'GET 200',
      'PUT 201',
    ]);
  });

  test('tells what it did not take item by item, in the order of the actions', async () => {
    const path = ownPath();
    const body =
      lines({ index: {} }, ecs(path), { delete: { _index: 'a', _id: '1' } }, { update: { _id: '2' } }, { doc: {} }) +
      `{"index":{}}\nnot json\n${lines({ index: {} }, { hello: 'world' }, { create: {} }, ecs(path))}`;
    const { status, json } = await bulk(body);
    expect([status, json.errors]).toEqual([200, true]);
    const of = (item: Record<string, { status: number; error?: { type: string } }>) =>
      Object.entries(item).map(([action, { status: at, error }]) => [action, at, error?.type])[0];
    expect(json.items.map(of)).toEqual([
      ['index', 201, undefined],
      ['delete', 400, 'illegal_argument_exception'],
      ['update', 400, 'illegal_argument_exception'],
      ['index', 400, 'document_parsing_exception'],
      ['index', 400, 'document_parsing_exception'],
      ['create', 201, undefined],
    ]);
    expect(await stored(path)).toMatchObject([{ requests: 2 }]);
  });

  test('documents with ids are stored once, however often they are sent', async () => {
    const path = ownPath();
    const body = lines({ index: { _index: 'a', _id: uuidv7() } }, ecs(path), { index: { _id: 'b' } }, ecs(path));
    for (let i = 0; i < 3; i += 1) expect((await bulk(body)).json.errors).toBe(false);
    const nameless = lines({ index: {} }, ecs(path));
    for (let i = 0; i < 2; i += 1) expect((await bulk(nameless)).json.errors).toBe(false);
    expect(await stored(path)).toMatchObject([{ requests: 4 }]);
  });

  test('ids that count anew in each body lose nothing', async () => {
    const path = ownPath();
    for (const [status_code] of [[200], [201], [202]]) {
      const document = ecs(path, { http: { request: { method: 'GET' }, response: { status_code } } });
      expect((await bulk(lines({ index: { _id: '1' } }, document))).json.errors).toBe(false);
    }
    expect((await stored(path)).map(({ status }) => status).sort()).toEqual([200, 201, 202]);
  });

  test('also below a path with a slash at its end', async () => {
    const path = ownPath();
    const answer = await bulk(lines({ index: {} }, ecs(path)), {}, '/elasticsearch/_bulk/?pipeline=x');
    expect([answer.status, answer.json.errors]).toEqual([200, false]);
    expect(await stored(path)).toMatchObject([{ requests: 1 }]);
  });

  test.each([
    ['a line that is no action', '{"hello":{}}\n{}\n', {}, 400, 'illegal_argument_exception'],
    ['an action without its document', '{"index":{}}\n', {}, 400, 'illegal_argument_exception'],
    ['nothing', '\n', {}, 400, 'illegal_argument_exception'],
    ['no gzip', 'x', { 'content-encoding': 'gzip' }, 400, 'illegal_argument_exception'],
    ['too much', gzipSync(Buffer.alloc(1_000_000)), { 'content-encoding': 'gzip' }, 413, 'content_too_long_exception'],
  ])('refuses %s in the shape of Elasticsearch', async (_, body, headers, status, type) => {
    const answer = await bulk(body, { headers });
    expect(answer.json).toEqual({
      error: { root_cause: [{ type, reason: expect.any(String) }], type, reason: expect.any(String) },
      status,
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-elastic-product')).toBe('Elasticsearch');
  });
});

describe('keys', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  test.each([
    ['Bearer', (key: string) => `Bearer ${key}`],
    ['ApiKey with the key', (key: string) => `ApiKey ${key}`],
    ['ApiKey with id and key', (key: string) => `ApiKey ${base64(`any:${key}`)}`],
    ['ApiKey with the key in base64', (key: string) => `ApiKey ${base64(key)}`],
    ['Basic with the key as the password', (key: string) => `Basic ${base64(`vedette:${key}`)}`],
  ])('%s is taken here, with the scope that it has', async (_, header) => {
    const get = (key: string, path = '/elasticsearch/') =>
      world.call(path, { headers: { authorization: header(key) } });
    expect((await get(acme.keys.ingest)).json).toMatchObject({ tagline: 'You Know, for Search' });
    expect((await get(acme.keys.read)).status).toBe(403);
    expect((await get('vdt_wrong')).json).toMatchObject({ status: 401, error: { type: 'security_exception' } });
  });

  test('elsewhere only Bearer is', async () => {
    for (const scheme of ['Basic', 'ApiKey']) {
      const authorization = `${scheme} ${base64(`vedette:${acme.keys.admin}`)}`;
      expect((await world.call('/api/v1/traffic', { headers: { authorization } })).status).toBe(401);
    }
  });
});

describe('what agents ask before they send', () => {
  test.each(['', '/', '/_license', '/_xpack', '/_cluster/health', '/_index_template/logs', '/_ilm/policy/p'])(
    'GET and HEAD of %s are answered',
    async (path) => {
      for (const method of ['GET', 'HEAD']) {
        const answer = await world.call(`/elasticsearch${path}`, { method, key: acme.keys.ingest });
        expect([answer.status, answer.headers.get('x-elastic-product')]).toEqual([200, 'Elasticsearch']);
      }
    },
  );

  test.each([
    ['GET', '/_bulk', 'POST, PUT'],
    ['DELETE', '/logs/_bulk', 'POST, PUT'],
    ['PATCH', '/_bulk/', 'POST'],
    ['PUT', '/_license', 'GET, HEAD'],
    ['POST', '/', 'GET, HEAD'],
    ['PUT', '/_index_template/logs', 'GET, HEAD'],
  ])('%s %s is told what is taken there, in the same shape', async (method, path, allow) => {
    const answer = await world.call(`/elasticsearch${path}`, { method, key: acme.keys.ingest });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
    expect(answer.json).toMatchObject({ status: 405, error: { type: 'method_not_allowed_exception' } });
  });

  test('what there is not is an error in the same shape, and the dashboard stays where it is', async () => {
    const none = await world.call('/elasticsearch/logs/_search', { key: acme.keys.ingest, body: {} });
    expect(none.json).toMatchObject({ status: 404, error: { reason: expect.stringContaining('only _bulk') } });
    expect((await world.call('/elasticsearch/_bulk', { body: '{}' })).status).toBe(401);
    expect((await world.call('/')).headers.get('x-elastic-product')).toBeNull();
  });
});
