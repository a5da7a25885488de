import type { Refusal } from '../../../model/request.ts';
import type { PasswordResets } from '../../people.ts';
import type { Database, Scoped } from './database.ts';
import { hashSecret, newSecret } from './secrets.ts';
import { setPassword, userOf } from './users.ts';

const RESET_PREFIX = 'vdr_';
const LONGEST_TOKEN = 100;

const refuse = (refused: string, detail: string): Refusal => ({ refused, detail });
const UNKNOWN = refuse('unknown-reset', 'there is no such link for a new password; ask for another one');

/** Resets of passwords, by their token. `ended`: called when sessions have ended by this handle. */
export function passwordResets(database: Database, ended: () => void): PasswordResets {
  return {
    mint: () => newSecret(RESET_PREFIX).token,
    async open({ id, userId, token, validMs }) {
      return database.withAccess('log-in', async (db) => {
        const user = await db.selectFrom('users').select('id').where('id', '=', userId).executeTakeFirst();
        if (user === undefined) return false;
        await db
          .insertInto('password_resets')
          .values({ id, user_id: userId, token_hash: hashSecret(token), expires_at: new Date(Date.now() + validMs) })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute();
        return true;
      });
    },
    async look(token) {
      if (!isToken(token)) return UNKNOWN;
      return database.withAccess('log-in', async (db) => {
        const found = await look(db, token);
        return 'refused' in found ? found : { user: userOf(found.user), expiresAt: found.expiresAt };
      });
    },
    async redeem(token, passwordHash) {
      if (!isToken(token)) return UNKNOWN;
      const outcome = await database.withAccess('log-in', async (db) => {
        const seen = await look(db, token);
        if ('refused' in seen) return seen;
        // The person's row is held first, as by all that sets passwords: of two who redeem at once, by one link or by two,
        // the second finds its link closed.
        await db.selectFrom('users').select('id').where('id', '=', seen.user.id).forUpdate().execute();
        const found = await look(db, token);
        if ('refused' in found) return found;
        await setPassword(db, found.user.id, passwordHash, null);
        return userOf(found.user);
      });
      ended();
      return outcome;
    },
  };
}

function isToken(token: string): boolean {
  return token.startsWith(RESET_PREFIX) && token.length <= LONGEST_TOKEN;
}

async function look(db: Scoped, token: string) {
  const reset = await db
    .selectFrom('password_resets')
    .selectAll()
    .where('token_hash', '=', hashSecret(token))
    .executeTakeFirst();
  if (reset === undefined) return UNKNOWN;
  if (reset.closed_at !== null)
    return refuse('reset-used', 'this link was used, or another one was; ask for a new one');
  if (reset.expires_at <= Date.now()) return refuse('reset-expired', 'this link is past its time; ask for a new one');
  const user = await db.selectFrom('users').selectAll().where('id', '=', reset.user_id).executeTakeFirstOrThrow();
  if (user.disabled_at === null) return { user, expiresAt: reset.expires_at };
  return refuse('account-disabled', 'this account is disabled; the operator of this installation knows why');
}
