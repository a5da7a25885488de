import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appOf } from './support/authenticator-app.ts';
import { type Browser, openBrowser } from './support/browser.ts';
import { insertPerson, type Person } from './support/people.ts';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
let globex: WorldTenant;
let count = 0;

beforeAll(async () => {
  world = await startWorld({});
  acme = await world.tenant('acme');
  globex = await world.tenant('globex');
});
afterAll(() => world.stop());

const someone = (roles: Parameters<typeof insertPerson>[1]['roles']): Promise<Person> => {
  count += 1;
  return insertPerson(world, { email: `p${count}@example.org`, name: `P ${count}`, roles });
};

async function logIn(person: Person): Promise<Browser> {
  const browser = openBrowser(world);
  await browser.call('/api/v1/log-in', { body: { email: person.email, password: person.password } });
  return browser;
}

/** Sets an authenticator app up in the session. */
async function enrol(browser: Browser, { password }: Person): Promise<void> {
  const begun = await browser.call('/api/v1/account/totp', { body: { password } });
  const code = appOf(begun).code();
  expect((await browser.call('/api/v1/account/totp/confirm', { body: { code } })).status).toBe(200);
}

const rule = (browser: Browser, second_factor: string, tenant = 'acme') =>
  browser.call(`/api/v1/tenant?tenant=${tenant}`, { method: 'PATCH', body: { second_factor } });
const mine = async (browser: Browser) =>
  Object.fromEntries(
    (await browser.call('/api/v1/me')).json.tenants.map((tenant: Record<string, unknown>) => [tenant.slug, tenant]),
  );
const outcome = ({ status, json }: { status: number; json: Record<string, unknown> }) => [
  status,
  String(json.type).split(':').at(-1),
];

describe('a tenant that asks for a second factor', () => {
  test('is asked for it by an owner who has shown one, and holds back who has none, at once, there alone', async () => {
    const owner = await someone({ [acme.id]: 'owner' });
    const asking = await logIn(owner);
    expect(outcome(await rule(asking, 'required'))).toEqual([409, 'second-factor-first']);
    const viewer = await someone({ [acme.id]: 'viewer', [globex.id]: 'viewer' });
    const browser = await logIn(viewer);
    expect((await browser.call('/api/v1/quota?tenant=acme')).status).toBe(200);

    await enrol(asking, owner);
    expect((await rule(asking, 'required')).json).toMatchObject({ slug: 'acme', second_factor: 'required' });
    expect((await asking.call('/api/v1/quota')).status).toBe(200);

    await expect.poll(async () => (await browser.call('/api/v1/quota?tenant=acme')).status).toBe(403);
    const refused = await browser.call('/api/v1/quota?tenant=acme');
    expect(outcome(refused)).toEqual([403, 'second-factor-required']);
    expect(refused.json.detail).toMatch(/acme asks for a second factor.*set up an authenticator app or a passkey/);
    expect((await browser.call('/api/v1/quota?tenant=globex')).status).toBe(200);
    expect((await browser.call('/api/v1/quota')).status).toBe(200);
    expect(await mine(browser)).toMatchObject({
      acme: { second_factor: 'required', second_factor_missing: true, permissions: [], role: null },
      globex: { second_factor: 'optional', second_factor_missing: false, role: 'viewer' },
    });

    // Setting one up in the session is showing it.
    const elsewhere = await logIn(viewer);
    await enrol(browser, viewer);
    expect((await browser.call('/api/v1/quota?tenant=acme')).status).toBe(200);
    // What was opened elsewhere before has still shown none.
    expect(outcome(await elsewhere.call('/api/v1/quota?tenant=acme'))).toEqual([403, 'second-factor-required']);
    expect((await mine(browser)).acme).toMatchObject({ second_factor_missing: false, role: 'viewer' });
    const password = { password: viewer.password };
    const kept = await browser.call('/api/v1/account/totp', { method: 'DELETE', body: password });
    expect(outcome(kept)).toEqual([409, 'last-factor']);
    expect((await browser.call('/api/v1/account')).json.two_factor.totp).toBe(true);

    const entries = (await asking.call('/api/v1/audit?tenant=acme&limit=50')).json.entries as {
      action: string;
      outcome: string;
      detail: unknown;
    }[];
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'tenant.change', outcome: 'done', detail: { second_factor: 'required' } }),
    );
  });

  test('does not hold back its keys, the one-time link and the control socket; taken back, nobody', async () => {
    const person = await someone({ [globex.id]: 'viewer' });
    const browser = await logIn(person);
    const link = openBrowser(world);
    await link.call(new URL((await world.running.link()).url).pathname);
    expect((await rule(link, 'required', 'globex')).status).toBe(200);
    await expect.poll(async () => (await browser.call('/api/v1/quota')).status).toBe(403);
    expect(outcome(await browser.call('/api/v1/quota'))).toEqual([403, 'second-factor-required']);
    expect((await world.call('/api/v1/quota', { key: globex.keys.read })).status).toBe(200);
    expect((await rule(link, 'optional', 'globex')).status).toBe(200);
    await expect.poll(async () => (await browser.call('/api/v1/quota')).status).toBe(200);
  });

  test('that is the installation holds its operators back', async () => {
    const { installation } = world.running.hub.records;
    const person = await someone({ [installation.id]: 'admin' });
    const browser = await logIn(person);
    expect((await browser.call('/api/v1/tenants')).status).toBe(200);
    const { change } = world.running.hub.records.forTenant(installation.id).tenant;
    await change({ secondFactorRequired: true });
    await expect.poll(async () => (await browser.call('/api/v1/tenants')).status).toBe(403);
    expect(outcome(await browser.call('/api/v1/tenants'))).toEqual([403, 'second-factor-required']);
    expect(outcome(await browser.call('/api/v1/quota?tenant=acme'))).toEqual([403, 'no-tenant']);
    await enrol(browser, person);
    expect((await browser.call('/api/v1/tenants')).status).toBe(200);
    await change({ secondFactorRequired: false });
  });

  test.each([{}, { second_factor: 'sometimes' }, { second_factor: null }])('is not changed by %j', async (body) => {
    const answer = await world.call('/api/v1/tenant', { method: 'PATCH', key: acme.keys.admin, body });
    expect(outcome(answer)).toEqual([400, 'invalid']);
  });
});

test('a hub may ask everybody for it', async () => {
  await world.stop();
  world = await startWorld({ VEDETTE_SECOND_FACTOR: 'required' });
  const tenant = await world.tenant('acme');
  const person = await someone({ [tenant.id]: 'owner' });
  const browser = await logIn(person);
  expect(outcome(await browser.call('/api/v1/quota'))).toEqual([403, 'second-factor-required']);
  await enrol(browser, person);
  expect((await browser.call('/api/v1/quota')).status).toBe(200);
  const removal = { method: 'DELETE', body: { password: person.password } };
  expect(outcome(await browser.call('/api/v1/account/totp', removal))).toEqual([409, 'last-factor']);
});
