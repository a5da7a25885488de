import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { contrastOf, hasChromium, openSuite, overhang, PATIENCE, PHONE } from './browser.ts';
import { ANNA, CODE, PASSWORD, RECOVERY_CODES, TOKEN } from './fake-accounts.ts';
import type { FakeHub } from './fake-hub.ts';

let hub: FakeHub;

const suite = openSuite(
  (fresh) => {
    hub = fresh;
  },
  { principal: { kind: 'user', scope: null }, user: { ...ANNA } },
);
const { show } = suite;

const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });

/** Types the password into the dialog that asks for it. */
async function confirm(page: Page, title: string, action: string): Promise<void> {
  await dialog(page, title).getByLabel('Your password', { exact: true }).fill(PASSWORD);
  await dialog(page, title).getByRole('button', { name: action }).click();
}

describe.skipIf(!hasChromium)('one’s own account', () => {
  it('is opened from the menu of the user, and has the name changed and changed back', async () => {
    const page = await show('/');
    await page.getByRole('button', { name: /^Anna Lind: account/ }).press('Enter');
    await page.getByRole('menuitem', { name: 'Your account' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Anna L.');
    await page.getByLabel('Name', { exact: true }).press('Enter');
    await page.getByText('Your name is saved.').first().waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => hub.accounts.user.name, PATIENCE).toBe('Anna Lind');
    expect(suite.complaints).toEqual([]);
  });

  it('has another e-mail address asked for, withdrawn, and confirmed by its link', async () => {
    const page = await show('/account');
    await page.getByRole('button', { name: 'Change the address…' }).press('Enter');
    const open = dialog(page, 'Change the e-mail address');
    const send = open.getByRole('button', { name: 'Send the link' });
    await open.getByLabel('New e-mail address', { exact: true }).fill(ANNA.email.toUpperCase());
    await open.getByLabel('Your password', { exact: true }).fill('something else');
    await send.click();
    await open.getByText('This is the present address.').waitFor();
    await open.getByLabel('New e-mail address', { exact: true }).fill('anna@new.example');
    await send.click();
    await open.getByRole('alert').getByText('This is not your present password.').waitFor();
    await open.getByLabel('Your password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText('A link is on its way to anna@new.example.').first().waitFor();
    await page.getByText(/^Open the link that was sent to anna@new\.example by/).waitFor();
    await page.getByRole('button', { name: 'Withdraw…' }).press('Enter');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Keep it' }).press('Enter');
    await page.getByText('Your e-mail address stays as it is.').first().waitFor();
    expect(hub.accounts.emailChange).toBeNull();
    hub.accounts.emailChange = { email: 'anna@new.example', expires: new Date(Date.now() + 60_000).toISOString() };
    await page.goto(`${hub.url}/email-change#${TOKEN}`);
    await page.getByRole('button', { name: 'Use this address' }).press('Enter');
    await page.getByText('You log in with anna@new.example from now on.').first().waitFor();
    await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
    expect(hub.accounts.user.email).toBe('anna@new.example');
    expect(suite.complaints).toEqual([]);
  });

  it('has its address confirmed after a log-in, and says why a link does not work', async () => {
    const page = await show('/account');
    hub.accounts.emailChange = { email: 'anna@new.example', expires: new Date(Date.now() + 60_000).toISOString() };
    await page.goto(`${hub.url}/email-change#vde_other`);
    await page.getByRole('heading', { name: 'This link does not work' }).waitFor();
    hub.accounts.outside = true;
    hub.me.user = null;
    await page.goto(`${hub.url}/?elsewhere`);
    await page.goto(`${hub.url}/email-change#${TOKEN}`);
    await page.getByText('Log in as you do now to confirm your new e-mail address.').waitFor();
    await page.getByLabel('E-mail address', { exact: true }).fill(ANNA.email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Use this address' }).click();
    await expect.poll(() => hub.accounts.user.email, PATIENCE).toBe('anna@new.example');
  });

  it('says who changes the address where no mail is sent', async () => {
    hub.accounts.ways.mail = false;
    const page = await show('/account', PHONE);
    await page.getByText(`npx vedette user email ${ANNA.email} NEW-ADDRESS`).waitFor();
    expect(await page.getByRole('button', { name: 'Change the address…' }).count()).toBe(0);
    expect(await overhang(page)).toBeLessThanOrEqual(0);
  });

  it('has the password changed by who knows it', async () => {
    const page = await show('/account');
    await page.getByRole('button', { name: 'Change the password…' }).click();
    const open = dialog(page, 'Change the password');
    await open.getByLabel('Present password', { exact: true }).fill('something else');
    await open.getByLabel('New password', { exact: true }).fill('short');
    await open.getByRole('button', { name: 'Change the password' }).click();
    await open.getByText('7 more characters needed').first().waitFor();
    await open.getByLabel('New password', { exact: true }).fill('four random words here');
    await open.getByRole('button', { name: 'Change the password' }).click();
    await open.getByRole('alert').getByText('This is not your present password.').waitFor();
    await open.getByLabel('Present password', { exact: true }).fill(PASSWORD);
    await open.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('The password is changed; all other sessions have ended.').first().waitFor();
    expect(hub.accounts.password).toBe('four random words here');
    await page.getByText('You are logged in nowhere else.').waitFor();
  });

  it('ends a session, then all others; this one is marked and stays', async () => {
    const page = await show('/account');
    await page.getByRole('row', { name: /Chrome on Linux ?this browser/ }).waitFor();
    await page.getByRole('button', { name: 'Actions: Safari on iOS' }).click();
    await page.getByRole('menuitem', { name: 'End this session' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'End it' }).click();
    await page.getByText('The session in Safari on iOS has ended.').first().waitFor();
    await page.getByRole('button', { name: 'End all others…' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'End them' }).click();
    await page.getByText('1 session has ended.').first().waitFor();
    expect(hub.accounts.sessions.map(({ current }) => current)).toEqual([true]);
  });

  it('says that a one-time link has no account behind it', async () => {
    hub.me.user = null;
    const page = await show('/account');
    await page.getByText('there is no account behind it').waitFor();
  });

  it('says what went wrong, and tries again', async () => {
    hub.failing.set('/api/v1/account', { status: 500, title: 'No account', detail: 'the database is away' });
    const page = await show('/account');
    await page.getByRole('alert').getByText('the database is away').waitFor();
    hub.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
  });

  it('fits a phone, and is readable in the dark', async () => {
    const page = await show('/account', { ...PHONE, colorScheme: 'dark' });
    await page.getByText('Chrome on Linux').waitFor();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    for (const place of ['.panel h2', '.panel-note', '.badge', '.button.primary']) {
      await expect.poll(() => contrastOf(page, `main ${place}`), { message: place }).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe.skipIf(!hasChromium)('a second factor', () => {
  it('is an authenticator app: scanned or typed, confirmed, with recovery codes that are to be kept', async () => {
    const page = await show('/account');
    await page.getByRole('button', { name: 'Set up…' }).click();
    const title = 'Set up an authenticator app';
    await confirm(page, title, 'Go on');
    const open = dialog(page, title);
    await open.getByRole('img', { name: 'QR code' }).waitFor();
    await open.getByText('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP').waitFor();
    await open.getByLabel('Code that the app shows').fill('000000');
    await open.getByRole('alert').getByText('This code is not right').waitFor();
    await open.getByLabel('Code that the app shows').fill(CODE);
    const codes = dialog(page, 'Your recovery codes');
    await codes.getByText(RECOVERY_CODES[0] ?? '').waitFor();
    // Not lost by accident.
    await page.keyboard.press('Escape');
    await expect.poll(() => codes.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      codes.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(await readFile(await file.path(), 'utf8')).toBe(`${RECOVERY_CODES.join('\n')}\n`);
    await codes.getByLabel('I have kept them').check();
    await codes.getByRole('button', { name: 'Done' }).click();
    await page.getByText('10 codes left.').waitFor();
    expect(hub.accounts.totp).toBe(true);
    expect(suite.complaints).toEqual([]);
  });

  it('is turned off with the password only', async () => {
    hub.accounts.totp = true;
    hub.accounts.recoveryLeft = 1;
    const page = await show('/account');
    await page.getByText('1 code left.').waitFor();
    await page.getByRole('button', { name: 'Turn off…' }).click();
    const open = dialog(page, 'Turn the authenticator app off?');
    await open.getByRole('button', { name: 'Turn it off' }).click();
    await open.getByText('Give your password.').waitFor();
    expect(hub.accounts.totp).toBe(true);
    await confirm(page, 'Turn the authenticator app off?', 'Turn it off');
    await page.getByText('The authenticator app is off.').first().waitFor();
    expect(hub.accounts.totp).toBe(false);
  });

  it('is a passkey: added, renamed, removed', async () => {
    const page = await show('/', {}, async (opened) => {
      const session = await opened.context().newCDPSession(opened);
      await session.send('WebAuthn.enable');
      await session.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          transport: 'internal',
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      });
    });
    await page.goto(`${hub.url.replace('127.0.0.1', 'localhost')}/account`);
    await page.getByRole('button', { name: 'Add a passkey…' }).click();
    await dialog(page, 'Add a passkey').getByLabel('What you call it').fill('Phone');
    await confirm(page, 'Add a passkey', 'Add it');
    await page.getByText('The passkey “Phone” is added.').first().waitFor();
    const sent = hub.sent.find(({ method, path }) => method === 'POST' && path === '/api/v1/account/passkeys');
    const { response } = JSON.parse(sent?.body ?? '{}') as { response: RegistrationResponseJSON };
    expect(JSON.parse(Buffer.from(response.response.clientDataJSON, 'base64url').toString())).toMatchObject({
      type: 'webauthn.create',
    });
    await page.getByRole('button', { name: 'Actions: Laptop' }).click();
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    await dialog(page, 'Rename the passkey').getByLabel('What you call it').fill('Old laptop');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Actions: Old laptop' }).click();
    await page.getByRole('menuitem', { name: 'Remove…' }).click();
    await confirm(page, 'Remove the passkey “Old laptop”?', 'Remove');
    await expect.poll(() => hub.accounts.passkeys.map(({ name }) => name), PATIENCE).toEqual(['Phone']);
  });
});
