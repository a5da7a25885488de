import type { Refusal } from '../../../model/request.ts';
import { isUuid, uuidv7 } from '../../../model/uuid.ts';
import type { Invitation, SentInvitation, TenantInvitations } from '../../people.ts';
import { at, type Database, type Scoped } from './database.ts';
import { refuseNumber } from './members.ts';
import { newSecret } from './secrets.ts';

export const INVITATION_PREFIX = 'vdi_';

/** The invitations of one tenant. */
export function tenantInvitations(database: Database, tenantId: string): TenantInvitations {
  return {
    list: () =>
      database.asTenant(tenantId, async (db) => (await open(db).orderBy('invitations.id').execute()).map(invitationOf)),
    async find(id) {
      if (!isUuid(id)) return null;
      return database.asTenant(tenantId, (db) => findOne(db, id));
    },
    async create({ email, role, invitedBy, validMs }) {
      return database.asTenant(tenantId, async (db) => {
        // First, for it holds the tenant's row: of two for one address, the second finds the first.
        const full = await refuseNumber(db, tenantId, 'all');
        const refusal = (await refuseAddress(db, email)) ?? full;
        if (refusal !== null) return refusal;
        const { token, hash } = newSecret(INVITATION_PREFIX);
        const row = await db
          .insertInto('invitations')
          .values({
            id: uuidv7(),
            tenant_id: tenantId,
            email: email.toLowerCase(),
            role,
            token_hash: hash,
            invited_by: invitedBy,
            expires_at: new Date(Date.now() + validMs),
          })
          .returning('id')
          .executeTakeFirstOrThrow();
        return { invitation: (await findOne(db, row.id)) as Invitation, token };
      });
    },
    async renew(id, { invitedBy, validMs }) {
      const unknown: Refusal = { refused: 'unknown-invitation', detail: 'the tenant has no such open invitation' };
      if (!isUuid(id)) return unknown;
      return database.asTenant(tenantId, async (db): Promise<SentInvitation | Refusal> => {
        const { token, hash } = newSecret(INVITATION_PREFIX);
        const now = new Date();
        const result = await db
          .updateTable('invitations')
          .set({
            token_hash: hash,
            invited_by: invitedBy,
            sent_at: now,
            expires_at: new Date(now.getTime() + validMs),
          })
          .where('id', '=', id)
          .where('accepted_at', 'is', null)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        const invitation = result.numUpdatedRows > 0n ? await findOne(db, id) : null;
        return invitation === null ? unknown : { invitation, token };
      });
    },
    async withdraw(id) {
      if (!isUuid(id)) return false;
      const result = await database.asTenant(tenantId, (db) =>
        db
          .updateTable('invitations')
          .set({ revoked_at: new Date() })
          .where('id', '=', id)
          .where('accepted_at', 'is', null)
          .where('revoked_at', 'is', null)
          .executeTakeFirst(),
      );
      return result.numUpdatedRows > 0n;
    },
  };
}

/** Refuses an address that is in the tenant, or about to be. */
async function refuseAddress(db: Scoped, email: string): Promise<Refusal | null> {
  const address = email.toLowerCase();
  const member = await db
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .select('users.id')
    .where('email', '=', address)
    .executeTakeFirst();
  if (member !== undefined) return { refused: 'already-member', detail: `${address} is in this tenant already` };
  // One that is past its time makes room.
  await db
    .updateTable('invitations')
    .set({ revoked_at: new Date() })
    .where('email', '=', address)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '<=', at(Date.now()))
    .execute();
  const waiting = await open(db).where('invitations.email', '=', address).executeTakeFirst();
  if (waiting === undefined) return null;
  return { refused: 'already-invited', detail: `${address} has an open invitation; send it again, or withdraw it` };
}

/** Open invitations with their inviter and their last mail. */
function open(db: Scoped) {
  return db
    .selectFrom('invitations')
    .leftJoin('users', 'users.id', 'invitations.invited_by')
    .leftJoinLateral(
      (from) =>
        from
          .selectFrom('mails')
          .select(['mails.state', 'mails.error'])
          .whereRef('mails.subject_id', '=', 'invitations.id')
          .orderBy('mails.id', 'desc')
          .limit(1)
          .as('mail'),
      (join) => join.onTrue(),
    )
    .select([
      'invitations.id',
      'invitations.tenant_id',
      'invitations.email',
      'invitations.role',
      'invitations.created_at',
      'invitations.sent_at',
      'invitations.expires_at',
      'users.name as inviter',
      'mail.state',
      'mail.error',
    ])
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null);
}

async function findOne(db: Scoped, id: string): Promise<Invitation | null> {
  const row = await open(db).where('invitations.id', '=', id).executeTakeFirst();
  return row === undefined ? null : invitationOf(row);
}

function invitationOf(row: Awaited<ReturnType<ReturnType<typeof open>['execute']>>[number]): Invitation {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    email: row.email,
    role: row.role,
    inviter: row.inviter,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    expiresAt: row.expires_at,
    mail: row.state === null ? null : { state: row.state, error: row.error },
  };
}
