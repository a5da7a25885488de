import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Authenticator, createAuthenticator, type Oddity } from './emulators/authenticator.ts';
import { entriesOf } from './support/audit.ts';
import { type Browser, openBrowser } from './support/browser.ts';
import { insertPerson, type Person } from './support/people.ts';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
/** Where people open a hub that listens on loopback, so that there are passkeys. */
let page: string;
let count = 0;

beforeAll(async () => {
  world = await startWorld();
  acme = await world.tenant('acme');
  page = world.url.replace('127.0.0.1', 'localhost');
});
afterAll(() => world.stop());

const someone = (): Promise<Person> => {
  count += 1;
  return insertPerson(world, { email: `k${count}@example.org`, name: `K ${count}`, roles: { [acme.id]: 'viewer' } });
};
const open = (): Browser => openBrowser(world, page);
const logIn = (browser: Browser, { email, password }: Person) =>
  browser.call('/api/v1/log-in', { body: { email, password } });
const account = async (browser: Browser) => (await browser.call('/api/v1/account')).json;

async function add(browser: Browser, device: Authenticator, password: string, odd: Oddity = {}, name = 'Laptop') {
  const options = await browser.call('/api/v1/account/passkeys/options', { body: { password } });
  if (options.status !== 200) return options;
  const body = { name, response: device.create(options.json, odd) };
  return browser.call('/api/v1/account/passkeys', { body });
}

async function enter(browser: Browser, device: Authenticator, odd: Oddity = {}) {
  const options = await browser.call('/api/v1/log-in/passkey/options', { method: 'POST' });
  if (options.status !== 200) return options;
  return browser.call('/api/v1/log-in/passkey', { body: { response: device.get(options.json, odd) } });
}

/** Somebody with a passkey, and the browser in which it was added. */
async function enrolled(counts = true) {
  const person = await someone();
  const browser = open();
  await logIn(browser, person);
  const device = createAuthenticator(page, { counts });
  const added = await add(browser, device, person.password);
  return { person, browser, device, passkey: added.json.passkey, codes: added.json.recovery_codes as string[] };
}

