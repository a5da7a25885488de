import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAuthenticator } from './emulators/authenticator.ts';
import { type OidcEmulator, startOidc } from './emulators/oidc.ts';
import { headerOf, partOf, type ReceivedMail, type SmtpEmulator, startSmtp } from './emulators/smtp.ts';
import { appOf } from './support/authenticator-app.ts';
import { type Browser, openBrowser } from './support/browser.ts';
import { insertPerson, type Person } from './support/people.ts';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let smtp: SmtpEmulator;
let provider: OidcEmulator;
let world: World;
let acme: WorldTenant;
/** Where people open a hub that listens on loopback, so that there are passkeys. */
let page: string;
let count = 0;

beforeAll(async () => {
  smtp = await startSmtp({ tls: 'none' });
  provider = await startOidc();
  world = await startWorld({
    VEDETTE_SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
    VEDETTE_MAIL_FROM: 'Vedette <hub@example.com>',
    VEDETTE_OIDC_ISSUER: provider.issuer,
    VEDETTE_OIDC_CLIENT_ID: provider.clientId,
    VEDETTE_OIDC_CLIENT_SECRET: provider.clientSecret as string,
    VEDETTE_OIDC_NAME: 'Example Staff',
    VEDETTE_OUTBOUND_ALLOW: '127.0.0.1',
  });
  acme = await world.tenant('acme');
  page = world.url.replace('127.0.0.1', 'localhost');
});
afterAll(async () => {
  await world?.stop();
  await provider?.close();
  await smtp?.close();
});
beforeEach(() => {
  smtp.mails.length = 0;
});

interface Somebody extends Person {
  browser: Browser;
}

/** Somebody who is logged in. */
async function somebody(locale: string | null = null): Promise<Somebody> {
  count += 1;
  const person = await insertPerson(world, {
    email: `f${count}@example.org`,
    name: `F${count}`,
    roles: { [acme.id]: 'viewer' },
  });
  await world.running.hub.records.accounts.change(person.id, { locale });
  const browser = openBrowser(world, page);
  await browser.call('/api/v1/log-in', { body: { email: person.email, password: person.password } });
  return { ...person, browser };
}

const textOf = ({ raw }: ReceivedMail) => partOf(raw, 'text/plain');
const subjects = () => smtp.mails.map(({ raw }) => headerOf(raw, 'subject'));
/** Waits until no mail is on its way, and takes what came. */
async function taken(): Promise<ReceivedMail[]> {
  const { mails } = world.running.hub.records.unscoped;
  await expect.poll(async () => (await mails.waiting(Date.now() + 1000)).length, { timeout: 20_000 }).toBe(0);
  return smtp.mails.splice(0);
}
/** The one mail that came of a change, to whom it concerns. */
async function notice({ email }: Person): Promise<ReceivedMail> {
  await expect.poll(() => subjects().length, { timeout: 20_000 }).toBe(1);
  const mails = await taken();
  expect(mails.map(({ to }) => to)).toEqual([[email]]);
  return mails[0] as ReceivedMail;
}
async function enrol({ browser, password }: Somebody) {
  const begun = await browser.call('/api/v1/account/totp', { body: { password } });
  const confirmed = await browser.call('/api/v1/account/totp/confirm', { body: { code: appOf(begun).code() } });
  expect(confirmed.status).toBe(200);
  return [begun.json.secret as string, ...(confirmed.json.recovery_codes as string[])];
}

