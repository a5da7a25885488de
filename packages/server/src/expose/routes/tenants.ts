import {
  NewQuota,
  NewTenant,
  type Quota,
  Tenant,
  TenantChange,
  TenantDeletion,
  TenantDetail,
  TenantList,
  TenantRemoval,
} from '@vedette/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { utcDay } from '../../model/quota.ts';
import { isRefusal, type Refusal } from '../../model/request.ts';
import type * as stored from '../../stores/records.ts';
import { pageQuery, readPage } from '../cursor.ts';
import type { Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute } from '../route.ts';
import { readSettings, WEAK } from '../tenant-settings.ts';
import { timeText } from '../time-text.ts';
import { showDeletion } from './tenant-deletions.ts';

const newQuota = Compile(NewQuota);
const ID = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100, description: 'Slug or id of the tenant.' }) });
const UNKNOWN = { 404: { description: 'There is no such tenant', codes: ['unknown-tenant', 'no-such-tenant'] } };
const BAD_NAME = { description: 'A name that cannot be', codes: ['bad-name'] };
const STATUSES: Readonly<Record<string, number>> = {
  'no-such-tenant': 404,
  'slug-taken': 409,
  'is-installation': 409,
  'is-deleting': 409,
};

/** A tenant as everybody sees it who may. */
export function showTenant({ id, slug, name, isInstallation, secondFactorRequired }: stored.Tenant): Tenant {
  return {
    id,
    slug,
    name,
    installation: isInstallation,
    second_factor: secondFactorRequired ? 'required' : 'optional',
  };
}

/** All tenants, for operators. */
export function addTenantRoutes(app: FastifyInstance, hub: Hub): void {
  addReading(app, hub);
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/tenants',
    access: 'operate',
    audit: 'tenant.create',
    summary: 'Makes a tenant',
    creates: true,
    body: { types: ['application/json'], schema: NewTenant, validated: true },
    answers: {
      201: { description: 'The tenant', schema: TenantDetail },
      409: { description: 'The slug is taken', codes: ['slug-taken'] },
      422: BAD_NAME,
    },
    async handler(request, reply) {
      const { slug, name = slug } = request.body as NewTenant;
      const tenant = orThrow(await hub.records.unscoped.tenants.create({ slug, name }));
      request.audit({ target: slug, detail: { id: tenant.id, name } });
      reply.code(201);
      return showDetail(tenant, NOTHING);
    },
  });
  addRoute(app, {
    method: 'PATCH',
    url: '/api/v1/tenants/:id',
    access: 'operate',
    audit: 'tenant.change',
    summary: 'Renames a tenant, or says whether its people need a second factor; its slug stays',
    params: ID,
    body: { types: ['application/json'], schema: TenantChange, validated: true },
    answers: { 200: { description: 'The tenant', schema: TenantDetail }, ...UNKNOWN, 409: WEAK, 422: BAD_NAME },
    async handler(request) {
      const { id } = await findTenant(hub, request);
      request.audit({ also: [id] });
      return detailOf(hub, orThrow(await hub.records.unscoped.tenants.change(id, readSettings(request))));
    },
  });
  addSuspension(app, hub);
  addRoute(app, {
    method: 'PUT',
    url: '/api/v1/tenants/:id/quota',
    access: 'operate',
    audit: 'tenant.quota',
    summary: 'Sets what a tenant may send, keep, and have people',
    description: 'The whole of it: what is absent, or null, has no bound. It holds from now on, for what is there too.',
    params: ID,
    // Checked by itself: Fastify would take null for 0.
    body: { types: ['application/json'], schema: NewQuota },
    answers: { 200: { description: 'The tenant', schema: TenantDetail }, ...UNKNOWN },
    async handler(request) {
      const { id } = await findTenant(hub, request);
      const { requests_per_day = null, users = null, retention_days = null } = readQuota(request.body);
      const quota: Quota = { requests_per_day, users, retention_days };
      request.audit({ detail: { ...quota }, also: [id] });
      return detailOf(hub, orThrow(await hub.records.unscoped.tenants.setQuota(id, quota)));
    },
  });
  addRemoval(app, hub);
}

function addReading(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/tenants',
    access: 'operate',
    summary: 'All tenants',
    query: Type.Object(pageQuery()),
    answers: { 200: { description: 'By slug', schema: TenantList } },
    async handler(request): Promise<TenantList> {
      const page = readPage(request, null, ['text']);
      const [tenants, counts] = await Promise.all([hub.records.unscoped.tenants.list(), countAll(hub)]);
      const { rows, next } = page.slice(tenants, ({ slug }) => [slug]);
      return { tenants: rows.map((tenant) => showDetail(tenant, counts)), next };
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/tenants/:id',
    access: 'operate',
    summary: 'One tenant',
    params: ID,
    answers: { 200: { description: 'The tenant', schema: TenantDetail }, ...UNKNOWN },
    async handler(request) {
      return detailOf(hub, await findTenant(hub, request));
    },
  });
}

