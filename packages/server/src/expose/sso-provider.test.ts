import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Mode } from '../../test/emulators/modes.ts';
import { type OidcEmulator, type OidcOddity, type OidcPerson, startOidc } from '../../test/emulators/oidc.ts';
import { createGuardedClient, type GuardedClient } from '../flow/guarded-client.ts';
import { createSsoProvider, type SsoProvider, type SsoProviderOptions } from './sso-provider.ts';

const CALLBACK = 'https://hub.example/api/v1/log-in/sso/callback';

let provider: OidcEmulator;
let client: GuardedClient;
let clock: number;

beforeEach(async () => {
  clock = Date.now();
  provider = await startOidc();
  client = createGuardedClient({
    userAgent: 'Vedette/test',
    allowPrivate: ['127.0.0.1'],
    maxRedirects: 0,
    timeoutMs: 5000,
    maxBytes: 1e6,
  });
});
afterEach(async () => {
  await client.close();
  await provider.close();
});

function sso(more: Partial<SsoProviderOptions> = {}): SsoProvider {
  return createSsoProvider({
    issuer: provider.issuer,
    clientId: 'vedette',
    clientSecret: provider.clientSecret ?? undefined,
    name: 'Example',
    client,
    now: () => clock,
    ...more,
  });
}

/** As a browser does: to the provider and back. */
async function logIn(subject: SsoProvider, token = randomBytes(32).toString('base64url')) {
  const away = await subject.begin(token, CALLBACK);
  if (!(away instanceof URL)) return away;
  const { headers } = await fetch(away, { redirect: 'manual' });
  return subject.finish(token, new URL(headers.get('location') as string));
}

const ANNA = () => ({ issuer: provider.issuer, subject: 'anna-1', email: 'anna@example.org', name: 'Anna Example' });

test.each([['id-token'], ['userinfo']] as const)('somebody is known by the claims in the %s', async (where) => {
  provider.claimsIn = where;
  expect(await logIn(sso())).toEqual(ANNA());
  expect(provider.asked.includes('/userinfo')).toBe(where === 'userinfo');
});

test.each([
  ['by Basic', ['client_secret_basic', 'client_secret_post'], 's: %&+ü'],
  ['in the form', ['client_secret_post'], 's: %&+ü'],
  ['where the document does not say how', undefined, 's: %&+ü'],
  ['without a secret', ['none'], null],
])('the client shows its secret %s', async (_, methods, secret) => {
  provider.authMethods = methods;
  provider.clientSecret = secret;
  expect(await logIn(sso())).toEqual(ANNA());
});

test('the document is asked for once in ten minutes, the keys each time, so that new keys are no trouble', async () => {
  const subject = sso();
  expect(await logIn(subject)).toEqual(ANNA());
  provider.rotateKeys();
  expect(await logIn(subject)).toEqual(ANNA());
  const documents = () => provider.asked.filter((path) => path.includes('well-known')).length;
  expect(documents()).toBe(1);
  clock += 600_001;
  expect(await logIn(subject)).toEqual(ANNA());
  expect(documents()).toBe(2);
});

test('what is sent along is of this attempt: state, nonce and challenge differ, and only the verifier’s hash leaves', async () => {
  const subject = sso();
  const [one, other] = (await Promise.all([subject.begin('a', CALLBACK), subject.begin('b', CALLBACK)])) as [URL, URL];
  for (const name of ['state', 'nonce', 'code_challenge']) {
    expect(one.searchParams.get(name)).toMatch(/^[\w-]{43}$/);
    expect(one.searchParams.get(name)).not.toBe(other.searchParams.get(name));
  }
  expect(one.searchParams.get('code_challenge_method')).toBe('S256');
  expect(one.searchParams.get('redirect_uri')).toBe(CALLBACK);
});

test('an answer that was meant for another browser is refused', async () => {
  const subject = sso();
  const away = (await subject.begin('of one browser', CALLBACK)) as URL;
  const { headers } = await fetch(away, { redirect: 'manual' });
  const back = new URL(headers.get('location') as string);
  expect(await subject.finish('of another browser', back)).toMatchObject({ refused: 'sso-failed' });
});

