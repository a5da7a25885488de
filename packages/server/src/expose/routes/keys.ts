import { type ApiKey, KeyList, KeyRotation, MadeKey, NewKey, RotatedKey } from '@vedette/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { mayGrant } from '../../model/permission.ts';
import { isRefusal } from '../../model/request.ts';
import type * as stored from '../../stores/records.ts';
import { tenantOf } from '../access.ts';
import { pageQuery, readPage } from '../cursor.ts';
import type { Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';
import { parseTime } from '../time-range.ts';
import { timeText } from '../time-text.ts';

const QUERY = Type.Object({ tenant: TENANT });
const LIST = Type.Object({ tenant: TENANT, ...pageQuery() });
const ID = Type.Object({ id: Type.String({ maxLength: 100, description: 'The key’s id, or how it begins.' }) });
const UNKNOWN = { description: 'The tenant has no such key in force', codes: ['unknown-key'] };
const WIDER = { description: 'A key cannot make one that may more', codes: ['wider-scope'] };
/** A key that ends within that time is to be rotated, or to be let go. */
const SOON_MS = 14 * 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const STANDARD_OVERLAP = '24h';
const MOST_OVERLAP_MS = 7 * 86_400_000;

/** A tenant's API keys. */
export function addKeyRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/keys',
    access: 'keys',
    summary: 'API keys of a tenant',
    query: LIST,
    answers: { 200: { description: 'Without their secrets, the oldest first', schema: KeyList } },
    async handler(request): Promise<KeyList> {
      const tenant = await tenantOf(hub, request);
      const page = readPage(request, tenant.id, ['uuid']);
      const { rows, next } = page.slice(await hub.records.forTenant(tenant.id).keys.list(), ({ id }) => [id]);
      return { keys: rows.map((key) => showKey(key, tenant.slug)), next };
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/keys',
    access: 'keys',
    audit: 'key.create',
    summary: 'Makes an API key; the answer is the only time it is shown',
    description: 'A key makes no key that may more than it does itself.',
    creates: 'secret',
    query: QUERY,
    body: { types: ['application/json'], schema: NewKey, validated: true },
    answers: {
      201: { description: 'The key', schema: MadeKey },
      400: { description: 'Wrong usage; errors names what is wrong', codes: ['bad-time'] },
      403: WIDER,
    },
    async handler(request, reply): Promise<MadeKey> {
      const tenant = await tenantOf(hub, request);
      const { scope, name = '', expires } = request.body as NewKey;
      refuseWider(request, scope);
      const expiresAt = expires === undefined ? null : expiryOf(expires);
      const { key, token } = await hub.records
        .forTenant(tenant.id)
        .keys.create({ scope, name: name.trim(), expiresAt });
      request.audit({
        target: name || key.prefix,
        detail: { id: key.id, prefix: key.prefix, scope, expires: showKey(key, tenant.slug).expires },
      });
      reply.code(201);
      return { token, key: showKey(key, tenant.slug), scope };
    },
  });
  addRotation(app, hub);
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/keys/:id',
    access: 'keys',
    audit: 'key.revoke',
    summary: 'Revokes an API key',
    query: QUERY,
    params: ID,
    answers: { 204: { description: 'Done' }, 404: UNKNOWN },
    async handler(request, reply) {
      const tenant = await tenantOf(hub, request);
      const found = await findKey(hub, tenant, request);
      if (!(await hub.records.forTenant(tenant.id).keys.revoke(found.id))) throw unknownKey(tenant, request);
      request.audit({ target: found.name || found.prefix, detail: { id: found.id, scope: found.scope } });
      return reply.code(204).send();
    },
  });
}

