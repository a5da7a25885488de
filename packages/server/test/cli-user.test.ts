import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf } from './support/cookies.ts';
import { insertPerson } from './support/people.ts';
import { runVedette } from './support/serve.ts';
import { startWorld, type World } from './support/world.ts';

const PASSWORD = 'a sentence to begin with';
let world: World;

beforeAll(async () => {
  world = await startWorld();
  await world.tenant('acme');
});
afterAll(() => world.stop());

const user = (...words: string[]) => runVedette(['user', ...words, '--data', join(world.dir, 'data')]);
const logIn = (email: string, password: string) => world.call('/api/v1/log-in', { body: { email, password } });
const choose = (url: string, password: string) => {
  const token = new URL(url.trim()).hash.slice(1);
  return world.call('/api/v1/password-resets/redeem', { body: { token, password } });
};

test('an account is made with a link, by which its person chooses a password', async () => {
  const made = await user('create', 'Ada@Example.org', '--name', 'Ada', '--role', 'admin', '--tenant', 'acme');
  expect(made).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^http:\/\/\S+\/password-reset#vdr_[\w-]{43}\n$/),
  });
  expect(made.stderr).toContain('Made the account ada@example.org');
  expect((await choose(made.stdout, PASSWORD)).status).toBe(204);
  expect((await logIn('ada@example.org', PASSWORD)).status).toBe(200);
  const twice = await user('create', 'ada@example.org', '--name', 'Ada');
  expect(twice).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('has an account already') });
});

test('a password is reset by a link; the present one works until then', async () => {
  await insertPerson(world, { email: 'ben@example.org', name: 'Ben', roles: {} });
  const reset = await user('reset', 'BEN@example.org', '--json');
  const { url, user: account } = JSON.parse(reset.stdout);
  expect(account).toMatchObject({ email: 'ben@example.org', tenants: [] });
  expect((await logIn('ben@example.org', 'the usual sentence of tests')).status).toBe(200);
  expect((await choose(url, PASSWORD)).status).toBe(204);
  expect((await logIn('ben@example.org', 'the usual sentence of tests')).status).toBe(401);
  expect(codeOf(await choose(url, PASSWORD))).toBe('reset-used');
});

test('accounts are listed, disabled and enabled', async () => {
  await insertPerson(world, { email: 'cat@example.org', name: 'Cat', roles: {} });
  expect(await user('disable', 'cat@example.org')).toMatchObject({ code: 0, stdout: /Disabled cat@example.org/ });
  expect((await logIn('cat@example.org', 'the usual sentence of tests')).status).toBe(403);
  expect(await user('reset', 'cat@example.org')).toMatchObject({ code: 1, stderr: /disabled/ });
  const list = await user('list');
  expect(list.stdout).toMatch(/^EMAIL +NAME +TENANTS/);
  expect(list.stdout).toMatch(/^cat@example\.org +Cat +- .*disabled \d{4}-/m);
  expect(await user('enable', 'cat@example.org')).toMatchObject({ code: 0 });
  const users: { email: string; disabled: null }[] = JSON.parse((await user('list', '--json')).stdout);
  expect(users.find(({ email }) => email === 'cat@example.org')).toMatchObject({ disabled: null });
});

test('an account is given another address at once; its sessions go on', async () => {
  const eva = await insertPerson(world, { email: 'eva@example.org', name: 'Eva', roles: {} });
  const cookie = await eva.session('full');
  const changed = await user('email', 'EVA@example.org', 'Eva.New@example.org');
  expect(changed).toMatchObject({ code: 0, stdout: 'Eva logs in with eva.new@example.org now\n', stderr: '' });
  expect((await world.call('/api/v1/me', { headers: { cookie } })).json.user.email).toBe('eva.new@example.org');
  expect((await logIn('eva@example.org', eva.password)).status).toBe(401);
  expect((await logIn('eva.new@example.org', eva.password)).status).toBe(200);
  await insertPerson(world, { email: 'taken@example.org', name: 'Taken', roles: {} });
  const taken = await user('email', 'eva.new@example.org', 'taken@example.org');
  expect(taken).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('belongs to another account') });
  const own = await world.call('/api/v1/account/email-change', {
    body: { email: 'eva3@example.org', password: eva.password },
    headers: { cookie, origin: world.url },
  });
  expect([own.status, codeOf(own)]).toEqual([409, 'no-mail']);
  expect(own.json.detail).toContain('vedette user email');
});