describe('a passkey', () => {
  test('is added after the password was given once more, and logs in without it', async () => {
    const person = await someone();
    const browser = open();
    await logIn(browser, person);
    const device = createAuthenticator(page);
    expect((await add(browser, device, 'some other sentence')).json.type).toMatch(/wrong-password$/);
    const options = await browser.call('/api/v1/account/passkeys/options', { body: { password: person.password } });
    expect(options.json).toMatchObject({
      rp: { id: 'localhost', name: 'Vedette' },
      user: { name: person.email, displayName: expect.stringMatching(/^K \d+$/) },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    });
    const added = await add(browser, device, person.password);
    expect(added.status).toBe(201);
    expect(added.json).toEqual({
      passkey: { id: expect.any(String), name: 'Laptop', created: expect.any(String), last_used: null, synced: false },
      recovery_codes: expect.any(Array),
    });
    expect(added.json.recovery_codes).toHaveLength(10);

    const other = open();
    expect((await enter(other, device)).json).toEqual({ next: 'done' });
    expect((await account(other)).user.email).toBe(person.email);
    const { sessions } = (await other.call('/api/v1/account/sessions')).json;
    expect(sessions.find(({ current }: { current: boolean }) => current).factors).toEqual(['passkey']);
    expect((await entriesOf(world, 'acme', 'session.open'))[0]).toMatchObject({
      actor: { kind: 'user', id: person.id },
      detail: { by: 'passkey' },
      outcome: 'done',
    });
    const [listed] = (await other.call('/api/v1/account/passkeys')).json.passkeys;
    expect(listed.last_used).not.toBeNull();
  });

  test('is asked for after the password, or a recovery code is', async () => {
    const { person, device, codes } = await enrolled();
    const browser = open();
    expect((await logIn(browser, person)).json).toEqual({ next: 'second-factor', factors: ['passkey', 'recovery'] });
    expect((await browser.call('/api/v1/account')).status).toBe(401);
    // After a password nobody needs a PIN besides.
    expect((await enter(browser, device, { verified: false })).json).toEqual({ next: 'done' });
    expect((await account(browser)).two_factor).toEqual({ totp: false, passkeys: 1, recovery_codes_left: 10 });
    const lost = open();
    await logIn(lost, person);
    const shown = await lost.call('/api/v1/log-in/second-factor', { body: { code: codes[0] } });
    expect(shown.json).toEqual({ next: 'done' });
  });

  test('of somebody else completes nobody’s log-in', async () => {
    const mallory = await enrolled();
    const { person } = await enrolled();
    const browser = open();
    await logIn(browser, person);
    const options = await browser.call('/api/v1/log-in/passkey/options', { method: 'POST' });
    const response = mallory.device.get({ ...options.json, allowCredentials: [] });
    const answer = await browser.call('/api/v1/log-in/passkey', { body: { response } });
    expect([answer.status, answer.json.type]).toEqual([401, 'urn:vedette:problem:unknown-passkey']);
    expect((await browser.call('/api/v1/account')).status).toBe(401);
  });

  test('has a name, which can be changed, and can be taken away by its owner only', async () => {
    const { person, browser, device, passkey } = await enrolled();
    const stranger = await enrolled();
    const path = `/api/v1/account/passkeys/${passkey.id}`;
    for (const body of [{ name: '' }, { name: '   ' }, {}, { name: 'x'.repeat(101) }]) {
      expect((await browser.call(path, { method: 'PATCH', body })).status).toBe(400);
    }
    expect((await browser.call(path, { method: 'PATCH', body: { name: ' Phone ' } })).json.name).toBe('Phone');
    expect((await stranger.browser.call(path, { method: 'PATCH', body: { name: 'x' } })).status).toBe(404);
    const theirs = { method: 'DELETE', body: { password: stranger.person.password } };
    expect((await stranger.browser.call(path, theirs)).status).toBe(404);
    expect((await browser.call(path, { method: 'DELETE', body: {} })).status).toBe(403);
    const remove = { method: 'DELETE', body: { password: person.password } };
    expect((await browser.call(path, remove)).status).toBe(204);
    expect((await browser.call(path, remove)).status).toBe(404);
    expect((await enter(open(), device)).json.type).toMatch(/unknown-passkey$/);
    // It was the last factor: the codes are gone, and the password is enough.
    expect((await account(browser)).two_factor).toEqual({ totp: false, passkeys: 0, recovery_codes_left: 0 });
    expect((await logIn(open(), person)).json).toEqual({ next: 'done' });
  });

  test('is added once, and another one gives no new recovery codes', async () => {
    const { person, browser, device } = await enrolled();
    await expect(add(browser, device, person.password)).rejects.toThrow('InvalidStateError');
    const options = await browser.call('/api/v1/account/passkeys/options', { body: { password: person.password } });
    const response = device.create({ ...options.json, excludeCredentials: [] });
    Object.assign(response, { id: device.credentials[0]?.id.toString('base64url') });
    expect((await browser.call('/api/v1/account/passkeys', { body: { name: 'x', response } })).status).toBe(422);
    const second = await add(browser, createAuthenticator(page, { counts: false }), person.password);
    expect(second.json).toMatchObject({ passkey: { synced: true }, recovery_codes: null });
    expect((await browser.call('/api/v1/account/passkeys')).json.passkeys).toHaveLength(2);
  });

  test('of a disabled account says so to whoever has it', async () => {
    const { person, device } = await enrolled();
    await person.disable();
    expect((await enter(open(), device)).json.type).toMatch(/account-disabled$/);
  });
});

