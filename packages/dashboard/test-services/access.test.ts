import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { contrastOf, hasChromium, openSuite, overhang, PATIENCE, PHONE } from './browser.ts';
import { CODE, PASSWORD, RECOVERY, TOKEN } from './fake-accounts.ts';
import type { FakeHub } from './fake-hub.ts';

let hub: FakeHub;

const suite = openSuite((fresh) => {
  hub = fresh;
  hub.accounts.outside = true;
});
const { show } = suite;

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('id'));

async function logIn(page: Page, email = 'anna@example.org', password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Password', { exact: true }).press('Enter');
}

/** Gives the page an authenticator that has, or will take, one passkey. */
async function authenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).toString('base64');
  await session.send('WebAuthn.addCredential', {
    authenticatorId,
    credential: {
      credentialId: Buffer.from('one').toString('base64'),
      isResidentCredential: true,
      rpId: 'localhost',
      privateKey: key,
      userHandle: Buffer.from('anna').toString('base64'),
      signCount: 0,
    },
  });
}

describe.skipIf(!hasChromium)('log-in', () => {
  it('leads back to where one was, by the keyboard alone', async () => {
    const page = await show('/privacy?part=policy&tenant=bakery');
    await heading(page, 'Log in');
    await logIn(page);
    await heading(page, 'Privacy');
    const { pathname, search } = new URL(page.url());
    expect(pathname + search).toBe('/privacy?part=policy&tenant=bakery');
    expect(suite.complaints).toEqual([]);
  });

  it('says in words why it did not let in, and keeps what was typed', async () => {
    const page = await show('/');
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByText('An e-mail address looks like').waitFor();
    await expect.poll(() => focused(page), PATIENCE).toBe(await page.getByLabel('E-mail address').getAttribute('id'));
    await logIn(page, 'anna@example.org', 'something else');
    await page.getByRole('alert').getByText('No account has this e-mail address and password.').waitFor();
    await expect.poll(() => page.getByLabel('E-mail address').inputValue()).toBe('anna@example.org');
    for (const [failure, words] of [
      [{ status: 429, type: 'urn:vedette:problem:too-many-guesses', retryAfter: 120 }, /Try again in 2.min/],
      [{ status: 403, type: 'urn:vedette:problem:account-disabled' }, 'This account is disabled.'],
      [{ status: 403, type: 'urn:vedette:problem:tenant-suspended' }, 'This tenant is suspended.'],
    ] as const) {
      hub.failing.set('/api/v1/log-in', { title: 'Refused', detail: 'no', ...failure });
      await page.getByRole('button', { name: 'Log in', exact: true }).click();
      await page.getByRole('alert').getByText(words).waitFor();
      hub.failing.clear();
    }
    // A button that was pressed has the focus still, though it could not be pressed meanwhile.
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent), PATIENCE).toBe('Log in');
  });

  it('takes a one-time code, or a recovery code in its place', async () => {
    hub.accounts.factors = ['totp', 'recovery'];
    const page = await show('/');
    await logIn(page);
    await heading(page, 'Second step');
    await expect.poll(() => focused(page), PATIENCE).toBe(await page.getByLabel('One-time code').getAttribute('id'));
    await page.keyboard.type('000000');
    await page.getByRole('alert').getByText('This code is not right').waitFor();
    // The next one is typed over it.
    await page.keyboard.type(CODE);
    await page.getByRole('banner').waitFor();
    hub.accounts.outside = true;
    await page.reload();
    await logIn(page);
    await page.getByRole('button', { name: 'Use a recovery code instead' }).click();
    await page.getByLabel('Recovery code').fill(RECOVERY);
    await page.keyboard.press('Enter');
    await page.getByRole('banner').waitFor();
  });

  it.each(['button', 'offer'])('takes a passkey in place of the password, by a %s', async (way) => {
    const page = await show('/', {}, async (opened) => {
      await authenticator(opened);
      await opened.addInitScript((offers) => {
        PublicKeyCredential.isConditionalMediationAvailable = async () => offers;
      }, way === 'offer');
    });
    // Passkeys are of a name, and an address has none. The authenticator takes an offer at once.
    await page.goto(hub.url.replace('127.0.0.1', 'localhost'));
    if (way === 'button') await page.getByRole('button', { name: 'Log in with a passkey' }).click();
    await page.getByRole('banner').waitFor();
    const sent = hub.sent.find(({ path }) => path === '/api/v1/log-in/passkey');
    const { response } = JSON.parse(sent?.body ?? '{}') as { response: AuthenticationResponseJSON };
    expect(Buffer.from(response.rawId, 'base64url').toString()).toBe('one');
    expect(JSON.parse(Buffer.from(response.response.clientDataJSON, 'base64url').toString())).toMatchObject({
      type: 'webauthn.get',
      challenge: 'AAECAwQFBgcICQoLDA0ODw',
    });
  });

  it('says that no passkey was used', async () => {
    const page = await show('/');
    await page.getByRole('button', { name: 'Log in with a passkey' }).click();
    await page.getByRole('alert').getByText('No passkey was used').waitFor();
  });

  it('offers single sign-on where it is set up, and says why it was refused', async () => {
    hub.accounts.ways.sso = { name: 'Example ID' };
    const page = await show('/log-in?error=sso-no-account', PHONE);
    await page.getByRole('alert').getByText('Nobody here has the account').waitFor();
    const link = page.getByRole('link', { name: 'Log in with Example ID' });
    await expect.poll(() => link.getAttribute('href')).toBe('/api/v1/log-in/sso');
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
  });

  it('is readable in the dark', async () => {
    const page = await show('/', { colorScheme: 'dark' });
    await heading(page, 'Log in');
    for (const place of ['.door h1', '.door label', '.door .button.primary', '.door .link']) {
      await expect.poll(() => contrastOf(page, place), { message: place }).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe.skipIf(!hasChromium)('a forgotten password', () => {
  it('is asked for, without a word on whether there is such an account', async () => {
    const page = await show('/');
    await page.getByRole('button', { name: 'Forgotten your password?' }).click();
    await page.getByLabel('E-mail address').fill('nobody@example.org');
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText('If there is an account for nobody@example.org').waitFor();
    await page.getByRole('button', { name: 'Back to log-in' }).click();
    await heading(page, 'Log in');
  });

  it('is set anew by the link, whose token no request has in its address', async () => {
    const page = await show(`/password-reset#${TOKEN}`);
    await page.getByText('For anna@example.org.').waitFor();
    await page.getByText('At least 12 characters').waitFor();
    const field = page.getByLabel('New password', { exact: true });
    await field.fill('too short');
    await page.getByText('3 more characters needed').waitFor();
    await field.press('Enter');
    expect(hub.accounts.password).toBe(PASSWORD);
    await field.fill('four random words here');
    await page.getByRole('status').getByText('Good').waitFor();
    await field.press('Enter');
    await page.getByText('The password is changed.').waitFor();
    expect(hub.accounts.password).toBe('four random words here');
    expect(hub.asked.join()).not.toContain(TOKEN);
  });

  it('has a link that works no more', async () => {
    const page = await show('/password-reset#used');
    await heading(page, 'This link does not work');
    await page.getByRole('link', { name: 'Ask for a new link' }).click();
    await heading(page, 'Forgotten password');
  });
});

describe.skipIf(!hasChromium)('the first run', () => {
  it('makes the first account and goes on to the first steps', async () => {
    hub.accounts.outside = false;
    hub.me.set_up = false;
    const page = await show('/', PHONE);
    await heading(page, 'Welcome to Vedette');
    await page.getByLabel('E-mail address').fill('anna@example.org');
    await page.getByLabel('Your name').fill('Anna Lind');
    await page.getByLabel('Password', { exact: true }).fill('password password');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByRole('alert').getByText('known from breaches').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await heading(page, 'First steps');
    expect(hub.me.user).toMatchObject({ email: 'anna@example.org', name: 'Anna Lind' });
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    expect(suite.complaints).toEqual([]);
  });

  it('can wait', async () => {
    hub.accounts.outside = false;
    hub.me.set_up = false;
    const page = await show('/');
    await page.getByRole('button', { name: 'Not now: look around first' }).click();
    await page.getByRole('banner').waitFor();
  });

  it('is over once somebody has an account', async () => {
    hub.accounts.outside = false;
    const page = await show('/set-up');
    await heading(page, 'Somebody has an account on this hub already');
  });
});

describe.skipIf(!hasChromium)('an invitation', () => {
  it('makes an account and a member of somebody new', async () => {
    const page = await show(`/invitation#${TOKEN}`, PHONE);
    await heading(page, 'Join Bakery');
    await page.getByText('You are invited as Analyst, at bo@example.org.').waitFor();
    await expect.poll(() => page.getByLabel('E-mail address').getAttribute('readonly')).not.toBeNull();
    await page.getByLabel('Your name').fill('Bo');
    await page.getByLabel('Password', { exact: true }).fill('four random words here');
    await page.getByRole('button', { name: 'Create the account and join' }).click();
    await page.getByRole('banner').waitFor();
    expect(hub.me.user?.name).toBe('Bo');
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
  });

  it('has who has an account log in first, then join', async () => {
    hub.accounts.invitation = { ...hub.accounts.invitation, email: 'anna@example.org', account: true };
    const page = await show(`/invitation#${TOKEN}`);
    await heading(page, 'Log in');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Password', { exact: true }).press('Enter');
    await heading(page, 'Join Bakery');
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByRole('banner').waitFor();
    expect(hub.sent.map(({ path }) => path)).toContain('/api/v1/invitations/accept');
  });

  it('is not accepted by somebody else: that one is told who it is for', async () => {
    hub.accounts.outside = false;
    hub.me.user = hub.accounts.user;
    const page = await show(`/invitation#${TOKEN}`);
    await page.getByText('You are logged in as anna@example.org, but the invitation is for bo@example.org.').waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Create the account and join' }).waitFor();
  });

  it('may work no more', async () => {
    const page = await show('/invitation#used');
    await heading(page, 'This invitation does not work');
  });
});
