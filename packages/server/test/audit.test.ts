import { join } from 'node:path';
import Fastify from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkAudit } from '../src/cli/doctor-audit.ts';
import { addRoute, type RouteSpec } from '../src/expose/route.ts';
import { insertPerson, logInAs, type Person } from './support/people.ts';
import { type Answer, type Call, startWorld, type World, type WorldTenant } from './support/world.ts';
import { databaseUrl } from './support/world-database.ts';

interface Entry {
  id: string;
  tenant: string;
  number: number;
  time: string;
  actor: { kind: string; id: string | null; name: string };
  action: string;
  target: string | null;
  detail: Record<string, unknown>;
  outcome: string;
  address: string | null;
}

const CLIENT = '198.51.100.77';
let world: World;
let acme: WorldTenant;
let other: WorldTenant;
let ada: Person;
let bea: Person;
let vic: Person;
const cookies = new Map<Person, string>();

beforeAll(async () => {
  world = await startWorld({ VEDETTE_TRUSTED_PROXIES: '127.0.0.0/8' });
  acme = await world.tenant('acme');
  other = await world.tenant('other');
  const installation = world.running.hub.records.installation.id;
  ada = await insertPerson(world, { email: 'ada@example.org', name: 'Ada', roles: { [installation]: 'owner' } });
  bea = await insertPerson(world, { email: 'bea@example.org', name: 'Bea', roles: { [acme.id]: 'admin' } });
  vic = await insertPerson(world, { email: 'vic@example.org', name: 'Vic', roles: { [acme.id]: 'viewer' } });
  for (const person of [ada, bea, vic]) cookies.set(person, await logInAs(world, person));
});
afterAll(() => world.stop());

const as = (person: Person) => ({ cookie: cookies.get(person) as string, origin: world.url });
const callAs = (person: Person, path: string, call: Call = {}): Promise<Answer> =>
  world.call(path, { ...call, headers: { ...as(person), 'x-forwarded-for': CLIENT, ...call.headers } });

/** The newest entries of a tenant, as the operator reads them. */
async function entries(slug: string, query = 'limit=50'): Promise<Entry[]> {
  const answer = await callAs(ada, `/api/v1/audit?tenant=${slug}&${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.json.entries;
}
const newest = async (slug: string) => (await entries(slug, 'limit=1'))[0];

/** A statement as the owner of the world's own database, with the triggers off. */
async function tamper(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: await databaseUrl(world) });
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL session_replication_role = replica; ${sql}; COMMIT`);
  } finally {
    await client.end();
  }
}

const GA4 = {
  enabled: false,
  settings: { measurement_id: 'G-ABCDEF1234', tag: true, measurement: false, property_id: null },
};

