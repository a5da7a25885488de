import { sql } from 'kysely';
import type { Factors } from '../../factors.ts';
import { at, type Database, type Scoped } from './database.ts';
import { passkeys } from './passkeys.ts';
import { dropIdleCodes, type Run, recoveryCodes } from './recovery-codes.ts';
import { hashSecret, newSecret } from './secrets.ts';

const CHALLENGE_PREFIX = 'vdc_';
const LONGEST_TOKEN = 100;

/** How people show who they are, besides passwords. */
export function factors(database: Database): Factors {
  const run = <T>(work: (db: Scoped) => Promise<T>) => database.withAccess('log-in', work);
  return {
    async summary(userId) {
      const { rows } = await run((db) =>
        sql<{ totp: boolean; passkeys: number; codes: number }>`SELECT
          EXISTS (SELECT FROM totp WHERE user_id = ${userId} AND confirmed_at IS NOT NULL) AS totp,
          (SELECT count(*) FROM passkeys WHERE user_id = ${userId}) AS passkeys,
          (SELECT count(*) FROM recovery_codes WHERE user_id = ${userId}) AS codes`.execute(db),
      );
      const { totp = false, passkeys: keys = 0, codes = 0 } = rows[0] ?? {};
      return { totp, passkeys: keys, recoveryCodesLeft: codes };
    },
    reset: (userId) =>
      run(async (db) => {
        let removed = 0n;
        for (const table of ['totp', 'passkeys', 'recovery_codes'] as const) {
          const result = await db.deleteFrom(table).where('user_id', '=', userId).executeTakeFirst();
          removed += result.numDeletedRows;
        }
        return removed > 0n;
      }),
    totp: totp(run),
    recoveryCodes: recoveryCodes(run),
    passkeys: passkeys(run),
    identities: identities(run),
    challenges: challenges(run),
  };
}

function totp(run: Run): Factors['totp'] {
  return {
    async find(userId) {
      const row = await run((db) => db.selectFrom('totp').selectAll().where('user_id', '=', userId).executeTakeFirst());
      return row === undefined ? null : { sealed: row.sealed, confirmedAt: row.confirmed_at, lastStep: row.last_step };
    },
    async begin(userId, sealed) {
      const { rows } = await run((db) =>
        sql`INSERT INTO totp (user_id, sealed) VALUES (${userId}, ${sealed})
          ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, created_at = now()
            WHERE totp.confirmed_at IS NULL
          RETURNING user_id`.execute(db),
      );
      return rows.length > 0;
    },
    async confirm(userId, sealed, step) {
      const result = await run((db) =>
        db
          .updateTable('totp')
          .set({ confirmed_at: new Date(), last_step: step })
          .where('user_id', '=', userId)
          .where('confirmed_at', 'is', null)
          .where('sealed', '=', sealed)
          .executeTakeFirst(),
      );
      return result.numUpdatedRows > 0n;
    },
    async use(userId, step) {
      const result = await run((db) =>
        db
          .updateTable('totp')
          .set({ last_step: step })
          .where('user_id', '=', userId)
          .where('confirmed_at', 'is not', null)
          .where((where) => where.or([where('last_step', 'is', null), where('last_step', '<', step)]))
          .executeTakeFirst(),
      );
      return result.numUpdatedRows > 0n;
    },
    remove: (userId) =>
      run(async (db) => {
        const result = await db.deleteFrom('totp').where('user_id', '=', userId).executeTakeFirst();
        await dropIdleCodes(db, userId);
        return result.numDeletedRows > 0n;
      }),
  };
}

function identities(run: Run): Factors['identities'] {
  const find = async (issuer: string, subject: string) => {
    const row = await run((db) =>
      db
        .selectFrom('oidc_identities')
        .select('user_id')
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .executeTakeFirst(),
    );
    return row?.user_id ?? null;
  };
  return {
    find,
    async link(issuer, subject, userId) {
      const { rows } = await run((db) =>
        sql`INSERT INTO oidc_identities (issuer, subject, user_id) VALUES (${issuer}, ${subject}, ${userId})
          ON CONFLICT DO NOTHING RETURNING user_id`.execute(db),
      );
      // The same person may come back in two windows at once.
      return rows.length > 0 || (await find(issuer, subject)) === userId;
    },
  };
}

function challenges(run: Run): Factors['challenges'] {
  return {
    async begin(purpose, userId, validMs) {
      const { token, hash } = newSecret(CHALLENGE_PREFIX);
      const expires = new Date(Date.now() + validMs);
      await run((db) =>
        db
          .insertInto('challenges')
          .values({ token_hash: hash, purpose, user_id: userId, expires_at: expires })
          .execute(),
      );
      return token;
    },
    async take(token, purpose, userId) {
      if (!token.startsWith(CHALLENGE_PREFIX) || token.length > LONGEST_TOKEN) return false;
      const row = await run((db) =>
        db
          .deleteFrom('challenges')
          .where('token_hash', '=', hashSecret(token))
          .where('expires_at', '>', at(Date.now()))
          .returning(['purpose', 'user_id'])
          .executeTakeFirst(),
      );
      return row !== undefined && row.purpose === purpose && row.user_id === userId;
    },
  };
}
