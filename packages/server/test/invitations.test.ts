import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROLES, type Role } from '../src/model/permission.ts';
import { entriesOf } from './support/audit.ts';
import { codeOf, cookieOf } from './support/cookies.ts';
import { changeRows, insertPerson, type Person } from './support/people.ts';
import { type Answer, startWorld, type World, type WorldTenant } from './support/world.ts';
import { databaseUrl } from './support/world-database.ts';

// Without a mail server: links are passed on, so that what they do can be looked at without one.

const PASSWORD = 'quite a long sentence';
let world: World;
let acme: WorldTenant;
let owner: Person & { cookie: string };
let admin: Person & { cookie: string };
let count = 0;

beforeAll(async () => {
  world = await startWorld({ VEDETTE_TRUSTED_PROXIES: '127.0.0.0/8' });
  acme = await world.tenant('acme');
  owner = await somebody({ [acme.id]: 'owner' });
  admin = await somebody({ [acme.id]: 'admin' });
});
afterAll(() => world.stop());

const address = () => `new${(count += 1)}@example.org`;

async function somebody(roles: Record<string, Role>): Promise<Person & { cookie: string }> {
  const person = await insertPerson(world, { email: address(), name: `P${count}`, roles });
  return { ...person, cookie: await person.session('full') };
}

const as = (who: { cookie: string }, path: string, body?: unknown, method?: string): Promise<Answer> =>
  world.call(path, {
    headers: { cookie: who.cookie, origin: world.url },
    ...(body === undefined ? {} : { body }),
    ...(method === undefined ? {} : { method }),
  });
const invite = (who: { cookie: string }, email: string, role: Role = 'analyst', tenant = 'acme') =>
  as(who, `/api/v1/invitations?tenant=${tenant}`, { email, role });
const tokenOf = (answer: Answer): string => new URL(answer.json.link).hash.slice(1);
const look = (token: string) => world.call('/api/v1/invitations/look', { body: { token } });
const accept = (token: string, more: object = {}, headers: Record<string, string> = {}) =>
  world.call('/api/v1/invitations/accept', { body: { token, ...more }, headers });
const roleOf = async (email: string, tenant = acme) => {
  const found = await world.running.hub.records.accounts.byEmail(email);
  const all = found === null ? [] : await world.running.hub.records.accounts.membershipsOf(found.user.id);
  return all.find(({ tenantId }) => tenantId === tenant.id)?.role ?? null;
};

