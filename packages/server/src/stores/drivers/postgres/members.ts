import { sql } from 'kysely';
import type { Role } from '../../../model/permission.ts';
import { quotaOf } from '../../../model/quota.ts';
import type { Refusal } from '../../../model/request.ts';
import { isUuid } from '../../../model/uuid.ts';
import type { Member, TenantMembers } from '../../people.ts';
import { at, type Database, type Scoped } from './database.ts';
import { userOf } from './users.ts';

const UNKNOWN: Refusal = { refused: 'unknown-person', detail: 'the tenant has no such person' };
const OWNERS_ONLY: Refusal = {
  refused: 'owners-only',
  detail: 'only an owner of the tenant or an operator makes or unmakes an owner',
};
const LAST_OWNER: Refusal = {
  refused: 'last-owner',
  detail: 'this is the last owner who can log in; make somebody else an owner first',
};

/** The people of one tenant. `changed`: called when somebody is another than before by this handle. */
export function tenantMembers(database: Database, tenantId: string, changed: () => void): TenantMembers {
  async function change(
    userId: string,
    { takes, unmakesOwner }: { takes: readonly Role[]; unmakesOwner: boolean },
    work: (db: Scoped) => Promise<unknown>,
  ): Promise<Refusal | null> {
    const refusal = await database.asTenant(tenantId, async (db) => {
      const lastOwner = unmakesOwner && (await isLastOwner(db, tenantId, userId));
      // Held, so that nobody becomes an owner between the look and the change.
      const there = await db
        .selectFrom('memberships')
        .select('role')
        .where('user_id', '=', userId)
        .forUpdate()
        .executeTakeFirst();
      if (there === undefined) return UNKNOWN;
      if (!takes.includes(there.role)) return OWNERS_ONLY;
      if (lastOwner) return LAST_OWNER;
      await work(db);
      return null;
    });
    changed();
    return refusal;
  }

  async function show(rows: readonly MemberRow[]): Promise<Member[]> {
    const protectedIds = await withTwoFactors(
      database,
      rows.map(({ id }) => id),
    );
    return rows.map(({ role, joined_at: joinedAt, ...user }) => {
      return { user: userOf(user), role, joinedAt, twoFactor: protectedIds.has(user.id) };
    });
  }

  return {
    async list({ after, limit }) {
      const rows = await database.asTenant(tenantId, (db) =>
        members(db)
          .$if(after !== null, (query) => query.where('users.id', '>', after as string))
          .orderBy('users.id')
          .limit(limit)
          .execute(),
      );
      return show(rows);
    },
    async find(userId) {
      if (!isUuid(userId)) return null;
      const row = await database.asTenant(tenantId, (db) =>
        members(db).where('users.id', '=', userId).executeTakeFirst(),
      );
      return row === undefined ? null : ((await show([row]))[0] as Member);
    },
    async setRole(userId, role, takes) {
      if (!isUuid(userId)) return UNKNOWN;
      const refusal = await change(userId, { takes, unmakesOwner: role !== 'owner' }, async (db) => {
        await db.updateTable('memberships').set({ role }).where('user_id', '=', userId).execute();
      });
      return refusal ?? (await this.find(userId)) ?? UNKNOWN;
    },
    async remove(userId, takes) {
      if (!isUuid(userId)) return UNKNOWN;
      return change(userId, { takes, unmakesOwner: true }, async (db) => {
        await db.deleteFrom('memberships').where('user_id', '=', userId).execute();
      });
    },
  };
}

/**
 * Whether a tenant would have no owner who can log in without this one. The owners' rows are held until the transaction
 * ends, so that two owners who go at once do so one after the other; and the accounts are looked at only then.
 */
export async function isLastOwner(db: Scoped, tenantId: string, userId: string): Promise<boolean> {
  const owners = await db
    .selectFrom('memberships')
    .select('user_id')
    .where('tenant_id', '=', tenantId)
    .where('role', '=', 'owner')
    .orderBy('user_id')
    .forUpdate()
    .execute();
  const ids = owners.map(({ user_id: id }) => id);
  if (!ids.includes(userId)) return false;
  const others = ids.filter((id) => id !== userId);
  if (others.length === 0) return true;
  const able = await db
    .selectFrom('users')
    .select('id')
    .where('id', 'in', others)
    .where('disabled_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return able === undefined;
}

/**
 * Refuses one more person than a tenant may have: `members` counts those who are in it, `all` also who has an open
 * invitation. The tenant's row is held, so that of two who would be one too many only one comes in.
 */
export async function refuseNumber(db: Scoped, tenantId: string, counted: 'members' | 'all'): Promise<Refusal | null> {
  const row = await db.selectFrom('tenants').select('quota').where('id', '=', tenantId).forUpdate().executeTakeFirst();
  const most = quotaOf(row?.quota ?? {}).users;
  if (most === null) return null;
  const { members } = await db
    .selectFrom('memberships')
    .select((select) => select.fn.countAll<number>().as('members'))
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow();
  const { invited } = await db
    .selectFrom('invitations')
    .select((select) => select.fn.countAll<number>().as('invited'))
    .where('tenant_id', '=', tenantId)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at(Date.now()))
    .executeTakeFirstOrThrow();
  if (members + (counted === 'all' ? invited : 0) < most) return null;
  const people = most === 1 ? 'one person' : `${most} people`;
  const detail = `the tenant may have ${people}; it has ${members}, and ${invited} open invitations`;
  return { refused: 'quota-exceeded', detail };
}

function members(db: Scoped) {
  return db
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .selectAll('users')
    .select(['memberships.role', 'memberships.created_at as joined_at']);
}

type MemberRow = Awaited<ReturnType<ReturnType<typeof members>['execute']>>[number];

/** Who of these has something to show beside the password. No tenant sees what it is. */
async function withTwoFactors(database: Database, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await database.withAccess('log-in', (db) =>
    sql<{
      user_id: string;
    }>`SELECT user_id FROM totp WHERE confirmed_at IS NOT NULL AND user_id = ANY(${sql.val([...ids])}::uuid[])
      UNION SELECT user_id FROM passkeys WHERE user_id = ANY(${sql.val([...ids])}::uuid[])`.execute(db),
  );
  return new Set(rows.map(({ user_id: id }) => id));
}