test('sessions of a person are ended, and those of everybody', async () => {
  const fay = await insertPerson(world, { email: 'fay@example.org', name: 'Fay', roles: {} });
  const gus = await insertPerson(world, { email: 'gus@example.org', name: 'Gus', roles: {} });
  const cookies = [await fay.session('full'), await fay.session('full'), await gus.session('full')];
  const statuses = () =>
    Promise.all(cookies.map(async (cookie) => (await world.call('/api/v1/me', { headers: { cookie } })).status));
  expect(await user('end-sessions', 'fay@example.org')).toMatchObject({ code: 0, stdout: '2 sessions have ended\n' });
  expect(await statuses()).toEqual([401, 401, 200]);
  const all = await user('end-sessions', '--everybody', '--json');
  expect(all.code).toBe(0);
  expect(JSON.parse(all.stdout).ended).toBeGreaterThanOrEqual(1);
  expect(await statuses()).toEqual([401, 401, 401]);
});

test.each([
  [['create', 'dan@example.org'], '--name'],
  [['create', 'dan@example.org', '--name', 'Dan', '--role', 'king'], 'one of owner, admin'],
  [['create', 'dan@example.org', '--name', 'Dan', '--tenant', 'acme'], 'goes with --role'],
  [['create', 'dan@example.org', '--name', 'Dan', '--role', 'viewer', '--tenant', 'nowhere'], 'there is no tenant'],
  [['create'], 'name one person'],
  [['reset', 'nobody@example.org'], 'no account has'],
  [['disable', 'nobody@example.org'], 'no account has'],
  [['list', 'all'], 'takes no words'],
  [['reset', 'dan@example.org', '--role', 'owner'], 'goes with create'],
  [['remove', 'dan@example.org'], 'knows no'],
] as const)('%j is wrong usage', async (words, why) => {
  expect(await user(...words)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(why) });
});

test('links that are as good as an account are not to be had over the network', async () => {
  const { id } = world.running.hub.records.installation;
  const op = await insertPerson(world, { email: 'op@example.org', name: 'Op', roles: { [id]: 'owner' } });
  const headers = { cookie: await op.session('full'), origin: world.url };
  for (const path of ['/api/v1/users/ada@example.org/password-link', '/api/v1/users']) {
    const answer = await world.call(path, { method: 'POST', headers, body: { email: 'x@example.org', name: 'X' } });
    expect([404, 405]).toContain(answer.status);
  }
});

test('a hub without a mail server says who makes the link', async () => {
  const answer = await world.call('/api/v1/password-resets', { body: { email: 'ada@example.org' } });
  expect([answer.status, codeOf(answer)]).toEqual([409, 'no-mail']);
  expect(answer.json.detail).toContain('vedette user reset');
  expect((await world.call('/api/v1/log-in')).json.mail).toBe(false);
});

test('a tag is printed for any host, and of one that no tenant has it is said', async () => {
  const tag = (host: string) => runVedette(['snippet', '--domain', host, '--data', join(world.dir, 'data')]);
  const unknown = await tag('www.acme.example:8443');
  expect(unknown).toMatchObject({ code: 0, stdout: expect.stringContaining('data-domain="www.acme.example:8443"') });
  expect(unknown.stderr).toContain('vedette domain add www.acme.example --tenant T');
  const acme = await world.running.hub.records.unscoped.tenants.find('acme');
  if (acme === null) throw new Error('there is no tenant acme');
  await world.running.hub.records.forTenant(acme.id).domains.add('*.acme.example');
  expect((await tag('www.acme.example:8443')).stderr).toBe('');
  expect((await tag('acme.example')).stderr).toContain('no tenant has the host acme.example');
});
