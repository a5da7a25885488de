import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../src/model/permission.ts';
import { MOST_VIEWS } from '../src/stores/saved-views.ts';
import { codeOf } from './support/cookies.ts';
import { changeRows, insertPerson, type Person } from './support/people.ts';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
let other: WorldTenant;
let installation: string;
let count = 0;

beforeAll(async () => {
  world = await startWorld();
  acme = await world.tenant('acme');
  other = await world.tenant('other');
  installation = world.running.hub.records.installation.id;
});
afterAll(() => world.stop());

interface Somebody extends Person {
  call: World['call'];
  save(view?: object, tenant?: string): ReturnType<World['call']>;
  /** Names of the views that they see in a tenant. */
  seen(tenant?: string): Promise<string[]>;
}

async function somebody(roles: Record<string, Role>): Promise<Somebody> {
  count += 1;
  const person = await insertPerson(world, { email: `v${count}@example.org`, name: `V${count}`, roles });
  const headers = { cookie: await person.session('full'), origin: world.url };
  const call: World['call'] = (path, more = {}) => world.call(path, { ...more, headers });
  return {
    ...person,
    call,
    save: (view = {}, tenant = acme.slug) =>
      call(`/api/v1/views?tenant=${tenant}`, {
        body: { name: `view ${(count += 1)}`, screen: 'explore', query: 'range=7d&where=status%3D5xx', ...view },
      }),
    async seen(tenant = acme.slug) {
      const { json } = await call(`/api/v1/views?tenant=${tenant}`);
      return json.views.map(({ name }: { name: string }) => name);
    },
  };
}
const change = (who: Somebody, id: string, body: object, tenant = acme.slug) =>
  who.call(`/api/v1/views/${id}?tenant=${tenant}`, { method: 'PATCH', body });
const remove = (who: Somebody, id: string, tenant = acme.slug) =>
  who.call(`/api/v1/views/${id}?tenant=${tenant}`, { method: 'DELETE' });
const outcome = (answer: Awaited<ReturnType<World['call']>>) => [answer.status, codeOf(answer)];

