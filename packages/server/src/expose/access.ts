import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { type Permission, rolesFor, scopesFor } from '../model/permission.ts';
import { isUuid } from '../model/uuid.ts';
import type { Records, Tenant, User } from '../stores/records.ts';
import { secondFactorMissing, unauthorised } from './gate.ts';
import type { Hub } from './ports.ts';
import { granteeOf, may, type Principal } from './principal.ts';
import { ProblemError } from './problem.ts';

/** What a route asks of its caller. `public` asks nothing, `account` that it is a person who is logged in. */
export type Access = 'public' | 'account' | Permission;

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null;
    /** The tenant the call is about, once it is known that the caller may do there what the route is for. */
    tenant: Tenant | null;
    /** Id of the tenant in whose log the call stands: its own, whether or not it was let in. */
    about: string | null;
    /** Canonical address of the client, '' on the control socket. */
    client: string;
  }
}

// How long a tenant is known by its former name or state.
const REMEMBER_MS = 5000;

// Keys are known from memory, and so is their tenant: no look-up on the way of a request.
// What is remembered is the look-up itself, so that many calls at once make one.
const tenants = new WeakMap<Records, LRUCache<string, Promise<Tenant>>>();

function ownTenant(records: Records, id: string): Promise<Tenant> {
  let known = tenants.get(records);
  if (known === undefined) {
    known = new LRUCache({ max: 10_000, ttl: REMEMBER_MS });
    tenants.set(records, known);
    const cache = known;
    records.watch('sessions', () => cache.clear());
    records.watch('tenants', () => cache.clear());
  }
  let tenant = known.get(id);
  if (tenant === undefined) {
    tenant = records.forTenant(id).tenant.get();
    known.set(id, tenant);
    tenant.catch(() => known.delete(id));
  }
  return tenant;
}

/** Refuses a caller that may not do what the route is for, in the tenant that the call is about. */
export async function authorise(hub: Pick<Hub, 'records'>, request: FastifyRequest): Promise<void> {
  const { access = 'public', pending = false } = request.routeOptions.config;
  const { principal } = request;
  if (access === 'public') return;
  if (principal === null) {
    throw unauthorised('log in, or send an API key ("npx vedette key create --tenant T --scope read")');
  }
  if (principal.kind === 'link' || principal.kind === 'user') refuseForeignOrigin(request);
  if (principal.session?.state === 'second-factor' && !pending) {
    throw secondFactorMissing();
  }
  if (access === 'account') {
    if (principal.user !== null) return;
    throw new ProblemError(403, 'no-account', 'this is about a person’s own account: log in as that person');
  }
  if (access === 'operate') {
    if (principal.operator) return;
    refuseWeak(principal, hub.records.installation);
    throw new ProblemError(403, 'forbidden', 'this is for the operators of the installation');
  }
  const tenant = await resolveTenant(hub.records, request, principal);
  request.about = tenant.id;
  refuseSuspended(principal, tenant);
  if (!may(principal, access, tenant.id)) throw refusal(principal, access, tenant);
  request.tenant = tenant;
}

function refuseSuspended(principal: Principal, tenant: Tenant): void {
  if (tenant.suspendedAt === null || principal.operator) return;
  throw new ProblemError(
    403,
    'tenant-suspended',
    `the tenant ${tenant.slug} is suspended since ${new Date(tenant.suspendedAt).toISOString()}; the operator of this installation knows why`,
  );
}

/** Refuses whoever would be somebody in the tenant with a second factor, and has shown none. */
function refuseWeak({ weakIn }: Principal, { id, slug }: Pick<Tenant, 'id' | 'slug'>): void {
  if (!weakIn.has(id)) return;
  throw new ProblemError(
    403,
    'second-factor-required',
    `${slug} asks for a second factor, and this session was opened without one: set up an authenticator app or a passkey in your account, or log in again with it`,
  );
}

