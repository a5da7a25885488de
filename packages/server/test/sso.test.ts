import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type OidcEmulator, type OidcOddity, type OidcPerson, startOidc } from './emulators/oidc.ts';
import { type PwnedPasswordsEmulator, startPwnedPasswords } from './emulators/pwned-passwords.ts';
import { entriesOf } from './support/audit.ts';
import { type Browser, openBrowser } from './support/browser.ts';
import { insertPerson, type Person } from './support/people.ts';
import { type Answer, startWorld, type World, type WorldTenant } from './support/world.ts';

const BEGIN = '/api/v1/log-in/sso';
const CALLBACK = '/api/v1/log-in/sso/callback';
const BREACHED = 'a sentence that was stolen 17';

let provider: OidcEmulator;
let breaches: PwnedPasswordsEmulator;
let world: World;
let acme: WorldTenant;
let count = 0;

beforeAll(async () => {
  provider = await startOidc();
  breaches = await startPwnedPasswords();
  breaches.breached.set(BREACHED, 42);
  world = await startWorld({
    VEDETTE_OIDC_ISSUER: provider.issuer,
    VEDETTE_OIDC_CLIENT_ID: provider.clientId,
    VEDETTE_OIDC_CLIENT_SECRET: provider.clientSecret as string,
    VEDETTE_OIDC_NAME: 'Example Staff',
    VEDETTE_BREACHED_PASSWORDS_URL: breaches.baseUrl,
    VEDETTE_OUTBOUND_ALLOW: '127.0.0.1',
    VEDETTE_TRUSTED_PROXIES: '127.0.0.0/8',
  });
  acme = await world.tenant('acme');
});
afterEach(() => {
  provider.odd = null;
  provider.mode = 'normal';
  breaches.mode = 'normal';
});
afterAll(async () => {
  await world?.stop();
  await provider.close();
  await breaches.close();
});

const someone = (): Promise<Person> => {
  count += 1;
  return insertPerson(world, { email: `s${count}@example.org`, name: `S ${count}`, roles: { [acme.id]: 'viewer' } });
};
const asSubject = (email: string, more: Partial<OidcPerson> = {}): OidcPerson => {
  const person = { sub: `sub of ${email}`, email, email_verified: true, name: 'From the provider', ...more };
  provider.person = person;
  return person;
};

/** To the provider, which consents at once, and back; what the hub says then. */
async function goThrough(browser: Browser): Promise<Answer> {
  const away = await browser.call(BEGIN);
  if (away.status !== 302 || !away.headers.get('location')?.startsWith(provider.issuer)) return away;
  const back = (await fetch(away.headers.get('location') as string, { redirect: 'manual' })).headers.get('location');
  const { pathname, search } = new URL(back as string);
  return browser.call(`${pathname}${search}`, { headers: { 'sec-fetch-site': 'cross-site' } });
}
const account = async (browser: Browser) => (await browser.call('/api/v1/account')).json;