describe('what is done', () => {
  test('is in the log of the tenant before it is answered, with who did it and to what', async () => {
    const cases: [() => Promise<Answer>, Partial<Entry>][] = [
      [
        () => callAs(bea, '/api/v1/integrations/ga4', { method: 'PUT', body: GA4 }),
        {
          action: 'integration.set',
          target: 'ga4',
          actor: { kind: 'user', id: bea.id, name: 'Bea <bea@example.org>' },
        },
      ],
      [
        () => world.call('/api/v1/integrations/ga4', { method: 'DELETE', key: acme.keys.admin }),
        { action: 'integration.remove', target: 'ga4', actor: expect.objectContaining({ kind: 'key' }) },
      ],
      [
        () => callAs(bea, '/api/v1/privacy/erase', { body: { proof_id: 'a'.repeat(32) } }),
        { action: 'person.erase', detail: { complete: true, rows: 0 } },
      ],
      [() => callAs(bea, '/api/v1/consent/export'), { action: 'consent.export' }],
      [
        () => callAs(ada, '/api/v1/consent/export?tenant=acme'),
        { action: 'consent.export', actor: expect.objectContaining({ id: ada.id }) },
      ],
      [
        () => world.control('/api/v1/domains?tenant=acme', { body: { pattern: 'acme.example' } }),
        { action: 'domain.add', target: 'acme.example', actor: { kind: 'socket', id: null, name: 'control socket' } },
      ],
      [
        () => world.control('/api/v1/domains/acme.example?tenant=acme', { method: 'DELETE' }),
        { action: 'domain.remove', target: 'acme.example' },
      ],
      [
        () => world.control('/api/v1/keys?tenant=acme', { body: { scope: 'read', name: 'a reader' } }),
        { action: 'key.create', target: 'a reader', detail: expect.objectContaining({ scope: 'read', expires: null }) },
      ],
      [
        () => callAs(bea, '/api/v1/account', { method: 'PATCH', body: { name: 'Bea' } }),
        { action: 'account.change', detail: { fields: ['name'] } },
      ],
    ];
    for (const [call, expected] of cases) {
      const answer = await call();
      expect(answer.status, `${expected.action}: ${answer.text}`).toBeLessThan(300);
      expect(await newest('acme')).toMatchObject({ outcome: 'done', address: null, ...expected });
    }
  });

  test('to the installation is in the log of Tenant0', async () => {
    expect((await world.control('/api/v1/tenants', { body: { slug: 'third' } })).status).toBe(201);
    expect(await newest('installation')).toMatchObject({
      action: 'tenant.create',
      target: 'third',
      tenant: 'installation',
    });
    expect((await world.control('/api/v1/links', { method: 'POST' })).status).toBe(201);
    expect(await newest('installation')).toMatchObject({ action: 'link.create', actor: { kind: 'socket' } });
    expect(await entries('other')).toEqual([]);
  });

  test('to a tenant by an operator is in that tenant’s log, too', async () => {
    const cases: [path: string, call: Call, Partial<Entry>][] = [
      ['/quota', { method: 'PUT', body: { users: 50 } }, { action: 'tenant.quota', detail: { users: 50 } }],
      ['/suspend', { method: 'POST' }, { action: 'tenant.suspend' }],
      ['/resume', { method: 'POST' }, { action: 'tenant.resume' }],
      [
        '',
        { method: 'PATCH', body: { name: 'The other' } },
        { action: 'tenant.change', detail: { name: 'The other' } },
      ],
    ];
    for (const [path, call, expected] of cases) {
      expect((await world.control(`/api/v1/tenants/${other.id}${path}`, call)).status, path).toBe(200);
      for (const slug of ['other', 'installation']) {
        expect(await newest(slug), path).toMatchObject({ target: 'other', outcome: 'done', ...expected });
      }
    }
  });

  test('with settings that changed says from what to what', async () => {
    const { json } = await callAs(bea, '/api/v1/privacy/policy');
    const policy = { ...json.policy, city: !json.policy.city };
    expect((await callAs(bea, '/api/v1/privacy/policy', { method: 'PUT', body: policy })).status).toBe(200);
    expect((await newest('acme'))?.detail).toEqual({
      changed: { city: { from: json.policy.city, to: policy.city } },
    });
  });

  test('by the hub itself says so', async () => {
    await world.running.hub.audit.add(acme.id, {
      actor: { kind: 'hub', id: null, name: 'hub' },
      action: 'thing.keep',
      target: null,
      detail: {},
      outcome: 'done',
      address: null,
      agent: null,
    });
    expect(await newest('acme')).toMatchObject({ actor: { kind: 'hub' }, target: null });
  });

  test('is not what only was asked, tried in vain, or sent in', async () => {
    const before = await newest('acme');
    await callAs(bea, '/api/v1/traffic');
    await callAs(bea, '/api/v1/audit');
    await callAs(bea, '/api/v1/integrations/ga4', { method: 'DELETE' });
    await callAs(bea, '/api/v1/privacy/policy', { method: 'PUT', body: {} });
    await world.call('/api/v1/requests', {
      key: acme.keys.ingest,
      body: [{ time: Date.now(), 'server.address': 'a.example', 'url.path': '/' }],
    });
    expect(await newest('acme')).toEqual(before);
  });
});

