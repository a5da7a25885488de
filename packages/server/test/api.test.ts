import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;

beforeAll(async () => {
  world = await startWorld();
  acme = await world.tenant('acme');
  const hour = 3_600_000;
  const from = Date.now() - 5 * hour;
  const request = (index: number, more: object) => ({
    time: from + index * hour,
    'client.address': '8.8.8.8',
    'server.address': 'www.acme.example',
    'http.request.method': 'GET',
    'url.path': '/',
    'http.response.status_code': 200,
    'user_agent.original': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
    ...more,
  });
  const answer = await world.call('/api/v1/requests', {
    key: acme.keys.ingest,
    body: [
      request(0, { 'http.server.request.duration': 0.1 }),
      request(1, { 'http.response.status_code': 503, 'http.server.request.duration': 0.3 }),
      request(2, { 'user_agent.original': 'curl/8.5.0', 'url.path': '/bot' }),
    ],
  });
  expect(answer.json).toEqual({ accepted: 3, rejected: [] });
});
afterAll(() => world.stop());

describe('GET /api/v1/traffic', () => {
  test('answers window, rows and source, with defaults', async () => {
    const { status, json } = await world.call('/api/v1/traffic', { key: acme.keys.read });
    expect(status).toBe(200);
    expect(Object.keys(json)).toEqual(['window', 'compared', 'rows', 'source', 'sampling', 'coverage']);
    expect(Date.parse(json.window.to) - Date.parse(json.window.from)).toBeCloseTo(86_400_000, -2);
    expect(json.rows).toEqual([{ requests: 3, people: 0, bots: 1, hosting: 2 }]);
  });

  test.each([
    [
      'metrics=requests&by=status',
      [
        { status: 200, requests: 2 },
        { status: 503, requests: 1 },
      ],
    ],
    ['metrics=requests&by=http.response.status_code&limit=1', [{ status: 200, requests: 2 }]],
    ['metrics=requests&where=status:5xx', [{ requests: 1 }]],
    ['metrics=requests&where=status=200&where=bot:true', [{ requests: 1 }]],
    [
      'metrics=requests,errors&by=path&order=errors',
      [
        { path: '/', requests: 2, errors: 1 },
        { path: '/bot', requests: 1, errors: 0 },
      ],
    ],
    ['metrics=requests&by=country', [{ country: 'US', requests: 3 }]],
    ['from=2001-01-01&to=2001-01-02&metrics=requests', [{ requests: 0 }]],
    ['from=-90m&metrics=requests', [{ requests: 0 }]],
    ['from=0&to=%2B1d&metrics=requests', [{ requests: 3 }]],
  ])('%s', async (query, rows) => {
    const { status, json } = await world.call(`/api/v1/traffic?${query}`, { key: acme.keys.read });
    expect(status).toBe(200);
    expect(json.rows).toEqual(rows);
  });

  test('percentiles are within one per cent', async () => {
    const { json } = await world.call('/api/v1/traffic?metrics=p99&where=status=503', { key: acme.keys.read });
    expect(json.rows[0].p99).toBeGreaterThan(297);
    expect(json.rows[0].p99).toBeLessThan(303);
  });

  test.each([
    ['from=yesterday', 'from'],
    ['from=2026-01-02&to=2026-01-01', 'from'],
    ['metrics=requests,nonsense', 'metrics'],
    ['by=nonsense', 'by'],
    ['where=nonsense', 'where'],
    ['where=status=many', 'where'],
    ['order=nonsense', 'order'],
    ['limit=0', 'limit'],
    ['limit=x', 'limit'],
    ['form=-24h', 'form'],
  ])('%s is refused, naming %s', async (query, name) => {
    const { status, json, headers } = await world.call(`/api/v1/traffic?${query}`, { key: acme.keys.read });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(json).toMatchObject({ status: 400, title: 'Bad Request', errors: [{ name }] });
    expect(json.detail).toContain(name);
  });

  test('every parameter that is wrong is named at once', async () => {
    const { json } = await world.call('/api/v1/traffic?limit=0&form=1&by=x&form2=1', { key: acme.keys.read });
    expect((json.errors as { name: string }[]).map(({ name }) => name).sort()).toEqual(['form', 'form2', 'limit']);
  });
});

