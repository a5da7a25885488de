import type { Refusal } from '../../../model/request.ts';
import { isUuid } from '../../../model/uuid.ts';
import type { PlatformUser, PlatformUsers } from '../../people.ts';
import { at, type Database, type Scoped } from './database.ts';
import { setEmail, TAKEN } from './email-changes.ts';
import { isLastOwner, refuseNumber } from './members.ts';
import {
  closeEmailChanges,
  closeResets,
  endSessions,
  insertUser,
  isDuplicate,
  membershipsOf,
  userOf,
} from './users.ts';

type UserRow = Parameters<typeof userOf>[0];

const UNKNOWN: Refusal = { refused: 'unknown-person', detail: 'there is no such person' };

/** People of the whole installation. `ended`: called when sessions have ended or changed by this handle. */
export function platformUsers(database: Database, ended: () => void): PlatformUsers {
  const find = (column: 'id' | 'email', value: string) =>
    database.withAccess('platform', async (db) => {
      const row = await db.selectFrom('users').selectAll().where(column, '=', value).executeTakeFirst();
      return row === undefined ? null : withMemberships(db, row);
    });

  return {
    async sessions(now) {
      return database.withAccess('platform', async (db) => {
        const { n } = await db
          .selectFrom('user_sessions')
          .select((all) => all.fn.countAll<number>().as('n'))
          .where('state', '=', 'full')
          .where('revoked_at', 'is', null)
          .where('expires_at', '>', at(now))
          .executeTakeFirstOrThrow();
        return Number(n);
      });
    },
    async list({ after, limit }) {
      return database.withAccess('platform', async (db) => {
        const rows = await db
          .selectFrom('users')
          .selectAll()
          .$if(after !== null, (query) => query.where('id', '>', after as string))
          .orderBy('id')
          .limit(limit)
          .execute();
        const users: PlatformUser[] = [];
        for (const row of rows) users.push(await withMemberships(db, row));
        return users;
      });
    },
    byEmail: (email) => find('email', email.toLowerCase()),
    byId: async (userId) => (isUuid(userId) ? find('id', userId) : null),
    async create(user, membership) {
      const made = database.withAccess('platform', async (db): Promise<PlatformUser | Refusal> => {
        const full = membership === null ? null : await refuseNumber(db, membership.tenantId, 'members');
        if (full !== null) return full;
        const row = await insertUser(db, user);
        if (membership !== null) {
          const { tenantId, role } = membership;
          await db.insertInto('memberships').values({ user_id: row.id, tenant_id: tenantId, role }).execute();
        }
        return withMemberships(db, row);
      });
      return made.catch((error: unknown) => {
        if (!isDuplicate(error)) throw error;
        return { refused: 'account-exists', detail: `${user.email.toLowerCase()} has an account already` };
      });
    },
    async setDisabled(userId, disabled) {
      if (!isUuid(userId)) return UNKNOWN;
      const outcome = await database.withAccess('platform', async (db): Promise<PlatformUser | Refusal> => {
        if (disabled && (await isLastOperatingOwner(db, userId))) {
          const detail = 'this is the last owner of the installation who can log in; make somebody else an owner first';
          return { refused: 'last-owner', detail };
        }
        const row = await db
          .updateTable('users')
          .set({ disabled_at: disabled ? new Date() : null })
          .where('id', '=', userId)
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) return UNKNOWN;
        if (disabled) {
          await endSessions(db, userId, null);
          await closeResets(db, userId);
          await closeEmailChanges(db, userId);
        }
        return withMemberships(db, row);
      });
      ended();
      return outcome;
    },
    async setEmail(userId, email) {
      if (!isUuid(userId)) return UNKNOWN;
      const outcome = await database
        .withAccess('platform', async (db): Promise<PlatformUser | Refusal> => {
          const row = await db.selectFrom('users').select('id').where('id', '=', userId).forUpdate().executeTakeFirst();
          if (row === undefined) return UNKNOWN;
          const { user } = await setEmail(db, userId, email);
          return { ...user, memberships: await membershipsOf(db, userId) };
        })
        .catch((error: unknown) => {
          if (!isDuplicate(error)) throw error;
          return TAKEN;
        });
      ended();
      return outcome;
    },
    async endAllSessions(keepSessionId) {
      const count = await database.withAccess('platform', async (db) => {
        let all = 0n;
        for (const table of ['user_sessions', 'ui_sessions'] as const) {
          const result = await db
            .updateTable(table)
            .set({ revoked_at: new Date() })
            .where('revoked_at', 'is', null)
            .where('expires_at', '>', at(Date.now()))
            .$if(keepSessionId !== null, (query) => query.where('id', '!=', keepSessionId as string))
            .executeTakeFirst();
          all += result.numUpdatedRows;
        }
        return Number(all);
      });
      ended();
      return count;
    },
  };
}

async function isLastOperatingOwner(db: Scoped, userId: string): Promise<boolean> {
  const { id } = await db
    .selectFrom('tenants')
    .select('id')
    .where('is_installation', '=', true)
    .executeTakeFirstOrThrow();
  return isLastOwner(db, id, userId);
}

async function withMemberships(db: Scoped, row: UserRow): Promise<PlatformUser> {
  return { ...userOf(row), memberships: await membershipsOf(db, row.id) };
}
