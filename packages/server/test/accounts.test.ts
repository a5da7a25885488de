import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { passwordWork } from '../src/model/password.ts';
import { ROLES } from '../src/model/permission.ts';
import { entriesOf } from './support/audit.ts';
import { insertPerson, logInAs, type Person } from './support/people.ts';
import { type Answer, startWorld, type World, type WorldTenant } from './support/world.ts';

const PASSWORD = 'a long enough sentence';
let world: World;
let acme: WorldTenant;
let other: WorldTenant;

beforeAll(async () => {
  world = await startWorld({ VEDETTE_TRUSTED_PROXIES: '127.0.0.0/8' });
  acme = await world.tenant('acme');
  other = await world.tenant('other');
});
afterAll(() => world.stop());

const cookiesOf = (answer: Answer): string[] => answer.headers.getSetCookie();
const cookieOf = (answer: Answer, name = 'vedette_session'): string =>
  cookiesOf(answer)
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.split(';', 1)[0] ?? '';

async function link(): Promise<string> {
  const { url } = await world.running.link();
  return cookieOf(await world.call(new URL(url).pathname));
}

const own = (cookie: string) => ({ cookie, origin: world.url });

describe('the first account', () => {
  const first = { email: 'Ada@Example.org', name: 'Ada', password: PASSWORD };

  test('is for whoever came by the one-time link', async () => {
    expect((await world.call('/api/v1/log-in')).json).toMatchObject({ set_up: false, password: { min_length: 12 } });
    expect((await world.call('/api/v1/set-up', { body: first })).status).toBe(401);
    const byKey = await world.call('/api/v1/set-up', { body: first, key: acme.keys.admin });
    expect(byKey.status).toBe(403);
    expect(await world.running.hub.records.accounts.hasOwner()).toBe(false);
  });

  test.each([
    [{ password: 'short' }, 422, 'at least 12'],
    [{ password: 'ada@example.org' }, 422, 'made of the name'],
    [{ email: 'nobody' }, 400, 'email'],
    [{ name: '   ' }, 400, 'name'],
    [{ more: 1 }, 400, 'more'],
  ])('is refused with %j', async (wrong, status, why) => {
    const answer = await world.call('/api/v1/set-up', { body: { ...first, ...wrong }, headers: own(await link()) });
    expect(answer.status).toBe(status);
    expect(answer.json.detail).toContain(why);
  });

  test('is still to be made when people of tenants have accounts, under an address of its own', async () => {
    const taken = 'tess@example.org';
    await insertPerson(world, { email: taken, name: 'Tess', roles: { [acme.id]: 'owner' } });
    const headers = own(await link());
    expect((await world.call('/api/v1/me', { headers })).json.set_up).toBe(false);
    const answer = await world.call('/api/v1/set-up', { body: { ...first, email: taken }, headers });
    expect([answer.status, answer.json.type]).toEqual([409, 'urn:vedette:problem:account-exists']);
  });

  test('is made once, logs that browser in, and operates the installation', async () => {
    const cookie = await link();
    const made = await world.call('/api/v1/set-up', { body: first, headers: own(cookie) });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ email: 'ada@example.org', name: 'Ada' });
    const me = await world.call('/api/v1/me', { headers: own(cookieOf(made)) });
    expect(me.json).toMatchObject({ principal: { kind: 'user' }, user: { name: 'Ada' }, set_up: true });
    expect(me.json.tenants.map(({ slug }: { slug: string }) => slug)).toEqual(['acme', 'installation', 'other']);
    expect(me.json.tenants[0].permissions).toContain('operate');
    // The link's session ended with it.
    expect((await world.call('/api/v1/me', { headers: own(cookie) })).status).toBe(401);
    const again = await world.call('/api/v1/set-up', { body: first, headers: own(await link()) });
    expect(again.status).toBe(409);
    expect((await world.call('/api/v1/log-in')).json.set_up).toBe(true);
  });
});

