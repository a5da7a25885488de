import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertPerson, logInAs } from './support/people.ts';
import { type Answer, startWorld, type World, type WorldTenant } from './support/world.ts';

const POLICY = '/api/v1/privacy/policy';
let world: World;

beforeAll(async () => {
  world = await startWorld({ VEDETTE_SYSLOG: 'tcp://127.0.0.1:0' });
});
afterAll(() => world.stop());

/** A call as an operator, who is let in by the control socket. */
const operate = (method: string, path: string, body?: unknown) =>
  world.control(`/api/v1${path}`, { method, ...(body === undefined ? {} : { body }) });

async function tenantWithSite(slug: string): Promise<WorldTenant> {
  const tenant = await world.tenant(slug);
  await world.running.hub.records.forTenant(tenant.id).domains.add(`www.${slug}.example`);
  await world.running.hub.records.hosts.refresh();
  return tenant;
}

const requestsTo = (host: string, count = 1, path = '/') =>
  Array.from({ length: count }, () => ({ time: Date.now(), 'server.address': host, 'url.path': path }));
const send = (key: string, body: unknown, headers = {}) => world.call('/api/v1/requests', { key, body, headers });
const countOf = async ({ keys }: WorldTenant) =>
  (await world.call('/api/v1/traffic?from=0&metrics=requests', { key: keys.read })).json.rows[0].requests;
/** With a key of the installation, records go to the tenant whose host they name. */
async function installationKey(): Promise<string> {
  const { records } = world.running.hub;
  return (await records.forTenant(records.installation.id).keys.create({ scope: 'ingest' })).token;
}
const reasonOf = (answer: Answer) =>
  String(answer.json?.type ?? '')
    .split(':')
    .at(-1);

