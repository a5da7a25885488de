import { sql } from 'kysely';
import { quotaOf } from '../../../model/quota.ts';
import type { TenantRecords } from '../../records.ts';
import type { Database } from './database.ts';

/** How many people a tenant has, and may have. */
export function tenantPeople(database: Database, tenantId: string): TenantRecords['people'] {
  return {
    async room() {
      const { rows } = await database.asTenant(tenantId, (db) =>
        sql<{ used: number; quota: Record<string, unknown> }>`
          SELECT quota, (SELECT count(*) FROM memberships WHERE tenant_id = ${tenantId}) AS used
          FROM tenants WHERE id = ${tenantId}`.execute(db),
      );
      const { used = 0, quota = {} } = rows[0] ?? {};
      return { used, limit: quotaOf(quota).users };
    },
  };
}