describe('an invitation', () => {
  test('without a mail server has a link, shown once, whose token stands behind the #', async () => {
    const email = address();
    const answer = await invite(admin, ` ${email.toUpperCase()}`, 'viewer');
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      email,
      role: 'viewer',
      invited_by: expect.stringMatching(/^P/),
      expired: false,
      mail: null,
    });
    expect(answer.json.link).toMatch(/^http:\/\/localhost:\d+\/invitation#vdi_[\w-]{43}$/);
    expect(Date.parse(answer.json.expires) - Date.parse(answer.json.created)).toBeCloseTo(7 * 86_400_000, -4);
    const list = await as(admin, '/api/v1/invitations');
    expect(list.json.invitations.map((one: { email: string }) => one.email)).toContain(email);
    expect(list.text).not.toContain('vdi_');
    const { rows } = await changeRows(world, 'SELECT token_hash::text AS hash, * FROM invitations WHERE email = $1', [
      email,
    ]);
    expect(JSON.stringify(rows)).not.toContain(tokenOf(answer));
  });

  test('tells whoever has its link what it is for', async () => {
    const email = address();
    const token = tokenOf(await invite(owner, email, 'owner'));
    const seen = await look(token);
    expect(seen.json).toEqual({ tenant: 'acme', email, role: 'owner', expires: expect.any(String), account: false });
  });

  test('makes an account that is logged in, and sees this tenant only', async () => {
    const email = address();
    const token = tokenOf(await invite(admin, email, 'analyst'));
    const made = await accept(token, { name: ' Neo ', password: PASSWORD, locale: 'de' });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      next: 'done',
      role: 'analyst',
      tenant: { slug: 'acme' },
      user: { email, name: 'Neo', locale: 'de' },
    });
    const cookie = cookieOf(made);
    const me = await world.call('/api/v1/me', { headers: { cookie } });
    expect(me.json.tenants).toMatchObject([{ slug: 'acme', role: 'analyst' }]);
    expect((await world.call('/api/v1/log-in', { body: { email, password: PASSWORD } })).status).toBe(200);
  });

  test('that is accepted is in the log of its tenant, with who came as what', async () => {
    const email = address();
    await accept(tokenOf(await invite(admin, email, 'analyst')), { name: 'Trinity', password: PASSWORD });
    const user = (await world.running.hub.records.accounts.byEmail(email))?.user;
    expect((await entriesOf(world, 'acme', 'invitation.accept'))[0]).toMatchObject({
      actor: { kind: 'user', id: user?.id, name: `Trinity <${email}>` },
      target: email,
      detail: { role: 'analyst' },
      outcome: 'done',
    });
    expect(await entriesOf(world, 'installation', 'invitation.accept')).toEqual([]);
  });

  test.each([
    [{}, 422, 'incomplete'],
    [{ name: 'Neo' }, 422, 'incomplete'],
    [{ password: PASSWORD }, 422, 'incomplete'],
    [{ name: 'Neo', password: 'short' }, 422, 'weak-password'],
    [{ name: '  ', password: PASSWORD }, 400, 'invalid'],
    [{ name: 'Neo', password: PASSWORD, role: 'owner' }, 400, 'invalid'],
  ])('with %j makes none, and can be tried again', async (body, status, code) => {
    const email = address();
    const token = tokenOf(await invite(admin, email));
    const answer = await accept(token, body);
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(await roleOf(email)).toBeNull();
    expect((await accept(token, { name: 'Neo', password: PASSWORD })).status).toBe(201);
  });

  test('works once, also for two who come at the same time', async () => {
    const email = address();
    const token = tokenOf(await invite(admin, email));
    const answers = await Promise.all([1, 2, 3].map(() => accept(token, { name: 'Neo', password: PASSWORD })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 410, 410]);
    const late = await look(token);
    expect([late.status, codeOf(late)]).toEqual([410, 'invitation-accepted']);
  });

  test('is void when it was sent again, withdrawn, or is past its time', async () => {
    const email = address();
    const first = await invite(admin, email);
    const path = `/api/v1/invitations/${first.json.id}`;
    const again = await as(admin, `${path}/resend`, {});
    expect(again.status).toBe(200);
    expect(codeOf(await look(tokenOf(first)))).toBe('unknown-invitation');
    expect((await look(tokenOf(again))).status).toBe(200);
    await changeRows(world, "UPDATE invitations SET expires_at = now() - interval '1 second' WHERE email = $1", [
      email,
    ]);
    expect(codeOf(await accept(tokenOf(again), { name: 'Neo', password: PASSWORD }))).toBe('invitation-expired');
    expect(
      (await as(admin, '/api/v1/invitations')).json.invitations.find((one: { email: string }) => one.email === email),
    ).toMatchObject({ expired: true });
    const third = await as(admin, `${path}/resend`, {});
    expect((await look(tokenOf(third))).status).toBe(200);
    expect((await as(admin, path, undefined, 'DELETE')).status).toBe(204);
    expect(codeOf(await look(tokenOf(third)))).toBe('invitation-withdrawn');
    expect((await as(admin, path, undefined, 'DELETE')).status).toBe(404);
    expect((await as(admin, `${path}/resend`, {})).status).toBe(404);
    expect(await roleOf(email)).toBeNull();
  });

  test('that is past its time makes room for another; an open one does not', async () => {
    const email = address();
    await invite(admin, email);
    const twice = await invite(admin, email);
    expect([twice.status, codeOf(twice)]).toEqual([409, 'already-invited']);
    await changeRows(world, "UPDATE invitations SET expires_at = now() - interval '1 second' WHERE email = $1", [
      email,
    ]);
    expect((await invite(admin, email)).status).toBe(201);
    const both = address();
    const answers = await Promise.all([1, 2].map(() => invite(admin, both)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const member = await invite(admin, owner.email);
    expect([member.status, codeOf(member)]).toEqual([409, 'already-member']);
  });

  test.each([
    'nobody',
    'a@b@c',
    '"a b"@example.org',
    'a@example.org, b@example.org',
    'a@example.org\r\nBcc: b@example.org',
  ])('for %j is refused', async (email) => expect([400, 422]).toContain((await invite(admin, email)).status));
});