describe('what is refused', () => {
  test.each([
    [
      'a viewer who would change something',
      () => callAs(vic, '/api/v1/integrations/ga4', { method: 'PUT', body: GA4 }),
      'integration.set',
      'forbidden',
    ],
    [
      'a key of too small a scope',
      () => world.call('/api/v1/audit', { key: acme.keys.read }),
      'access.refuse',
      'forbidden',
    ],
    [
      'somebody who would look at another tenant',
      () => callAs(vic, '/api/v1/traffic?tenant=other'),
      'access.refuse',
      'forbidden',
    ],
    [
      'a page of another site',
      () =>
        callAs(bea, '/api/v1/account', {
          method: 'PATCH',
          body: { name: 'Eve' },
          headers: { origin: 'https://evil.example' },
        }),
      'account.change',
      'foreign-origin',
    ],
  ] as const)('%s has an entry, in the own log', async (_, call, action, reason) => {
    const theirs = await entries('other');
    expect((await call()).status).toBe(403);
    expect(await newest('acme')).toMatchObject({ action, outcome: 'refused', detail: { reason }, address: null });
    expect(await entries('other')).toEqual(theirs);
  });

  test('a key that is none has one in the log of Tenant0; somebody without any has not', async () => {
    expect((await world.call('/api/v1/traffic', { key: `vdt_${'x'.repeat(43)}` })).status).toBe(401);
    const entry = await newest('installation');
    expect(entry).toMatchObject({
      action: 'key.unknown',
      outcome: 'refused',
      actor: { kind: 'nobody' },
      address: null,
    });
    expect((await world.call('/api/v1/traffic')).status).toBe(401);
    expect(await newest('installation')).toEqual(entry);
  });

  test('is written so many times an hour, and counted beyond', async () => {
    let last: Entry | undefined;
    // Where an hour began meanwhile, its bound was not reached.
    while (last?.detail.further === undefined) {
      for (let n = 0; n < 230; n += 1) await world.call('/api/v1/traffic', { key: other.keys.ingest });
      [last] = await entries('other', 'limit=1&action=access.refuse');
    }
    const hour = last.time.slice(0, 'yyyy-mm-ddThh'.length);
    const refused = await entries('other', 'limit=1000&action=access.refuse');
    expect(refused.filter(({ time }) => time.startsWith(hour)).length).toBe(200);
    // What is done is always written.
    await world.control('/api/v1/domains?tenant=other', { body: { pattern: 'other.example' } });
    expect(await newest('other')).toMatchObject({ action: 'domain.add' });
  });
});

describe('a log-in', () => {
  const logIn = (body: object) => world.call('/api/v1/log-in', { body, headers: { 'x-forwarded-for': CLIENT } });

  test('is in the logs of all tenants of the person, with where from', async () => {
    const cat = await insertPerson(world, {
      email: 'cat@example.org',
      name: 'Cat',
      roles: { [acme.id]: 'viewer', [other.id]: 'analyst' },
    });
    expect((await logIn({ email: cat.email, password: cat.password })).status).toBe(200);
    for (const slug of ['acme', 'other']) {
      expect(await newest(slug)).toMatchObject({
        action: 'session.open',
        actor: { kind: 'user', id: cat.id, name: 'Cat <cat@example.org>' },
        outcome: 'done',
        address: CLIENT,
      });
    }
  });

  test('that failed names the account, and nothing that was typed', async () => {
    const typed = 'Correct Horse Battery Staple';
    expect((await logIn({ email: bea.email, password: typed })).status).toBe(401);
    expect(await newest('acme')).toMatchObject({
      action: 'session.open',
      target: bea.email,
      outcome: 'refused',
      actor: { kind: 'nobody' },
      detail: { reason: 'wrong-credentials' },
      address: CLIENT,
    });
    expect((await logIn({ email: `${typed.replaceAll(' ', '-')}@example.org`, password: typed })).status).toBe(401);
    expect(await newest('installation')).toMatchObject({ action: 'session.open', target: null, outcome: 'refused' });
  });

  test('that guessed too often says so', async () => {
    const dan = await insertPerson(world, { email: 'dan@example.org', name: 'Dan', roles: { [other.id]: 'viewer' } });
    let status = 0;
    for (let n = 0; n < 40 && status !== 429; n += 1) {
      ({ status } = await world.call('/api/v1/log-in', {
        body: { email: dan.email, password: 'wrong sentence here' },
        headers: { 'x-forwarded-for': `203.0.113.${n}` },
      }));
    }
    expect(status).toBe(429);
    expect(await newest('other')).toMatchObject({
      action: 'session.open',
      target: dan.email,
      detail: { reason: 'too-many-guesses' },
    });
  });

  test('by the one-time link, and the end of a session, are in it', async () => {
    const path = new URL((await world.running.link()).url).pathname;
    expect(await newest('installation')).toMatchObject({ action: 'link.create', actor: { kind: 'hub' } });
    expect((await world.call(path, { headers: { 'x-forwarded-for': CLIENT } })).status).toBe(303);
    expect(await newest('installation')).toMatchObject({
      action: 'session.open',
      detail: { by: 'one-time link' },
      address: CLIENT,
    });
    const cookie = await logInAs(world, vic);
    expect(
      (await world.call('/api/v1/log-out', { method: 'POST', headers: { cookie, origin: world.url } })).status,
    ).toBe(204);
    expect(await newest('acme')).toMatchObject({
      action: 'session.end',
      actor: { id: vic.id },
      target: vic.email,
      address: null,
    });
  });
});

