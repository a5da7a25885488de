import { afterAll, beforeAll, expect, test } from 'vitest';
import { appOf } from './support/authenticator-app.ts';
import { type Browser, openBrowser } from './support/browser.ts';
import { insertPerson, type Person } from './support/people.ts';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
let count = 0;

beforeAll(async () => {
  world = await startWorld({ VEDETTE_TRUSTED_PROXIES: '127.0.0.0/8' });
  acme = await world.tenant('acme');
});
afterAll(() => world.stop());

const someone = (): Promise<Person> => {
  count += 1;
  return insertPerson(world, { email: `p${count}@example.org`, name: `P ${count}`, roles: { [acme.id]: 'viewer' } });
};

const logIn = (browser: Browser, { email, password }: Person, from = '') =>
  browser.call('/api/v1/log-in', {
    body: { email, password },
    ...(from === '' ? {} : { headers: { 'x-forwarded-for': from } }),
  });
const show = (browser: Browser, code: string, from = '') =>
  browser.call('/api/v1/log-in/second-factor', {
    body: { code },
    ...(from === '' ? {} : { headers: { 'x-forwarded-for': from } }),
  });
const account = async (browser: Browser) => (await browser.call('/api/v1/account')).json;

/** Somebody who is logged in, with an app in force of which the present code was used. */
async function enrolled() {
  const person = await someone();
  const browser = openBrowser(world);
  await logIn(browser, person);
  const begun = await browser.call('/api/v1/account/totp', { body: { password: person.password } });
  const app = appOf(begun);
  const confirmed = await browser.call('/api/v1/account/totp/confirm', { body: { code: app.code() } });
  return { person, browser, app, codes: confirmed.json.recovery_codes as string[] };
}

