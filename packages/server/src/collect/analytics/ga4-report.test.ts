import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ga4Emulator, startGa4 } from '../../../test/emulators/ga4.ts';
import { createGuardedClient, type GuardedClient } from '../../flow/guarded-client.ts';
import { createProviderCalls } from '../../flow/provider-calls.ts';
import type { Fault } from '../../model/fault.ts';
import { isRefusal } from '../../model/request.ts';
import { createGa4Reports, type Ga4Reports } from './ga4-report.ts';
import { createGoogleTokens, readServiceAccount, type ServiceAccount } from './google-token.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
let clock: number;
let ga4: Ga4Emulator;
let client: GuardedClient;
let reports: Ga4Reports;
let account: ServiceAccount;

beforeEach(async () => {
  clock = NOW;
  ga4 = await startGa4();
  ga4.now = () => clock;
  client = createGuardedClient({ userAgent: 'Vedette/test', allowPrivate: ['127.0.0.1'], timeoutMs: 5000 });
  const calls = createProviderCalls({ client });
  reports = createGa4Reports({
    calls,
    tokens: createGoogleTokens(calls, ga4.tokenUrl, () => clock),
    baseUrl: ga4.baseUrl,
  });
  account = read(ga4.newAccount());
  ga4.properties.set('123', {
    readers: new Set([account.email]),
    days: new Map([
      ['20260130', { screenPageViews: 10, activeUsers: 7, sessions: 8 }],
      ['20260131', { screenPageViews: 4, activeUsers: 3, sessions: 3 }],
      ['(other)', { screenPageViews: 99, activeUsers: 99, sessions: 99 }],
    ]),
  });
});
afterEach(async () => {
  await client.close();
  await ga4.close();
});

function read(text: string): ServiceAccount {
  const found = readServiceAccount(text);
  if (isRefusal(found)) throw new Error(found.detail);
  return found;
}

const ask = (more: object = {}) =>
  reports.days({ property: '123', account, tenantId: 'a', from: '2026-01-04', to: '2026-01-31', ...more });
const faultOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: Fault) => error,
  );

