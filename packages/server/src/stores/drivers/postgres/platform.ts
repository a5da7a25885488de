import type { PlatformRecords } from '../../records.ts';
import { at, type Database } from './database.ts';
import { dayKeys } from './day-keys.ts';
import { platformDomains } from './domains.ts';
import { listErasedIds } from './erasures.ts';
import { platformIntegrations } from './integration-platform.ts';
import type { Log } from './log.ts';
import type { Owner } from './owner.ts';
import { privacyScans } from './privacy-scans.ts';
import { sealedValues } from './sealed-values.ts';
import { platformTenants } from './tenants.ts';
import { postgresTexts } from './texts.ts';

/** The handle for work across tenants; constructed in `open.ts` alone. */
export function platformRecords(database: Database, owner: Owner, log: Log): PlatformRecords {
  return {
    tenants: platformTenants(database),
    domains: platformDomains(database),
    dayKeys: dayKeys(database),
    sealed: sealedValues(database, owner, log),
    texts: postgresTexts(owner),
    scans: privacyScans(database),
    erasedIds: () => listErasedIds(database),
    settings: settings(database),
    integrations: platformIntegrations(database),
    async prune(nowMs) {
      return database.withAccess('platform', async (db) => {
        let removed = 0n;
        for (const table of ['idempotency_keys', 'login_links', 'ui_sessions'] as const) {
          const result = await db.deleteFrom(table).where('expires_at', '<=', at(nowMs)).executeTakeFirst();
          removed += result.numDeletedRows;
        }
        return Number(removed);
      });
    },
  };
}

function settings(database: Database): PlatformRecords['settings'] {
  return {
    async get(key) {
      const row = await database.withAccess('platform', (db) =>
        db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst(),
      );
      return row?.value;
    },
    async set(key, value) {
      const text = JSON.stringify(value);
      await database.withAccess('platform', (db) =>
        db
          .insertInto('settings')
          .values({ key, value: text })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text, updated_at: new Date() }))
          .execute(),
      );
    },
    async remove(key) {
      const result = await database.withAccess('platform', (db) =>
        db.deleteFrom('settings').where('key', '=', key).executeTakeFirst(),
      );
      return result.numDeletedRows > 0n;
    },
  };
}
