import type { PrivacyAnswer, PrivacyPolicy } from '@vedette/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../src/privacy/policy.ts';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
let other: WorldTenant;

beforeAll(async () => {
  world = await startWorld();
  acme = await world.tenant('acme');
  other = await world.tenant('other');
});
afterAll(() => world.stop());

const URL = '/api/v1/privacy/policy';
const get = async (tenant: WorldTenant) => (await world.call(URL, { key: tenant.keys.read })).json as PrivacyAnswer;
const put = (body: unknown, key = acme.keys.admin) => world.call(URL, { method: 'PUT', key, body });
const STRICT: PrivacyPolicy = {
  ...DEFAULT_POLICY,
  retention_days: { ...DEFAULT_POLICY.retention_days, granted: 90 },
  unknown: 'counted',
};

test('what holds by default is told with sentences and what there is', async () => {
  const { policy, plain, kept } = await get(acme);
  expect(policy).toEqual(DEFAULT_POLICY);
  expect(plain.length).toBeGreaterThan(5);
  expect(kept.map(({ name }) => name)).toContain('Evidence of choices');
  expect(
    kept.every(
      ({ rows, oldest, what, why, where, until }) => rows === 0 && oldest === null && what + why + where + until !== '',
    ),
  ).toBe(true);
});

test('figures are those of the tenant', async () => {
  const time = Date.now() - 60_000;
  const body = ['granted', 'granted', 'unknown'].map((choice) => ({
    time,
    'url.path': '/',
    'vedette.consent': choice,
  }));
  expect((await world.call('/api/v1/requests', { key: acme.keys.ingest, body })).json.accepted).toBe(3);
  const rowsOf = async (tenant: WorldTenant) =>
    Object.fromEntries((await get(tenant)).kept.map(({ name, rows, oldest }) => [name, [rows, oldest]]));
  const mine = await rowsOf(acme);
  expect(mine['Requests of people who granted']).toEqual([2, new Date(time).toISOString()]);
  expect(mine['Requests of those who have not chosen']).toEqual([1, new Date(time).toISOString()]);
  expect(mine['Counts of requests']?.[0]).toBeGreaterThan(0);
  const theirs = await rowsOf(other);
  expect(Object.entries(theirs).filter(([name, [rows]]) => rows !== 0 && name !== 'What sends requests')).toEqual([]);
});

test('a preview says what would change, and changes nothing', async () => {
  const answer = await world.call('/api/v1/privacy/preview', { key: acme.keys.read, body: STRICT });
  expect(answer.json.changes).toEqual([
    expect.stringContaining('90 days instead of 396 days'),
    expect.stringContaining('there already'),
    expect.stringContaining('only be counted'),
  ]);
  expect((await get(acme)).policy).toEqual(DEFAULT_POLICY);
});

test('a policy that is set holds for this tenant, for what comes from now on', async () => {
  const { records } = world.running.hub;
  await records.forTenant(acme.id).tenant.setPolicy({ retentionDays: { granted: 10 }, other: 1 });
  expect((await get(acme)).policy.retention_days.granted).toBe(10);
  const answer = await put(STRICT);
  expect([answer.status, answer.json.policy]).toEqual([200, STRICT]);
  expect((await get(acme)).policy).toEqual(STRICT);
  expect((await get(other)).policy).toEqual(DEFAULT_POLICY);
  const stored = (await records.forTenant(acme.id).tenant.get()).policy;
  expect([stored.other, stored.retentionDays]).toEqual([1, undefined]);
  const rows = async () =>
    (await get(acme)).kept.find(({ name }) => name === 'Requests of those who have not chosen')?.rows;
  const before = await rows();
  await records.policies.refresh();
  await world.call('/api/v1/requests', {
    key: acme.keys.ingest,
    body: [{ time: Date.now(), 'url.path': '/', 'user_agent.original': 'Mozilla/5.0 Firefox/130.0' }],
  });
  expect(await rows()).toBe(before);
});

test.each<[string, unknown, string]>([
  [
    'a number of days out of bounds',
    { ...STRICT, retention_days: { ...STRICT.retention_days, granted: 0 } },
    'retention_days.granted',
  ],
  ['a group too small', { ...STRICT, least_group: 1 }, 'least_group'],
  ['a field too many', { ...STRICT, address: true }, 'address'],
  ['a field too few', { ...STRICT, banner: undefined }, 'banner'],
  ['no object', [], 'policy'],
])('%s is refused, saying where', async (_name, body, field) => {
  for (const answer of [await put(body), await world.call('/api/v1/privacy/preview', { key: acme.keys.read, body })]) {
    expect(answer.status).toBe(422);
    expect(answer.json.errors[0].name).toBe(field);
  }
});

test('only administrators of the tenant, and operators, may change it', async () => {
  expect((await put(STRICT, acme.keys.read)).status).toBe(403);
  expect((await put(STRICT, acme.keys.ingest)).status).toBe(403);
  expect((await world.call(URL, { key: acme.keys.ingest })).status).toBe(403);
  expect((await world.call(`${URL}?tenant=acme`, { method: 'PUT', key: other.keys.admin, body: STRICT })).status).toBe(
    403,
  );
  expect((await world.control(`${URL}?tenant=other`, { method: 'PUT', body: STRICT })).status).toBe(200);
  expect((await get(other)).policy).toEqual(STRICT);
});
