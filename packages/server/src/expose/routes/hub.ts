import { Me, type MyTenant, Status } from '@vedette/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { permissionsOf, type Role } from '../../model/permission.ts';
import type * as stored from '../../stores/records.ts';
import { tenantOf } from '../access.ts';
import { secondFactorMissing, unauthorised } from '../gate.ts';
import type { Hub } from '../ports.ts';
import { granteeOf, type Principal } from '../principal.ts';
import { createRate } from '../rate.ts';
import { addRoute, TENANT } from '../route.ts';
import { showUser } from '../show-user.ts';
import { timeText } from '../time-text.ts';
import { showTenant } from './tenants.ts';

/** The caller and the hub themselves. */
export function addHubRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/me',
    access: 'public',
    summary: 'Who is asking, and which tenants that one may see',
    query: Type.Object({ tenant: TENANT }),
    answers: {
      200: { description: 'The caller', schema: Me },
      401: { description: 'Nobody the hub knows', codes: ['unauthorised'] },
      403: { description: 'Another tenant than the key’s', codes: ['forbidden'] },
    },
    async handler(request): Promise<Me> {
      const { principal } = request;
      if (principal === null) throw unauthorised('log in, or send an API key');
      if (principal.session?.state === 'second-factor') throw secondFactorMissing();
      return {
        principal: { kind: principal.kind, scope: principal.scope },
        user: principal.user === null ? null : showUser(principal.user),
        set_up: await hub.records.accounts.hasOwner(),
        tenants: await tenantsOf(hub, request, principal),
        version: hub.version,
        attributions: hub.attributions(),
      };
    },
  });
  const rate = createRate(() => hub.figures().accepted);
  app.addHook('onClose', async () => rate.close());
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/status',
    access: 'read',
    summary: 'How the hub does, and since when the tenant has requests',
    query: Type.Object({ tenant: TENANT }),
    answers: { 200: { description: 'The status', schema: Status } },
    async handler(request): Promise<Status> {
      const tenant = await tenantOf(hub, request);
      const span = await hub.requestsOf(tenant.id).span();
      const requests = { first: timeText(span?.first), last: timeText(span?.last) };
      // What all tenants send together is nothing that one of them may see.
      const operator = request.principal?.operator === true;
      return { version: hub.version, requests, hub: operator ? describe(hub, rate.perSecond()) : null };
    },
  });
}

/** The tenants a caller may see, by slug, with what it may do in each. */
async function tenantsOf(hub: Hub, request: FastifyRequest, principal: Principal): Promise<MyTenant[]> {
  const show = (tenant: stored.Tenant): MyTenant => {
    const grantee = granteeOf(principal, tenant.id);
    const role = principal.user === null || principal.operator ? null : (grantee as Role | null);
    return {
      ...showTenant(tenant),
      role,
      permissions: grantee === null ? [] : permissionsOf(grantee),
      suspended: tenant.suspendedAt !== null,
      second_factor_missing: principal.weakIn.has(tenant.id),
    };
  };
  if (principal.operator) return (await hub.records.unscoped.tenants.list()).map(show);
  if (principal.kind !== 'user') return [show(await tenantOf(hub, request))];
  const ids = [...principal.grantees.keys(), ...principal.weakIn];
  const own = await Promise.all(ids.map((id) => hub.records.forTenant(id).tenant.get()));
  return own.toSorted((a, b) => (a.slug < b.slug ? -1 : 1)).map(show);
}

function describe(hub: Hub, perSecond: number): Status['hub'] {
  const figures = hub.figures();
  const { accepted, refused, batches, dead, storeReachable, lastStored, pendingRows, spool } = figures;
  return {
    started: new Date(hub.started).toISOString(),
    accepted,
    refused,
    per_second: perSecond,
    batches,
    dead,
    waiting: { rows: pendingRows, spool_batches: spool.records, spool_bytes: spool.bytes },
    store_reachable: storeReachable,
    last_batch: timeText(lastStored),
    disk: worstDisk(hub),
  };
}

function worstDisk(hub: Hub): NonNullable<Status['hub']>['disk'] {
  const { state = 'good', free = 0, size = 0, warn = 0, stop = 0 } = hub.disks.figures()[0] ?? {};
  return { state, free, size, warn, stop };
}
