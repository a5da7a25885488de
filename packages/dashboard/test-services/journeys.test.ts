import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OidcEmulator, startOidc } from '../../server/test/emulators/oidc.ts';
import { partOf, type SmtpEmulator, startSmtp } from '../../server/test/emulators/smtp.ts';
import { buildDashboard, chooseTenant, hasChromium, launch, PATIENCE, type Visit, visit } from './browser.ts';
import { type RunningHub, startHub } from './hub-process.ts';
import {
  addPasskeyDevice,
  authenticatorApp,
  choose,
  copyShown,
  heading,
  inside,
  logIn,
  logOut,
  openAccount,
  toast,
} from './visitor.ts';

const ANNA = { email: 'anna@example.org', name: 'Anna Lind', password: 'four random words here' };
const BEN = { email: 'ben@acme.example', name: 'Ben Acker', password: 'seven other words of mine' };

// One hub, whose people come one after another: each journey goes on where the one before ended.
describe.skipIf(!hasChromium)('journeys through a hub', () => {
  let smtp: SmtpEmulator;
  let provider: OidcEmulator;
  let hub: RunningHub;
  let browser: Browser;
  /** The operator's browser, and whatever others are open. */
  let anna: Visit;
  let ben: Visit;
  const visits: Visit[] = [];

  const open = async (path: string, prepare?: (page: Page) => Promise<unknown>): Promise<Visit> => {
    const made = await visit(browser, new URL(path, hub.url).href, {}, prepare);
    made.page.setDefaultTimeout(PATIENCE.timeout);
    visits.push(made);
    return made;
  };

  beforeAll(async () => {
    buildDashboard();
    [smtp, provider, browser] = await Promise.all([startSmtp({ tls: 'none' }), startOidc(), launch()]);
    hub = await startHub({
      VEDETTE_SMTP_URL: `smtp://${smtp.host}:${smtp.port}`,
      VEDETTE_MAIL_FROM: 'Vedette <vedette@example.org>',
      VEDETTE_OIDC_ISSUER: provider.issuer,
      VEDETTE_OIDC_CLIENT_ID: provider.clientId,
      VEDETTE_OIDC_CLIENT_SECRET: provider.clientSecret ?? '',
      VEDETTE_OIDC_NAME: 'Example ID',
      VEDETTE_OUTBOUND_ALLOW: '127.0.0.1',
    });
    anna = await open(hub.link);
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
    await Promise.all([smtp?.close(), provider?.close()]);
  });
  afterEach(() => {
    expect(visits.flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  it('first run: the one-time link leads to the first account, which a password opens again', async () => {
    const { page } = anna;
    await heading(page, 'Welcome to Vedette');
    await page.getByLabel('E-mail address').fill(ANNA.email);
    await page.getByLabel('Your name').fill(ANNA.name);
    await page.getByLabel('Password', { exact: true }).fill(ANNA.password);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await heading(page, 'First steps');
    await inside(page, ANNA.name);
    await logOut(page);
    await logIn(page, ANNA.email, 'four other words here');
    await page.getByRole('alert').getByText('No account has this e-mail address and password.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(ANNA.password);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await inside(page, ANNA.name);
    // The link was good once, and for this browser only.
    const other = await open(hub.link);
    await other.page.getByText(/link/i).first().waitFor();
    await other.page.goto(hub.url);
    await heading(other.page, 'Log in');
    await other.close();
  });

  it('TOTP: an authenticator app is set up, then asked for; a recovery code lets in in its place, once', async () => {
    const { page } = anna;
    await openAccount(page);
    await page.getByRole('button', { name: 'Set up…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Your password').fill(ANNA.password);
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
    const code = authenticatorApp(await dialog.locator('.command code').innerText());
    await dialog.getByLabel('Code that the app shows').fill(code());
    await dialog.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
    const [recovery = '', ...others] = (await dialog.locator('.codes').innerText()).split('\n');
    expect(others).toHaveLength(9);
    const done = dialog.getByRole('button', { name: 'Done' });
    await expect.poll(() => done.isDisabled()).toBe(true);
    await dialog.getByLabel('I have kept them').check();
    await done.click();
    await page.getByText('On: a one-time code is asked for after the password.').waitFor();

    await logOut(page);
    await logIn(page, ANNA.email, ANNA.password);
    await heading(page, 'Second step');
    await page.getByLabel('One-time code').fill('000000');
    await page.getByRole('alert').getByText('This code is not right').waitFor();
    await page.getByLabel('One-time code').fill(code());
    await inside(page, ANNA.name);

    const useRecovery = async () => {
      await logOut(page);
      await logIn(page, ANNA.email, ANNA.password);
      await page.getByRole('button', { name: 'Use a recovery code instead' }).click();
      await page.getByLabel('Recovery code').fill(recovery);
      await page.keyboard.press('Enter');
    };
    await useRecovery();
    await inside(page, ANNA.name);
    await openAccount(page);
    await page.getByText('9 codes left.').waitFor();
    await useRecovery();
    await page.getByRole('alert').getByText('This code is not right').waitFor();
    await page.getByRole('button', { name: 'Use a one-time code instead' }).click();
    await page.getByLabel('One-time code').fill(code());
    await inside(page, ANNA.name);
  });

  it('passkey: one that was added in Account opens it alone', async () => {
    const { page } = anna;
    await addPasskeyDevice(page);
    await openAccount(page);
    await page.getByRole('button', { name: 'Add a passkey…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What you call it').fill('Anna’s laptop');
    await dialog.getByLabel('Your password').fill(ANNA.password);
    await dialog.getByRole('button', { name: 'Add it' }).click();
    await page.getByRole('row', { name: /^Anna’s laptop/ }).waitFor();
    await logOut(page);
    await page.getByRole('button', { name: 'Log in with a passkey' }).click();
    await inside(page, ANNA.name);
    await openAccount(page);
    const session = page.getByRole('row', { name: /this browser/ });
    await expect.poll(() => session.innerText()).toContain('passkey');
  });

  it('SSO: who the provider knows comes back to where they were; a stranger is told why not', async () => {
    const { page } = anna;
    await logOut(page);
    provider.person = { sub: 'carl-1', email: 'carl@example.org', email_verified: true, name: 'Carl' };
    const go = () => page.getByRole('link', { name: 'Log in with Example ID' }).click();
    await go();
    await page.getByRole('alert').getByText('Nobody here has the account that you logged in with there.').waitFor();
    provider.person = { sub: 'anna-1', email: ANNA.email, email_verified: true, name: ANNA.name };
    await page.goto(new URL('/sources', hub.url).href);
    await go();
    await heading(page, 'Sources');
    await inside(page, ANNA.name);
  });

  it('invitation: a colleague comes by the e-mail and sees the one tenant, as far as a viewer may', async () => {
    const { page } = anna;
    await page.getByRole('link', { name: 'Tenants' }).click();
    for (const name of ['Acme', 'Bakery']) {
      await page.getByRole('button', { name: 'New tenant…' }).click();
      await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill(name);
      await page.getByRole('button', { name: 'Create the tenant' }).click();
      await page.getByRole('row', { name: new RegExp(`^${name} `) }).waitFor();
    }
    await chooseTenant(page, 'Acme');
    await page.getByRole('link', { name: 'People' }).click();
    await page.getByRole('button', { name: 'Invite…' }).click();
    await page.getByRole('dialog').getByLabel('E-mail address').fill(BEN.email);
    await expect.poll(() => page.getByRole('radio', { name: /^Viewer/ }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    await toast(page, `The invitation for ${BEN.email} is on its way.`);
    // Others went to Anna, about her factors.
    const letters = () => smtp.mails.filter(({ to }) => to.includes(BEN.email));
    await expect.poll(() => letters().length, PATIENCE).toBe(1);
    const letter = partOf(letters()[0]?.raw ?? '', 'text/plain');
    const link = /http\S+\/invitation#\S+/.exec(letter)?.[0] ?? '';

    ben = await open(link);
    await heading(ben.page, 'Join Acme');
    await ben.page.getByText(`You are invited as Viewer, at ${BEN.email}.`).waitFor();
    await ben.page.getByLabel('Your name').fill(BEN.name);
    await ben.page.getByLabel('Password', { exact: true }).fill(BEN.password);
    await ben.page.getByRole('button', { name: 'Create the account and join' }).click();
    await inside(ben.page, BEN.name);
    await ben.page.locator('.tenant-name', { hasText: 'Acme' }).waitFor();
    await expect.poll(() => ben.page.getByRole('button', { name: /^Tenant: / }).count()).toBe(0);
    const screens = await ben.page.getByRole('navigation').getByRole('link').allInnerTexts();
    expect(screens).toContain('Sources');
    expect(screens.filter((name) => /People|keys|Tenants|Audit/.test(name))).toEqual([]);
    for (const path of ['/people', '/keys', '/tenants', '/audit']) {
      await ben.page.goto(new URL(path, hub.url).href);
      await ben.page.getByText('This screen is for people with another role in this tenant.').waitFor();
    }
    for (const [slug, status] of Object.entries({ acme: 200, bakery: 403, 'no-such': 403 })) {
      const answer = await ben.page.request.get(new URL(`/api/v1/sources?tenant=${slug}`, hub.url).href);
      expect(answer.status(), slug).toBe(status);
    }
    await ben.page.goto(new URL('/sources?tenant=bakery', hub.url).href);
    await heading(ben.page, 'There is no tenant “bakery”');
    await ben.page.getByRole('link', { name: 'Acme', exact: true }).click();
    await heading(ben.page, 'Sources');
    // The link was good once.
    const late = await open(link);
    await heading(late.page, 'This invitation does not work');
    await late.close();
    await page.reload();
    await page.getByRole('row', { name: /^Ben Acker/ }).waitFor();
    await page.getByText('No invitation is open.').waitFor();
    await page.goto(new URL('/audit?tenant=acme', hub.url).href);
    await page.getByRole('row', { name: new RegExp(`Invitation sent.*${BEN.email}`) }).waitFor();
  });

  it('keys: one is shown once, rotated without a gap, and revoked', async () => {
    const { page } = anna;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: hub.url });
    const ask = async (token: string) =>
      (await fetch(`${hub.url}/api/v1/sources`, { headers: { authorization: `Bearer ${token}` } })).status;
    const dialog = page.getByRole('dialog');
    await page.getByRole('link', { name: 'API keys' }).click();
    await page.getByText('No key is in force').waitFor();
    await page.getByRole('button', { name: 'Make a key…' }).click();
    await dialog.getByLabel('Name', { exact: true }).fill('Weekly report');
    await dialog.getByRole('radio', { name: /^read/ }).check();
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    const first = await copyShown(page, 'The key “Weekly report”');
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('row', { name: /^Weekly report/ }).waitFor();
    await expect.poll(() => page.content()).not.toContain(first);
    await page.reload();
    await choose(page, /^Weekly report/, 'Rotate…');
    const question = page.getByRole('alertdialog');
    await question.getByLabel('The present key stays good for').selectOption('1 hour');
    await question.getByRole('button', { name: 'Make the new key' }).click();
    const second = await copyShown(page, 'The key “Weekly report”');
    await dialog.getByText(/^The key before stays good until /).waitFor();
    await dialog.getByRole('button', { name: 'I have it' }).click();
    expect(second).not.toBe(first);
    expect([await ask(first), await ask(second)]).toEqual([200, 200]);
    const beginning = (token: string) => new RegExp(`^Weekly report ?${token.slice(0, 10)}…`);
    await page
      .getByRole('row', { name: beginning(first) })
      .getByText('Expires soon')
      .waitFor();
    await choose(page, beginning(first), 'Revoke…');
    await question.getByRole('button', { name: 'Revoke' }).click();
    await toast(page, 'The key “Weekly report” is revoked.');
    await page.getByRole('row', { name: beginning(first) }).waitFor({ state: 'detached' });
    expect([await ask(first), await ask(second)]).toEqual([401, 200]);
  });

  it('suspension: the open page of a member tells of it, and goes on once the tenant is resumed', async () => {
    const { page } = anna;
    await ben.page.getByRole('link', { name: 'Overview' }).click();
    await heading(ben.page, 'Nothing has arrived yet');
    await page.getByRole('link', { name: 'Tenants' }).click();
    await choose(page, /^Acme/, 'Suspend…');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('row', { name: /^Acme.*Suspended/ }).waitFor();
    await ben.page.getByRole('heading', { name: 'Acme is suspended' }).waitFor();
    await choose(page, /^Acme/, 'Resume');
    await page.getByRole('row', { name: /^Acme.*Active/ }).waitFor();
    await heading(ben.page, 'Nothing has arrived yet');
  });

  it('sessions: one that is ended elsewhere is out at its next step', async () => {
    const other = await open('/');
    await logIn(other.page, BEN.email, BEN.password);
    await inside(other.page, BEN.name);
    await openAccount(ben.page);
    const rows = ben.page
      .getByRole('table', { name: 'Sessions' })
      .getByRole('row')
      .filter({ has: ben.page.getByRole('button') });
    await rows.getByRole('button', { name: /^Actions: / }).click();
    await ben.page.getByRole('menuitem', { name: 'End this session…' }).click();
    await ben.page.getByRole('alertdialog').getByRole('button', { name: 'End it' }).click();
    await ben.page.getByText('You are logged in nowhere else.').waitFor();
    await other.page.getByRole('link', { name: 'Sources' }).click();
    await logIn(other.page, BEN.email, BEN.password);
    await heading(other.page, 'Sources');
    await inside(ben.page, BEN.name);
  });

  it('removal: who is no member any more sees nothing, on an open page too', async () => {
    const { page } = anna;
    await page.goto(new URL('/people?tenant=acme', hub.url).href);
    await choose(page, /^Ben Acker/, 'Remove…');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await toast(page, `${BEN.name} is no member any more.`);
    await ben.page.getByRole('link', { name: 'Sources' }).click();
    await ben.page.getByText('You are a member of no tenant.').waitFor();
  });
});
