import { QuotaAnswer, Tenant, TenantChange } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { endOfUtcDay, utcDay } from '../../model/quota.ts';
import { isRefusal } from '../../model/request.ts';
import { tenantOf } from '../access.ts';
import type { Hub } from '../ports.ts';
import { refused } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';
import { readSettings, WEAK } from '../tenant-settings.ts';
import { showTenant } from './tenants.ts';

const QUERY = Type.Object({ tenant: TENANT });

/** What a tenant knows and sets of itself. */
export function addOwnTenantRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'PATCH',
    url: '/api/v1/tenant',
    access: 'settings',
    audit: 'tenant.change',
    summary: 'Renames the tenant, or says whether its people need a second factor; its slug stays',
    description:
      'Where one is needed, a session without one may do nothing in the tenant until it is shown or set up. Keys are not ' +
      'touched. Whoever asks others for a second factor has to have shown one.',
    query: QUERY,
    body: { types: ['application/json'], schema: TenantChange, validated: true },
    answers: { 200: { description: 'The tenant', schema: Tenant }, 409: WEAK },
    async handler(request) {
      const { id } = await tenantOf(hub, request);
      const changed = await hub.records.forTenant(id).tenant.change(readSettings(request));
      if (isRefusal(changed)) throw refused(changed);
      return showTenant(changed);
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/quota',
    access: 'read',
    summary: 'What the tenant may send, keep, and have people, and how much of that it has',
    query: QUERY,
    answers: { 200: { description: 'The quota; a limit of null is none', schema: QuotaAnswer } },
    async handler(request): Promise<QuotaAnswer> {
      const { id, quota } = await tenantOf(hub, request);
      const now = Date.now();
      const [usage, people] = await Promise.all([
        hub.tenants.usage(utcDay(now)),
        hub.records.forTenant(id).people.room(),
      ]);
      return {
        requests_per_day: {
          limit: quota.requests_per_day,
          used: usage.get(id) ?? 0,
          resets: new Date(endOfUtcDay(now)).toISOString(),
        },
        users: { limit: people.limit, used: people.used },
        retention_days: { limit: quota.retention_days },
      };
    },
  });
}
