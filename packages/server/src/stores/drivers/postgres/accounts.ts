import { sql } from 'kysely';
import { Fault } from '../../../model/fault.ts';
import { isUuid } from '../../../model/uuid.ts';
import type { Accounts } from '../../accounts.ts';
import type { Database, Scoped } from './database.ts';
import { guesses, knownDevices } from './guesses.ts';
import { userSessions } from './user-sessions.ts';
import { insertUser, membershipsOf, setPassword, userOf } from './users.ts';

/**
 * People and what they are in the tenants. `ended`: called when sessions have ended or changed by this handle, which this
 * process is to know before the database has announced it.
 */
export function accounts(database: Database, ended: () => void): Accounts {
  const find = async (column: 'id' | 'email', value: string) => {
    const row = await database.withAccess('log-in', (db) =>
      db.selectFrom('users').selectAll().where(column, '=', value).executeTakeFirst(),
    );
    return row === undefined ? null : { user: userOf(row), passwordHash: row.password_hash };
  };

  return {
    hasOwner: () => database.withAccess('log-in', hasOwner),
    async createFirst(user) {
      return database.withAccess('platform', async (db) => {
        // Two who set up at once wait for each other here; the second finds the first.
        await sql`LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE`.execute(db);
        if (await hasOwner(db)) {
          return { refused: 'set-up-done', detail: 'the installation has an owner: log in, or be invited by one' };
        }
        const same = await db
          .selectFrom('users')
          .select('id')
          .where('email', '=', user.email.toLowerCase())
          .executeTakeFirst();
        if (same !== undefined) {
          return {
            refused: 'account-exists',
            detail: `${user.email} has an account in a tenant: take another address`,
          };
        }
        const row = await insertUser(db, user);
        await db
          .insertInto('memberships')
          .columns(['user_id', 'tenant_id', 'role'])
          .expression((from) =>
            from
              .selectFrom('tenants')
              .select([sql.val(row.id).as('user_id'), 'tenants.id as tenant_id', sql.lit('owner').as('role')])
              .where('is_installation', '=', true),
          )
          .execute();
        return userOf(row);
      });
    },
    byEmail: (email) => find('email', email.toLowerCase()),
    byId: async (userId) => (isUuid(userId) ? find('id', userId) : null),
    membershipsOf: (userId) => database.withAccess('log-in', (db) => membershipsOf(db, userId)),
    async change(userId, set) {
      const row = await database.withAccess('log-in', (db) =>
        db.updateTable('users').set(set).where('id', '=', userId).returningAll().executeTakeFirst(),
      );
      if (row === undefined) throw new Fault('no-such-user', `there is no user ${userId}`);
      ended();
      return userOf(row);
    },
    async setPassword(userId, hash, keepSessionId) {
      await database.withAccess('log-in', (db) => setPassword(db, userId, hash, keepSessionId));
      ended();
    },
    async rehash(userId, hash) {
      await database.withAccess('log-in', (db) =>
        db.updateTable('users').set({ password_hash: hash }).where('id', '=', userId).execute(),
      );
    },
    sessions: userSessions(database, ended),
    devices: knownDevices(database),
    guesses: guesses(database),
  };
}

/** Whether the installation's own tenant has an owner. */
async function hasOwner(db: Scoped): Promise<boolean> {
  const owner = await db
    .selectFrom('memberships')
    .innerJoin('tenants', 'tenants.id', 'memberships.tenant_id')
    .select('user_id')
    .where('is_installation', '=', true)
    .where('role', '=', 'owner')
    .limit(1)
    .executeTakeFirst();
  return owner !== undefined;
}
