import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '../src/model/permission.ts';
import { codeOf } from './support/cookies.ts';
import { insertPerson, logInAs, type Person } from './support/people.ts';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
let operator: Person;
let count = 0;

beforeAll(async () => {
  world = await startWorld();
  acme = await world.tenant('acme');
  const { id } = world.running.hub.records.installation;
  operator = await insertPerson(world, { email: 'op@example.org', name: 'Op', roles: { [id]: 'owner' } });
});
afterAll(() => world.stop());

const somebody = (role: Role): Promise<Person> =>
  insertPerson(world, { email: `s${(count += 1)}@example.org`, name: `S${count}`, roles: { [acme.id]: role } });
const isIn = async (cookie: string) => (await world.call('/api/v1/me', { headers: { cookie } })).status === 200;
const end = (path: string, cookie: string) =>
  world.call(path, { method: 'DELETE', headers: { cookie, origin: world.url } });

test('all sessions of a person are ended by an operator, at once, and nobody else’s', async () => {
  const ada = await somebody('owner');
  const [first, second, pending] = [
    await logInAs(world, ada),
    await ada.session('full'),
    await ada.session('second-factor'),
  ];
  const other = await logInAs(world, await somebody('viewer'));
  const own = await logInAs(world, operator);
  const ended = await end(`/api/v1/people/${ada.id}/sessions`, own);
  expect(ended).toMatchObject({ status: 200, json: { ended: 3 } });
  expect(await Promise.all([first, second, pending, other, own].map(isIn))).toEqual([false, false, false, true, true]);
  // The account is as it was.
  expect(await isIn(await logInAs(world, ada))).toBe(true);
  const { entries } = (
    await world.call('/api/v1/audit?action=session.end-person', { headers: { cookie: own, origin: world.url } })
  ).json;
  expect(entries[0]).toMatchObject({ target: ada.email, detail: { ended: 3 }, outcome: 'done' });
  expect(codeOf(await end(`/api/v1/people/${acme.id}/sessions`, own))).toBe('unknown-person');
});

test('one’s own are ended but for the one that asks', async () => {
  const [own, elsewhere] = [await logInAs(world, operator), await operator.session('full')];
  expect((await end(`/api/v1/people/${operator.id}/sessions`, own)).status).toBe(200);
  expect([await isIn(own), await isIn(elsewhere)]).toEqual([true, false]);
});

test('the sessions of everybody are ended, those of one-time links too, but not the one that asks; keys go on', async () => {
  const people = [await logInAs(world, await somebody('owner')), await logInAs(world, await somebody('viewer'))];
  const link = async () => {
    const path = new URL((await world.running.link()).url).pathname;
    return String((await world.call(path)).headers.getSetCookie()[0]?.split(';', 1)[0]);
  };
  const [one, another] = [await link(), await link()];
  const own = await logInAs(world, operator);
  const ended = await end('/api/v1/people/sessions', own);
  expect(ended.status).toBe(200);
  expect(ended.json.ended).toBeGreaterThanOrEqual(4);
  expect(await Promise.all([...people, one, another, own].map(isIn))).toEqual([false, false, false, false, true]);
  expect((await world.call('/api/v1/sources', { key: acme.keys.read })).status).toBe(200);
  const headers = { cookie: own, origin: world.url };
  const { entries } = (await world.call('/api/v1/audit?action=session.end-everybody', { headers })).json;
  expect(entries[0]).toMatchObject({ detail: ended.json, outcome: 'done' });
  // By a link, its own session stays.
  const third = await link();
  expect((await end('/api/v1/people/sessions', third)).status).toBe(200);
  expect([await isIn(third), await isIn(own)]).toEqual([true, false]);
});

test.each(['owner', 'admin', 'analyst', 'viewer'] as const)('a tenant’s %s ends nobody else’s', async (role) => {
  const cookie = await logInAs(world, await somebody(role));
  const victim = await somebody('viewer');
  const theirs = await logInAs(world, victim);
  for (const path of ['/api/v1/people/sessions', `/api/v1/people/${victim.id}/sessions`]) {
    const answer = await end(path, cookie);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'forbidden']);
  }
  expect((await world.call('/api/v1/people/sessions', { method: 'DELETE', key: acme.keys.admin })).status).toBe(403);
  expect([await isIn(theirs), await isIn(cookie)]).toEqual([true, true]);
});