describe('logging in', () => {
  let bea: Person;
  beforeAll(async () => {
    bea = await insertPerson(world, { email: 'bea@example.org', name: 'Bea', roles: { [acme.id]: 'admin' } });
  });
  const logIn = (body: object, headers: Record<string, string> = {}) =>
    world.call('/api/v1/log-in', { body, headers: { 'x-forwarded-for': '198.51.100.7', ...headers } });

  test('gives a session by cookie, with what scripts and other sites cannot use', async () => {
    const answer = await logIn({ email: ' BEA@example.org', password: bea.password }, { origin: world.url });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ next: 'done' });
    for (const cookie of cookiesOf(answer))
      expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    const headers = own(cookieOf(answer));
    expect((await world.call('/api/v1/account', { headers })).json.user).toMatchObject({ email: 'bea@example.org' });
    expect((await world.call('/api/v1/log-out', { method: 'POST', headers })).status).toBe(204);
    expect((await world.call('/api/v1/account', { headers })).status).toBe(401);
  });

  test.each([
    ['a wrong password', { email: 'bea@example.org', password: 'another long sentence' }],
    ['an unknown e-mail address', { email: 'nobody@example.org', password: 'another long sentence' }],
  ])('with %s is 401 in the same words, after the same work', async (_, body) => {
    const before = passwordWork.hashes;
    const answer = await logIn(body);
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({
      type: 'urn:vedette:problem:wrong-credentials',
      title: 'Unauthorized',
      status: 401,
      detail: 'no account has this e-mail address and password',
    });
    expect(passwordWork.hashes).toBe(before + 1);
    expect(cookiesOf(answer)).toEqual([]);
  });

  test.each<Record<string, string>>([{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])(
    'cannot be done by another site’s page (%j)',
    async (headers) => {
      const answer = await logIn({ email: 'bea@example.org', password: bea.password }, headers);
      expect(answer.status).toBe(403);
      expect(cookiesOf(answer)).toEqual([]);
    },
  );

  test('ends the session that the browser had before', async () => {
    const before = await logInAs(world, bea);
    const answer = await logIn({ email: bea.email, password: bea.password }, { cookie: before, origin: world.url });
    expect(cookieOf(answer)).not.toBe(before);
    expect((await world.call('/api/v1/account', { headers: own(before) })).status).toBe(401);
  });

  test('of a disabled account says so to who knows its password, and ends its sessions', async () => {
    const eve = await insertPerson(world, { email: 'eve@example.org', name: 'Eve', roles: { [acme.id]: 'viewer' } });
    const cookie = await logInAs(world, eve);
    await eve.disable();
    await expect.poll(async () => (await world.call('/api/v1/me', { headers: { cookie } })).status).toBe(401);
    expect((await logIn({ email: eve.email, password: eve.password })).json.type).toContain('account-disabled');
    expect((await logIn({ email: eve.email, password: 'another long sentence' })).status).toBe(401);
  });
});

describe('guesses', () => {
  test('are bounded for an account over all networks, and lock out nobody who was there before', async () => {
    const cat = await insertPerson(world, { email: 'cat@example.org', name: 'Cat', roles: { [acme.id]: 'owner' } });
    const wayIn = await world.call('/api/v1/log-in', { body: { email: cat.email, password: cat.password } });
    const device = cookieOf(wayIn, 'vedette_device');
    const before = passwordWork.hashes;
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        world.call('/api/v1/log-in', {
          body: { email: cat.email, password: `guess number ${i}` },
          headers: { 'x-forwarded-for': `203.0.${i}.1` },
        }),
      ),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(passwordWork.hashes - before).toBe(20);
    expect(refused).toHaveLength(40);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    const known = await world.call('/api/v1/log-in', {
      body: { email: cat.email, password: cat.password },
      headers: { cookie: device, 'x-forwarded-for': '203.0.113.99' },
    });
    expect(known.status).toBe(200);
  });

  test('are bounded for a network over all accounts, and others are not kept out by it', async () => {
    const guess = (i: number, from: string) =>
      world.call('/api/v1/log-in', {
        body: { email: `who${i}@example.org`, password: 'one long sentence' },
        headers: { 'x-forwarded-for': from },
      });
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => guess(i, `192.0.2.${i + 1}`)));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
    expect((await guess(100, '198.51.100.200')).status).toBe(401);
  });
});