describe('a suspended tenant', () => {
  let acme: WorldTenant;
  let cookie: string;
  beforeAll(async () => {
    acme = await tenantWithSite('asleep');
    const roles = { [acme.id]: 'owner' } as const;
    cookie = await logInAs(world, await insertPerson(world, { email: 'own@asleep.example', name: 'Own', roles }));
    await send(acme.keys.ingest, requestsTo('www.asleep.example', 3));
    const suspended = await operate('POST', '/tenants/asleep/suspend');
    expect(suspended.json).toMatchObject({ slug: 'asleep', suspended: expect.any(String) });
    await Promise.all([world.running.hub.records.standing.refresh(), world.running.hub.records.hosts.refresh()]);
  });

  test.each(['ingest', 'read', 'admin'] as const)('refuses its %s key, saying why', async (scope) => {
    const path = scope === 'ingest' ? '/api/v1/hosts' : '/api/v1/traffic';
    await expect.poll(async () => (await world.call(path, { key: acme.keys[scope] })).status).toBe(403);
    const answer = await world.call(path, { key: acme.keys[scope] });
    expect(reasonOf(answer)).toBe('tenant-suspended');
    expect(answer.json.detail).toContain('asleep');
  });

  test('refuses its people, who still hear what became of their tenant', async () => {
    await expect.poll(async () => (await world.call('/api/v1/traffic', { headers: { cookie } })).status).toBe(403);
    const me = await world.call('/api/v1/me', { headers: { cookie } });
    expect(me.json.tenants).toMatchObject([{ slug: 'asleep', suspended: true }]);
    for (const path of ['/api/v1/status', '/api/v1/consent', '/api/v1/keys', '/api/v1/quota', '/api/v1/domains']) {
      expect(reasonOf(await world.call(path, { headers: { cookie } })), path).toBe('tenant-suspended');
    }
  });

  test('stays visible to operators, with what it had', async () => {
    const seen = await operate('GET', '/tenants/asleep');
    expect(seen.json).toMatchObject({ people: 1, domains: 1, requests_today: 3, deleting: null });
    const traffic = await operate('GET', '/traffic?tenant=asleep&from=0&metrics=requests');
    expect(traffic.json.rows).toEqual([{ requests: 3 }]);
  });

  test('what an edge of the installation sends for its hosts is refused by record, and is nobody else’s', async () => {
    const body = [...requestsTo('www.asleep.example'), ...requestsTo('nobody.example', 1, '/mine')];
    const answer = await send(await installationKey(), body);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0, reason: expect.stringContaining('suspended') }],
    });
    const own = await operate('GET', '/traffic?from=0&metrics=requests&by=domain&where=domain=www.asleep.example');
    expect(own.json.rows).toEqual([]);
    const bulk = `{"index":{}}\n${JSON.stringify({ '@timestamp': new Date(), url: { domain: 'www.asleep.example', path: '/' }, http: { request: { method: 'GET' } } })}\n`;
    const headers = { 'content-type': 'application/x-ndjson' };
    const items = await world.call('/elasticsearch/_bulk', { key: await installationKey(), body: bulk, headers });
    expect(items.json.items[0].index).toMatchObject({ status: 403, error: { type: 'security_exception' } });
  });

  test('syslog for its hosts is refused, too', async () => {
    const { syslog } = world.running.hub;
    const port = syslog?.endpoints[0]?.port ?? 0;
    const line =
      '192.0.2.1 - - [31/Jan/2026:12:00:00 +0000] "GET http://www.asleep.example/ HTTP/1.1" 200 5 "-" "curl/8"';
    const socket = connect(port, '127.0.0.1');
    socket.end(`<134>Jan 31 12:00:00 www.asleep.example nginx: ${line}\n`);
    await expect.poll(() => syslog?.figures().refused['tenant-suspended']).toBe(1);
  });

  test('its sites ask nobody anything and take nothing, without a visitor noticing', async () => {
    const site = await world.call('/api/v1/site?domain=www.asleep.example');
    expect(site.status).toBe(200);
    expect(site.json).toMatchObject({ banner: false, tags: { ga4: null, clarity: null } });
    const beacon = {
      domain: 'www.asleep.example',
      events: [{ id: crypto.randomUUID(), kind: 'page_view', path: '/' }],
    };
    const taken = await world.call('/api/v1/interactions', { body: beacon });
    expect([taken.status, taken.json.accepted]).toEqual([202, 0]);
    const plausible = { n: 'pageview', u: 'https://www.asleep.example/', d: 'www.asleep.example' };
    expect((await world.call('/api/event', { body: plausible })).status).toBe(202);
    const choice = {
      domain: 'www.asleep.example',
      proof_id: 'a'.repeat(32),
      choices: { analytical: false, marketing: false },
      text_version: site.json.text_version,
      language: 'en',
      surface: 'api',
      gpc: false,
    };
    expect((await world.call('/api/v1/consent', { body: choice })).status).toBe(202);
    expect(await world.running.hub.records.forTenant(acme.id).consent.history('a'.repeat(32))).toEqual([]);
    const hosts = await world.call('/api/v1/hosts', { key: await installationKey() });
    expect(hosts.json.hosts).not.toHaveProperty(['www.asleep.example']);
  });

  test('is as it was before once it is resumed', async () => {
    expect((await operate('POST', '/tenants/asleep/resume')).json.suspended).toBeNull();
    await expect.poll(async () => (await world.call('/api/v1/traffic', { key: acme.keys.read })).status).toBe(200);
    expect((await send(acme.keys.ingest, requestsTo('www.asleep.example'))).json.accepted).toBe(1);
    expect(await countOf(acme)).toBe(4);
  });

  test('the installation itself is never one', async () => {
    const { slug } = world.running.hub.records.installation;
    expect(reasonOf(await operate('POST', `/tenants/${slug}/suspend`))).toBe('is-installation');
    const answer = await operate('DELETE', `/tenants/${slug}`, { confirm: slug });
    expect([answer.status, reasonOf(answer)]).toEqual([409, 'is-installation']);
    expect(reasonOf(await operate('POST', '/tenants/nobody/suspend'))).toBe('unknown-tenant');
  });
});

