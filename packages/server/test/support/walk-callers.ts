import { type Grantee, grants, type Permission, ROLES } from '../../src/model/permission.ts';
import { insertPerson } from './people.ts';
import type { World, WorldTenant } from './world.ts';

/** Somebody, or something, that calls. */
export interface Caller {
  name: string;
  headers: Record<string, string>;
  operator: boolean;
  isPerson: boolean;
  /** What it is in which tenant, by id. */
  grantees: ReadonlyMap<string, Grantee>;
  /** `pending`: still to show the second factor. `unknown`: nobody the hub lets in anywhere. */
  state: 'known' | 'pending' | 'unknown';
}

/** The tenants of a walk; the third is suspended. */
export interface WalkTenants {
  ours: WorldTenant;
  theirs: WorldTenant;
  suspended: WorldTenant;
}

/** Every kind of caller there is. `strict`: a tenant that asks for a second factor, which nobody here has shown. */
export async function everybody(world: World, tenants: WalkTenants, strict: string): Promise<Caller[]> {
  const callers: Caller[] = [];
  const { ours, theirs, suspended } = tenants;
  const installation = world.running.hub.records.installation.id;
  const add = (name: string, headers: Record<string, string>, more: Partial<Caller> = {}) =>
    callers.push({ name, headers, operator: false, isPerson: false, grantees: new Map(), state: 'known', ...more });
  let people = 0;
  const person = async (name: string, roles: Record<string, (typeof ROLES)[number]>, more: Partial<Caller> = {}) => {
    const somebody = await insertPerson(world, {
      email: `walker-${++people}@example.org`,
      name: `Walker ${people}`,
      roles,
    });
    const cookie = await somebody.session(more.state === 'pending' ? 'second-factor' : 'full');
    const headers = { cookie, origin: world.url };
    add(name, headers, { isPerson: true, grantees: new Map<string, Grantee>(Object.entries(roles)), ...more });
    return somebody;
  };
  add('nobody', {}, { state: 'unknown' });
  add('a key that is none', bearer(`vdt_${'x'.repeat(43)}`), { state: 'unknown' });
  add(
    'a session that is none',
    { cookie: `vedette_session=vdu_${'x'.repeat(43)}`, origin: world.url },
    { state: 'unknown' },
  );
  for (const [whose, tenant] of [
    ['ours', ours],
    ['theirs', theirs],
  ] as const) {
    for (const role of ROLES) await person(`${role} of ${whose}`, { [tenant.id]: role });
    for (const scope of ['ingest', 'read', 'admin'] as const) {
      add(`${scope} key of ${whose}`, bearer(tenant.keys[scope]), {
        grantees: new Map<string, Grantee>([[tenant.id, `key-${scope}`]]),
      });
    }
  }
  await person('analyst of ours and admin of theirs', { [ours.id]: 'analyst', [theirs.id]: 'admin' });
  await person('somebody in no tenant', {});
  await person('viewer of Tenant0', { [installation]: 'viewer' });
  await person('operator', { [installation]: 'admin' }, { operator: true });
  await person('owner of ours, before the second factor', { [ours.id]: 'owner' }, { state: 'pending' });
  const gone = await person('owner of ours, disabled', { [ours.id]: 'owner' }, { state: 'unknown' });
  await gone.disable();
  await person('owner of a tenant that asks for a second factor', { [strict]: 'owner' }, { grantees: new Map() });
  await person('owner of a suspended tenant', { [suspended.id]: 'owner' });
  add('admin key of a suspended tenant', bearer(suspended.keys.admin), { state: 'unknown' });
  const { keys } = world.running.hub.records.forTenant(ours.id);
  const revoked = await keys.create({ scope: 'admin' });
  await keys.revoke(revoked.key.id);
  add('a revoked key of ours', bearer(revoked.token), { state: 'unknown' });
  const path = new URL((await world.running.link()).url).pathname;
  const cookie = (await world.call(path)).headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  add('one-time link', { cookie, origin: world.url }, { operator: true });
  return callers;
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/**
 * Whether the table of permissions lets the caller in to a route of this access. `named`: the tenant in the call; ''
 * where none is, null for one that does not exist.
 */
export function isLetIn(
  caller: Caller,
  route: { access: string; pending: boolean },
  named: string | null,
  tenants: WalkTenants,
): boolean {
  if (route.access === 'public') return true;
  if (caller.state === 'unknown') return false;
  if (caller.state === 'pending' && !route.pending) return false;
  if (route.access === 'account') return caller.isPerson;
  if (route.access === 'operate') return caller.operator;
  if (caller.operator) return true;
  const target = named === '' ? firstOf(caller, tenants) : named;
  if (target === null || target === tenants.suspended.id) return false;
  const grantee = caller.grantees.get(target);
  return grantee !== undefined && grants(grantee, route.access as Permission);
}

/** The tenant of a call that names none: the first by slug. */
function firstOf({ grantees }: Caller, { ours, theirs, suspended }: WalkTenants): string | null {
  const bySlug = [ours, theirs, suspended].sort((a, b) => (a.slug < b.slug ? -1 : 1)).map(({ id }) => id);
  const known = bySlug.find((id) => grantees.has(id));
  return known ?? [...grantees.keys()][0] ?? null;
}
