import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
let other: WorldTenant;

beforeAll(async () => {
  world = await startWorld();
  acme = await world.tenant('acme');
  other = await world.tenant('other');
  await world.call('/api/v1/requests', {
    key: other.keys.ingest,
    body: [{ time: Date.now(), 'server.address': 'www.other.example', 'url.path': '/' }],
  });
});
afterAll(() => world.stop());

test('metrics are not open to whoever a proxy passes on, also one the hub was not told of', async () => {
  expect((await world.call('/metrics')).status).toBe(200);
  for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
    expect((await world.call('/metrics', { headers: { [name]: '1' } })).status).toBe(401);
  }
});

describe('what a scope may', () => {
  const READS = [
    '/api/v1/traffic',
    '/api/v1/fields',
    '/api/v1/status',
    '/api/v1/imports',
    '/api/v1/sources',
    '/api/v1/consent',
    '/api/v1/consent/texts',
    '/api/v1/consent/export',
    `/api/v1/consent/proofs/${'a'.repeat(32)}`,
    '/api/v1/integrations',
    '/api/v1/integrations/ga4/figures',
    '/api/v1/domains',
    '/api/v1/quota',
  ];
  const cases = (['ingest', 'read', 'admin'] as const).flatMap((scope) => [
    ...READS.map((path) => ['GET', path, scope, scope === 'ingest' ? 403 : 200] as const),
    ['POST', '/api/v1/requests', scope, scope === 'read' ? 403 : 200] as const,
    ['POST', '/api/v1/imports', scope, scope === 'read' ? 403 : 422] as const,
    ['POST', '/v1/traces', scope, scope === 'read' ? 403 : 400] as const,
    ['POST', '/v1/logs', scope, scope === 'read' ? 403 : 400] as const,
    ['POST', '/elasticsearch/_bulk', scope, scope === 'read' ? 403 : 400] as const,
    ['GET', '/api/v1/hosts', scope, scope === 'read' ? 403 : 200] as const,
    ['GET', '/api/v1/me', scope, 200] as const,
    ['GET', '/api/v1/keys', scope, scope === 'admin' ? 200 : 403] as const,
    ['POST', '/api/v1/keys', scope, scope === 'admin' ? 400 : 403] as const,
    ['POST', '/api/v1/domains', scope, scope === 'admin' ? 400 : 403] as const,
    ['PATCH', '/api/v1/tenant', scope, scope === 'admin' ? 400 : 403] as const,
    ['PUT', '/api/v1/integrations/ga4', scope, scope === 'admin' ? 400 : 403] as const,
    ['DELETE', '/api/v1/integrations/ga4', scope, scope === 'admin' ? 404 : 403] as const,
    ['POST', '/api/v1/integrations/ga4/test', scope, scope === 'admin' ? 404 : 403] as const,
  ]);
  test.each(cases)('%s %s with a key of scope %s is %i', async (method, path, scope, status) => {
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: [] };
    const answer = await world.call(path, { method, key: acme.keys[scope], ...body });
    expect(answer.status).toBe(status);
    // Where other programs call, errors have the shapes that those know.
    if (status === 403) expect(answer.text).toContain(`of scope ${scope}`);
  });

  test.each(['', 'vdt_wrong', 'nonsense'])('the key "%s" is 401, saying how', async (key) => {
    const answer = await world.call('/api/v1/traffic', key === '' ? {} : { key });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(answer.json.type).toBe('urn:vedette:problem:unauthorised');
  });

  test('a revoked and an expired key are 401', async () => {
    const { keys } = world.running.hub.records.forTenant(acme.id);
    const revoked = await keys.create({ scope: 'read' });
    expect((await world.call('/api/v1/traffic', { key: revoked.token })).status).toBe(200);
    await keys.revoke(revoked.key.id);
    await expect.poll(async () => (await world.call('/api/v1/traffic', { key: revoked.token })).status).toBe(401);
    const expired = await keys.create({ scope: 'read', expiresAt: Date.now() - 1000 });
    expect((await world.call('/api/v1/traffic', { key: expired.token })).status).toBe(401);
  });

  test.each([
    ['GET', '/api/v1/tenants'],
    ['POST', '/api/v1/tenants'],
    ['GET', '/api/v1/tenants/acme'],
    ['PATCH', '/api/v1/tenants/acme'],
    ['DELETE', '/api/v1/tenants/acme'],
    ['POST', '/api/v1/tenants/acme/suspend'],
    ['POST', '/api/v1/tenants/acme/resume'],
    ['PUT', '/api/v1/tenants/acme/quota'],
    ['GET', '/api/v1/tenant-deletions'],
    ['GET', '/api/v1/tenant-deletions/x'],
  ])('%s %s is for operators, not for keys', async (method, path) => {
    const answer = await world.call(path, { method, key: acme.keys.admin, ...(method === 'GET' ? {} : { body: {} }) });
    expect(answer.status).toBe(403);
    expect(answer.json.detail).toContain('operator');
  });

  test('one-time links are made on the control socket alone', async () => {
    expect((await world.call('/api/v1/links', { method: 'POST', key: acme.keys.admin })).status).toBe(404);
  });
});