describe('what a person may', () => {
  test.each(ROLES)('as %s is what the role may, in that tenant alone', async (role) => {
    const email = `${role}@example.org`;
    const person = await insertPerson(world, { email, name: role, roles: { [acme.id]: role } });
    const headers = own(await logInAs(world, person));
    const me = (await world.call('/api/v1/me', { headers })).json;
    expect(me.tenants).toEqual([expect.objectContaining({ slug: 'acme', role, suspended: false })]);
    expect((await world.call('/api/v1/sources', { headers })).status).toBe(200);
    expect((await world.call(`/api/v1/sources?tenant=${acme.id}`, { headers })).status).toBe(200);
    for (const tenant of ['other', other.id, 'nowhere']) {
      const foreign = await world.call(`/api/v1/sources?tenant=${tenant}`, { headers });
      expect(foreign.status).toBe(403);
      expect(foreign.json.detail).toBe('you are in acme only');
    }
    const scan = await world.call('/api/v1/privacy/scan', { headers });
    expect(scan.status).toBe(403);
    const change = await world.call('/api/v1/integrations/ga4', { method: 'DELETE', headers });
    expect(change.status).toBe(role === 'owner' || role === 'admin' ? 404 : 403);
    if (change.status === 403)
      expect(change.json.detail).toBe(`this is for owner or admin of acme; you are ${role} there`);
  });

  test('in two tenants is different in each, and in none nothing', async () => {
    const dan = await insertPerson(world, {
      email: 'dan@example.org',
      name: 'Dan',
      roles: { [acme.id]: 'viewer', [other.id]: 'admin' },
    });
    const headers = own(await logInAs(world, dan));
    const remove = (tenant: string) =>
      world.call(`/api/v1/integrations/ga4?tenant=${tenant}`, { method: 'DELETE', headers });
    expect((await remove('acme')).status).toBe(403);
    expect((await remove('other')).status).toBe(404);
    await dan.leave(other.id);
    await expect.poll(async () => (await remove('other')).status).toBe(403);
    await dan.leave(acme.id);
    await expect.poll(async () => (await world.call('/api/v1/sources', { headers })).json.type).toContain('no-tenant');
    expect((await world.call('/api/v1/account', { headers })).status).toBe(200);
  });

  test('in a suspended tenant is told, and has none of it', async () => {
    const gone = await world.tenant('gone');
    const fay = await insertPerson(world, { email: 'fay@example.org', name: 'Fay', roles: { [gone.id]: 'owner' } });
    const headers = own(await logInAs(world, fay));
    await world.running.hub.records.unscoped.tenants.setSuspended(gone.id, true);
    await expect
      .poll(async () => (await world.call('/api/v1/sources', { headers })).json.type)
      .toBe('urn:vedette:problem:tenant-suspended');
    expect((await world.call('/api/v1/me', { headers })).json.tenants[0]).toMatchObject({ suspended: true });
  });
});