function addSuspension(app: FastifyInstance, hub: Hub): void {
  const add = (verb: 'suspend' | 'resume', summary: string, description: string) =>
    addRoute(app, {
      method: 'POST',
      url: `/api/v1/tenants/:id/${verb}`,
      access: 'operate',
      audit: `tenant.${verb}`,
      summary,
      description,
      params: ID,
      answers: {
        200: { description: 'The tenant', schema: TenantDetail },
        ...UNKNOWN,
        409: {
          description: 'It is the installation itself, or is being deleted',
          codes: ['is-installation', 'is-deleting'],
        },
      },
      async handler(request) {
        const { id } = await findTenant(hub, request);
        request.audit({ also: [id] });
        return detailOf(hub, orThrow(await hub.records.unscoped.tenants.setSuspended(id, verb === 'suspend')));
      },
    });
  add(
    'suspend',
    'Suspends a tenant',
    'Its people and keys may do nothing, its hosts are nobody’s, and its sites ask nobody anything. What it had stays.',
  );
  add('resume', 'Ends the suspension of a tenant', 'Everything is as it was before.');
}

function addRemoval(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/tenants/:id',
    access: 'operate',
    audit: 'tenant.delete',
    summary: 'Deletes a tenant with everything of it',
    description:
      'There is no way back. The tenant is suspended at once; the deletion says what was deleted where, and what was found ' +
      'when every place was searched again. Asking again answers with the same deletion.',
    params: ID,
    body: { types: ['application/json'], schema: TenantRemoval, validated: true },
    answers: {
      202: { description: 'The deletion, which goes on', schema: TenantDeletion },
      ...UNKNOWN,
      409: { description: 'It is the installation itself', codes: ['is-installation'] },
      422: { description: 'confirm is not the tenant’s slug', codes: ['not-confirmed'] },
    },
    async handler(request, reply) {
      const { id } = await findTenant(hub, request);
      const { confirm } = request.body as TenantRemoval;
      const deletion = await hub.tenants.delete(id, confirm, callerOf(request));
      if (isRefusal(deletion)) throw refused(deletion, STATUSES[deletion.refused] ?? 422);
      reply.code(202);
      return showDeletion(deletion);
    },
  });
}

/** Throws a ProblemError 400 that names what is wrong. */
function readQuota(body: unknown): NewQuota {
  if (newQuota.Check(body)) return body;
  const [first] = newQuota.Errors(body);
  const name = first?.instancePath.slice(1) || 'body';
  throw new ProblemError(400, 'invalid', `${name}: ${first?.message ?? 'is wrong'}`);
}

/** Who asks, as the proof of a deletion names them. */
function callerOf({ principal }: FastifyRequest): string {
  const { user = null, label = '' } = principal ?? {};
  return (user === null ? label : `${user.name} <${user.email}>`).slice(0, 300);
}

/** Throws a ProblemError 404 that names the tenants that there are. */
async function findTenant({ records }: Hub, request: FastifyRequest): Promise<stored.Tenant> {
  const { id } = request.params as { id: string };
  const tenant = await records.unscoped.tenants.find(id);
  if (tenant !== null) {
    request.audit({ target: tenant.slug });
    return tenant;
  }
  const known = (await records.unscoped.tenants.list()).map(({ slug }) => slug).join(', ');
  throw new ProblemError(404, 'unknown-tenant', `there is no tenant "${id.slice(0, 80)}"; there are: ${known}`);
}

function orThrow(outcome: stored.Tenant | Refusal): stored.Tenant {
  if (isRefusal(outcome)) throw refused(outcome, STATUSES[outcome.refused] ?? 422);
  return outcome;
}

/** People, domains and today's requests by tenant. */
interface Counts {
  people: ReadonlyMap<string, number>;
  domains: ReadonlyMap<string, number>;
  requests: ReadonlyMap<string, number>;
}

const NOTHING: Counts = { people: new Map(), domains: new Map(), requests: new Map() };

async function countAll(hub: Hub): Promise<Counts> {
  const { unscoped } = hub.records;
  const [people, domains, requests] = await Promise.all([
    unscoped.tenants.people(),
    unscoped.domains.list(),
    hub.tenants.usage(utcDay(Date.now())),
  ]);
  const byTenant = Map.groupBy(domains, ({ tenantId }) => tenantId);
  return { people, domains: new Map([...byTenant].map(([id, own]) => [id, own.length])), requests };
}

async function detailOf(hub: Hub, tenant: stored.Tenant): Promise<TenantDetail> {
  return showDetail(tenant, await countAll(hub));
}

function showDetail(tenant: stored.Tenant, { people, domains, requests }: Counts): TenantDetail {
  const { id, createdAt, suspendedAt, deletingAt, quota } = tenant;
  return {
    ...showTenant(tenant),
    created: new Date(createdAt).toISOString(),
    suspended: timeText(suspendedAt),
    deleting: timeText(deletingAt),
    people: people.get(id) ?? 0,
    domains: domains.get(id) ?? 0,
    requests_today: requests.get(id) ?? 0,
    quota: { ...quota },
  };
}
