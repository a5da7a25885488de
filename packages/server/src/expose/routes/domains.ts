import { Domain, DomainList, NewDomain, Ownership } from '@vedette/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isRefusal } from '../../model/request.ts';
import type * as stored from '../../stores/records.ts';
import { tenantOf } from '../access.ts';
import { pageQuery, readPage } from '../cursor.ts';
import type { Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';
import { timeText } from '../time-text.ts';

const QUERY = Type.Object({ tenant: TENANT });
const LIST = Type.Object({ tenant: TENANT, ...pageQuery() });
const PATTERN = Type.Object({
  pattern: Type.String({ minLength: 1, maxLength: 300, description: 'www.example.com or *.example.com' }),
});
const UNKNOWN = { description: 'The tenant has no such domain', codes: ['unknown-domain'] };

/** Which hosts are whose, and how that is proved. */
export function addDomainRoutes(app: FastifyInstance, hub: Hub): void {
  addList(app, hub);
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/domains',
    access: 'settings',
    audit: 'domain.add',
    summary: 'Adds a domain to a tenant',
    description:
      'By an operator it counts at once. By anybody else it is a claim, which counts once its ownership is proved: see ' +
      'its ownership. One that is there already is answered as it is.',
    creates: true,
    query: QUERY,
    body: { types: ['application/json'], schema: NewDomain, validated: true },
    answers: {
      201: { description: 'The domain', schema: Domain },
      403: { description: 'Only an operator adds a domain that needs no proof', codes: ['forbidden'] },
      409: { description: 'It belongs to another tenant', codes: ['domain-taken'] },
      422: { description: 'It is no host, and no wildcard of one', codes: ['bad-domain'] },
    },
    async handler(request, reply) {
      const tenant = await tenantOf(hub, request);
      const operator = request.principal?.operator === true;
      const { pattern, verified = operator } = request.body as NewDomain;
      if (verified && !operator) {
        throw new ProblemError(
          403,
          'forbidden',
          'only an operator adds a domain that needs no proof; leave verified out',
        );
      }
      const { domains } = hub.records.forTenant(tenant.id);
      const domain = verified ? await domains.add(pattern) : await domains.claim(pattern);
      if (isRefusal(domain)) throw refused(domain, domain.refused === 'domain-taken' ? 409 : 422);
      request.audit({ target: domain.pattern });
      reply.code(201);
      return showDomain(domain, tenant.slug);
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/domains/:pattern',
    access: 'settings',
    audit: 'domain.remove',
    summary: 'Takes a domain away from a tenant',
    query: QUERY,
    params: PATTERN,
    answers: { 204: { description: 'Done' }, 404: UNKNOWN },
    async handler(request, reply) {
      const tenant = await tenantOf(hub, request);
      const { pattern } = request.params as { pattern: string };
      if (!(await hub.records.forTenant(tenant.id).domains.remove(pattern))) throw unknownDomain(tenant, pattern);
      return reply.code(204).send();
    },
  });
  addOwnership(app, hub);
}

function addList(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/domains',
    access: 'read',
    summary: 'Domains of a tenant; of all tenants for an operator who names none',
    query: LIST,
    answers: { 200: { description: 'By pattern', schema: DomainList } },
    async handler(request): Promise<DomainList> {
      const tenant = await tenantOf(hub, request);
      const { tenant: named } = request.query as { tenant?: string };
      const ofAll = named === undefined && request.principal?.operator === true;
      // Of all tenants, a pattern may stand there several times: as one's domain, and as claims of others.
      const page = readPage(request, ofAll ? null : tenant.id, ['text', 'uuid']);
      const { unscoped } = hub.records;
      const domains = ofAll ? await unscoped.domains.list() : await hub.records.forTenant(tenant.id).domains.list();
      const slugs = new Map((ofAll ? await unscoped.tenants.list() : [tenant]).map(({ id, slug }) => [id, slug]));
      const { rows, next } = page.slice(domains, ({ pattern, id }) => [pattern, id]);
      return { domains: rows.map((domain) => showDomain(domain, slugs.get(domain.tenantId) ?? '')), next };
    },
  });
}

function addOwnership(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/domains/:pattern/ownership',
    access: 'settings',
    summary: 'What proves that a domain is the tenant’s, and what was found of it',
    description: 'One of the two will do. A wildcard is proved at the name that it is below.',
    query: QUERY,
    params: PATTERN,
    answers: {
      200: { description: 'What to publish, and the state', schema: Ownership },
      404: UNKNOWN,
    },
    async handler(request) {
      const { tenant, pattern } = await named(hub, request);
      const domain = await hub.records.forTenant(tenant.id).domains.find(pattern);
      if (domain === null) throw unknownDomain(tenant, pattern);
      return showOwnership(hub, domain);
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/domains/:pattern/check',
    access: 'settings',
    audit: 'domain.check',
    summary: 'Looks for the proof now',
    description:
      'Looks for the record, then for the file, and says what was found; that may take half a minute. A claim is looked ' +
      'at every day besides, for two weeks.',
    query: QUERY,
    params: PATTERN,
    answers: {
      200: { description: 'The state after it', schema: Ownership },
      404: UNKNOWN,
      409: {
        description: 'It is proved, and belongs to another tenant, whose proof is there, too',
        codes: ['domain-taken'],
      },
    },
    async handler(request) {
      const { tenant, pattern } = await named(hub, request);
      const domain = await hub.ownership.check(tenant.id, pattern);
      if (domain === null) throw unknownDomain(tenant, pattern);
      if (isRefusal(domain)) throw refused(domain, domain.refused === 'domain-taken' ? 409 : 404);
      request.audit({ detail: { verified: domain.verifiedAt !== null } });
      return showOwnership(hub, domain);
    },
  });
}

async function named(hub: Hub, request: FastifyRequest): Promise<{ tenant: stored.Tenant; pattern: string }> {
  const { pattern } = request.params as { pattern: string };
  return { tenant: await tenantOf(hub, request), pattern };
}

function unknownDomain({ slug }: stored.Tenant, pattern: string): ProblemError {
  return new ProblemError(404, 'unknown-domain', `the tenant ${slug} has no domain "${pattern.slice(0, 300)}"`);
}

function showDomain(domain: stored.Domain, tenant: string): Domain {
  const { pattern, createdAt, verifiedAt, verifiedBy, checkedAt, checkError } = domain;
  return {
    pattern,
    tenant,
    created: new Date(createdAt).toISOString(),
    verified: timeText(verifiedAt),
    verified_by: verifiedBy,
    checked: timeText(checkedAt),
    error: checkError,
  };
}

function showOwnership(hub: Hub, domain: stored.Domain): Ownership {
  return {
    state: domain.verifiedAt === null ? 'unverified' : 'verified',
    verified_by: domain.verifiedBy,
    ...hub.ownership.proofs(domain.pattern, domain.token),
    checked: timeText(domain.checkedAt),
    error: domain.checkError,
  };
}
