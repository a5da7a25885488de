import { sql } from 'kysely';
import type { Factors } from '../../factors.ts';
import type { Scoped } from './database.ts';

/** Runs what is about somebody's factors in a transaction that may. */
export type Run = <T>(work: (db: Scoped) => Promise<T>) => Promise<T>;

/** Codes that stand for no factor any more would still be asked for. */
export async function dropIdleCodes(db: Scoped, userId: string): Promise<void> {
  await sql`DELETE FROM recovery_codes WHERE user_id = ${userId}
    AND NOT EXISTS (SELECT FROM totp WHERE user_id = ${userId} AND confirmed_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM passkeys WHERE user_id = ${userId})`.execute(db);
}

/** Recovery codes of people. */
export function recoveryCodes(run: Run): Factors['recoveryCodes'] {
  const insert = (db: Scoped, userId: string, hashes: readonly Buffer[]) =>
    db
      .insertInto('recovery_codes')
      .values(hashes.map((hash) => ({ user_id: userId, code_hash: hash })))
      .execute();
  // Two who make codes at once would both keep theirs.
  const lock = (db: Scoped, userId: string) => sql`SELECT FROM users WHERE id = ${userId} FOR UPDATE`.execute(db);
  return {
    async replace(userId, hashes) {
      await run(async (db) => {
        await lock(db, userId);
        await db.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
        await insert(db, userId, hashes);
      });
    },
    addFirst: (userId, hashes) =>
      run(async (db) => {
        await lock(db, userId);
        const there = await db
          .selectFrom('recovery_codes')
          .select('user_id')
          .where('user_id', '=', userId)
          .limit(1)
          .executeTakeFirst();
        if (there === undefined) await insert(db, userId, hashes);
        return there === undefined;
      }),
    async use(userId, hash) {
      const result = await run((db) =>
        db.deleteFrom('recovery_codes').where('user_id', '=', userId).where('code_hash', '=', hash).executeTakeFirst(),
      );
      return result.numDeletedRows > 0n;
    },
  };
}