describe('requests beyond the quota of the day', () => {
  let acme: WorldTenant;
  let next: WorldTenant;
  const quota = (slug: string, body: object) => operate('PUT', `/tenants/${slug}/quota`, body);
  const learnt = (id: string) => world.running.hub.records.standing.of(id)?.quota.requests_per_day;
  beforeAll(async () => {
    acme = await tenantWithSite('small');
    next = await tenantWithSite('next');
    await quota('small', { requests_per_day: 5 });
    await world.running.hub.records.standing.refresh();
  });

  test('are told by record while some are taken', async () => {
    const answer = await send(acme.keys.ingest, requestsTo('www.small.example', 7), { 'idempotency-key': 'partly' });
    expect(answer.json.accepted).toBe(5);
    expect(answer.json.rejected.map(({ index }: { index: number }) => index)).toEqual([5, 6]);
    expect(answer.json.rejected[0].reason).toContain('may send 5 requests a day');
    // A retry is answered as before, and takes nothing of the quota.
    const again = await send(acme.keys.ingest, requestsTo('www.small.example', 7), { 'idempotency-key': 'other' });
    expect(again.status).toBe(429);
  });

  test('are 429 with when to come back once nothing is taken', async () => {
    const key = { 'idempotency-key': 'tomorrow' };
    const body = requestsTo('www.small.example');
    const answer = await send(acme.keys.ingest, body, key);
    expect([answer.status, reasonOf(answer)]).toEqual([429, 'quota-exceeded']);
    const seconds = Number(answer.headers.get('retry-after'));
    const left = (86_400_000 - (Date.now() % 86_400_000)) / 1000;
    expect(Math.abs(seconds - left)).toBeLessThan(60);
    // What was refused so may come again under the same key.
    await quota('small', { requests_per_day: 6 });
    await expect.poll(() => learnt(acme.id)).toBe(6);
    expect((await send(acme.keys.ingest, body, key)).json).toEqual({ accepted: 1, rejected: [] });
  });

  test.each([
    [
      '/v1/logs',
      'application/json',
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},{"key":"url.path","value":{"stringValue":"/"}},{"key":"server.address","value":{"stringValue":"www.small.example"}}]}]}]}]}',
    ],
    [
      '/elasticsearch/_bulk',
      'application/x-ndjson',
      '{"index":{}}\n{"@timestamp":"2026-01-31T12:00:00Z","url":{"domain":"www.small.example","path":"/"},"http":{"request":{"method":"GET"}}}\n',
    ],
    [
      '/api/v1/imports',
      'text/plain',
      '192.0.2.1 - - [31/Jan/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8"\n',
    ],
  ])('are 429 over %s as well', async (path, type, body) => {
    const answer = await world.call(path, {
      method: 'POST',
      key: acme.keys.ingest,
      body,
      headers: { 'content-type': type },
    });
    expect(answer.status, answer.text).toBe(429);
    expect(answer.text).toContain('6 requests a day');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('of one tenant do not hold up the others of an edge that sends for both', async () => {
    const key = await installationKey();
    const only = await send(key, requestsTo('www.small.example', 2));
    expect([only.status, only.json.accepted, only.json.rejected.length]).toEqual([200, 0, 2]);
    const both = await send(key, [...requestsTo('www.small.example'), ...requestsTo('www.next.example')]);
    expect(both.json).toMatchObject({ accepted: 1, rejected: [{ index: 0 }] });
    expect(await countOf(next)).toBe(1);
    const bulk =
      '{"index":{}}\n{"@timestamp":"2026-01-31T12:00:00Z","url":{"domain":"www.small.example","path":"/"},"http":{"request":{"method":"GET"}}}\n';
    const headers = { 'content-type': 'application/x-ndjson' };
    const items = await world.call('/elasticsearch/_bulk', { key, body: bulk, headers });
    expect(items.json.items[0].index.status).toBe(429);
  });

  test('count what was taken exactly, for the tenant and for operators', async () => {
    expect(await countOf(acme)).toBe(6);
    const own = await world.call('/api/v1/quota', { key: acme.keys.read });
    expect(own.json).toMatchObject({
      requests_per_day: { limit: 6, used: 6, resets: expect.stringMatching(/T00:00:00\.000Z$/) },
      users: { limit: null, used: 0 },
      retention_days: { limit: null },
    });
    const all = await operate('GET', '/tenants');
    const bySlug = new Map(all.json.tenants.map((tenant: { slug: string }) => [tenant.slug, tenant]));
    expect(bySlug.get('small')).toMatchObject({ requests_today: 6, quota: { requests_per_day: 6 } });
    expect(bySlug.get('next')).toMatchObject({ requests_today: 1 });
  });

  test.each([
    [{ requests_per_day: -1 }],
    [{ users: 1.5 }],
    [{ retention_days: 0 }],
    [{ requests_a_day: 5 }],
    [{ users: '5' }],
  ])('%j is no quota', async (body) => {
    expect((await quota('next', body)).status).toBe(400);
  });
});

describe('the other quotas', () => {
  test('people: the database holds whoever adds to it', async () => {
    const acme = await world.tenant('crowded');
    await operate('PUT', '/tenants/crowded/quota', { users: 1 });
    const { people } = world.running.hub.records.forTenant(acme.id);
    expect(await people.room()).toEqual({ used: 0, limit: 1 });
    const add = (email: string) => insertPerson(world, { email, name: 'X', roles: { [acme.id]: 'viewer' } });
    await add('one@crowded.example');
    await expect(add('two@crowded.example')).rejects.toMatchObject({ code: 'VD003' });
    expect(await people.room()).toEqual({ used: 1, limit: 1 });
  });

  test('retention: a policy cannot go beyond it, and one that does is held to it', async () => {
    const acme = await world.tenant('forgetful');
    const before = await world.call(POLICY, { key: acme.keys.admin });
    expect(before.json.policy.retention_days).toMatchObject({ granted: 396, unknown: 30, evidence: 1095 });
    await operate('PUT', '/tenants/forgetful/quota', { retention_days: 20 });
    const held = await world.call(POLICY, { key: acme.keys.admin });
    const days = { granted: 20, unknown: 20, refused: 20, interactions: 20, sessions: 20, evidence: 1095 };
    expect(held.json.policy.retention_days).toEqual(days);
    const { policy } = held.json;
    const put = (retention_days: object) =>
      world.call(POLICY, { method: 'PUT', key: acme.keys.admin, body: { ...policy, retention_days } });
    const refused = await put({ ...days, granted: 21 });
    expect(refused.status).toBe(422);
    expect(refused.json.errors).toMatchObject([{ name: 'retention_days.granted' }]);
    expect((await put({ ...days, granted: 19 })).status).toBe(200);
  });
});