function refusal(principal: Principal, permission: Permission, tenant: Tenant): ProblemError {
  if (principal.kind === 'key') {
    const scopes = scopesFor(permission);
    const needed =
      scopes.length === 0
        ? 'this is for people only, not for keys'
        : `this needs a key of scope ${scopes.join(' or ')}`;
    return new ProblemError(403, 'forbidden', `${needed}; this one is of scope ${principal.scope}`);
  }
  const roles = rolesFor(permission).join(' or ');
  const role = granteeOf(principal, tenant.id);
  return new ProblemError(403, 'forbidden', `this is for ${roles} of ${tenant.slug}; you are ${role} there`);
}

/**
 * A browser attaches the session to whatever page makes it call, so a call that changes something must come from the
 * dashboard itself (Origin, or Sec-Fetch-Site where there is none). The cookie is SameSite=Strict besides.
 */
export function refuseForeignOrigin(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const own = origin === undefined ? site === 'same-origin' : URL.canParse(origin) && new URL(origin).host === host;
  if (!own || (site !== undefined && site !== 'same-origin')) {
    throw new ProblemError(
      403,
      'foreign-origin',
      'a call with the session of a browser must come from the dashboard itself',
    );
  }
}

/** Nobody may be logged in by another site's page, as whoever that page likes. */
export function refuseForeignPage(request: FastifyRequest): void {
  if (request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined) {
    refuseForeignOrigin(request);
  }
}

/** The person who is logged in; `access: 'account'` lets nobody else in. */
export function personOf(request: FastifyRequest): User {
  const user = request.principal?.user ?? null;
  if (user === null) throw new ProblemError(403, 'no-account', 'this is about a person’s own account');
  return user;
}

/**
 * The tenant a call is about: the one named by `tenant` (id or slug); else a key's own, an operator's Tenant0, the first
 * of a person's by slug. Throws 403 for a tenant that is not the caller's, whether or not it exists, and 404 for one that
 * an operator names and that does not exist.
 */
export async function tenantOf({ records }: Pick<Hub, 'records'>, request: FastifyRequest): Promise<Tenant> {
  if (request.tenant !== null) return request.tenant;
  const { principal } = request;
  if (principal === null) throw unauthorised('this call is about a tenant’s data');
  const tenant = await resolveTenant(records, request, principal);
  request.tenant = tenant;
  request.about = tenant.id;
  return tenant;
}

async function resolveTenant(records: Records, request: FastifyRequest, principal: Principal): Promise<Tenant> {
  const { tenant: said } = request.query as { tenant?: unknown };
  const named = typeof said === 'string' ? said : '';
  if (principal.operator) return named === '' ? records.installation : findTenant(records, named);
  const tenantsOf = (ids: Iterable<string>) => Promise.all([...ids].map((id) => ownTenant(records, id)));
  const is = ({ id, slug }: Tenant) => (isUuid(named) ? named.toLowerCase() === id : named === slug);
  const own = await tenantsOf(principal.grantees.keys());
  const found = named === '' ? firstOf(own) : own.find(is);
  if (found !== undefined) return found;
  const weak = await tenantsOf(principal.weakIn);
  const asking = named === '' ? firstOf(weak) : weak.find(is);
  if (asking !== undefined) refuseWeak(principal, asking);
  if (own.length === 0)
    throw new ProblemError(403, 'no-tenant', 'you are in no tenant: ask whoever runs yours to invite you');
  const whose = own
    .map(({ slug }) => slug)
    .sort()
    .join(', ');
  const detail = principal.kind === 'key' ? `this key is for the tenant ${whose} only` : `you are in ${whose} only`;
  throw new ProblemError(403, 'forbidden', detail);
}

/** A person's first tenant by slug; one that is not suspended, if there is one. */
function firstOf(own: readonly Tenant[]): Tenant | undefined {
  const sorted = own.toSorted((a, b) => (a.slug < b.slug ? -1 : 1));
  return sorted.find(({ suspendedAt }) => suspendedAt === null) ?? sorted[0];
}

async function findTenant(records: Records, named: string): Promise<Tenant> {
  const tenant = await records.unscoped.tenants.find(named);
  if (tenant !== null) return tenant;
  const known = (await records.unscoped.tenants.list()).map(({ slug }) => slug).join(', ');
  throw new ProblemError(
    404,
    'unknown-tenant',
    `there is no tenant "${named.slice(0, 80)}"; there are: ${known}. "npx vedette tenant create SLUG" makes one`,
  );
}