describe('a person is told by mail', () => {
  test('of another password', async () => {
    const ada = await somebody();
    const body = { current: ada.password, password: 'an entirely new sentence' };
    expect((await ada.browser.call('/api/v1/account/password', { body })).status).toBe(204);
    const mail = await notice(ada);
    expect(headerOf(mail.raw, 'subject')).toBe('Your password was changed');
    expect(textOf(mail)).not.toContain(body.password);
  });

  test('of an authenticator app and of recovery codes, without what is secret of them', async () => {
    const ben = await somebody();
    const secrets = await enrol(ben);
    const added = await notice(ben);
    expect(headerOf(added.raw, 'subject')).toBe('An authenticator app was set up');
    expect(textOf(added)).toContain(`${page}/account`);

    const body = { password: ben.password };
    secrets.push(...(await ben.browser.call('/api/v1/account/recovery-codes', { body })).json.recovery_codes);
    const replaced = await notice(ben);
    expect(headerOf(replaced.raw, 'subject')).toBe('New recovery codes were made');

    const gone = await ben.browser.call('/api/v1/account/totp', { method: 'DELETE', body });
    expect(gone.status).toBe(204);
    const removed = await notice(ben);
    expect(headerOf(removed.raw, 'subject')).toBe('Your authenticator app was removed');

    expect(secrets).toHaveLength(21);
    for (const mail of [added, replaced, removed]) {
      const said = `${textOf(mail)}${partOf(mail.raw, 'text/html')}`;
      for (const secret of secrets) expect(said).not.toContain(secret);
    }
  });

  test('of a passkey, by its name, in the language of the account', async () => {
    const cleo = await somebody('de-AT');
    const device = createAuthenticator(page);
    const options = await cleo.browser.call('/api/v1/account/passkeys/options', { body: { password: cleo.password } });
    const body = { name: 'Cleos Telefon', response: device.create(options.json) };
    const { passkey } = (await cleo.browser.call('/api/v1/account/passkeys', { body })).json;
    const added = await notice(cleo);
    expect(headerOf(added.raw, 'subject')).toBe('Ein Passkey wurde hinzugefügt');
    expect(textOf(added)).toContain('„Cleos Telefon“');

    await cleo.browser.call(`/api/v1/account/passkeys/${passkey.id}`, {
      method: 'DELETE',
      body: { password: cleo.password },
    });
    const removed = await notice(cleo);
    expect(headerOf(removed.raw, 'subject')).toBe('Ein Passkey wurde entfernt');
    expect(textOf(removed)).toContain('„Cleos Telefon“');
  });

  test('of factors that an operator took away, once, and not when there were none', async () => {
    const dan = await somebody();
    await enrol(dan);
    await notice(dan);
    const reset = () => world.control(`/api/v1/people/${dan.id}/reset-factors`, { method: 'POST' });
    expect((await reset()).status).toBe(200);
    const mail = await notice(dan);
    expect(headerOf(mail.raw, 'subject')).toBe('Your second factors were taken away');
    expect(textOf(mail)).toContain('an operator');
    expect((await reset()).status).toBe(200);
    expect(await taken()).toEqual([]);
  });

  test('of single sign-on that opens an account it did not open before, once', async () => {
    const eve = await somebody();
    provider.person = { sub: 'eve over there', email: eve.email, email_verified: true, name: 'Eve' };
    const enter = async () => {
      const browser = openBrowser(world);
      const away = (await browser.call('/api/v1/log-in/sso')).headers.get('location') as string;
      const back = (await fetch(away, { redirect: 'manual' })).headers.get('location') as string;
      const { pathname, search } = new URL(back);
      return browser.call(`${pathname}${search}`);
    };
    expect((await enter()).status).toBe(200);
    const mail = await notice(eve);
    expect(headerOf(mail.raw, 'subject')).toBe('Your account can be logged in to by Example Staff');
    expect((await enter()).status).toBe(200);
    expect(await taken()).toEqual([]);
  });

  test('of nothing that did not happen', async () => {
    const fay = await somebody();
    const { browser, password } = fay;
    const wrong = { body: { password: 'some other sentence' } };
    expect((await browser.call('/api/v1/account/totp', wrong)).status).toBe(403);
    await browser.call('/api/v1/account/totp', { body: { password } });
    expect((await browser.call('/api/v1/account/totp/confirm', { body: { code: '000000' } })).status).toBe(422);
    // Set-up that was begun and given up was never in force.
    const begun = { method: 'DELETE', body: { password } } as const;
    expect((await browser.call('/api/v1/account/totp', begun)).status).toBe(204);
    expect((await browser.call('/api/v1/account/totp', begun)).status).toBe(404);
    const missing = `/api/v1/account/passkeys/${fay.id}`;
    expect((await browser.call(missing, begun)).status).toBe(404);
    expect(await taken()).toEqual([]);
  });
});
