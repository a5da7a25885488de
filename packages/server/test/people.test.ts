import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROLES, type Role } from '../src/model/permission.ts';
import { entriesOf } from './support/audit.ts';
import { codeOf } from './support/cookies.ts';
import { insertPerson, logInAs, type Person } from './support/people.ts';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
let other: WorldTenant;
let operator: Person;
let operatorCookie: string;
let count = 0;

beforeAll(async () => {
  world = await startWorld();
  acme = await world.tenant('acme');
  other = await world.tenant('other');
  const { id } = world.running.hub.records.installation;
  operator = await insertPerson(world, { email: 'op@example.org', name: 'Op', roles: { [id]: 'owner' } });
  operatorCookie = await logInAs(world, operator);
});
afterAll(() => world.stop());

const own = (cookie: string) => ({ cookie, origin: world.url });

interface Somebody extends Person {
  call: World['call'];
}

/** Somebody new who is logged in. */
async function somebody(roles: Record<string, Role>): Promise<Somebody> {
  count += 1;
  const person = await insertPerson(world, { email: `p${count}@example.org`, name: `P${count}`, roles });
  const cookie = await logInAs(world, person);
  return { ...person, call: (path, call = {}) => world.call(path, { ...call, headers: own(cookie) }) };
}
const asOperator: World['call'] = (path, call = {}) => world.call(path, { ...call, headers: own(operatorCookie) });

/** A tenant of its own with one person of each role. */
async function company() {
  count += 1;
  const tenant = await world.tenant(`company-${count}`);
  const one = (role: Role) => somebody({ [tenant.id]: role });
  const [owner, admin, analyst, viewer] = [
    await one('owner'),
    await one('admin'),
    await one('analyst'),
    await one('viewer'),
  ];
  const people = { owner, admin, analyst, viewer };
  const roleOf = async ({ id }: Person) =>
    (await world.running.hub.records.forTenant(tenant.id).members.find(id))?.role ?? null;
  return { tenant, ...people, people, roleOf };
}

describe('the list', () => {
  test('has everybody of the tenant and nobody else, page by page', async () => {
    const { tenant, admin, people } = await company();
    await somebody({ [other.id]: 'owner' });
    const whole = await admin.call('/api/v1/people');
    expect(whole.status).toBe(200);
    expect(whole.json.next).toBeNull();
    expect(whole.json.people.map(({ email, role }: { email: string; role: Role }) => [email, role])).toEqual(
      Object.entries(people).map(([role, { email }]) => [email, role]),
    );
    expect(whole.json.people[1]).toEqual({
      user_id: admin.id,
      email: admin.email,
      name: expect.stringMatching(/^P\d+$/),
      role: 'admin',
      joined: expect.stringMatching(/^\d{4}-/),
      last_log_in: expect.stringMatching(/^\d{4}-/),
      two_factor: false,
      disabled: false,
    });
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await asOperator(`/api/v1/people?tenant=${tenant.slug}&limit=3${cursor}`);
      seen.push(...page.json.people.map(({ email }: { email: string }) => email));
      if (page.json.next === null) break;
      cursor = `&cursor=${page.json.next}`;
    }
    expect(seen).toEqual(whole.json.people.map(({ email }: { email: string }) => email));
    const foreign = await admin.call(`/api/v1/people?limit=3&cursor=${'x'.repeat(40)}`);
    expect([foreign.status, codeOf(foreign)]).toEqual([400, 'bad-cursor']);
  });

  test('is for owners and admins, and for no key', async () => {
    const { analyst, viewer } = await company();
    for (const { call } of [analyst, viewer]) expect((await call('/api/v1/people')).status).toBe(403);
    expect((await world.call('/api/v1/people', { key: acme.keys.admin })).status).toBe(403);
    expect((await world.call('/api/v1/people')).status).toBe(401);
  });

  test('is not another tenant’s to read or change', async () => {
    const { tenant, admin } = await company();
    const stranger = await somebody({ [other.id]: 'owner' });
    for (const path of [`/api/v1/people?tenant=${tenant.slug}`, `/api/v1/people/${admin.id}?tenant=${tenant.id}`]) {
      const method = path.includes(admin.id) ? 'DELETE' : 'GET';
      expect((await stranger.call(path, { method })).status).toBe(403);
    }
    expect(codeOf(await stranger.call(`/api/v1/people/${admin.id}`, { method: 'DELETE' }))).toBe('unknown-person');
    const change = await stranger.call(`/api/v1/people/${admin.id}`, { method: 'PATCH', body: { role: 'viewer' } });
    expect(codeOf(change)).toBe('unknown-person');
  });
});

