import { Me, Status } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { tenantOf, unauthorised } from '../access.ts';
import type { Hub } from '../ports.ts';
import { createRate } from '../rate.ts';
import { addRoute, TENANT } from '../route.ts';
import { showTenant } from './admin.ts';

/** The caller and the hub themselves. */
export function addHubRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/me',
    access: 'public',
    summary: 'Who is asking, and which tenants that one may see',
    query: Type.Object({ tenant: TENANT }),
    answers: { 200: { description: 'The caller', schema: Me }, 401: { description: 'Nobody the hub knows' } },
    async handler(request): Promise<Me> {
      const { principal } = request;
      if (principal === null)
        throw unauthorised('open the dashboard by a one-time link; "npx vedette link" prints one');
      const own = principal.tenantId === null;
      const tenants = own ? await hub.records.unscoped.tenants.list() : [await tenantOf(hub, request)];
      return {
        principal: { kind: principal.kind, scope: principal.scope },
        tenants: tenants.map(showTenant),
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
      const text = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
      const requests = { first: text(span?.first), last: text(span?.last) };
      // What all tenants send together is nothing that one of them may see.
      const operator = request.principal?.tenantId === null;
      return { version: hub.version, requests, hub: operator ? describe(hub, rate.perSecond()) : null };
    },
  });
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
    last_batch: lastStored === null ? null : new Date(lastStored).toISOString(),
  };
}
