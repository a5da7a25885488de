import { sql } from 'kysely';
import type { Accounts, GuessBound } from '../../accounts.ts';
import type { Database } from './database.ts';
import { hashSecret, newSecret } from './secrets.ts';

const DEVICE_PREFIX = 'vdd_';
const LONGEST_TOKEN = 100;
/** Browsers remembered of one person; the one not seen longest goes. */
const MOST_DEVICES = 20;

/** Buckets of attempts, shared by all processes: each attempt is one statement, so that attempts at once take turns. */
export function guesses(database: Database): Accounts['guesses'] {
  /** What is in the bucket by now; the clock of a process may be behind another's. */
  const filled = ({ most, refillMs }: GuessBound, now: Date) =>
    sql<number>`least(${most}::float8, guesses.left_over
      + greatest(0, extract(epoch FROM ${now}::timestamptz - guesses.at)) * 1000 * ${most / refillMs}::float8)`;

  return {
    async take(name, bound) {
      const now = new Date();
      const there = filled(bound, now);
      const { rows } = await database.withAccess('log-in', (db) =>
        sql<{ left_over: number; taken: boolean }>`
          INSERT INTO guesses (name_hash, left_over, at) VALUES (${name}, ${bound.most - 1}, ${now})
          ON CONFLICT (name_hash) DO UPDATE SET left_over = ${there} - 1, at = greatest(guesses.at, ${now})
            WHERE ${there} >= 1
          RETURNING left_over, true AS taken`.execute(db),
      );
      if (rows[0] !== undefined) return 0;
      const { rows: left } = await database.withAccess('log-in', (db) =>
        sql<{ left_over: number }>`SELECT ${there} AS left_over FROM guesses WHERE name_hash = ${name}`.execute(db),
      );
      return Math.max(1, Math.ceil(((1 - (left[0]?.left_over ?? 1)) * bound.refillMs) / bound.most));
    },
    async giveBack(name, bound) {
      const now = new Date();
      await database.withAccess('log-in', (db) =>
        sql`UPDATE guesses SET left_over = least(${bound.most}::float8, ${filled(bound, now)} + 1),
          at = greatest(guesses.at, ${now}) WHERE name_hash = ${name}`.execute(db),
      );
    },
  };
}

/** Browsers from which people have logged in before. */
export function knownDevices(database: Database): Accounts['devices'] {
  return {
    async remember(userId) {
      const { token, hash } = newSecret(DEVICE_PREFIX);
      await database.withAccess('log-in', async (db) => {
        await db.insertInto('known_devices').values({ token_hash: hash, user_id: userId }).execute();
        await db
          .deleteFrom('known_devices')
          .where('user_id', '=', userId)
          .where(
            'token_hash',
            'not in',
            db
              .selectFrom('known_devices')
              .select('token_hash')
              .where('user_id', '=', userId)
              .orderBy('last_used_at', 'desc')
              .limit(MOST_DEVICES),
          )
          .execute();
      });
      return token;
    },
    async knows(userId, token) {
      if (!token.startsWith(DEVICE_PREFIX) || token.length > LONGEST_TOKEN) return false;
      const result = await database.withAccess('log-in', (db) =>
        db
          .updateTable('known_devices')
          .set({ last_used_at: new Date() })
          .where('token_hash', '=', hashSecret(token))
          .where('user_id', '=', userId)
          .executeTakeFirst(),
      );
      return result.numUpdatedRows > 0n;
    },
  };
}
