import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertPerson } from './support/people.ts';
import { type Operation, operationsOf, pathOf } from './support/walk-operations.ts';
import { type FilledTenant, fillTenant } from './support/walk-tenant.ts';
import { type Answer, startWorld, type World } from './support/world.ts';

let world: World;
let acme: FilledTenant;
let cookie: string;
let operations: Operation[];

beforeAll(async () => {
  world = await startWorld({ VEDETTE_RATE_LIMIT: '10000000' });
  acme = await fillTenant(world, await world.tenant('acme'), 'a');
  const installation = world.running.hub.records.installation.id;
  const operator = await insertPerson(world, {
    email: 'op@example.org',
    name: 'Op',
    roles: { [installation]: 'owner' },
  });
  cookie = await operator.session('full');
  operations = await operationsOf(world);
});
afterAll(() => world?.stop());

/** The same hub as it is where people reach it by https. */
async function overHttps<T>(work: () => Promise<T>): Promise<T> {
  const { network } = world.running.hub;
  const plain = network.publicUrl;
  network.publicUrl = 'https://vedette.example';
  try {
    return await work();
  } finally {
    network.publicUrl = plain;
  }
}

const ANSWERS: [string, () => Promise<Answer>][] = [
  ['the dashboard', () => world.call('/')],
  ['a page of it', () => world.call('/audit')],
  ['data', () => world.call('/api/v1/log-in')],
  ['a refusal', () => world.call('/api/v1/traffic')],
  ['nothing', () => world.call('/nothing.txt')],
  ['a wrong method', () => world.call('/api/v1/traffic', { method: 'DELETE' })],
  [
    'a body that is none',
    () => world.call('/api/v1/log-in', { body: '{', headers: { 'content-type': 'application/json' } }),
  ],
  ['a link that is none', () => world.call('/start/vdl_none')],
  ['the description', () => world.call('/api/openapi.json')],
];

describe('every answer', () => {
  test.each(ANSWERS)('has what keeps browsers from doing more with it: %s', async (_, ask) => {
    const { headers } = await ask();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-|\*|https?:|data:/);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('server')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    // On plain http there is nothing to be strict about.
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  test.each(ANSWERS)('over https has browsers stay with it: %s', async (_, ask) => {
    const { headers } = await overHttps(ask);
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8,}/);
  });

  test('with data is kept by no cache', async () => {
    const key = acme.keys.admin;
    for (const { method, path, access, takesTenant } of operations) {
      if (method !== 'GET' || access === 'public' || !takesTenant || path.includes('{')) continue;
      const { headers, status } = await world.call(path, { key });
      // An edge asks for the hosts each minute, and goes on with what it has while the hub is away.
      const wanted = path === '/api/v1/hosts' ? 'private' : 'no-store';
      expect(headers.get('cache-control'), `${path} ${status}`).toContain(wanted);
    }
    for (const path of ['/api/v1/account', '/api/v1/account/sessions', '/api/v1/me']) {
      expect((await world.call(path, { headers: { cookie } })).headers.get('cache-control')).toContain('no-store');
    }
  });

  test('of the API is no script, and no other origin may read it', async () => {
    for (const { method, path, access } of operations) {
      if (method !== 'GET' || access === 'public' || path.includes('{')) continue;
      const { headers, text } = await world.call(path, { headers: { cookie, origin: 'https://evil.example' } });
      expect(headers.get('content-type') ?? '', path).toMatch(
        /^(application\/(problem\+)?json|application\/x-ndjson|text\/csv|text\/event-stream)/,
      );
      expect(headers.get('access-control-allow-origin'), path).toBeNull();
      expect(headers.get('access-control-allow-credentials'), path).toBeNull();
      expect(text).not.toMatch(/^\w+\(/);
    }
  });
});

describe('a cookie', () => {
  const link = async () => {
    const path = new URL((await world.running.link()).url).pathname;
    return (await world.call(path)).headers.getSetCookie();
  };

  test('cannot be read by scripts, nor sent by other sites', async () => {
    const [session] = await link();
    expect(session).toMatch(/^vedette_session=vds_[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    expect((session as string).length).toBeLessThan(4096);
  });

  test('over https is for that host and https alone', async () => {
    const [session] = await overHttps(link);
    expect(session).toMatch(
      /^__Host-vedette_session=vds_[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/,
    );
    // One without the prefix, which any subdomain could have set, is nobody's.
    const plain = (session as string).split(';', 1)[0]?.replace('__Host-', '') as string;
    const me = await overHttps(() => world.call('/api/v1/me', { headers: { cookie: plain } }));
    expect(me.status).toBe(401);
  });
});

/** What pages of other sites are meant to call; no session counts there. */
const FOR_SITES = new Set(['POST /api/v1/consent', 'POST /api/v1/interactions', 'POST /api/event']);

describe('a call with a session that changes something', () => {
  const foreign: [string, Record<string, string>][] = [
    ['of another site', { origin: 'https://evil.example' }],
    ['of the same host at another port', { origin: 'http://127.0.0.1:1' }],
    ['without an origin', {}],
    ['of an opaque origin', { origin: 'null' }],
    ['with an origin that is no URL', { origin: 'nonsense' }],
    ['cross-site by the browser’s word', { origin: 'OWN', 'sec-fetch-site': 'cross-site' }],
    ['of a sibling host', { origin: 'OWN', 'sec-fetch-site': 'same-site' }],
    ['typed into the address bar', { 'sec-fetch-site': 'none' }],
  ];

  test.each(foreign)('is refused on every route when it comes from a page %s', async (_, given) => {
    let tried = 0;
    for (const operation of operations) {
      const { method, path, body, access } = operation;
      if (method === 'GET' || access === 'public') continue;
      const headers: Record<string, string> = { ...given, cookie };
      if (given.origin === 'OWN') headers.origin = world.url;
      const answer = await world.call(pathOf(operation, acme, { tenant: acme.id }), {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      });
      expect(answer.status, `${method} ${path}: ${answer.text}`).toBe(403);
      expect(answer.text, `${method} ${path}`).toContain('must come from the dashboard itself');
      tried += 1;
    }
    expect(tried).toBeGreaterThan(12);
  });

  test('is refused of another site where no session is needed, too, unless it is for sites', async () => {
    for (const operation of operations) {
      const { method, path, body, access } = operation;
      if (method === 'GET' || access !== 'public') continue;
      const answer = await world.call(pathOf(operation, acme, { tenant: acme.id }), {
        method,
        headers: { cookie, origin: 'https://evil.example' },
        ...(body === undefined ? {} : { body }),
      });
      const name = `${method} ${path}: ${answer.status} ${answer.text}`;
      expect(answer.headers.get('access-control-allow-credentials'), name).toBeNull();
      if (!FOR_SITES.has(`${method} ${path}`)) expect(answer.status, name).toBeGreaterThanOrEqual(400);
      expect(answer.headers.getSetCookie(), name).toEqual([]);
    }
  });

  test('is let in from the dashboard itself, and needs no origin when it comes with a key', async () => {
    const change = { method: 'PATCH', body: { name: 'Op' } };
    expect((await world.call('/api/v1/account', { ...change, headers: { cookie, origin: world.url } })).status).toBe(
      200,
    );
    const bare = { cookie, 'sec-fetch-site': 'same-origin' };
    expect((await world.call('/api/v1/account', { ...change, headers: bare })).status).toBe(200);
    const removed = await world.call('/api/v1/integrations/ga4', { method: 'DELETE', key: acme.keys.admin });
    expect(removed.status).toBe(204);
  });
});