describe('single sign-on', () => {
  test('is offered by its name', async () => {
    expect((await openBrowser(world).call('/api/v1/log-in')).json.sso).toEqual({ name: 'Example Staff' });
  });

  test('lets in whose e-mail address the provider has verified, and goes on by a page of the hub’s own', async () => {
    const person = await someone();
    asSubject(person.email.toUpperCase());
    const browser = openBrowser(world);
    const arrived = await goThrough(browser);
    expect(arrived.status).toBe(200);
    // A redirect would bring no Strict cookie along.
    expect(arrived.text).toContain('<meta http-equiv="refresh" content="0; url=/">');
    expect((await account(browser)).user).toMatchObject({ email: person.email, name: `S ${count}` });
    const { sessions } = (await browser.call('/api/v1/account/sessions')).json;
    expect(sessions[0].factors).toEqual(['sso']);
    expect((await entriesOf(world, 'acme', 'session.open'))[0]).toMatchObject({
      actor: { kind: 'user', id: person.id },
      target: person.email,
      detail: { by: 'sso' },
      outcome: 'done',
    });
    const told = (name: string) => browser.told.filter((text) => text.startsWith(`${name}=`));
    expect(told('vedette_session')[0]).toContain('SameSite=Strict');
    expect(told('vedette_sso')).toEqual([
      expect.stringMatching(/^vedette_sso=vdc_[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/),
      expect.stringMatching(/^vedette_sso=; .*Max-Age=0$/),
    ]);
  });

  test('asks for no second factor of the hub’s: the provider’s log-in is whole', async () => {
    const person = await someone();
    asSubject(person.email);
    const { factors } = world.running.hub.records;
    await factors.passkeys.add(
      {
        userId: person.id,
        name: 'x',
        credentialId: 'eHh4',
        publicKey: 'eHh4',
        counter: 0,
        transports: [],
        synced: false,
      },
      20,
    );
    const browser = openBrowser(world);
    expect((await goThrough(browser)).status).toBe(200);
    expect((await account(browser)).two_factor.passkeys).toBe(1);
  });

  test('knows somebody by what the provider calls them from then on, whatever their address becomes', async () => {
    const person = await someone();
    const known = asSubject(person.email);
    expect((await goThrough(openBrowser(world))).status).toBe(200);
    provider.person = { ...known, email: 'renamed@example.org' };
    const browser = openBrowser(world);
    expect((await goThrough(browser)).status).toBe(200);
    expect((await account(browser)).user.email).toBe(person.email);
    // The address was given to somebody else there, who is not this person.
    asSubject(person.email, { sub: 'somebody new' });
    const refused = await goThrough(openBrowser(world));
    expect(refused.headers.get('location')).toBe('/log-in?error=sso-other-identity');
  });

  test('lets somebody in who comes for the first time in two windows at once', async () => {
    asSubject((await someone()).email);
    const answers = await Promise.all([goThrough(openBrowser(world)), goThrough(openBrowser(world))]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test('keeps out who is nobody here, and who is disabled', async () => {
    asSubject('stranger@example.org');
    const browser = openBrowser(world);
    const refused = await goThrough(browser);
    expect([refused.status, refused.headers.get('location')]).toEqual([302, '/log-in?error=sso-no-account']);
    expect(browser.cookie('vedette_session')).toBeUndefined();
    expect((await entriesOf(world, 'installation', 'session.open'))[0]).toMatchObject({
      actor: { kind: 'nobody' },
      target: null,
      detail: { by: 'sso', reason: 'sso-no-account' },
      outcome: 'refused',
    });
    expect(await world.running.hub.records.accounts.byEmail('stranger@example.org')).toBeNull();
    const person = await someone();
    asSubject(person.email);
    await person.disable();
    const disabled = await goThrough(openBrowser(world));
    expect(disabled.headers.get('location')).toBe('/log-in?error=sso-account-disabled');
  });

  test('takes in who is invited, into every tenant that asks, without a password', async () => {
    const other = await world.tenant('other');
    const { records } = world.running.hub;
    for (const [tenant, role] of [
      [acme, 'analyst'],
      [other, 'admin'],
    ] as const) {
      const invitation = { email: 'newcomer@example.org', role, invitedBy: null, validMs: 600_000 };
      expect(await records.forTenant(tenant.id).invitations.create(invitation)).not.toHaveProperty('refused');
    }
    asSubject('Newcomer@example.org', { name: 'New Comer' });
    const browser = openBrowser(world);
    expect((await goThrough(browser)).status).toBe(200);
    const me = (await browser.call('/api/v1/me')).json;
    expect(me.user).toMatchObject({ email: 'newcomer@example.org', name: 'New Comer' });
    expect(me.tenants.map(({ slug, role }: { slug: string; role: string }) => [slug, role])).toEqual([
      ['acme', 'analyst'],
      ['other', 'admin'],
    ]);
    expect((await account(browser)).password_changed).toBeNull();
    expect(await records.forTenant(acme.id).invitations.list()).toEqual([]);
    for (const [slug, role] of [
      ['acme', 'analyst'],
      ['other', 'admin'],
    ] as const) {
      expect((await entriesOf(world, slug, 'invitation.accept'))[0]).toMatchObject({
        actor: { kind: 'user', name: 'New Comer <newcomer@example.org>' },
        detail: { role, by: 'sso' },
        outcome: 'done',
      });
    }
  });

  test('takes nobody in whose invitation is past its time or was withdrawn', async () => {
    const { invitations } = world.running.hub.records.forTenant(acme.id);
    const invited = { role: 'viewer', invitedBy: null } as const;
    await invitations.create({ ...invited, email: 'late@example.org', validMs: -1 });
    const withdrawn = await invitations.create({ ...invited, email: 'withdrawn@example.org', validMs: 600_000 });
    if ('refused' in withdrawn) throw new Error(withdrawn.detail);
    await invitations.withdraw(withdrawn.invitation.id);
    for (const email of ['late@example.org', 'withdrawn@example.org']) {
      asSubject(email);
      const refused = await goThrough(openBrowser(world));
      expect(refused.headers.get('location')).toBe('/log-in?error=sso-no-account');
    }
  });

  test.each<[OidcOddity, string]>([
    ['cancelled', 'sso-cancelled'],
    ['server-error', 'sso-failed'],
    ['wrong-nonce', 'sso-failed'],
    ['expired', 'sso-failed'],
    ['forged-signature', 'sso-failed'],
  ])('says on the log-in page that it did not work (%s)', async (odd, error) => {
    const person = await someone();
    asSubject(person.email);
    provider.odd = odd;
    const browser = openBrowser(world);
    const refused = await goThrough(browser);
    expect([refused.status, refused.headers.get('location')]).toEqual([302, `/log-in?error=${error}`]);
    expect(browser.cookie('vedette_session')).toBeUndefined();
    expect(browser.cookie('vedette_sso')).toBeUndefined();
  });

  test('an address that is not verified, and a provider that is away, are told', async () => {
    const person = await someone();
    asSubject(person.email, { email_verified: false });
    const unverified = await goThrough(openBrowser(world));
    expect(unverified.headers.get('location')).toBe('/log-in?error=sso-unverified-email');
    const late = openBrowser(world);
    const away = await late.call(BEGIN);
    const back = await fetch(away.headers.get('location') as string, { redirect: 'manual' });
    provider.mode = 'closing';
    const { pathname, search } = new URL(back.headers.get('location') as string);
    expect((await late.call(`${pathname}${search}`)).headers.get('location')).toBe('/log-in?error=sso-unreachable');
  });

  test('an answer is taken once, and only in the browser that was sent away', async () => {
    const person = await someone();
    asSubject(person.email);
    const browser = openBrowser(world);
    const away = await browser.call(BEGIN);
    const cookie = `vedette_sso=${browser.cookie('vedette_sso')}`;
    const back = await fetch(away.headers.get('location') as string, { redirect: 'manual' });
    const { pathname, search } = new URL(back.headers.get('location') as string);
    const expired = '/log-in?error=sso-expired';
    expect((await openBrowser(world).call(`${pathname}${search}`)).headers.get('location')).toBe(expired);
    expect((await browser.call(`${pathname}${search}`)).status).toBe(200);
    const again = await openBrowser(world).call(`${pathname}${search}`, { headers: { cookie } });
    expect(again.headers.get('location')).toBe(expired);
    expect((await openBrowser(world).call(CALLBACK)).headers.get('location')).toBe(expired);
  });
});

describe('a person without a password', () => {
  test('confirms changes by having logged in lately, and needs no authenticator app', async () => {
    const person = await someone();
    asSubject(person.email);
    const browser = openBrowser(world);
    await person.withoutPassword();
    expect((await goThrough(browser)).status).toBe(200);
    const totp = await browser.call('/api/v1/account/totp', { body: {} });
    expect([totp.status, totp.json.type]).toEqual([409, 'urn:vedette:problem:no-password']);
    await person.age({ created_at: '16 minutes' });
    const late = await browser.call('/api/v1/account/totp', { body: {} });
    expect([late.status, late.json.type]).toEqual([403, 'urn:vedette:problem:log-in-again']);
  });
});

describe('a password that is known from a breach', () => {
  const change = async (password: string) => {
    const person = await someone();
    const browser = openBrowser(world);
    await browser.call('/api/v1/log-in', { body: { email: person.email, password: person.password } });
    return browser.call('/api/v1/account/password', { body: { current: person.password, password } });
  };

  test('is refused wherever one is set, and five digits of its hash leave', async () => {
    const refused = await change(BREACHED);
    expect([refused.status, refused.json.type]).toEqual([422, 'urn:vedette:problem:breached-password']);
    expect(refused.json.detail).toContain('42 times');
    expect(breaches.asked.at(-1)?.path).toMatch(/^\/range\/[0-9A-F]{5}$/);
    const { url } = await world.running.link();
    const opened = openBrowser(world);
    await opened.call(new URL(url).pathname);
    const setUp = { email: 'ada@example.org', name: 'Ada', password: BREACHED };
    expect((await opened.call('/api/v1/set-up', { body: setUp })).json.type).toMatch(/breached-password$/);
  });

  test('is not asked about where it is refused anyway, and another one is taken', async () => {
    const before = breaches.asked.length;
    expect((await change('short')).json.type).toMatch(/weak-password$/);
    expect(breaches.asked).toHaveLength(before);
    expect((await change('a sentence nobody has seen 93')).status).toBe(204);
  });

  test('is taken where nobody can be asked', async () => {
    breaches.mode = 'error';
    expect((await change('another sentence nobody has seen 94')).status).toBe(204);
  });
});