function addRotation(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/keys/:id/rotate',
    access: 'keys',
    audit: 'key.rotate',
    summary: 'Makes a key that follows another; the answer is the only time it is shown',
    description:
      'Of the same scope and name, and good for as long as the other was when it was made. That one stays good for the ' +
      'overlap, so that whoever uses it has time to change over.',
    creates: 'secret',
    query: QUERY,
    params: ID,
    body: { types: ['application/json'], schema: KeyRotation, validated: true, required: false },
    answers: {
      201: { description: 'The new key, and the old one with when it ends', schema: RotatedKey },
      400: { description: 'Wrong usage; errors names what is wrong', codes: ['bad-overlap'] },
      403: WIDER,
      404: UNKNOWN,
      409: { description: 'It was rotated already', codes: ['key-rotated'] },
    },
    async handler(request, reply): Promise<RotatedKey> {
      const tenant = await tenantOf(hub, request);
      const { overlap = STANDARD_OVERLAP } = (request.body ?? {}) as KeyRotation;
      const overlapMs = overlapOf(overlap);
      const found = await findKey(hub, tenant, request);
      refuseWider(request, found.scope);
      const made = await hub.records.forTenant(tenant.id).keys.rotate(found.id, overlapMs);
      if (isRefusal(made)) {
        if (made.refused === 'unknown-key') throw unknownKey(tenant, request);
        throw refused(made, 409);
      }
      const { token, key, former } = made;
      request.audit({
        target: key.name || key.prefix,
        detail: { id: key.id, former: former.id, scope: key.scope, overlap },
      });
      reply.code(201);
      return { token, key: showKey(key, tenant.slug), scope: key.scope, former: showKey(former, tenant.slug) };
    },
  });
}

/** Throws a ProblemError 403 when a key would make one that may more than it. */
function refuseWider({ principal }: FastifyRequest, wanted: stored.KeyScope): void {
  if (principal?.kind !== 'key' || principal.scope === null || mayGrant(principal.scope, wanted)) return;
  const detail = `a key of scope ${principal.scope} cannot make one of scope ${wanted}, which may more`;
  throw new ProblemError(403, 'wider-scope', detail);
}

async function findKey(hub: Hub, tenant: stored.Tenant, request: FastifyRequest): Promise<stored.ApiKey> {
  const { id } = request.params as { id: string };
  const all = await hub.records.forTenant(tenant.id).keys.list();
  const [found, another] = all.filter((key) => key.id === id.toLowerCase() || key.prefix === id);
  if (found === undefined || another !== undefined) throw unknownKey(tenant, request);
  return found;
}

function unknownKey({ slug }: stored.Tenant, request: FastifyRequest): ProblemError {
  const { id } = request.params as { id: string };
  return new ProblemError(404, 'unknown-key', `the tenant ${slug} has no key "${id}" in force`);
}

function overlapOf(text: string): number {
  const ms = Number(text.slice(0, -1)) * (UNIT_MS[text.slice(-1)] ?? Number.NaN);
  if (ms <= MOST_OVERLAP_MS) return ms;
  throw new ProblemError(400, 'bad-overlap', `overlap is "${text}"; a key that was rotated stays good for 7d at most`, {
    errors: [{ name: 'overlap', reason: 'is longer than 7d' }],
  });
}

function expiryOf(text: string): number {
  const now = Date.now();
  const time = parseTime(/^\d+[smhdw]$/i.test(text) ? `+${text}` : text, now, 'expires');
  if (typeof time !== 'number') throw refused(time, 400);
  if (time <= now) throw new ProblemError(400, 'bad-time', `expires is "${text}", which is past`);
  return time;
}

function showKey(key: stored.ApiKey, tenant: string): ApiKey {
  const { id, scope, name, prefix, expiresAt, revokedAt } = key;
  const left = (expiresAt ?? Number.POSITIVE_INFINITY) - Date.now();
  return {
    id,
    tenant,
    scope,
    name,
    prefix,
    created: new Date(key.createdAt).toISOString(),
    expires: timeText(expiresAt),
    expires_soon: revokedAt === null && left > 0 && left < SOON_MS,
    revoked: timeText(revokedAt),
    used: timeText(key.lastUsedAt),
    rotated_from: key.rotatedFrom,
  };
}