describe('a view of one’s own', () => {
  test('is saved, found, changed and deleted, and seen by nobody else', async () => {
    const viewer = await somebody({ [acme.id]: 'viewer' });
    const owner = await somebody({ [acme.id]: 'owner' });
    const made = await viewer.save({ name: '  Slow pages ', query: 'metric=p95&by=path' });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      name: 'Slow pages',
      screen: 'explore',
      query: 'metric=p95&by=path',
      shared: false,
      mine: true,
      owner: expect.stringMatching(/^V\d+$/),
    });
    const { id } = made.json;
    expect((await viewer.call(`/api/v1/views/${id}`)).json).toEqual(made.json);
    expect(await viewer.seen()).toContain('Slow pages');
    expect(await owner.seen()).not.toContain('Slow pages');
    expect(outcome(await owner.call(`/api/v1/views/${id}`))).toEqual([404, 'unknown-view']);
    expect(outcome(await change(owner, id, { name: 'Mine' }))).toEqual([404, 'unknown-view']);
    expect(outcome(await remove(owner, id))).toEqual([404, 'unknown-view']);
    const changed = await change(viewer, id, { name: 'Slower pages', query: 'metric=p99' });
    expect(changed.json).toMatchObject({ id, name: 'Slower pages', query: 'metric=p99', created: made.json.created });
    expect(Date.parse(changed.json.updated)).toBeGreaterThanOrEqual(Date.parse(changed.json.created));
    expect((await remove(viewer, id)).status).toBe(204);
    expect(outcome(await remove(viewer, id))).toEqual([404, 'unknown-view']);
  });

  test('has a name of its own, and everybody has their own names', async () => {
    const one = await somebody({ [acme.id]: 'analyst', [other.id]: 'analyst' });
    const two = await somebody({ [acme.id]: 'analyst' });
    const name = 'The same';
    const [first] = await Promise.all([one.save({ name }), two.save({ name }), one.save({ name }, other.slug)]);
    expect(first.status).toBe(201);
    expect(outcome(await one.save({ name, shared: true }))).toEqual([409, 'name-taken']);
    const another = await one.save({ name: 'Another' });
    expect(outcome(await change(one, another.json.id, { name }))).toEqual([409, 'name-taken']);
    const both = await Promise.all([two.save({ name: 'At once' }), two.save({ name: 'At once' })]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  test('is refused beyond what one person keeps', async () => {
    const tenant = await world.tenant('many');
    const person = await somebody({ [tenant.id]: 'viewer' });
    await changeRows(
      world,
      `INSERT INTO saved_views (id, tenant_id, private_to, shared_by, name, screen, query)
       SELECT gen_random_uuid(), $1, CASE n % 2 WHEN 0 THEN $2::uuid END, CASE n % 2 WHEN 1 THEN $2::uuid END, 'n' || n,
         'explore', '' FROM generate_series(2, $3::int) n`,
      [tenant.id, person.id, MOST_VIEWS],
    );
    const last = await Promise.all([person.save({}, tenant.slug), person.save({}, tenant.slug)]);
    expect(last.map(outcome).sort()).toEqual([
      [201, undefined],
      [409, 'too-many-views'],
    ]);
  });

  test('holds no address of another screen, tenant or length', async () => {
    const person = await somebody({ [acme.id]: 'viewer' });
    const refused = async (view: object) => outcome(await person.save(view));
    expect(await refused({ query: 'range=7d&tenant=other' })).toEqual([400, 'bad-query']);
    expect(await refused({ query: '?range=7d' })).toEqual([400, 'invalid']);
    expect(await refused({ query: 'a'.repeat(4097) })).toEqual([400, 'invalid']);
    expect(await refused({ screen: 'settings' })).toEqual([400, 'invalid']);
    expect(await refused({ name: '   ' })).toEqual([400, 'invalid']);
    expect(await refused({ name: 'n'.repeat(81) })).toEqual([400, 'invalid']);
    const { id } = (await person.save({ query: '' })).json;
    expect(outcome(await change(person, id, { query: 'tenant=other' }))).toEqual([400, 'bad-query']);
    expect(outcome(await change(person, id, {}))).toEqual([400, 'invalid']);
  });
});

describe('a shared view', () => {
  test('is seen by everybody in the tenant, keys too, and nobody else', async () => {
    const analyst = await somebody({ [acme.id]: 'analyst' });
    const viewer = await somebody({ [acme.id]: 'viewer' });
    const stranger = await somebody({ [other.id]: 'owner' });
    const { json } = await analyst.save({ name: 'For all', shared: true });
    const { owner } = json;
    expect((await viewer.call(`/api/v1/views/${json.id}`)).json).toMatchObject({ shared: true, mine: false, owner });
    const byKey = await world.call('/api/v1/views', { key: acme.keys.read });
    expect(byKey.json.views).toContainEqual({ ...json, mine: false });
    expect(byKey.json.views.every(({ shared }: { shared: boolean }) => shared)).toBe(true);
    expect(await stranger.seen(other.slug)).not.toContain('For all');
    expect(outcome(await stranger.call(`/api/v1/views/${json.id}`))).toEqual([404, 'unknown-view']);
  });

  test('is made and changed by those who may share, and taken back by its owner only', async () => {
    const analyst = await somebody({ [acme.id]: 'analyst' });
    const admin = await somebody({ [acme.id]: 'admin' });
    const viewer = await somebody({ [acme.id]: 'viewer' });
    expect(outcome(await viewer.save({ shared: true }))).toEqual([403, 'may-not-share']);
    const own = (await viewer.save()).json;
    expect(outcome(await change(viewer, own.id, { shared: true }))).toEqual([403, 'may-not-share']);
    const { id } = (await analyst.save({ shared: true })).json;
    expect(outcome(await change(viewer, id, { name: 'x' }))).toEqual([403, 'may-not-share']);
    expect(outcome(await remove(viewer, id))).toEqual([403, 'may-not-share']);
    expect((await change(admin, id, { query: 'by=country' })).json).toMatchObject({ query: 'by=country', mine: false });
    expect(outcome(await change(admin, id, { shared: false }))).toEqual([403, 'not-yours']);
    expect((await change(analyst, id, { shared: false })).json).toMatchObject({ shared: false, mine: true });
    expect((await admin.call(`/api/v1/views/${id}`)).status).toBe(404);
    expect((await change(analyst, id, { shared: true })).json).toMatchObject({ shared: true, mine: true });
    expect((await remove(admin, id)).status).toBe(204);
  });

  test('whose owner may not share any more is still theirs to take back', async () => {
    const person = await somebody({ [acme.id]: 'analyst' });
    const { id } = (await person.save({ shared: true })).json;
    await world.running.hub.records.forTenant(acme.id).members.setRole(person.id, 'viewer', ['analyst']);
    await expect.poll(async () => (await change(person, id, { name: 'x' })).status).toBe(403);
    expect((await change(person, id, { shared: false })).json).toMatchObject({ shared: false, mine: true });
  });

  test('is nobody’s where it was made without an account', async () => {
    const key = await world.call('/api/v1/views', {
      key: acme.keys.admin,
      body: { name: 'k', screen: 'explore', query: '' },
    });
    expect(outcome(key)).toEqual([403, 'no-person']);
    const path = `/api/v1/views?tenant=${acme.slug}`;
    const made = await world.control(path, { body: { name: 'By link', screen: 'explore', query: '', shared: true } });
    expect(made.json).toMatchObject({ shared: true, mine: false, owner: null });
    const { id } = made.json;
    const taken = await world.control(`/api/v1/views/${id}?tenant=${acme.slug}`, {
      method: 'PATCH',
      body: { shared: false },
    });
    expect(outcome(taken)).toEqual([403, 'not-yours']);
    const gone = await world.control(`/api/v1/views/${id}?tenant=${acme.slug}`, { method: 'DELETE' });
    expect(gone.status).toBe(204);
  });
});

describe('the list', () => {
  test('comes page by page', async () => {
    const tenant = await world.tenant('pages');
    const person = await somebody({ [tenant.id]: 'analyst' });
    for (let i = 0; i < 7; i += 1) await person.save({ name: `p${i}`, shared: i % 2 === 0 }, tenant.slug);
    const names: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { json } = await person.call(`/api/v1/views?limit=3&cursor=${cursor}`);
      names.push(...json.views.map(({ name }: { name: string }) => name));
      cursor = json.next;
    }
    expect(names).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6']);
  });
});