test('an app is set up by the password, confirmed by its first code, and asked for from then on', async () => {
  const person = await someone();
  const browser = openBrowser(world);
  expect((await logIn(browser, person)).json).toEqual({ next: 'done' });
  expect((await browser.call('/api/v1/account/totp', { body: {} })).json.type).toMatch(/password-needed$/);
  const refused = await browser.call('/api/v1/account/totp', { body: { password: 'some other sentence' } });
  expect([refused.status, refused.json.type]).toEqual([403, 'urn:vedette:problem:wrong-password']);

  const begun = await browser.call('/api/v1/account/totp', { body: { password: person.password } });
  expect(begun.status).toBe(200);
  expect(begun.json.secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(new URL(begun.json.uri).searchParams.get('secret')).toBe(begun.json.secret);
  expect(begun.json.uri).toContain('otpauth://totp/Vedette%20127.0.0.1:');
  expect(begun.json.qr_svg).toMatch(/^<svg [^]*<\/svg>$/);
  // Nothing is asked for yet, and beginning again takes its place.
  expect((await account(browser)).two_factor).toEqual({ totp: false, passkeys: 0, recovery_codes_left: 0 });
  expect((await logIn(openBrowser(world), person)).json).toEqual({ next: 'done' });
  const again = await browser.call('/api/v1/account/totp', { body: { password: person.password } });
  expect(again.json.secret).not.toBe(begun.json.secret);

  const wrong = await browser.call('/api/v1/account/totp/confirm', { body: { code: appOf(begun).code() } });
  expect([wrong.status, wrong.json.type]).toEqual([422, 'urn:vedette:problem:wrong-code']);
  const app = appOf(again);
  const confirmed = await browser.call('/api/v1/account/totp/confirm', { body: { code: app.code() } });
  expect(confirmed.status).toBe(200);
  expect(new Set(confirmed.json.recovery_codes).size).toBe(10);
  expect((await account(browser)).two_factor).toEqual({ totp: true, passkeys: 0, recovery_codes_left: 10 });
  const twice = await browser.call('/api/v1/account/totp', { body: { password: person.password } });
  expect([twice.status, twice.json.type]).toEqual([409, 'urn:vedette:problem:totp-on']);

  const other = openBrowser(world);
  expect((await logIn(other, person)).json).toEqual({ next: 'second-factor', factors: ['totp', 'recovery'] });
  const halfway = other.cookie('vedette_session');
  for (const path of ['/api/v1/account', '/api/v1/traffic', '/api/v1/account/sessions']) {
    expect((await other.call(path)).json.type).toBe('urn:vedette:problem:second-factor');
  }
  expect((await show(other, app.code(1))).json).toEqual({ next: 'done' });
  expect(other.cookie('vedette_session')).not.toBe(halfway);
  expect((await account(other)).user.email).toBe(person.email);
  const { sessions } = (await other.call('/api/v1/account/sessions')).json;
  expect(sessions.find(({ current }: { current: boolean }) => current).factors).toEqual(['password', 'totp']);
  expect((await show(other, app.code(1))).json.type).toMatch(/not-waiting$/);
});

test('a code is good once, also for two who show it at the same moment', async () => {
  const { person, app } = await enrolled();
  const browsers = [openBrowser(world), openBrowser(world), openBrowser(world)];
  for (const browser of browsers) await logIn(browser, person);
  // The one that confirmed the app is used, too.
  expect((await show(browsers[0] as Browser, app.code())).json.type).toMatch(/wrong-code$/);
  const code = app.code(1);
  const answers = await Promise.all(browsers.map((browser) => show(browser, code)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
});

test('recovery codes stand in for the app, each once, however they are typed', async () => {
  const { person, codes, browser } = await enrolled();
  const [first = '', second = ''] = codes;
  const other = openBrowser(world);
  await logIn(other, person);
  expect((await show(other, ` ${first.toUpperCase().replaceAll('-', ' ')}`)).json).toEqual({ next: 'done' });
  expect((await account(other)).two_factor.recovery_codes_left).toBe(9);
  const third = openBrowser(world);
  await logIn(third, person);
  expect((await show(third, first)).status).toBe(401);
  // New ones take the place of those that are left.
  const made = await browser.call('/api/v1/account/recovery-codes', { body: { password: person.password } });
  expect(made.json.recovery_codes).toHaveLength(10);
  expect((await show(third, second)).status).toBe(401);
  expect((await show(third, made.json.recovery_codes[3])).status).toBe(200);
});

test('another person’s recovery code, or one without a log-in by password, is worth nothing', async () => {
  const { codes } = await enrolled();
  const { person } = await enrolled();
  const browser = openBrowser(world);
  expect((await show(browser, codes[0] as string)).status).toBe(401);
  await logIn(browser, person);
  expect((await show(browser, codes[0] as string)).status).toBe(401);
});

test('taking the app away needs the password, and takes the codes along', async () => {
  const { person, browser, codes } = await enrolled();
  const remove = (body: object) => browser.call('/api/v1/account/totp', { method: 'DELETE', body });
  expect((await remove({})).status).toBe(403);
  expect((await remove({ password: 'some other sentence' })).status).toBe(403);
  expect((await account(browser)).two_factor.totp).toBe(true);
  expect((await remove({ password: person.password })).status).toBe(204);
  expect((await remove({ password: person.password })).status).toBe(404);
  expect((await account(browser)).two_factor).toEqual({ totp: false, passkeys: 0, recovery_codes_left: 0 });
  expect((await logIn(openBrowser(world), person)).json).toEqual({ next: 'done' });
  expect(codes).toHaveLength(10);
  const none = await browser.call('/api/v1/account/recovery-codes', { body: { password: person.password } });
  expect([none.status, none.json.type]).toEqual([409, 'urn:vedette:problem:no-second-factor']);
});

test('whoever knows the password has few guesses, and none of the owner’s', async () => {
  const { person, browser, app } = await enrolled();
  const thief = openBrowser(world);
  const statuses: number[] = [];
  for (let i = 0; i < 14; i += 1) {
    const from = `198.51.${100 + i}.7`;
    if (i % 5 === 0) await logIn(thief, person, from);
    statuses.push((await show(thief, String(i).padStart(6, '0'), from)).status);
  }
  expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
  expect(statuses.slice(10)).toEqual(Array.from({ length: 4 }, () => 429));
  const late = await show(thief, '123456', '203.0.113.9');
  expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
  // In the browser that was there before, the owner goes on.
  await browser.call('/api/v1/log-out', { method: 'POST' });
  await logIn(browser, person);
  expect((await show(browser, app.code(1))).json).toEqual({ next: 'done' });
});

test('secrets are sealed in the database and open after the master key was rotated', async () => {
  const { person, app } = await enrolled();
  const before = await world.running.hub.records.factors.totp.find(person.id);
  const rotated = await world.running.hub.rotateKey();
  expect(rotated.resealed.find(({ place }) => place === 'totp.sealed')?.values).toBeGreaterThan(0);
  const after = await world.running.hub.records.factors.totp.find(person.id);
  expect(after?.sealed.equals(before?.sealed as Buffer)).toBe(false);
  const browser = openBrowser(world);
  await logIn(browser, person);
  expect((await show(browser, app.code(1))).json).toEqual({ next: 'done' });
});

test.each([
  ['POST', '/api/v1/account/totp', {}],
  ['POST', '/api/v1/account/totp/confirm', { code: '123456' }],
  ['DELETE', '/api/v1/account/totp', {}],
  ['POST', '/api/v1/account/recovery-codes', {}],
  ['POST', '/api/v1/log-in/second-factor', { code: '123456' }],
])('%s %s is for people only, from the dashboard', async (method, path, body) => {
  expect((await world.call(path, { method, body })).status).toBe(401);
  expect((await world.call(path, { method, body, key: acme.keys.admin })).status).toBe(403);
  const browser = openBrowser(world);
  await logIn(browser, await someone());
  expect((await browser.call(path, { method, body, headers: { origin: 'https://evil.example' } })).status).toBe(403);
});

test.each(['/api/v1/log-in/sso', '/api/v1/log-in/sso/callback'])(
  'without a provider there is no single sign-on (%s)',
  async (path) => {
    const answer = await world.call(path);
    expect([answer.status, answer.json.type]).toEqual([404, 'urn:vedette:problem:no-sso']);
  },
);
