import { ApiKey, Domain, KeyScope, NewKey, NewTenant, Tenant } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { isRefusal } from '../../model/request.ts';
import type * as stored from '../../stores/records.ts';
import { tenantOf } from '../access.ts';
import type { Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';
import { parseTime } from '../time-range.ts';

const TENANT_QUERY = Type.Object({ tenant: TENANT });

/** What operators do to the installation; on the control socket only. */
export function addAdminRoutes(app: FastifyInstance, hub: Hub): void {
  addTenants(app, hub);
  addDomains(app, hub);
  addKeys(app, hub);
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/links',
    access: 'operator',
    summary: 'Makes a one-time link to the dashboard',
    answers: {
      201: {
        description: 'The link',
        schema: Type.Object({ url: Type.String(), expires: Type.String({ format: 'date-time' }) }),
      },
    },
    async handler(_, reply) {
      reply.code(201);
      return createLink(hub);
    },
  });
}

/** A link that opens the dashboard once, for the operator. */
export async function createLink({ records, network }: Hub): Promise<{ url: string; expires: string }> {
  const { sessions } = records.forTenant(records.installation.id);
  const { token, expiresAt } = await sessions.createLink({ scope: 'admin', validMs: network.linkMs });
  return { url: `${network.publicUrl}/start/${token}`, expires: new Date(expiresAt).toISOString() };
}

/** A tenant as the API shows it. */
export function showTenant({ id, slug, name, isInstallation }: stored.Tenant): Tenant {
  return { id, slug, name, installation: isInstallation };
}

function addTenants(app: FastifyInstance, { records }: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/tenants',
    access: 'operator',
    summary: 'All tenants',
    answers: { 200: { description: 'By slug', schema: Type.Object({ tenants: Type.Array(Tenant) }) } },
    async handler() {
      return { tenants: (await records.unscoped.tenants.list()).map(showTenant) };
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/tenants',
    access: 'operator',
    summary: 'Makes a tenant',
    body: { types: ['application/json'], schema: NewTenant, validated: true },
    answers: { 201: { description: 'The tenant', schema: Tenant }, 409: { description: 'The slug is taken' } },
    async handler(request, reply) {
      const { slug, name = slug } = request.body as NewTenant;
      const tenant = await records.unscoped.tenants.create({ slug, name });
      if (isRefusal(tenant)) throw refused(tenant, tenant.refused === 'slug-taken' ? 409 : 422);
      reply.code(201);
      return showTenant(tenant);
    },
  });
}

function addDomains(app: FastifyInstance, hub: Hub): void {
  const pattern = Type.String({ minLength: 1, maxLength: 300, description: 'www.example.com or *.example.com' });
  const body = { types: ['application/json'], schema: Type.Object({ pattern }), validated: true };
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/domains',
    access: 'operator',
    summary: 'Domains of a tenant, or of all',
    query: TENANT_QUERY,
    answers: { 200: { description: 'The domains', schema: Type.Object({ domains: Type.Array(Domain) }) } },
    async handler(request) {
      const named = (request.query as { tenant?: string }).tenant !== undefined;
      const tenants = await hub.records.unscoped.tenants.list();
      const slugs = new Map(tenants.map(({ id, slug }) => [id, slug]));
      const domains = named
        ? await hub.records.forTenant((await tenantOf(hub, request)).id).domains.list()
        : await hub.records.unscoped.domains.list();
      return {
        domains: domains.map((domain) => ({ pattern: domain.pattern, tenant: slugs.get(domain.tenantId) ?? '' })),
      };
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/domains',
    access: 'operator',
    summary: 'Gives a domain to a tenant',
    query: TENANT_QUERY,
    body,
    answers: {
      201: { description: 'The domain', schema: Domain },
      409: { description: 'It belongs to a tenant already' },
    },
    async handler(request, reply) {
      const tenant = await tenantOf(hub, request);
      const domain = await hub.records.forTenant(tenant.id).domains.add((request.body as { pattern: string }).pattern);
      if (isRefusal(domain)) throw refused(domain, domain.refused === 'domain-taken' ? 409 : 422);
      reply.code(201);
      return { pattern: domain.pattern, tenant: tenant.slug };
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/domains/:pattern',
    access: 'operator',
    summary: 'Takes a domain away from a tenant',
    query: TENANT_QUERY,
    params: Type.Object({ pattern }),
    answers: { 204: { description: 'Done' }, 404: { description: 'The tenant has no such domain' } },
    async handler(request, reply) {
      const tenant = await tenantOf(hub, request);
      const { pattern: given } = request.params as { pattern: string };
      if (!(await hub.records.forTenant(tenant.id).domains.remove(given))) {
        throw new ProblemError(404, 'unknown-domain', `the tenant ${tenant.slug} has no domain "${given}"`);
      }
      return reply.code(204).send();
    },
  });
}

function addKeys(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/keys',
    access: 'operator',
    summary: 'API keys of a tenant',
    query: TENANT_QUERY,
    answers: { 200: { description: 'Without their secrets', schema: Type.Object({ keys: Type.Array(ApiKey) }) } },
    async handler(request) {
      const tenant = await tenantOf(hub, request);
      const keys = await hub.records.forTenant(tenant.id).keys.list();
      return { keys: keys.map((key) => showKey(key, tenant.slug)) };
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/keys',
    access: 'operator',
    summary: 'Makes an API key; the answer is the only time it is shown',
    query: TENANT_QUERY,
    body: { types: ['application/json'], schema: NewKey, validated: true },
    answers: {
      201: { description: 'The key', schema: Type.Object({ token: Type.String(), key: ApiKey, scope: KeyScope }) },
    },
    async handler(request, reply) {
      const tenant = await tenantOf(hub, request);
      const { scope, name = '', expires } = request.body as NewKey;
      const expiresAt = expires === undefined ? null : expiryOf(expires);
      const { key, token } = await hub.records.forTenant(tenant.id).keys.create({ scope, name, expiresAt });
      reply.code(201);
      return { token, key: showKey(key, tenant.slug), scope };
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/keys/:id',
    access: 'operator',
    summary: 'Revokes an API key',
    query: TENANT_QUERY,
    params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
    answers: { 204: { description: 'Done' }, 404: { description: 'The tenant has no such key in force' } },
    async handler(request, reply) {
      const tenant = await tenantOf(hub, request);
      const { id } = request.params as { id: string };
      const { keys } = hub.records.forTenant(tenant.id);
      const all = await keys.list();
      const found = all.filter((key) => key.id === id.toLowerCase() || key.prefix === id);
      if (found.length !== 1 || !(await keys.revoke((found[0] as stored.ApiKey).id))) {
        throw new ProblemError(404, 'unknown-key', `the tenant ${tenant.slug} has no key "${id}" in force`);
      }
      return reply.code(204).send();
    },
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
  const text = (time: number | null) => (time === null ? null : new Date(time).toISOString());
  const { id, scope, name, prefix } = key;
  return {
    id,
    tenant,
    scope,
    name,
    prefix,
    created: new Date(key.createdAt).toISOString(),
    expires: text(key.expiresAt),
    revoked: text(key.revokedAt),
    used: text(key.lastUsedAt),
  };
}