describe('a role', () => {
  const CASES: [who: 'owner' | 'admin', whom: Role, to: Role, status: number][] = [
    ['owner', 'viewer', 'owner', 200],
    ['owner', 'admin', 'viewer', 200],
    ['admin', 'viewer', 'admin', 200],
    ['admin', 'analyst', 'viewer', 200],
    ['admin', 'viewer', 'owner', 403],
    ['admin', 'owner', 'admin', 403],
    ['admin', 'admin', 'owner', 403],
  ];
  test.each(CASES)('%s makes %s %s: %i', async (who, whom, to, status) => {
    const { people, roleOf } = await company();
    const answer = await people[who].call(`/api/v1/people/${people[whom].id}`, { method: 'PATCH', body: { role: to } });
    expect(answer.status).toBe(status);
    if (status === 403) expect(codeOf(answer)).toBe('owners-only');
    expect(await roleOf(people[whom])).toBe(status === 200 ? to : whom);
  });

  test('that was changed is in the log: whose, from what to what; so is who left, and who was removed', async () => {
    const { tenant, owner, analyst, viewer } = await company();
    await owner.call(`/api/v1/people/${viewer.id}`, { method: 'PATCH', body: { role: 'admin' } });
    await owner.call(`/api/v1/people/${viewer.id}`, { method: 'DELETE' });
    await analyst.call(`/api/v1/account/tenants/${tenant.slug}`, { method: 'DELETE' });
    const told = await entriesOf(world, tenant.slug, 'person');
    expect(told.map(({ action, actor, target, detail }) => [action, actor.id, target, detail])).toEqual([
      ['person.leave', analyst.id, analyst.email, { role: 'analyst' }],
      ['person.remove', owner.id, viewer.email, { role: 'admin' }],
      ['person.change', owner.id, viewer.email, { from: 'viewer', to: 'admin' }],
    ]);
  });

  test('that is taken away is gone in sessions that are open', async () => {
    const { owner, admin } = await company();
    expect((await admin.call('/api/v1/people')).status).toBe(200);
    await owner.call(`/api/v1/people/${admin.id}`, { method: 'PATCH', body: { role: 'viewer' } });
    expect((await admin.call('/api/v1/people')).status).toBe(403);
    expect((await admin.call('/api/v1/traffic')).status).toBe(200);
  });

  test('of an operator makes and unmakes owners of any tenant', async () => {
    const { tenant, owner, viewer, roleOf } = await company();
    const path = (id: string) => `/api/v1/people/${id}?tenant=${tenant.slug}`;
    expect((await asOperator(path(viewer.id), { method: 'PATCH', body: { role: 'owner' } })).status).toBe(200);
    expect((await asOperator(path(owner.id), { method: 'PATCH', body: { role: 'viewer' } })).status).toBe(200);
    expect([await roleOf(viewer), await roleOf(owner)]).toEqual(['owner', 'viewer']);
  });

  test.each([{ role: 'king' }, {}, { role: 'viewer', name: 'x' }])('%j is refused', async (body) => {
    const { owner, viewer } = await company();
    expect((await owner.call(`/api/v1/people/${viewer.id}`, { method: 'PATCH', body })).status).toBe(400);
  });
});