describe('nobody gives more than they have', () => {
  test.each<[Role, Role, number]>([
    ['owner', 'owner', 201],
    ['admin', 'owner', 403],
    ['admin', 'admin', 201],
    ['analyst', 'viewer', 403],
    ['viewer', 'viewer', 403],
  ])('%s invites %s: %i', async (who, role, status) => {
    const inviter = await somebody({ [acme.id]: who });
    expect((await invite(inviter, address(), role)).status).toBe(status);
  });

  test('also by sending again, or withdrawing, what an owner sent', async () => {
    const sent = await invite(owner, address(), 'owner');
    const path = `/api/v1/invitations/${sent.json.id}`;
    expect(codeOf(await as(admin, `${path}/resend`, {}))).toBe('owners-only');
    expect(codeOf(await as(admin, path, undefined, 'DELETE'))).toBe('owners-only');
    expect((await look(tokenOf(sent))).status).toBe(200);
  });

  test('also not afterwards: what somebody sent stands while they could send it', async () => {
    const boss = await somebody({ [acme.id]: 'owner' });
    const { members } = world.running.hub.records.forTenant(acme.id);
    const [asOwner, asAdmin] = [
      tokenOf(await invite(boss, address(), 'owner')),
      tokenOf(await invite(boss, address(), 'admin')),
    ];
    await members.setRole(boss.id, 'admin', ROLES);
    expect(codeOf(await look(asOwner))).toBe('invitation-withdrawn');
    expect((await look(asAdmin)).status).toBe(200);
    await members.remove(boss.id, ROLES);
    expect(codeOf(await accept(asAdmin, { name: 'Neo', password: PASSWORD }))).toBe('invitation-withdrawn');
    // Sent again by somebody else, it is theirs.
    const open = (await as(admin, '/api/v1/invitations')).json.invitations;
    const again = await as(admin, `/api/v1/invitations/${open.at(-1).id}/resend`, {});
    expect((await accept(tokenOf(again), { name: 'Neo', password: PASSWORD })).status).toBe(201);
  });

  test('operators invite into every tenant, and the invitation ends with their office', async () => {
    const { installation, unscoped, forTenant } = world.running.hub.records;
    const operator = await somebody({ [installation.id]: 'admin' });
    const sent = await invite(operator, address(), 'owner');
    expect((await look(tokenOf(sent))).status).toBe(200);
    await forTenant(installation.id).members.setRole(operator.id, 'analyst', ROLES);
    expect(codeOf(await look(tokenOf(sent)))).toBe('invitation-withdrawn');
    await forTenant(installation.id).members.setRole(operator.id, 'admin', ROLES);
    await unscoped.users.setDisabled(operator.id, true);
    expect(codeOf(await look(tokenOf(sent)))).toBe('invitation-withdrawn');
  });

  test('an operator without an account invites by the control socket', async () => {
    const email = address();
    const sent = await world.control('/api/v1/invitations?tenant=acme', { body: { email, role: 'owner' } });
    expect(sent.json).toMatchObject({ invited_by: null });
    expect((await accept(tokenOf(sent), { name: 'Neo', password: PASSWORD })).status).toBe(201);
    expect(await roleOf(email)).toBe('owner');
  });

  test('another tenant’s invitations are not there', async () => {
    const other = await world.tenant(`other-${(count += 1)}`);
    const stranger = await somebody({ [other.id]: 'owner' });
    const sent = await invite(admin, address());
    expect((await as(stranger, '/api/v1/invitations')).json.invitations).toEqual([]);
    expect((await as(stranger, `/api/v1/invitations/${sent.json.id}`, undefined, 'DELETE')).status).toBe(404);
    expect((await as(stranger, `/api/v1/invitations/${sent.json.id}/resend`, {})).status).toBe(404);
    expect((await as(stranger, '/api/v1/invitations?tenant=acme')).status).toBe(403);
    expect((await look(tokenOf(sent))).status).toBe(200);
  });
});

describe('somebody who has an account', () => {
  const stranger = () => somebody({});

  test('joins while logged in, by the token alone', async () => {
    const who = await stranger();
    const token = tokenOf(await invite(admin, who.email, 'viewer'));
    expect((await look(token)).json.account).toBe(true);
    const answer = await as(who, '/api/v1/invitations/accept', { token });
    expect([answer.status, answer.json.next]).toEqual([200, 'done']);
    expect((await as(who, '/api/v1/me')).json.tenants).toMatchObject([{ slug: 'acme', role: 'viewer' }]);
  });

  test('joins by the password, which opens no session: a log-in may ask for more', async () => {
    const who = await stranger();
    const token = tokenOf(await invite(admin, who.email));
    const none = await accept(token);
    expect([none.status, codeOf(none)]).toEqual([409, 'account-exists']);
    const wrong = await accept(token, { password: 'quite another sentence' });
    expect([wrong.status, codeOf(wrong)]).toEqual([401, 'wrong-credentials']);
    // What a new account would be given changes nothing of one that is there.
    const right = await accept(token, { password: who.password, name: 'Somebody else' });
    expect([right.status, right.json.next]).toEqual([200, 'log-in']);
    expect(right.json.user.name).not.toBe('Somebody else');
    expect(cookieOf(right)).toBe('');
    expect(await roleOf(who.email)).toBe('analyst');
  });

  test('is told when logged in as another, and nothing is used up', async () => {
    const [who, another] = [await stranger(), await stranger()];
    const token = tokenOf(await invite(admin, who.email));
    const answer = await as(another, '/api/v1/invitations/accept', { token, password: who.password });
    expect([answer.status, codeOf(answer)]).toEqual([409, 'other-account']);
    expect(answer.json.detail).toContain(another.email);
    expect([await roleOf(who.email), await roleOf(another.email)]).toEqual([null, null]);
    expect((await look(token)).status).toBe(200);
  });

  test('is not made to join by another site’s page', async () => {
    const who = await stranger();
    const token = tokenOf(await invite(admin, who.email));
    const cookie = who.cookie;
    const answer = await accept(token, {}, { cookie, origin: 'https://evil.example' });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'foreign-origin']);
    const fresh = tokenOf(await invite(admin, address()));
    const page = await accept(fresh, { name: 'Neo', password: PASSWORD }, { origin: 'https://evil.example' });
    expect([page.status, codeOf(page)]).toEqual([403, 'foreign-origin']);
  });

  test('who became a member meanwhile stays what they are', async () => {
    const who = await stranger();
    const token = tokenOf(await invite(owner, who.email, 'owner'));
    await changeRows(world, "INSERT INTO memberships (user_id, tenant_id, role) VALUES ($1, $2, 'viewer')", [
      who.id,
      acme.id,
    ]);
    const answer = await as(who, '/api/v1/invitations/accept', { token });
    expect(answer.json).toMatchObject({ role: 'viewer' });
    expect(await roleOf(who.email)).toBe('viewer');
  });

  test('and is disabled, joins nothing', async () => {
    const who = await stranger();
    const token = tokenOf(await invite(admin, who.email));
    await who.disable();
    const answer = await accept(token, { password: who.password });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'account-disabled']);
  });
});