test('no secret is in the log, wherever secrets were sent', async () => {
  const secret = 'hush-9f3a1c-hush';
  const key = await world.control('/api/v1/keys?tenant=acme', {
    body: { scope: 'admin', name: `named ${'vdt_'}${'q'.repeat(40)}` },
  });
  await callAs(bea, '/api/v1/integrations/ga4', { method: 'PUT', body: { ...GA4, secrets: { api_secret: secret } } });
  await callAs(bea, '/api/v1/account/password', { body: { current: `${secret} one`, password: `${secret} two` } });
  await callAs(bea, '/api/v1/account/password', { body: { current: bea.password, password: `${secret} three` } });
  await world.call('/api/v1/log-in', { body: { email: `${secret}@example.org`, password: secret } });
  await world.call(`/start/vdl_${secret}${secret}`);
  await world.call(`/api/v1/traffic`, { key: `vdt_${secret}` });
  await world.call('/api/v1/traffic', { key: acme.keys.ingest, headers: { cookie: `vedette_session=${secret}` } });
  for (const slug of ['acme', 'installation']) {
    const text = JSON.stringify(await entries(slug, 'limit=1000'));
    for (const hidden of [
      secret,
      key.json.token,
      'q'.repeat(40),
      bea.password,
      acme.keys.ingest,
      cookies.get(bea)?.split('=')[1] as string,
    ]) {
      expect(text).not.toContain(hidden);
    }
  }
  expect((await entries('acme', 'action=integration.set'))[0]?.detail).toMatchObject({ set: ['api_secret'] });
});