describe('what does not answer the options is refused', () => {
  test.each<[string, Oddity]>([
    ['a page of another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://localhost:1' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['another challenge', { challenge: Buffer.alloc(32, 1).toString('base64url') }],
    ['another ceremony', { type: 'webauthn.get' }],
    ['nobody touched it', { present: false, verified: false }],
    ['no PIN or fingerprint', { verified: false }],
  ])('when one is made: %s', async (_, odd) => {
    const person = await someone();
    const browser = open();
    await logIn(browser, person);
    const answer = await add(browser, createAuthenticator(page), person.password, odd);
    expect([answer.status, answer.json.type]).toEqual([422, 'urn:vedette:problem:passkey-refused']);
    expect((await account(browser)).two_factor.passkeys).toBe(0);
  });

  test.each<[string, Oddity]>([
    ['a page of another site', { origin: 'https://evil.example' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['another challenge', { challenge: Buffer.alloc(32, 1).toString('base64url') }],
    ['another ceremony', { type: 'webauthn.create' }],
    ['nobody touched it', { present: false }],
    ['no PIN or fingerprint', { verified: false }],
    ['another key', { otherKey: true }],
    ['a counter that stands still', { counter: 1 }],
  ])('at a log-in: %s', async (_, odd) => {
    const { person, device } = await enrolled();
    const browser = open();
    const answer = await enter(browser, device, odd);
    expect([answer.status, answer.json.type]).toEqual([401, 'urn:vedette:problem:passkey-refused']);
    expect((await entriesOf(world, 'acme', 'session.open'))[0]).toMatchObject({
      target: person.email,
      detail: { by: 'passkey', reason: 'passkey-refused' },
      outcome: 'refused',
    });
    expect(browser.cookie('vedette_session')).toBeUndefined();
    expect((await enter(browser, device)).json).toEqual({ next: 'done' });
  });

  test('an authenticator that does not count is believed, until it begins to', async () => {
    const { device } = await enrolled(false);
    expect((await enter(open(), device)).status).toBe(200);
    expect((await enter(open(), device)).status).toBe(200);
    expect((await enter(open(), device, { counter: 5 })).status).toBe(200);
    expect((await enter(open(), device, { counter: 0 })).status).toBe(401);
  });

  test('an answer is good once, in the browser that asked, for what it was asked for', async () => {
    const { person, browser: own, device } = await enrolled();
    const browser = open();
    const options = await browser.call('/api/v1/log-in/passkey/options', { method: 'POST' });
    const cookie = `vedette_challenge=${browser.cookie('vedette_challenge')}`;
    const body = { response: device.get(options.json) };
    const replay = { body, headers: { cookie } };
    expect((await open().call('/api/v1/log-in/passkey', { body })).json.type).toMatch(/passkey-expired$/);
    expect((await browser.call('/api/v1/log-in/passkey', { body })).status).toBe(200);
    expect((await open().call('/api/v1/log-in/passkey', replay)).json.type).toMatch(/passkey-expired$/);
    // What was begun to add a passkey logs nobody in.
    const creation = await own.call('/api/v1/account/passkeys/options', { body: { password: person.password } });
    const response = device.get({ challenge: creation.json.challenge, rpId: 'localhost' });
    const challenge = { cookie: `vedette_challenge=${own.cookie('vedette_challenge')}` };
    const other = await open().call('/api/v1/log-in/passkey', { body: { response }, headers: challenge });
    expect(other.json.type).toMatch(/passkey-expired$/);
  });
});

test('an operator takes the factors away from who has lost them, and ends their sessions', async () => {
  const { person, browser, device } = await enrolled();
  const admin = await someone();
  const path = `/api/v1/people/${person.id}/reset-factors`;
  const other = open();
  await logIn(other, admin);
  expect((await other.call(path, { method: 'POST' })).status).toBe(403);
  expect((await browser.call(path, { method: 'POST' })).status).toBe(403);
  expect((await world.control('/api/v1/people/x/reset-factors', { method: 'POST' })).status).toBe(404);
  expect((await world.control(path, { method: 'POST' })).json.email).toBe(person.email);
  expect((await browser.call('/api/v1/account')).status).toBe(401);
  expect((await enter(open(), device)).json.type).toMatch(/unknown-passkey$/);
  expect((await logIn(browser, person)).json).toEqual({ next: 'done' });
  expect((await account(browser)).two_factor).toEqual({ totp: false, passkeys: 0, recovery_codes_left: 0 });
});

describe('where there are passkeys', () => {
  test('is said, with the right address where this is another one', async () => {
    const there = open();
    expect((await there.call('/api/v1/log-in')).json).toMatchObject({ passkeys: true, sso: null });
    const elsewhere = openBrowser(world);
    expect((await elsewhere.call('/api/v1/log-in')).json.passkeys).toBe(false);
    const answer = await elsewhere.call('/api/v1/log-in/passkey/options', { method: 'POST' });
    expect(answer.status).toBe(409);
    expect(answer.json.detail).toContain(`belong to ${page}`);
  });

  test('the cookie of a ceremony is Strict, and goes when it is over', async () => {
    const { device } = await enrolled();
    const browser = open();
    await enter(browser, device);
    const cookies = browser.told.filter((text) => text.startsWith('vedette_challenge='));
    expect(cookies).toEqual([
      expect.stringMatching(/^vedette_challenge=vdc_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=300$/),
      expect.stringMatching(/^vedette_challenge=; .*Max-Age=0$/),
    ]);
  });

  test('nobody begins without bound', async () => {
    const statuses = new Set<number>();
    for (let i = 0; i < 120; i += 1) {
      statuses.add((await open().call('/api/v1/log-in/passkey/options', { method: 'POST' })).status);
    }
    expect([...statuses]).toEqual([200, 429]);
  });
});