describe('of somebody who goes', () => {
  async function leaver(roles: Record<string, Role>, tenant = acme.slug) {
    const person = await somebody(roles);
    const mine = (await person.save({ name: `private of ${person.email}` }, tenant)).json;
    const ours = (await person.save({ name: `shared by ${person.email}`, shared: true }, tenant)).json;
    return { ...person, mine, ours };
  }
  const rowsOf = async (ids: string[]) =>
    (
      await changeRows(
        world,
        'SELECT id, private_to IS NULL AS shared, shared_by FROM saved_views WHERE id = ANY ($1) ORDER BY id',
        [ids],
      )
    ).rows;

  test('out of the tenant, private views go and shared ones stay without owner', async () => {
    const person = await leaver({ [acme.id]: 'analyst', [other.id]: 'viewer' });
    const elsewhere = (await person.save({}, other.slug)).json;
    await world.running.hub.records.forTenant(acme.id).members.remove(person.id, ['analyst']);
    expect(await rowsOf([person.mine.id, person.ours.id])).toEqual([
      { id: person.ours.id, shared: true, shared_by: null },
    ]);
    expect(await rowsOf([elsewhere.id])).toHaveLength(1);
    const key = await world.call(`/api/v1/views/${person.ours.id}`, { key: acme.keys.read });
    expect(key.json).toMatchObject({ mine: false, owner: null, shared: true });
  });

  test('with the account, as well', async () => {
    const person = await leaver({ [acme.id]: 'analyst' });
    await changeRows(world, 'DELETE FROM users WHERE id = $1', [person.id]);
    expect(await rowsOf([person.mine.id, person.ours.id])).toEqual([
      { id: person.ours.id, shared: true, shared_by: null },
    ]);
  });

  test('as operator, the views in tenants that they are not in', async () => {
    const stays = await somebody({ [installation]: 'owner' });
    expect(stays.id).not.toBe('');
    const person = await leaver({ [installation]: 'admin', [other.id]: 'analyst' });
    const inOther = (await person.save({}, other.slug)).json;
    expect(person.mine).toMatchObject({ mine: true, owner: expect.any(String) });
    const { members } = world.running.hub.records.forTenant(installation);
    await members.setRole(person.id, 'viewer', ['admin']);
    expect(await rowsOf([person.mine.id, person.ours.id, inOther.id])).toEqual([
      { id: person.ours.id, shared: true, shared_by: null },
      { id: inOther.id, shared: false, shared_by: null },
    ]);
  });
});

test('the audit log says what was shared by name, and names no private view', async () => {
  const tenant = await world.tenant('audited');
  const person = await somebody({ [tenant.id]: 'admin' });
  const own = (await person.save({ name: 'nobody reads this' }, tenant.slug)).json;
  const shared = (await person.save({ name: 'everybody reads this', shared: true }, tenant.slug)).json;
  await remove(person, own.id, tenant.slug);
  const { json, text } = await person.call(`/api/v1/audit?tenant=${tenant.slug}`);
  expect(json.entries.map(({ action, target }: Record<string, string>) => [action, target])).toEqual([
    ['view.delete', own.id],
    ['view.create', shared.name],
    ['view.create', own.id],
  ]);
  expect(text).not.toContain('nobody reads this');
});
