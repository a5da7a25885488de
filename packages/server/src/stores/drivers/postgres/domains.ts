import type { Selectable } from 'kysely';
import { uuidv7 } from '../../../model/uuid.ts';
import type { Domain, PlatformRecords, TenantRecords } from '../../records.ts';
import { normaliseHostPattern } from '../../records-hosts.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

function domainOf(row: Selectable<Tables['domains']>): Domain {
  return { id: row.id, tenantId: row.tenant_id, pattern: row.pattern, createdAt: row.created_at };
}

/** The domains of one tenant. */
export function tenantDomains(database: Database, tenantId: string): TenantRecords['domains'] {
  return {
    async add(text) {
      const pattern = normaliseHostPattern(text);
      if (typeof pattern !== 'string') return pattern;
      return database.asTenant(tenantId, async (db) => {
        const row = await db
          .insertInto('domains')
          .values({ id: uuidv7(), tenant_id: tenantId, pattern })
          .onConflict((conflict) => conflict.column('pattern').doNothing())
          .returningAll()
          .executeTakeFirst();
        if (row) return domainOf(row);
        const own = await db.selectFrom('domains').selectAll().where('pattern', '=', pattern).executeTakeFirst();
        if (own) return domainOf(own);
        return { refused: 'domain-taken', detail: `${pattern} belongs to another tenant` };
      });
    },
    async list() {
      const rows = await database.asTenant(tenantId, (db) =>
        db.selectFrom('domains').selectAll().orderBy('pattern').execute(),
      );
      return rows.map(domainOf);
    },
    async remove(text) {
      const pattern = normaliseHostPattern(text);
      if (typeof pattern !== 'string') return false;
      const result = await database.asTenant(tenantId, (db) =>
        db.deleteFrom('domains').where('pattern', '=', pattern).executeTakeFirst(),
      );
      return result.numDeletedRows > 0n;
    },
  };
}

/** All domains, for the operator. */
export function platformDomains(database: Database): PlatformRecords['domains'] {
  return {
    async list() {
      const rows = await database.withAccess('platform', (db) =>
        db.selectFrom('domains').selectAll().orderBy('pattern').execute(),
      );
      return rows.map(domainOf);
    },
  };
}