describe('the log', () => {
  test('shows an owner or admin the own one, and operators all or one', async () => {
    const own = await callAs(bea, '/api/v1/audit?limit=1000');
    expect(new Set(own.json.entries.map(({ tenant }: Entry) => tenant))).toEqual(new Set(['acme']));
    expect((await callAs(bea, '/api/v1/audit?tenant=other')).status).toBe(403);
    expect((await callAs(vic, '/api/v1/audit')).status).toBe(403);
    const all = await callAs(ada, '/api/v1/audit?limit=1000');
    expect(new Set(all.json.entries.map(({ tenant }: Entry) => tenant))).toEqual(
      new Set(['acme', 'other', 'installation']),
    );
    const ids = all.json.entries.map(({ id }: Entry) => id);
    expect(ids).toEqual([...ids].sort().reverse());
    expect((await world.control('/api/v1/audit?tenant=other&limit=1')).json.entries[0].tenant).toBe('other');
  });

  test('is filtered, and goes on page by page', async () => {
    expect((await entries('acme', 'action=integration')).map(({ action }) => action)).toContain('integration.remove');
    expect(await entries('acme', `actor=${vic.id}&action=session.end`)).toHaveLength(1);
    expect((await entries('acme', 'actor=control%20socket')).length).toBeGreaterThan(2);
    expect(await entries('acme', 'to=-1h')).toEqual([]);
    const all = (await entries('acme', 'limit=1000&to=now')).map(({ number }) => number);
    const pages: number[] = [];
    for (let cursor = ''; ; ) {
      const { json } = await callAs(bea, `/api/v1/audit?limit=7&cursor=${cursor}`);
      pages.push(...json.entries.map(({ number }: Entry) => number));
      cursor = json.next;
      if (cursor === null) break;
    }
    expect(pages).toEqual(all);
    for (const wrong of ['from=never', 'from=now&to=-1h', 'cursor=abc', 'limit=0', 'more=1']) {
      expect((await callAs(bea, `/api/v1/audit?${wrong}`)).status, wrong).toBe(400);
    }
  });

  test('leaves as CSV and as NDJSON, which is itself in it', async () => {
    const csv = await callAs(bea, '/api/v1/audit/export');
    expect(csv.headers.get('content-disposition')).toMatch(/filename="audit-acme-.*\.csv"/);
    expect(csv.text.split('\r\n', 1)[0]).toBe(
      'id,tenant,number,time,actor.kind,actor.id,actor.name,action,target,detail,outcome,address,agent,hash',
    );
    expect(await newest('acme')).toMatchObject({ action: 'audit.export', detail: { format: 'csv' } });
    const lines = (await callAs(bea, '/api/v1/audit/export?format=ndjson&action=session')).text.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).action).every((action) => action.startsWith('session'))).toBe(true);
    const all = (await callAs(ada, '/api/v1/audit/export?format=ndjson')).text.trim().split('\n');
    expect(all.length).toBe((await callAs(ada, '/api/v1/audit?limit=1000')).json.entries.length - 1);
  });

  test('holds, and shows where it does not once somebody rewrote it', async () => {
    const sound = await callAs(ada, '/api/v1/audit/integrity');
    expect(sound.json, sound.text).toMatchObject({ intact: true, weaknesses: [] });
    expect(await checkAudit({ data: join(world.dir, 'data') })).toMatchObject([{ state: 'good' }]);
    expect(sound.json.logs.map(({ tenant }: { tenant: string }) => tenant)).toEqual([
      'acme',
      'installation',
      'other',
      'third',
    ]);
    const [log] = (await callAs(bea, '/api/v1/audit/integrity')).json.logs;
    expect(log).toMatchObject({ tenant: 'acme', intact: true, first: { number: 1 } });
    await tamper(`DELETE FROM vedette.audit_log WHERE tenant_id = '${acme.id}' AND number = ${log.last.number}`);
    const cut = await callAs(bea, '/api/v1/audit/integrity');
    expect(cut.json).toMatchObject({
      intact: false,
      logs: [{ faults: [{ number: log.last.number, reason: expect.stringContaining('ends before') }] }],
    });
    await tamper(`UPDATE vedette.audit_log SET actor_name = 'Eve' WHERE tenant_id = '${other.id}' AND number = 3`);
    const changed = await callAs(ada, '/api/v1/audit/integrity?tenant=other');
    expect(changed.json.logs[0].faults).toEqual([{ number: 3, reason: 'it is not as it was written' }]);
    const told = await checkAudit({ data: join(world.dir, 'data') });
    expect(told.map(({ state }) => state)).toEqual(['bad', 'bad']);
    expect(told.map(({ detail }) => detail)).toContain('other, entry 3: it is not as it was written');
  });
});

test.each([
  [{ method: 'POST' }, /does not say what it is in the audit log/],
  [{ method: 'PUT' }, /does not say/],
  [{ method: 'DELETE', audit: 'Nothing' }, /no name for the audit log/],
])('a route that may change something and does not say so cannot be added: %j', (wrong, message) => {
  const app = Fastify();
  app.decorate('specs', []);
  const spec = { url: '/x', access: 'read', summary: '', answers: {}, handler: async () => null, ...wrong };
  expect(() => addRoute(app, spec as unknown as RouteSpec)).toThrow(message);
});