describe('one’s own account', () => {
  test('has sessions, of which others can be ended; that shows at once', async () => {
    const gus = await insertPerson(world, { email: 'gus@example.org', name: 'Gus', roles: { [acme.id]: 'viewer' } });
    const [here, there, far] = [await logInAs(world, gus), await logInAs(world, gus), await logInAs(world, gus)];
    const list = async () => (await world.call('/api/v1/account/sessions', { headers: own(here) })).json.sessions;
    expect(await list()).toHaveLength(3);
    expect((await world.call('/api/v1/account', { headers: own(there) })).status).toBe(200);
    const mine = (await list()).find(({ current }: { current: boolean }) => !current);
    expect(mine).toMatchObject({ factors: ['password'] });
    for (const session of await list()) {
      if (session.current) continue;
      const end = await world.call(`/api/v1/account/sessions/${session.id}`, { method: 'DELETE', headers: own(here) });
      expect(end.status).toBe(204);
      break;
    }
    expect(await list()).toHaveLength(2);
    // By the person, whom people know; which session it was is in the details.
    expect((await entriesOf(world, 'acme', 'session.end'))[0]).toMatchObject({
      target: 'gus@example.org',
      detail: { session: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    expect((await world.call('/api/v1/account/sessions', { method: 'DELETE', headers: own(here) })).json).toEqual({
      ended: 1,
    });
    for (const cookie of [there, far]) {
      await expect.poll(async () => (await world.call('/api/v1/account', { headers: own(cookie) })).status).toBe(401);
    }
    const ofNobody = await world.call(`/api/v1/account/sessions/${mine.id}`, { method: 'DELETE', headers: own(here) });
    expect(ofNobody.status).toBe(404);
  });

  test('is nobody else’s: a key and a link have none', async () => {
    expect((await world.call('/api/v1/account', { key: acme.keys.admin })).json.type).toContain('no-account');
    expect((await world.call('/api/v1/account', { headers: { cookie: await link() } })).json.type).toContain(
      'no-account',
    );
  });

  test('changes its name and language, and refuses nonsense', async () => {
    const hal = await insertPerson(world, { email: 'hal@example.org', name: 'Hal', roles: { [acme.id]: 'viewer' } });
    const headers = own(await logInAs(world, hal));
    const change = (body: object) => world.call('/api/v1/account', { method: 'PATCH', body, headers });
    expect((await change({ name: 'Hal 9000', locale: 'de' })).json).toMatchObject({ name: 'Hal 9000', locale: 'de' });
    for (const wrong of [{}, { name: '' }, { locale: 'Deutsch' }, { email: 'x@example.org' }]) {
      expect((await change(wrong)).status).toBe(400);
    }
  });

  test('changes its password, which ends all other sessions', async () => {
    const ida = await insertPerson(world, { email: 'ida@example.org', name: 'Ida', roles: { [acme.id]: 'viewer' } });
    const [here, there] = [await logInAs(world, ida), await logInAs(world, ida)];
    const change = (current: string, password: string) =>
      world.call('/api/v1/account/password', { body: { current, password }, headers: own(here) });
    expect((await change('not the present one', PASSWORD)).json.type).toContain('wrong-password');
    expect((await change(ida.password, 'short')).status).toBe(422);
    expect((await change(ida.password, PASSWORD)).status).toBe(204);
    await expect.poll(async () => (await world.call('/api/v1/account', { headers: own(there) })).status).toBe(401);
    expect((await world.call('/api/v1/account', { headers: own(here) })).status).toBe(200);
    const logIn = (password: string) => world.call('/api/v1/log-in', { body: { email: ida.email, password } });
    expect((await logIn(ida.password)).status).toBe(401);
    expect((await logIn(PASSWORD)).status).toBe(200);
  });
});

describe('a session', () => {
  test('gets a new token after a while; the former is good for a little longer, and then not', async () => {
    const kim = await insertPerson(world, { email: 'kim@example.org', name: 'Kim', roles: { [acme.id]: 'viewer' } });
    const cookie = await logInAs(world, kim);
    await kim.age({ rotated_at: '16 minutes' });
    const [one, two] = await Promise.all([1, 2].map(() => world.call('/api/v1/account', { headers: own(cookie) })));
    const next = [one, two].map((answer) => cookieOf(answer as Answer)).filter((text) => text !== '');
    expect(next).toHaveLength(1);
    expect((await world.call('/api/v1/account', { headers: own(next[0] as string) })).status).toBe(200);
    expect((await world.call('/api/v1/account', { headers: own(cookie) })).status).toBe(200);
    await kim.age({ rotated_at: '2 minutes' });
    expect((await world.call('/api/v1/account', { headers: own(cookie) })).status).toBe(401);
    expect((await world.call('/api/v1/account', { headers: own(next[0] as string) })).status).toBe(200);
  });

  test.each<Record<string, string>>([{ last_used_at: '13 hours' }, { expires_at: '1 second' }])(
    'ends by itself: %j ago',
    async (aged) => {
      const email = `${Object.keys(aged)[0]}@example.org`;
      const lea = await insertPerson(world, { email, name: 'Lea', roles: { [acme.id]: 'viewer' } });
      const headers = own(await logInAs(world, lea));
      expect((await world.call('/api/v1/account', { headers })).status).toBe(200);
      await lea.age(aged);
      expect((await world.call('/api/v1/account', { headers })).status).toBe(401);
    },
  );

  test('that waits for its second factor is good for nothing else', async () => {
    const max = await insertPerson(world, { email: 'max@example.org', name: 'Max', roles: { [acme.id]: 'owner' } });
    const cookie = await max.session('second-factor');
    for (const path of ['/api/v1/account', '/api/v1/sources', '/api/v1/account/sessions', '/api/v1/me']) {
      const answer = await world.call(path, { headers: { cookie } });
      expect(answer.status).toBe(401);
      expect(answer.json.type).toBe('urn:vedette:problem:second-factor');
    }
  });
});
