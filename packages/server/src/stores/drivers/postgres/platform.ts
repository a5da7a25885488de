import type { PlatformRecords } from '../../records.ts';
import { platformAudit } from './audit-log.ts';
import { at, type Database } from './database.ts';
import { dayKeys } from './day-keys.ts';
import { platformDomains } from './domains.ts';
import { listErasedIds } from './erasures.ts';
import { platformIntegrations } from './integration-platform.ts';
import type { Log } from './log.ts';
import { mails } from './mails.ts';
import type { Owner } from './owner.ts';
import { platformUsers } from './platform-users.ts';
import { privacyScans } from './privacy-scans.ts';
import { sealedValues } from './sealed-values.ts';
import { tenantDeletions } from './tenant-deletions.ts';
import { platformTenants } from './tenants.ts';
import { postgresTexts } from './texts.ts';
import { usageBook } from './usage.ts';

const DAY_MS = 86_400_000;
/** What goes so long after it was last used, or ended. */
const PRUNED = [
  ['guesses', 'at', DAY_MS],
  ['known_devices', 'last_used_at', 180 * DAY_MS],
  ['password_resets', 'expires_at', DAY_MS],
  ['email_changes', 'expires_at', DAY_MS],
  ['invitations', 'expires_at', 30 * DAY_MS],
  ['mails', 'finished_at', 30 * DAY_MS],
] as const;

/** The handle for work across tenants; constructed in `open.ts` alone. */
export function platformRecords(tools: {
  database: Database;
  owner: Owner;
  log: Log;
  sessionsChanged: () => void;
}): PlatformRecords {
  const { database, owner, log } = tools;
  return {
    tenants: platformTenants(database),
    domains: platformDomains(database),
    usage: usageBook(database),
    deletions: tenantDeletions(database, owner, log),
    dayKeys: dayKeys(database),
    sealed: sealedValues(database, owner, log),
    texts: postgresTexts(owner),
    scans: privacyScans(database),
    erasedIds: () => listErasedIds(database),
    settings: settings(database),
    integrations: platformIntegrations(database),
    users: platformUsers(database, tools.sessionsChanged),
    mails: mails(database),
    audit: platformAudit(database),
    async prune(nowMs) {
      return database.withAccess('platform', async (db) => {
        let removed = 0n;
        for (const table of [
          'idempotency_keys',
          'login_links',
          'ui_sessions',
          'user_sessions',
          'challenges',
        ] as const) {
          const result = await db.deleteFrom(table).where('expires_at', '<=', at(nowMs)).executeTakeFirst();
          removed += result.numDeletedRows;
        }
        // A bucket that nobody took from for a day is full.
        for (const [table, column, ms] of PRUNED) {
          const result = await db
            .deleteFrom(table)
            .where(column, '<=', at(nowMs - ms))
            .executeTakeFirst();
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
