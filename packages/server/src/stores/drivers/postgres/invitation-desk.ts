import { type Role, rolesGivenBy } from '../../../model/permission.ts';
import type { InvitationDesk, InvitationRefusal, Joined, OpenInvitation } from '../../people.ts';
import { type Database, type Scoped } from './database.ts';
import { INVITATION_PREFIX } from './invitations.ts';
import { refuseNumber } from './members.ts';
import { hashSecret } from './secrets.ts';
import { insertUser, isDuplicate, userOf } from './users.ts';

const LONGEST_TOKEN = 100;

/** Invitations by their token, across tenants. `changed`: called when somebody is another than before by this handle. */
export function invitationDesk(database: Database, changed: () => void): InvitationDesk {
  return {
    async look(token) {
      if (!isToken(token)) return refuse('unknown-invitation');
      return database.withAccess('invitation', (db) => look(db, token));
    },
    async accept(token, who) {
      if (!isToken(token)) return refuse('unknown-invitation');
      const accepting = database.withAccess('invitation', async (db) => {
        // Held from here on: of two who come with one invitation, the second finds it used.
        await db
          .selectFrom('invitations')
          .select('id')
          .where('token_hash', '=', hashSecret(token))
          .forUpdate()
          .executeTakeFirst();
        const invitation = await look(db, token);
        if ('refused' in invitation) return invitation;
        const { tenant, email } = invitation;
        if ((await refuseNumber(db, tenant.id, 'members')) !== null) return refuse('quota-exceeded');
        const user = await userFor(db, email, who);
        if ('refused' in user) return user;
        const joined = await join(db, user.id, invitation);
        const present = joined ?? (await membershipOf(db, user.id, tenant.id));
        return { user: userOf(user), tenant, role: present.role };
      });
      const outcome = await accepting.catch((error: unknown) => {
        // By another invitation, at this very moment.
        if (isDuplicate(error)) return refuse('account-exists');
        throw error;
      });
      changed();
      return outcome;
    },
    async acceptVerified({ email, name }) {
      const accepted = await database.withAccess('invitation', async (db) => {
        const rows = await db
          .selectFrom('invitations')
          .select('token_hash')
          .where('email', '=', email)
          .where('accepted_at', 'is', null)
          .where('revoked_at', 'is', null)
          .orderBy('created_at')
          .forUpdate()
          .execute();
        let accepting: Awaited<ReturnType<typeof insertUser>> | undefined;
        const joined: Joined[] = [];
        for (const { token_hash: hash } of rows) {
          const invitation = await lookByHash(db, hash);
          if ('refused' in invitation) continue;
          if ((await refuseNumber(db, invitation.tenant.id, 'members')) !== null) continue;
          accepting ??=
            (await db.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst()) ??
            (await insertUser(db, { email, name, passwordHash: null, locale: null }));
          const { tenant, role } = invitation;
          if ((await join(db, accepting.id, invitation)) !== undefined) joined.push({ tenant, role });
        }
        return accepting === undefined ? null : { user: userOf(accepting), joined };
      });
      if (accepted !== null) changed();
      return accepted;
    },
  };
}

function isToken(token: string): boolean {
  return token.startsWith(INVITATION_PREFIX) && token.length <= LONGEST_TOKEN;
}

/** Uses an invitation up; undefined for somebody who is a member already. */
async function join(db: Scoped, userId: string, { id, tenant, role }: OpenInvitation) {
  const joined = await db
    .insertInto('memberships')
    .values({ user_id: userId, tenant_id: tenant.id, role })
    .onConflict((conflict) => conflict.doNothing())
    .returning('role')
    .executeTakeFirst();
  await db.updateTable('invitations').set({ accepted_at: new Date() }).where('id', '=', id).execute();
  return joined;
}

const look = (db: Scoped, token: string) => lookByHash(db, hashSecret(token));

async function lookByHash(db: Scoped, hash: Buffer): Promise<OpenInvitation | InvitationRefusal> {
  const row = await db
    .selectFrom('invitations')
    .innerJoin('tenants', 'tenants.id', 'invitations.tenant_id')
    .leftJoin('users', 'users.email', 'invitations.email')
    .select([
      'invitations.id',
      'invitations.email',
      'invitations.role',
      'invitations.invited_by',
      'invitations.expires_at',
      'invitations.accepted_at',
      'invitations.revoked_at',
      'tenants.id as tenant_id',
      'tenants.slug',
      'tenants.name',
      'tenants.suspended_at',
      'users.id as user_id',
    ])
    .where('invitations.token_hash', '=', hash)
    .executeTakeFirst();
  if (row === undefined) return refuse('unknown-invitation');
  if (row.accepted_at !== null) return refuse('invitation-accepted');
  if (row.revoked_at !== null) return refuse('invitation-withdrawn');
  if (row.expires_at <= Date.now()) return refuse('invitation-expired');
  if (row.suspended_at !== null) return refuse('tenant-suspended');
  if (!(await standsFor(db, row))) return refuse('invitation-withdrawn');
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    expiresAt: row.expires_at,
    tenant: { id: row.tenant_id, slug: row.slug, name: row.name },
    account: row.user_id !== null,
  };
}

/** Whether whoever sent an invitation could still send it. An operator without an account always can. */
async function standsFor(
  db: Scoped,
  { invited_by: inviter, tenant_id: tenantId, role }: { invited_by: string | null; tenant_id: string; role: Role },
): Promise<boolean> {
  if (inviter === null) return true;
  const rows = await db
    .selectFrom('memberships')
    .innerJoin('tenants', 'tenants.id', 'memberships.tenant_id')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .select(['memberships.tenant_id', 'memberships.role', 'tenants.is_installation'])
    .where('memberships.user_id', '=', inviter)
    .where('users.disabled_at', 'is', null)
    .execute();
  return rows.some((row) => {
    if (row.is_installation && (row.role === 'owner' || row.role === 'admin')) return true;
    return row.tenant_id === tenantId && rolesGivenBy(row.role).includes(role);
  });
}

/** The account that comes in: the one named, if the invitation is for its address, or a new one. */
async function userFor(db: Scoped, email: string, who: Parameters<InvitationDesk['accept']>[1]) {
  const there = await db.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst();
  if ('userId' in who) {
    if (there?.id !== who.userId) return refuse('other-account');
    return there.disabled_at === null ? there : refuse('account-disabled');
  }
  return there === undefined ? insertUser(db, { ...who, email }) : refuse('account-exists');
}

function membershipOf(db: Scoped, userId: string, tenantId: string) {
  return db
    .selectFrom('memberships')
    .select('role')
    .where('user_id', '=', userId)
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow();
}

const DETAILS: Record<InvitationRefusal['refused'], string> = {
  'unknown-invitation': 'there is no such invitation; if it was sent again, use the link in the latest mail',
  'invitation-accepted': 'this invitation was accepted already; log in',
  'invitation-withdrawn': 'this invitation was withdrawn, or whoever sent it could not send it any more',
  'invitation-expired': 'this invitation is past its time; ask for a new one',
  'tenant-suspended': 'the tenant is suspended; nobody can join it at the moment',
  'account-disabled': 'this account is disabled; the operator of this installation knows why',
  'account-exists': 'this e-mail address has an account: give its password, or log in first',
  'other-account': 'this invitation is for another e-mail address',
  'quota-exceeded': 'the tenant has as many people as it may have; ask whoever invited you',
};

function refuse(refused: InvitationRefusal['refused']): InvitationRefusal {
  return { refused, detail: DETAILS[refused] };
}
