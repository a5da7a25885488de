import type { Selectable } from 'kysely';
import { uuidv7 } from '../../../model/uuid.ts';
import type { Membership, NewUser, User } from '../../accounts.ts';
import type { Scoped } from './database.ts';
import type { Tables } from './tables.ts';

type UserRow = Selectable<Tables['users']>;

/** Whether a statement failed because a row like this is there (SQLSTATE unique_violation). */
export function isDuplicate(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '23505';
}

/** A new user, within a transaction that may make one. */
export async function insertUser(db: Scoped, { email, name, passwordHash, locale }: NewUser): Promise<UserRow> {
  return db
    .insertInto('users')
    .values({
      id: uuidv7(),
      email: email.toLowerCase(),
      name,
      password_hash: passwordHash,
      password_changed_at: passwordHash === null ? null : new Date(),
      locale,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Ends the sessions of a person but one; returns how many. */
export async function endSessions(db: Scoped, userId: string, keepSessionId: string | null): Promise<number> {
  const result = await db
    .updateTable('user_sessions')
    .set({ revoked_at: new Date() })
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .$if(keepSessionId !== null, (query) => query.where('id', '!=', keepSessionId as string))
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Sets a password, ends all sessions but one, and voids what was there to get in without the former password. */
export async function setPassword(
  db: Scoped,
  userId: string,
  hash: string,
  keepSessionId: string | null,
): Promise<void> {
  await db
    .updateTable('users')
    .set({ password_hash: hash, password_changed_at: new Date() })
    .where('id', '=', userId)
    .execute();
  await endSessions(db, userId, keepSessionId);
  await closeResets(db, userId);
  await closeEmailChanges(db, userId);
  // Whoever knew the former password may have been remembered as a known browser.
  await db.deleteFrom('known_devices').where('user_id', '=', userId).execute();
}

/** Closes all open resets of a person's password. */
export async function closeResets(db: Scoped, userId: string): Promise<void> {
  await db
    .updateTable('password_resets')
    .set({ closed_at: new Date() })
    .where('user_id', '=', userId)
    .where('closed_at', 'is', null)
    .execute();
}

/** Closes the change of a person's e-mail address that waits, if there is one; returns how many did. */
export async function closeEmailChanges(db: Scoped, userId: string): Promise<number> {
  const result = await db
    .updateTable('email_changes')
    .set({ closed_at: new Date() })
    .where('user_id', '=', userId)
    .where('closed_at', 'is', null)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** What a person is, tenant by tenant, by slug. */
export async function membershipsOf(db: Scoped, userId: string): Promise<Membership[]> {
  const rows = await db
    .selectFrom('memberships')
    .innerJoin('tenants', 'tenants.id', 'memberships.tenant_id')
    .select(['tenants.id', 'slug', 'name', 'is_installation', 'suspended_at', 'second_factor_required', 'role'])
    .where('user_id', '=', userId)
    .orderBy('slug')
    .execute();
  return rows.map((row) => ({
    tenantId: row.id,
    slug: row.slug,
    name: row.name,
    isInstallation: row.is_installation,
    suspendedAt: row.suspended_at,
    secondFactorRequired: row.second_factor_required,
    role: row.role,
  }));
}

export function userOf(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    locale: row.locale,
    createdAt: row.created_at,
    passwordChangedAt: row.password_changed_at,
    disabledAt: row.disabled_at,
    lastLogInAt: row.last_log_in_at,
  };
}