test.each<[OidcOddity, string, RegExp]>([
  ['cancelled', 'sso-cancelled', /access_denied: The user said no/],
  ['login-required', 'sso-failed', /login_required: the provider gives no reason/],
  ['server-error', 'sso-failed', /server_error/],
  ['wrong-state', 'sso-failed', /state/],
  ['wrong-nonce', 'sso-failed', /nonce/],
  ['no-nonce', 'sso-failed', /nonce/],
  ['expired', 'sso-failed', /exp/],
  ['wrong-audience', 'sso-failed', /aud/],
  ['wrong-issuer', 'sso-failed', /iss/],
  ['forged-signature', 'sso-failed', /signature/],
  ['alg-none', 'sso-failed', /alg/],
])('a provider that is odd (%s) lets nobody in: %s', async (odd, refused, detail) => {
  provider.odd = odd;
  expect(await logIn(sso())).toEqual({ refused, detail: expect.stringMatching(detail) });
});

test('the answer about a person must be about that person', async () => {
  provider.claimsIn = 'userinfo';
  provider.odd = 'other-subject-in-userinfo';
  expect(await logIn(sso())).toMatchObject({ refused: 'sso-failed', detail: expect.stringMatching(/sub/) });
});

test.each<[string, OidcPerson, string | null]>([
  ['not verified', { sub: 'x', email: 'x@example.org', email_verified: false }, 'sso-unverified-email'],
  ['verified is not said', { sub: 'x', email: 'x@example.org' }, 'sso-unverified-email'],
  ['verified is said oddly', { sub: 'x', email: 'x@example.org', email_verified: 'yes' }, 'sso-unverified-email'],
  ['no address', { sub: 'x', email_verified: true }, 'sso-unverified-email'],
  ['no real address', { sub: 'x', email: 'x y@example.org', email_verified: true }, 'sso-unverified-email'],
  ['verified as a text', { sub: 'x', email: ' X@Example.org', email_verified: 'true' }, null],
])('of an e-mail address: %s', async (_, person, refused) => {
  provider.person = person;
  const found = await logIn(sso());
  if (refused === null) expect(found).toMatchObject({ email: 'x@example.org', name: '' });
  else expect(found).toMatchObject({ refused });
});

test.each<[Mode]>([['error'], ['garbage'], ['closing'], ['hang'], ['redirect'], ['huge']])(
  'a provider on a bad day (%s) is told of, and asked again when it is back',
  async (mode) => {
    const subject = sso();
    provider.mode = mode;
    expect(await logIn(subject)).toMatchObject({ refused: 'sso-unreachable', detail: expect.stringMatching(/./) });
    provider.mode = 'normal';
    expect(await logIn(subject)).toEqual(ANNA());
    // Away when somebody comes back with a code.
    const away = (await subject.begin('token', CALLBACK)) as URL;
    const back = new URL((await fetch(away, { redirect: 'manual' })).headers.get('location') as string);
    provider.mode = mode;
    expect(await subject.finish('token', back)).toMatchObject({
      refused: expect.stringMatching(/^(?:sso-unreachable|sso-failed)$/),
    });
  },
);

test('a private address is not asked unless the operator allows it', async () => {
  const strict = createGuardedClient({ userAgent: 'Vedette/test', maxRedirects: 0 });
  try {
    const found = await logIn(sso({ client: strict }));
    expect(found).toMatchObject({ refused: 'sso-unreachable', detail: expect.stringMatching(/loopback/) });
    expect(provider.asked).toEqual([]);
  } finally {
    await strict.close();
  }
});

test('a document that names another issuer is not believed', async () => {
  const found = await logIn(sso({ issuer: provider.issuer.replace('127.0.0.1', 'localhost') }));
  expect(found).toMatchObject({ refused: 'sso-unreachable' });
});

test('a wrong secret lets nobody in', async () => {
  expect(await logIn(sso({ clientSecret: 'wrong' }))).toMatchObject({
    refused: 'sso-failed',
    detail: expect.stringMatching(/invalid_client/),
  });
});