describe('whoever is removed', () => {
  test('sees nothing of the tenant any more, in no session, and logs in all the same', async () => {
    const { owner, analyst } = await company();
    expect((await analyst.call('/api/v1/traffic')).status).toBe(200);
    expect((await owner.call(`/api/v1/people/${analyst.id}`, { method: 'DELETE' })).status).toBe(204);
    const after = await analyst.call('/api/v1/traffic');
    expect([after.status, codeOf(after)]).toEqual([403, 'no-tenant']);
    expect(after.json.detail).toContain('no tenant');
    await logInAs(world, analyst);
    expect((await analyst.call('/api/v1/me')).json.tenants).toEqual([]);
    expect((await owner.call(`/api/v1/people/${analyst.id}`, { method: 'DELETE' })).status).toBe(404);
  });

  test('keeps the other tenants', async () => {
    const { tenant, owner } = await company();
    const both = await somebody({ [tenant.id]: 'admin', [other.id]: 'viewer' });
    await owner.call(`/api/v1/people/${both.id}`, { method: 'DELETE' });
    expect((await both.call('/api/v1/me')).json.tenants).toMatchObject([{ slug: 'other', role: 'viewer' }]);
  });

  test('is no owner, where an admin asks', async () => {
    const { owner, admin, viewer, roleOf } = await company();
    expect((await admin.call(`/api/v1/people/${owner.id}`, { method: 'DELETE' })).status).toBe(403);
    expect((await admin.call(`/api/v1/people/${viewer.id}`, { method: 'DELETE' })).status).toBe(204);
    expect([await roleOf(owner), await roleOf(viewer)]).toEqual(['owner', null]);
  });

  test.each(['not-an-id', '00000000-0000-7000-8000-000000000000', 'op'])('is somebody: %s', async (id) => {
    const { owner } = await company();
    const answer = await owner.call(`/api/v1/people/${id === 'op' ? operator.id : id}`, { method: 'DELETE' });
    expect([answer.status, codeOf(answer)]).toEqual([404, 'unknown-person']);
  });
});

describe('leaving', () => {
  test('is everybody’s own to do', async () => {
    const { tenant, viewer, roleOf } = await company();
    expect((await viewer.call(`/api/v1/account/tenants/${tenant.slug}`, { method: 'DELETE' })).status).toBe(204);
    expect(await roleOf(viewer)).toBeNull();
    const again = await viewer.call(`/api/v1/account/tenants/${tenant.id}`, { method: 'DELETE' });
    expect([again.status, codeOf(again)]).toEqual([404, 'unknown-tenant']);
  });

  test('a tenant of others is as if it did not exist', async () => {
    const { viewer } = await company();
    for (const id of [other.id, other.slug, 'nowhere']) {
      const answer = await viewer.call(`/api/v1/account/tenants/${id}`, { method: 'DELETE' });
      expect([answer.status, answer.json.detail]).toEqual([404, 'you are in no such tenant']);
    }
  });
});

