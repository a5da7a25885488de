import { sql } from 'kysely';
import { uuidv7 } from '../../../model/uuid.ts';
import type { PrivacyScans, StoredScan } from '../../records.ts';
import { at, type Database } from './database.ts';

/** Scans that are kept. */
const KEPT = 20;

export function privacyScans(database: Database): PrivacyScans {
  return {
    async begin(now) {
      const id = uuidv7(now);
      await database.withAccess('platform', async (db) => {
        await sql`INSERT INTO privacy_scans (id, state, started_at) VALUES (${id}, 'running', ${at(now)})`.execute(db);
        await sql`DELETE FROM privacy_scans WHERE id NOT IN
          (SELECT id FROM privacy_scans ORDER BY started_at DESC LIMIT ${KEPT})`.execute(db);
      });
      return id;
    },
    async finish(id, state, result, now) {
      await database.withAccess('platform', (db) =>
        sql`UPDATE privacy_scans SET state = ${state}, result = ${JSON.stringify(result)}::jsonb, finished_at = ${at(now)}
          WHERE id = ${id}::uuid AND state = 'running'`.execute(db),
      );
    },
    async last() {
      const { rows } = await database.withAccess('platform', (db) =>
        sql<StoredScan>`SELECT id, state, started_at AS "startedAt", finished_at AS "finishedAt", result
          FROM privacy_scans ORDER BY started_at DESC LIMIT 1`.execute(db),
      );
      return rows[0] ?? null;
    },
  };
}