interface Operation {
  parameters: { name: string; in: string }[];
}

async function operations(from: World['call']): Promise<{ method: string; path: string; operation: Operation }[]> {
  const { json } = await from('/api/openapi.json');
  return Object.entries(json.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

describe('OpenAPI', () => {
  test.each(['call', 'control'] as const)(
    'every route of the %s side is in the document, which is well-formed',
    async (side) => {
      const { json } = await world[side]('/api/openapi.json');
      expect(json.openapi).toBe('3.1.0');
      const references = [...JSON.stringify(json).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
        (match) => match[1],
      );
      expect(references.length).toBeGreaterThan(5);
      for (const name of references) expect(json.components.schemas).toHaveProperty([name as string]);
      const all = await operations(world[side]);
      const ids = all.map(({ operation }) => (operation as unknown as { operationId: string }).operationId);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { path, operation } of all) {
        const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
        expect(operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(
          named,
        );
      }
      // A route that exists answers a method it does not take with 405 and the ones it takes.
      for (const { path } of all) {
        const fits = ({ path: other }: { path: string }) =>
          new RegExp(`^${other.replace(/\{\w+\}/g, '[^/]+')}$`).test(path.replace(/\{\w+\}/g, 'x'));
        const taken = all.filter(fits).map(({ method }) => method);
        const method = ['PATCH', 'PUT', 'DELETE'].find((other) => !taken.includes(other));
        const answer = await world[side](path.replace(/\{\w+\}/g, 'x'), { method: method ?? '' });
        expect(answer.status, path).toBe(405);
      }
    },
  );
});

describe('the one-time link', () => {
  async function signIn(): Promise<string> {
    const { url } = await world.running.link();
    const answer = await world.call(new URL(url).pathname);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/');
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    return cookie.split(';', 1)[0] as string;
  }

  test('opens once, and not for a HEAD', async () => {
    const path = new URL((await world.running.link()).url).pathname;
    for (const one of [path, '/start/vdl_none']) {
      // As `curl -I` asks: it is there, whether or not it is good for anything.
      const head = await world.call(one, { method: 'HEAD' });
      expect([head.status, head.text, head.headers.get('set-cookie')]).toEqual([200, '', null]);
    }
    expect((await world.call(path)).status).toBe(303);
    const again = await world.call(path);
    expect(again.status).toBe(410);
    expect(again.text).toContain('vedette link');
    expect(again.headers.get('set-cookie')).toBeNull();
  });

  test('makes an operator, who may act for every tenant', async () => {
    const headers = { cookie: await signIn() };
    const me = await world.call('/api/v1/me', { headers });
    expect(me.json.principal).toEqual({ kind: 'link', scope: null });
    expect(me.json.tenants.map(({ slug }: { slug: string }) => slug)).toEqual(
      expect.arrayContaining(['acme', 'other']),
    );
    const path = '/api/v1/traffic?from=0&metrics=requests&tenant=';
    expect((await world.call(`${path}other`, { headers })).json.rows).toEqual([{ requests: 1 }]);
    expect((await world.call(`${path}${acme.id}`, { headers })).json.rows).toEqual([{ requests: 0 }]);
    const unknown = await world.call(`${path}nobody`, { headers });
    expect(unknown.status).toBe(404);
    expect(unknown.json.detail).toMatch(/acme.*other.*tenant create/);
  });

  test.each([
    [{}, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
    [{ origin: 'OWN' }, 200],
    [{ origin: 'OWN', 'sec-fetch-site': 'same-origin' }, 200],
    [{ origin: 'OWN', 'sec-fetch-site': 'cross-site' }, 403],
  ])('a session changes something only from the dashboard itself: %j is %i', async (given, status) => {
    const headers = { cookie: await signIn(), ...given } as Record<string, string>;
    if (headers.origin === 'OWN') headers.origin = world.url;
    // fetch() sets these itself.
    const answer = await world.call('/api/v1/requests', { headers, body: [] });
    expect(answer.status).toBe(status);
  });

  test('a cookie of nobody is nobody', async () => {
    const answer = await world.call('/api/v1/me', { headers: { cookie: 'vedette_session=nonsense' } });
    expect(answer.status).toBe(401);
  });
});
