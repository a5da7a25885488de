import { sql } from 'kysely';
import { hashPassword } from '../../src/model/password.ts';
import type { Role } from '../../src/model/permission.ts';
import { type Database, openDatabase } from '../../src/stores/drivers/postgres/database.ts';
import { insertUser } from '../../src/stores/drivers/postgres/users.ts';
import type { UserSession } from '../../src/stores/records.ts';
import { quietLog } from './postgres.ts';
import type { World } from './world.ts';
import { databaseUrl } from './world-database.ts';

/** Somebody with an account. */
export interface Person {
  id: string;
  email: string;
  password: string;
  disable(): Promise<void>;
  /** Takes the password away, as of who only ever came by single sign-on. */
  withoutPassword(): Promise<void>;
  leave(tenantId: string): Promise<void>;
  /** Moves times of all of one's sessions so far into the past, by column: `{ rotated_at: '16 minutes' }`. */
  age(by: Record<string, string>): Promise<void>;
  /** Cookie of a session as it is put into the store, without logging in. */
  session(state: UserSession['state']): Promise<string>;
}

const PASSWORD = 'the usual sentence of tests';
let hashed: Promise<string> | undefined;

/** The database of a world's own PostgreSQL, opened for as long as `work` takes. */
async function withDatabase<T>(world: World, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase({ url: await databaseUrl(world), log: quietLog(), maxConnections: 1 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** A statement of SQL on the records of a world, past the hub. */
export function changeRows(world: World, text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
  return withDatabase(world, async ({ pool }) => {
    const client = await pool.connect();
    try {
      await client.query("SELECT set_config('vedette.access', 'platform', false)");
      return await client.query(text, values);
    } finally {
      client.release();
    }
  });
}

/** Puts a person into the records of a world. `roles`: by id of the tenant. */
export async function insertPerson(
  world: World,
  { email, name, roles }: { email: string; name: string; roles: Record<string, Role> },
): Promise<Person> {
  hashed ??= hashPassword(PASSWORD);
  const passwordHash = await hashed;
  const change = <T>(work: Parameters<Database['withAccess']>[1]) =>
    withDatabase(world, (database) => database.withAccess('platform', work)) as Promise<T>;
  const id = await change<string>(async (db) => {
    const user = await insertUser(db, { email, name, passwordHash, locale: null });
    for (const [tenant, role] of Object.entries(roles)) {
      await db.insertInto('memberships').values({ user_id: user.id, tenant_id: tenant, role }).execute();
    }
    return user.id;
  });
  return {
    id,
    email,
    password: PASSWORD,
    disable: () =>
      change((db) => db.updateTable('users').set({ disabled_at: new Date() }).where('id', '=', id).execute()),
    withoutPassword: () =>
      change((db) =>
        db.updateTable('users').set({ password_hash: null, password_changed_at: null }).where('id', '=', id).execute(),
      ),
    leave: (tenant) =>
      change((db) => db.deleteFrom('memberships').where('user_id', '=', id).where('tenant_id', '=', tenant).execute()),
    async age(by) {
      for (const [column, span] of Object.entries(by)) {
        await change((db) =>
          sql`UPDATE user_sessions SET ${sql.ref(column)} = now() - ${span}::interval WHERE user_id = ${id}`.execute(
            db,
          ),
        );
      }
      // What is known of sessions from memory is announced when they change by the hub, not when they are only older.
      await change((db) => sql`SELECT pg_notify('vedette_sessions', '')`.execute(db));
      await new Promise((resolve) => setTimeout(resolve, 100));
    },
    async session(state) {
      const { sessions } = world.running.hub.records.accounts;
      const opened = await sessions.open({
        userId: id,
        state,
        factors: ['password'],
        agent: '',
        place: '',
        validMs: 3_600_000,
      });
      return `vedette_session=${opened.token}`;
    },
  };
}

/** Logs a person in over HTTP; the cookie of the session. */
export async function logInAs(world: World, { email, password }: Person): Promise<string> {
  const answer = await world.call('/api/v1/log-in', { body: { email, password } });
  const cookie = answer.headers.getSetCookie().find((text) => text.startsWith('vedette_session='));
  if (answer.status !== 200 || cookie === undefined) throw new Error(`${email} cannot log in: ${answer.text}`);
  return cookie.split(';', 1)[0] as string;
}