describe('keys over the network', () => {
  let acme: WorldTenant;
  const keys = (method: string, path: string, body?: unknown) =>
    world.call(`/api/v1/keys${path}`, { method, key: acme.keys.admin, ...(body === undefined ? {} : { body }) });
  beforeAll(async () => {
    acme = await world.tenant('keyed');
  });

  test('are made, listed and revoked, and shown once', async () => {
    const made = await keys('POST', '', { scope: 'read', name: ' agent ', expires: '+10d' });
    expect(made.status).toBe(201);
    const { token, key } = made.json;
    expect(key).toMatchObject({ scope: 'read', name: 'agent', tenant: 'keyed', expires_soon: true, used: null });
    expect((await world.call('/api/v1/traffic', { key: token })).status).toBe(200);
    const list = await keys('GET', '');
    expect(list.text).not.toContain(token.slice(12));
    expect(list.json.keys).toHaveLength(4);
    expect((await keys('DELETE', `/${key.id}`)).status).toBe(204);
    expect((await keys('DELETE', `/${key.id}`)).status).toBe(404);
    await expect.poll(async () => (await world.call('/api/v1/traffic', { key: token })).status).toBe(401);
  });

  test('are rotated with an overlap, and without one', async () => {
    const { token, key } = (await keys('POST', '', { scope: 'ingest', name: 'edge' })).json;
    const rotated = await keys('POST', `/${key.id}/rotate`, { overlap: '1h' });
    expect(rotated.status).toBe(201);
    expect(rotated.json).toMatchObject({ key: { scope: 'ingest', name: 'edge', rotated_from: key.id, expires: null } });
    const ends = Date.parse(rotated.json.former.expires) - Date.now();
    expect(ends).toBeGreaterThan(3_500_000);
    expect(ends).toBeLessThanOrEqual(3_600_000);
    for (const one of [token, rotated.json.token]) expect((await send(one, [])).status).toBe(200);
    expect(reasonOf(await keys('POST', `/${key.id}/rotate`, {}))).toBe('key-rotated');
    const second = rotated.json.key.prefix;
    expect((await keys('POST', `/${second}/rotate`, { overlap: '0s' })).json.former.revoked).not.toBeNull();
    await expect.poll(async () => (await send(rotated.json.token, [])).status).toBe(401);
    expect((await keys('POST', `/${second}/rotate`, {})).status).toBe(404);
  });

  test.each([['8d'], ['169h'], ['1w'], ['-1h'], ['']])('an overlap of "%s" is refused', async (overlap) => {
    const { key } = (await keys('POST', '', { scope: 'read' })).json;
    expect((await keys('POST', `/${key.id}/rotate`, { overlap })).status).toBe(400);
  });

  test('a key may follow itself, and an operator’s word counts for any tenant', async () => {
    const list = await keys('GET', '');
    const own = list.json.keys.find(({ scope }: { scope: string }) => scope === 'admin');
    const rotated = await keys('POST', `/${own.id}/rotate`, { overlap: '7d' });
    expect((await world.call('/api/v1/keys', { key: rotated.json.token })).status).toBe(200);
    expect((await world.control('/api/v1/keys?tenant=keyed')).json.keys.length).toBe(list.json.keys.length + 1);
  });
});

test('a tenant renames itself, and operators rename it', async () => {
  const acme = await world.tenant('named');
  const own = await world.call('/api/v1/tenant', { method: 'PATCH', key: acme.keys.admin, body: { name: 'Acme Ltd' } });
  expect(own.json).toMatchObject({ slug: 'named', name: 'Acme Ltd' });
  expect(
    (await world.call('/api/v1/tenant', { method: 'PATCH', key: acme.keys.admin, body: { name: '  ' } })).status,
  ).toBe(400);
  expect((await operate('PATCH', '/tenants/named', { name: 'Acme Inc' })).json.name).toBe('Acme Inc');
});
