import type { Selectable } from 'kysely';
import type { Refusal } from '../../../model/request.ts';
import { uuidv7 } from '../../../model/uuid.ts';
import type { EmailChange, EmailChanges } from '../../people.ts';
import { at, type Database, type Scoped } from './database.ts';
import { hashSecret, newSecret } from './secrets.ts';
import type { Tables } from './tables.ts';
import { closeEmailChanges, closeResets, isDuplicate, userOf } from './users.ts';

const PREFIX = 'vde_';
const LONGEST_TOKEN = 100;

type Row = Selectable<Tables['email_changes']>;

const refuse = (refused: string, detail: string): Refusal => ({ refused, detail });
const UNKNOWN = refuse('unknown-email-change', 'there is no such link for another e-mail address; ask for a new one');
export const TAKEN = refuse('account-exists', 'this e-mail address belongs to another account by now');

/** E-mail addresses that accounts are to have. `changed`: called when what sessions show has changed by this handle. */
export function emailChanges(database: Database, changed: () => void): EmailChanges {
  return {
    async ask({ userId, email, validMs }) {
      const { token, hash } = newSecret(PREFIX);
      return database.withAccess('log-in', async (db) => {
        // Of two who ask at once, the later one's counts.
        await db.selectFrom('users').select('id').where('id', '=', userId).forUpdate().execute();
        await closeEmailChanges(db, userId);
        const row = await db
          .insertInto('email_changes')
          .values({
            id: uuidv7(),
            user_id: userId,
            email: email.toLowerCase(),
            token_hash: hash,
            expires_at: new Date(Date.now() + validMs),
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return { change: changeOf(row), token };
      });
    },
    async pending(userId) {
      const row = await database.withAccess('log-in', (db) =>
        db
          .selectFrom('email_changes')
          .selectAll()
          .where('user_id', '=', userId)
          .where('closed_at', 'is', null)
          .where('expires_at', '>', at(Date.now()))
          .executeTakeFirst(),
      );
      return row === undefined ? null : changeOf(row);
    },
    async withdraw(userId) {
      return database.withAccess('log-in', async (db) => (await closeEmailChanges(db, userId)) > 0);
    },
    async look(token) {
      const row = await database.withAccess('log-in', (db) => find(db, token));
      return 'refused' in row ? row : changeOf(row);
    },
    async confirm(token, userId) {
      const outcome = await database
        .withAccess('log-in', async (db) => {
          // The person's row is held first: of two who confirm at once, the second finds the link used.
          await db.selectFrom('users').select('id').where('id', '=', userId).forUpdate().execute();
          const row = await find(db, token);
          if ('refused' in row) return row;
          if (row.user_id !== userId) return refuse('other-account', 'this link is for another account: log in to it');
          return setEmail(db, userId, row.email);
        })
        .catch((error: unknown) => {
          if (!isDuplicate(error)) throw error;
          return TAKEN;
        });
      changed();
      return outcome;
    },
  };
}

/**
 * Gives an account another e-mail address, and voids what was sent to the one before: whoever reads mails there may be
 * somebody else. Sessions go on. Throws unique_violation where the address is taken.
 */
export async function setEmail(db: Scoped, userId: string, email: string) {
  const { email: former } = await db
    .selectFrom('users')
    .select('email')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  const row = await db
    .updateTable('users')
    .set({ email: email.toLowerCase() })
    .where('id', '=', userId)
    .returningAll()
    .executeTakeFirstOrThrow();
  await closeResets(db, userId);
  await closeEmailChanges(db, userId);
  return { user: userOf(row), former };
}

async function find(db: Scoped, token: string): Promise<Row | Refusal> {
  if (!token.startsWith(PREFIX) || token.length > LONGEST_TOKEN) return UNKNOWN;
  const row = await db
    .selectFrom('email_changes')
    .selectAll()
    .where('token_hash', '=', hashSecret(token))
    .executeTakeFirst();
  if (row === undefined) return UNKNOWN;
  if (row.closed_at !== null) return refuse('email-change-used', 'this link was used, or another one was asked for');
  if (row.expires_at <= Date.now())
    return refuse('email-change-expired', 'this link is past its time; ask for a new one');
  return row;
}

function changeOf({ user_id: userId, email, expires_at: expiresAt }: Row): EmailChange {
  return { userId, email, expiresAt };
}
