import { sql } from 'kysely';
import type { UsageBook } from '../../records-tenancy.ts';
import type { Database } from './database.ts';

interface Count {
  tenant: string;
  requests: number;
}

/** The counts of requests by tenant and day. */
export function usageBook(database: Database): UsageBook {
  return {
    async add(day, counts) {
      // In the order of ids, so that two processes do not wait for each other's rows.
      const entries = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
      const ids = entries.map(([id]) => id);
      const requests = entries.map(([, count]) => count);
      const { rows } = await database.withAccess('platform', (db) =>
        sql<Count>`INSERT INTO tenant_usage AS u (tenant_id, day, requests)
          SELECT a.id, ${day}::date, a.requests FROM unnest(${sql.val(ids)}::uuid[], ${sql.val(requests)}::bigint[]) AS a (id, requests)
          WHERE EXISTS (SELECT FROM tenants t WHERE t.id = a.id)
          ON CONFLICT (tenant_id, day) DO UPDATE SET requests = u.requests + excluded.requests
          RETURNING tenant_id AS tenant, requests`.execute(db),
      );
      return asMap(rows);
    },
    async of(day) {
      const { rows } = await database.withAccess('platform', (db) =>
        sql<Count>`SELECT tenant_id AS tenant, requests FROM tenant_usage WHERE day = ${day}::date`.execute(db),
      );
      return asMap(rows);
    },
    async expire(before) {
      const result = await database.withAccess('platform', (db) =>
        sql`DELETE FROM tenant_usage WHERE day < ${before}::date`.execute(db),
      );
      return Number(result.numAffectedRows ?? 0n);
    },
  };
}

function asMap(rows: readonly Count[]): Map<string, number> {
  return new Map(rows.map(({ tenant, requests }) => [tenant, requests]));
}