describe('the last owner', () => {
  test.each(['remove', 'demote', 'leave'] as const)('cannot %s', async (how) => {
    const { tenant, owner, roleOf } = await company();
    const answer = await {
      remove: () => asOperator(`/api/v1/people/${owner.id}?tenant=${tenant.slug}`, { method: 'DELETE' }),
      demote: () => owner.call(`/api/v1/people/${owner.id}`, { method: 'PATCH', body: { role: 'admin' } }),
      leave: () => owner.call(`/api/v1/account/tenants/${tenant.slug}`, { method: 'DELETE' }),
    }[how]();
    expect([answer.status, codeOf(answer)]).toEqual([409, 'last-owner']);
    expect(await roleOf(owner)).toBe('owner');
  });

  test('is the last one who can log in: a disabled owner is none', async () => {
    const { tenant, owner } = await company();
    const second = await somebody({ [tenant.id]: 'owner' });
    await second.disable();
    const path = `/api/v1/account/tenants/${tenant.slug}`;
    expect((await owner.call(path, { method: 'DELETE' })).status).toBe(409);
    expect((await asOperator(`/api/v1/people/${second.id}/enable`, { method: 'POST' })).status).toBe(200);
    expect((await owner.call(path, { method: 'DELETE' })).status).toBe(204);
  });

  test('stays, of however many go at once', async () => {
    const { tenant, owner } = await company();
    const owners = [owner, await somebody({ [tenant.id]: 'owner' }), await somebody({ [tenant.id]: 'owner' })];
    const answers = await Promise.all(
      owners.map(({ call, id }, i) =>
        i === 0
          ? call(`/api/v1/people/${id}`, { method: 'PATCH', body: { role: 'viewer' } })
          : call(`/api/v1/account/tenants/${tenant.slug}`, { method: 'DELETE' }),
      ),
    );
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(1);
    const { members } = world.running.hub.records.forTenant(tenant.id);
    const left = await members.list({ after: null, limit: 100 });
    expect(left.filter(({ role }) => role === 'owner')).toHaveLength(1);
  });

  test('of the installation stays too, and cannot be disabled', async () => {
    const { slug } = world.running.hub.records.installation;
    const leave = await asOperator(`/api/v1/account/tenants/${slug}`, { method: 'DELETE' });
    expect([leave.status, codeOf(leave)]).toEqual([409, 'last-owner']);
    const disable = await world.control(`/api/v1/people/${operator.id}/disable`, { method: 'POST' });
    expect([disable.status, codeOf(disable)]).toEqual([409, 'last-owner']);
  });

  test('of the installation stays, of two who disable each other at once', async () => {
    const { installation, unscoped, accounts } = world.running.hub.records;
    const pair = [await somebody({ [installation.id]: 'owner' }), await somebody({ [installation.id]: 'owner' })];
    await accounts.byId(operator.id);
    // The third owner goes first, so that two are left.
    expect(await unscoped.users.setDisabled(operator.id, true)).toMatchObject({ id: operator.id });
    try {
      const [a, b] = pair as [Somebody, Somebody];
      const answers = await Promise.all([
        a.call(`/api/v1/people/${b.id}/disable`, { method: 'POST' }),
        b.call(`/api/v1/people/${a.id}/disable`, { method: 'POST' }),
      ]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      const states = await Promise.all(pair.map(async ({ id }) => (await unscoped.users.byId(id))?.disabledAt ?? null));
      expect(states.filter((disabledAt) => disabledAt === null)).toHaveLength(1);
    } finally {
      await unscoped.users.setDisabled(operator.id, false);
      for (const { id } of pair) await world.running.hub.records.forTenant(installation.id).members.remove(id, ROLES);
      operatorCookie = await logInAs(world, operator);
    }
  });
});

describe('an account', () => {
  test('that is disabled is out at once, everywhere, until it is enabled', async () => {
    const { tenant, admin, owner } = await company();
    expect((await owner.call(`/api/v1/people/${admin.id}/disable`, { method: 'POST' })).status).toBe(403);
    const done = await asOperator(`/api/v1/people/${admin.id}/disable`, { method: 'POST' });
    expect(done.json).toMatchObject({ email: admin.email, disabled: expect.stringMatching(/^\d{4}-/) });
    expect((await admin.call('/api/v1/me')).status).toBe(401);
    await expect(logInAs(world, admin)).rejects.toThrow(/account-disabled/);
    const list = await owner.call('/api/v1/people');
    expect(list.json.people.find(({ email }: { email: string }) => email === admin.email)).toMatchObject({
      disabled: true,
    });
    expect((await asOperator(`/api/v1/people/${admin.id}/enable`, { method: 'POST' })).json.disabled).toBeNull();
    await logInAs(world, admin);
    // Sessions from before do not come back.
    expect((await admin.call('/api/v1/me')).status).toBe(401);
    // Its tenant hears of it, by the address that is known there.
    const told = (await entriesOf(world, tenant.slug, 'account')).filter(({ outcome }) => outcome === 'done');
    expect(told.map(({ action, actor, target }) => [action, actor.id, target])).toEqual([
      ['account.enable', operator.id, admin.email],
      ['account.disable', operator.id, admin.email],
    ]);
  });

  test('is not disabled by oneself, nor where there is none', async () => {
    const self = await asOperator(`/api/v1/people/${operator.id}/disable`, { method: 'POST' });
    expect([self.status, codeOf(self)]).toEqual([409, 'own-account']);
    const nobody = await asOperator('/api/v1/people/nobody/disable', { method: 'POST' });
    expect([nobody.status, codeOf(nobody)]).toEqual([404, 'unknown-person']);
  });

  test('is listed for operators, with what it is where, also in no tenant', async () => {
    const lost = await somebody({});
    const both = await somebody({ [acme.id]: 'viewer', [other.id]: 'admin' });
    const emails: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await asOperator(`/api/v1/users?limit=7${cursor}`);
      emails.push(...page.json.users.map(({ email }: { email: string }) => email));
      if (page.json.next === null) break;
      cursor = `&cursor=${page.json.next}`;
    }
    expect(emails).toContain(lost.email);
    expect(new Set(emails).size).toBe(emails.length);
    const one = await asOperator(`/api/v1/users?email=${both.email.toUpperCase()}`);
    expect(one.json.users).toMatchObject([
      {
        id: both.id,
        disabled: null,
        tenants: [
          { slug: 'acme', role: 'viewer' },
          { slug: 'other', role: 'admin' },
        ],
      },
    ]);
    expect((await lost.call('/api/v1/users')).status).toBe(403);
  });
});