describe('a tenant that may have so many people', () => {
  const limited = async (users: number) => {
    const tenant = await world.tenant(`small-${(count += 1)}`);
    const boss = await somebody({ [tenant.id]: 'owner' });
    const limit = async (most: number) => {
      const client = new pg.Client({ connectionString: await databaseUrl(world) });
      await client.connect();
      await client.query("ALTER TABLE vedette.tenants ADD COLUMN IF NOT EXISTS quota jsonb NOT NULL DEFAULT '{}'");
      await client.query("SELECT set_config('vedette.access', 'platform', false)");
      await client.query('UPDATE vedette.tenants SET quota = $1 WHERE id = $2', [{ users: most }, tenant.id]);
      await client.end();
    };
    await limit(users);
    return { tenant, boss, limit };
  };

  test('counts its members and open invitations, also of two sent at once', async () => {
    const { tenant, boss } = await limited(3);
    expect((await invite(boss, address(), 'viewer', tenant.slug)).status).toBe(201);
    const both = [address(), address()];
    const answers = await Promise.all(both.map((email) => invite(boss, email, 'viewer', tenant.slug)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const full = answers.find(({ status }) => status === 409) as Answer;
    expect(codeOf(full)).toBe('quota-exceeded');
    expect(full.json.detail).toBe('the tenant may have 3 people; it has 1, and 2 open invitations');
    const [first] = (await as(boss, '/api/v1/invitations')).json.invitations;
    await as(boss, `/api/v1/invitations/${first.id}`, undefined, 'DELETE');
    expect((await invite(boss, address(), 'viewer', tenant.slug)).status).toBe(201);
  });

  test('and fewer than before, takes in nobody until there is room', async () => {
    const { tenant, boss, limit } = await limited(2);
    const token = tokenOf(await invite(boss, address(), 'viewer', tenant.slug));
    await limit(1);
    const answer = await accept(token, { name: 'Neo', password: PASSWORD });
    expect([answer.status, codeOf(answer)]).toEqual([409, 'quota-exceeded']);
    await limit(2);
    expect((await accept(token, { name: 'Neo', password: PASSWORD })).status).toBe(201);
  });
});

test('nobody joins a suspended tenant', async () => {
  const tenant = await world.tenant(`still-${(count += 1)}`);
  const boss = await somebody({ [tenant.id]: 'owner' });
  const token = tokenOf(await invite(boss, address(), 'viewer', tenant.slug));
  await world.running.hub.records.unscoped.tenants.setSuspended(tenant.id, true);
  for (const answer of [await look(token), await accept(token, { name: 'Neo', password: PASSWORD })]) {
    expect([answer.status, codeOf(answer)]).toEqual([403, 'tenant-suspended']);
  }
});

test('guesses at tokens are bounded by network; a right one is not counted', async () => {
  const from = { 'x-forwarded-for': '203.0.113.9' };
  const token = tokenOf(await invite(admin, address()));
  const ask = (guess: string) => world.call('/api/v1/invitations/look', { body: { token: guess }, headers: from });
  for (let i = 0; i < 25; i++) expect((await ask(token)).status).toBe(200);
  const statuses = [];
  for (let i = 0; i < 25; i++) statuses.push((await ask(`vdi_${i}`)).status);
  expect(statuses.filter((status) => status === 404)).toHaveLength(20);
  const last = await ask(token);
  expect([last.status, Number(last.headers.get('retry-after')) > 0]).toEqual([429, true]);
});