describe('a report of Google Analytics', () => {
  it('has figures by day, read by the names of their columns', async () => {
    const report = await ask();
    expect(report.rows).toEqual([
      { day: '2026-01-30', unit: 'page views', value: 10 },
      { day: '2026-01-30', unit: 'visitors', value: 7 },
      { day: '2026-01-30', unit: 'sessions', value: 8 },
      { day: '2026-01-31', unit: 'page views', value: 4 },
      { day: '2026-01-31', unit: 'visitors', value: 3 },
      { day: '2026-01-31', unit: 'sessions', value: 3 },
    ]);
    expect(report).toMatchObject({ timeZone: 'Etc/UTC', thresholded: false, tokensLeft: 13_990 });
  });

  it('of nothing is empty: Google leaves rows and rowCount out', async () => {
    ga4.properties.get('123')?.days.clear();
    expect((await ask()).rows).toEqual([]);
  });

  it('says that figures about few people were left out', async () => {
    ga4.thresholded = true;
    const report = await ask();
    expect(report.thresholded).toBe(true);
    expect(report.rows.map(({ day }) => day)).toEqual(['2026-01-30', '2026-01-30', '2026-01-30']);
  });

  it('is read page by page', async () => {
    const days = ga4.properties.get('123')?.days;
    days?.clear();
    for (let i = 0; i < 2300; i++) {
      const day = new Date(Date.UTC(2015, 0, 1 + i)).toISOString().slice(0, 10).replaceAll('-', '');
      days?.set(day, { screenPageViews: i, activeUsers: 9, sessions: 9 });
    }
    const report = await ask({ from: '2015-01-01', to: '2026-01-31' });
    expect(report.rows.filter(({ unit }) => unit === 'page views').map(({ value }) => value)).toEqual(
      Array.from({ length: 2300 }, (_, i) => i),
    );
    expect(ga4.reports.map(({ limit, offset }) => [limit, offset])).toEqual([
      ['1000', '0'],
      ['1000', '1000'],
      ['1000', '2000'],
    ]);
  });

  it('takes one token until it runs out', async () => {
    await ask();
    await ask();
    expect(ga4.issued).toHaveLength(1);
    clock += 3_600_000;
    await ask();
    expect(ga4.issued).toHaveLength(2);
  });

  it('asks for another token when Google takes one back before its time', async () => {
    await ask();
    ga4.issued.length = 0;
    expect((await ask()).rows).toHaveLength(6);
    expect(ga4.calls.get('/token')).toBe(2);
  });

  it('does not use the token of a key that was replaced', async () => {
    await ask();
    const stolen = { ...account, key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey };
    expect(await faultOf(ask({ account: stolen }))).toMatchObject({ code: 'provider-refused' });
  });

  it.each([
    ['an unknown property', () => ask({ property: '999' }), 'provider-refused', /403 PERMISSION_DENIED/],
    ['a wrong date', () => ask({ from: 'nonsense' }), 'provider-refused', /400 INVALID_ARGUMENT/],
    [
      'an unknown account',
      () => ask({ account: { ...account, email: 'no@b.example' } }),
      'provider-refused',
      /account not found/,
    ],
  ])('of %s is refused with Google’s words', async (_, work, code, words) => {
    const fault = await faultOf(work());
    expect(fault).toMatchObject({ code });
    expect(fault?.message).toMatch(words);
  });

  it('of a property without quota is limited', async () => {
    ga4.quotaTokens = 5;
    const fault = await faultOf(ask());
    expect(fault).toMatchObject({ code: 'provider-limited' });
    expect(fault?.message).toContain('RESOURCE_EXHAUSTED');
  });

  it.each([
    ['token', 'error', 'provider-failed'],
    ['token', 'garbage', 'provider-answer'],
    ['token', 'hang', 'outbound-timeout'],
    ['token', 'redirect', 'outbound-redirects'],
    ['report', 'error', 'provider-failed'],
    ['report', 'garbage', 'provider-answer'],
    ['report', 'hang', 'outbound-timeout'],
    ['report', 'huge', 'outbound-too-large'],
    ['report', 'redirect', 'outbound-redirects'],
  ] as const)('from a %s service in mode %s is a fault: %s', async (service, mode, code) => {
    ga4.modes[service] = mode;
    const fault = await faultOf(ask());
    expect(fault).toMatchObject({ code });
    expect(fault?.message).not.toContain('PRIVATE KEY');
  });
});

describe('the key file of a service account', () => {
  const good = () => JSON.parse(ga4.newAccount('x@y.example')) as Record<string, string>;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' });
  it.each([
    ['no JSON', () => 'hush', /is not JSON/],
    ['a user’s credentials', () => JSON.stringify({ ...good(), type: 'authorized_user' }), /its type/],
    ['no e-mail', () => JSON.stringify({ ...good(), client_email: 'hush' }), /client_email/],
    ['no key', () => JSON.stringify({ ...good(), private_key: 7 }), /private_key/],
    [
      'a broken key',
      () => JSON.stringify({ ...good(), private_key: '-----BEGIN PRIVATE KEY-----hush' }),
      /cannot be read/,
    ],
    ['a key of another kind', () => JSON.stringify({ ...good(), private_key: ec }), /not RSA/],
    ['a list', () => '["hush"]', /its type/],
  ])('with %s is refused without quoting it', (_, text, detail) => {
    const refusal = readServiceAccount(text());
    expect(refusal).toMatchObject({ refused: 'bad-secret', detail: expect.stringMatching(detail) });
    expect(JSON.stringify(refusal)).not.toContain('hush');
  });

  it('does not choose where the hub goes for a token', async () => {
    expect(JSON.parse(ga4.newAccount()).token_uri).toContain('attacker');
    account = read(ga4.newAccount('reader@project.iam.example'));
    expect((await ask()).rows).toHaveLength(6);
  });
});
