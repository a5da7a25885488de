import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { isUuid } from '../model/uuid.ts';
import {
  KEY_PREFIX,
  type KeyScope,
  type Records,
  type Principal as StoredPrincipal,
  type Tenant,
} from '../stores/records.ts';
import type { Hub } from './ports.ts';
import { ProblemError } from './problem.ts';

export const SESSION_COOKIE = 'vedette_session';

/** Who is asking. */
export interface Principal {
  kind: 'link' | 'key' | 'socket';
  scope: KeyScope;
  /** null: an operator, who may act for every tenant. */
  tenantId: string | null;
  /** Names the caller's allowance and log lines; no secret. */
  name: string;
  /** What people call it: the key's name, or what stands for one. */
  label: string;
}

/** What a route asks of its caller. `public` asks nothing. */
export type Access = 'public' | 'ingest' | 'read' | 'admin' | 'operator';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null;
    /** Canonical address of the client, '' on the control socket. */
    client: string;
  }
}

// How long a session that has ended elsewhere may still be let in, and a tenant be known by its former name.
const REMEMBER_MS = 5000;

// Keys are known from memory, and so is their tenant: no look-up on the way of a request.
// What is remembered is the look-up itself, so that many calls at once make one.
const tenants = new WeakMap<Records, LRUCache<string, Promise<Tenant>>>();

function ownTenant(records: Records, id: string): Promise<Tenant> {
  let known = tenants.get(records);
  if (known === undefined) {
    known = new LRUCache({ max: 10_000, ttl: REMEMBER_MS });
    tenants.set(records, known);
  }
  let tenant = known.get(id);
  if (tenant === undefined) {
    tenant = records.forTenant(id).tenant.get();
    known.set(id, tenant);
    tenant.catch(() => known.delete(id));
  }
  return tenant;
}

/**
 * Finds out who is asking: by key, or by the session of a browser. null when no credential, or one whose session has
 * ended, was sent. Throws a ProblemError 401 for a key that is wrong.
 */
export type Gate = (request: FastifyRequest) => Promise<Principal | null>;

export function createGate(records: Records): Gate {
  const sessions = new LRUCache<string, { found: StoredPrincipal | null }>({ max: 1000, ttl: REMEMBER_MS });

  async function byKey(header: string, agents: boolean): Promise<Principal> {
    const token = tokenOf(header, agents);
    if (!token.startsWith(KEY_PREFIX)) throw unauthorised(`send the key as "Authorization: Bearer ${KEY_PREFIX}…"`);
    const found = await records.authenticate(token);
    if (found === null) throw unauthorised('this key is unknown, was revoked, or has expired');
    const label = found.name || `key ${found.id.slice(-6)}`;
    return { kind: 'key', scope: found.scope, tenantId: found.tenantId, name: `key:${found.id}`, label };
  }

  async function bySession(token: string): Promise<Principal | null> {
    let known = sessions.get(token);
    if (known === undefined) {
      known = { found: await records.logIn.session(token) };
      sessions.set(token, known);
    }
    const { found } = known;
    if (found === null) return null;
    const operator = found.tenantId === records.installation.id && found.scope === 'admin';
    const tenantId = operator ? null : found.tenantId;
    return { kind: 'link', scope: found.scope, tenantId, name: `session:${found.id}`, label: 'dashboard' };
  }

  return async (request) => {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined) return byKey(authorization, request.routeOptions.config.agents === true);
    const token = readCookie(cookie, SESSION_COOKIE);
    return token === '' ? null : bySession(token);
  };
}

/**
 * The key in an Authorization header. Log agents know no Bearer: where they call, `ApiKey` (the key, or base64 of
 * `id:key`) and `Basic` (the key as the password) are taken too. Nowhere else, for browsers send Basic by themselves.
 */
function tokenOf(header: string, agents: boolean): string {
  const [, scheme = '', value = ''] = /^(Bearer|ApiKey|Basic) +(\S+)$/i.exec(header) ?? [];
  if (/^bearer$/i.test(scheme)) return value;
  if (!agents || scheme === '') return '';
  if (value.startsWith(KEY_PREFIX)) return value;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/** The value of a cookie, '' when it was not sent. */
export function readCookie(header: string | undefined, name: string): string {
  for (const part of header?.split(';') ?? []) {
    const [key, value = ''] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return '';
}

/** 401, saying what to send instead. */
export function unauthorised(detail: string): ProblemError {
  return new ProblemError(401, 'unauthorised', detail, { headers: { 'www-authenticate': 'Bearer realm="vedette"' } });
}

/** Refuses a caller that may not do what the route is for. */
export function authorise(request: FastifyRequest, access: Access): void {
  if (access === 'public') return;
  const { principal } = request;
  if (principal === null) {
    throw unauthorised(
      'send an API key ("npx vedette key create"), or open the dashboard by a one-time link ("npx vedette link")',
    );
  }
  if (principal.kind === 'link') refuseForeignOrigin(request);
  if (access === 'operator') {
    if (principal.tenantId === null) return;
    throw new ProblemError(403, 'forbidden', 'this is for the operator of the installation, not for a tenant’s key');
  }
  if (principal.scope !== 'admin' && principal.scope !== access) {
    throw new ProblemError(
      403,
      'forbidden',
      `this needs a key of scope ${access === 'admin' ? access : `${access} or admin`}; this one is of scope ${principal.scope}`,
    );
  }
}

/**
 * A browser attaches the session to whatever page makes it call, so a call that changes something must come from the
 * dashboard itself (Origin, or Sec-Fetch-Site where there is none). The cookie is SameSite=Strict besides.
 */
function refuseForeignOrigin(request: FastifyRequest): void {
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

/**
 * The tenant a call is about: a key's own; for operators the one named by `tenant` (id or slug), else Tenant0.
 * Throws 403 when a key names another tenant than its own, whether or not that exists, and 404 for an unknown one.
 */
export async function tenantOf({ records }: Pick<Hub, 'records'>, request: FastifyRequest): Promise<Tenant> {
  const { principal } = request;
  const named = (request.query as { tenant?: string }).tenant ?? '';
  if (principal === null) throw unauthorised('this call is about a tenant’s data');
  if (principal.tenantId === null) {
    if (named === '') return records.installation;
    const tenant = await records.unscoped.tenants.find(named);
    if (tenant !== null) return tenant;
    const known = (await records.unscoped.tenants.list()).map(({ slug }) => slug).join(', ');
    throw new ProblemError(
      404,
      'unknown-tenant',
      `there is no tenant "${named.slice(0, 80)}"; there are: ${known}. "npx vedette tenant create SLUG" makes one`,
    );
  }
  const own = await ownTenant(records, principal.tenantId);
  if (named === '' || (isUuid(named) ? named.toLowerCase() === own.id : named === own.slug)) return own;
  throw new ProblemError(403, 'forbidden', `this key is for the tenant ${own.slug} only`);
}
