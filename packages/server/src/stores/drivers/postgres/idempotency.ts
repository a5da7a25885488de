import { sql } from 'kysely';
import type { IdempotentAnswer, TenantRecords } from '../../records.ts';
import { at, type Database } from './database.ts';

/** The Idempotency-Keys of one tenant's senders. */
export function tenantIdempotency(database: Database, tenantId: string): TenantRecords['idempotency'] {
  return {
    async claim(key, batchToken, expiresAt) {
      return database.asTenant(tenantId, async (db) => {
        // The update changes a row only when it has expired, but locks and returns it either way.
        const { rows } = await sql<{ batch_token: string; answer: unknown; first: boolean }>`
          INSERT INTO idempotency_keys AS known (tenant_id, key, batch_token, expires_at)
          VALUES (${tenantId}, ${key}, ${batchToken}, ${new Date(expiresAt)})
          ON CONFLICT (tenant_id, key) DO UPDATE SET
            batch_token = CASE WHEN known.expires_at <= now() THEN excluded.batch_token ELSE known.batch_token END,
            answer = CASE WHEN known.expires_at <= now() THEN NULL ELSE known.answer END,
            created_at = CASE WHEN known.expires_at <= now() THEN now() ELSE known.created_at END,
            expires_at = CASE WHEN known.expires_at <= now() THEN excluded.expires_at ELSE known.expires_at END
          RETURNING batch_token, answer, batch_token = ${batchToken} AS first`.execute(db);
        const row = rows[0];
        return { first: row?.first === true, batchToken: row?.batch_token ?? batchToken, answer: row?.answer ?? null };
      });
    },
    async claimAll(entries, batchToken, expiresAt) {
      const answers = new Map(entries.map(({ key, answer }) => [key, JSON.stringify(answer ?? null)]));
      return database.asTenant(tenantId, async (db) => {
        // In order of key, so that two batches with the same keys do not wait for each other.
        const { rows } = await sql<{ key: string; batch_token: string; answer: unknown }>`
          INSERT INTO idempotency_keys AS known (tenant_id, key, batch_token, answer, expires_at)
          SELECT ${tenantId}, given.key, ${batchToken}, given.answer::jsonb, ${new Date(expiresAt)}
          FROM unnest(${[...answers.keys()]}::text[], ${[...answers.values()]}::text[]) AS given (key, answer)
          ORDER BY given.key
          ON CONFLICT (tenant_id, key) DO UPDATE SET
            batch_token = CASE WHEN known.expires_at <= now() OR known.answer IS NULL THEN excluded.batch_token ELSE known.batch_token END,
            answer = CASE WHEN known.expires_at <= now() OR known.answer IS NULL THEN excluded.answer ELSE known.answer END,
            created_at = CASE WHEN known.expires_at <= now() THEN now() ELSE known.created_at END,
            expires_at = CASE WHEN known.expires_at <= now() OR known.answer IS NULL THEN excluded.expires_at ELSE known.expires_at END
          RETURNING key, batch_token, answer`.execute(db);
        return rows.filter(({ batch_token }) => batch_token !== batchToken).map(({ key, answer }) => ({ key, answer }));
      });
    },
    async find(key) {
      const row = await database.asTenant(tenantId, (db) =>
        db
          .selectFrom('idempotency_keys')
          .select(['batch_token', 'answer'])
          .where('key', '=', key)
          .where('expires_at', '>', at(Date.now()))
          .executeTakeFirst(),
      );
      return row ? ({ batchToken: row.batch_token, answer: row.answer ?? null } satisfies IdempotentAnswer) : null;
    },
    async settle(key, batchToken, answer, expiresAt) {
      await database.asTenant(tenantId, (db) =>
        sql`UPDATE idempotency_keys SET answer = ${JSON.stringify(answer)}::jsonb, expires_at = ${new Date(expiresAt)}
          WHERE key = ${key} AND batch_token = ${batchToken}`.execute(db),
      );
    },
    async release(key, batchToken) {
      await database.asTenant(tenantId, (db) =>
        sql`DELETE FROM idempotency_keys WHERE key = ${key} AND batch_token = ${batchToken} AND answer IS NULL`.execute(
          db,
        ),
      );
    },
  };
}
