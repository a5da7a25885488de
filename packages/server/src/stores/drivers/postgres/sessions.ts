import { isUuid, uuidv7 } from '../../../model/uuid.ts';
import type { Records, TenantRecords } from '../../records.ts';
import { at, type Database } from './database.ts';
import { hashSecret, newSecret } from './secrets.ts';

const LINK_PREFIX = 'vdl_';
const SESSION_PREFIX = 'vds_';

/** Links and sessions of one tenant. */
export function tenantSessions(database: Database, tenantId: string): TenantRecords['sessions'] {
  return {
    async createLink({ scope, validMs }) {
      const { token, hash } = newSecret(LINK_PREFIX);
      const expiresAt = Date.now() + validMs;
      await database.asTenant(tenantId, (db) =>
        db
          .insertInto('login_links')
          .values({ id: uuidv7(), tenant_id: tenantId, token_hash: hash, scope, expires_at: new Date(expiresAt) })
          .execute(),
      );
      return { token, expiresAt };
    },
    async revokeAll() {
      return database.asTenant(tenantId, async (db) => {
        await db.deleteFrom('login_links').where('used_at', 'is', null).execute();
        const result = await db
          .updateTable('ui_sessions')
          .set({ revoked_at: new Date() })
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        return Number(result.numUpdatedRows);
      });
    },
  };
}

/** Log-in: from a one-time link to a session. */
export function logIn(database: Database): Records['logIn'] {
  return {
    async redeem(linkToken, validMs) {
      if (!linkToken.startsWith(LINK_PREFIX)) return null;
      return database.withAccess('log-in', async (db) => {
        const now = new Date();
        // One statement marks and reads, so that of two at once only one gets in.
        const link = await db
          .updateTable('login_links')
          .set({ used_at: now })
          .where('token_hash', '=', hashSecret(linkToken))
          .where('used_at', 'is', null)
          .where('expires_at', '>', at(now.getTime()))
          .where('tenant_id', 'in', db.selectFrom('tenants').select('id').where('suspended_at', 'is', null))
          .returning(['tenant_id', 'scope'])
          .executeTakeFirst();
        if (link === undefined) return null;
        const { token, hash } = newSecret(SESSION_PREFIX);
        const id = uuidv7();
        const expiresAt = now.getTime() + validMs;
        const { tenant_id, scope } = link;
        await db
          .insertInto('ui_sessions')
          .values({ id, tenant_id, scope, token_hash: hash, expires_at: new Date(expiresAt) })
          .execute();
        return {
          session: { kind: 'session', id, name: '', tenantId: tenant_id, scope },
          token,
          expiresAt,
        };
      });
    },
    async session(sessionToken) {
      if (!sessionToken.startsWith(SESSION_PREFIX)) return null;
      const row = await database.withAccess('log-in', (db) =>
        db
          .selectFrom('ui_sessions')
          .innerJoin('tenants', 'tenants.id', 'ui_sessions.tenant_id')
          .select(['ui_sessions.id', 'ui_sessions.tenant_id', 'ui_sessions.scope'])
          .where('token_hash', '=', hashSecret(sessionToken))
          .where('revoked_at', 'is', null)
          .where('expires_at', '>', at(Date.now()))
          .where('tenants.suspended_at', 'is', null)
          .executeTakeFirst(),
      );
      if (row === undefined || !isUuid(row.id)) return null;
      return { kind: 'session', id: row.id, name: '', tenantId: row.tenant_id, scope: row.scope };
    },
    async logOut(sessionToken) {
      const result = await database.withAccess('log-in', (db) =>
        db
          .updateTable('ui_sessions')
          .set({ revoked_at: new Date() })
          .where('token_hash', '=', hashSecret(sessionToken))
          .where('revoked_at', 'is', null)
          .executeTakeFirst(),
      );
      return result.numUpdatedRows > 0n;
    },
  };
}