test('fields, metrics and steps can be asked for', async () => {
  const { json } = await world.call('/api/v1/fields', { key: acme.keys.read });
  expect(json.fields).toContainEqual({
    name: 'status',
    title: 'Status',
    kind: 'number',
    aliases: ['http.response.status_code'],
  });
  expect(json.metrics).toContain('p95');
  expect(json.steps).toEqual(['minute', 'hour', 'day']);
});

test('a key learns who it is and about its own tenant alone', async () => {
  const { json } = await world.call('/api/v1/me', { key: acme.keys.read });
  expect(json).toMatchObject({
    principal: { kind: 'key', scope: 'read' },
    tenants: [{ id: acme.id, slug: 'acme', name: 'acme', installation: false }],
    version: '0.0.0-test',
  });
  expect(json.attributions[0].text).toContain('DB-IP');
  const status = await world.call('/api/v1/status', { key: acme.keys.read });
  expect(status.json.hub).toBeNull();
  expect(Date.parse(status.json.requests.first)).toBeLessThan(Date.parse(status.json.requests.last));
});

test('an operator sees the hub as a whole', async () => {
  const hub = async () => (await world.control('/api/v1/status')).json.hub;
  expect(await hub()).toMatchObject({ store_reachable: true, dead: 0, refused: 0 });
  await expect.poll(async () => (await hub()).waiting).toEqual({ rows: 0, spool_batches: 0, spool_bytes: 0 });
  expect((await hub()).accepted).toBeGreaterThanOrEqual(3);
});

describe('problems', () => {
  test.each([
    ['GET', '/api/v1/nothing', 404],
    ['GET', '/api', 404],
    ['POST', '/nothing', 404],
    ['DELETE', '/api/v1/traffic', 405],
    ['PUT', '/healthz', 405],
    ['QUERY', '/api/v1/traffic', 405],
    ['QUERY', '/api/v1/nothing', 404],
    ['GET', '/api/v1/traffic?where=path%3D%00', 400],
    ['PATCH', '/api/v1/requests', 405],
    ['GET', '/%zz', 400],
    ['GET', '/assets/missing.js', 404],
  ])('%s %s is %i', async (method, path, status) => {
    const answer = await world.call(path, { method, key: acme.keys.admin });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.json).toMatchObject({
      status,
      type: expect.stringMatching(/^urn:vedette:problem:[a-z-]+$/),
      title: expect.any(String),
    });
    expect(answer.headers.has('allow')).toBe(status === 405);
  });
});

test('health, readiness and metrics', async () => {
  expect((await world.call('/healthz')).json).toEqual({ status: 'alive', disk: 'good' });
  expect((await world.call('/readyz')).json).toEqual({ status: 'ready' });
  const metrics = await world.call('/metrics');
  expect(metrics.text).toMatch(/^vedette_requests_accepted_total \d+$/m);
  expect(metrics.text).toMatch(/route="\/api\/v1\/traffic"/);
});

test('the page is served with a policy that allows nothing foreign', async () => {
  const page = await world.call('/some/view', { headers: { accept: 'text/html' } });
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  const policy = page.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
});

test('the hub records what it is asked, as traffic of the installation', async () => {
  await expect
    .poll(async () => {
      const query = 'metrics=requests&by=path&where=origin=self&where=status=200';
      const { json } = await world.control(`/api/v1/traffic?${query}`);
      return json.rows.map((row: { path: string }) => row.path);
    })
    .toEqual(expect.arrayContaining(['/healthz', '/api/v1/fields']));
});
