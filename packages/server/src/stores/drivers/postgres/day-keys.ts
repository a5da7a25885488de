import { sql } from 'kysely';
import { Fault } from '../../../model/fault.ts';
import type { DayKeys } from '../../records.ts';
import type { Database } from './database.ts';

interface Row {
  day: number;
  sealed: Buffer | null;
}

const DAY = sql`(day - date '1970-01-01')::int`;

/** The sealed day keys. */
export function dayKeys(database: Database): DayKeys {
  return {
    async getOrCreate(day, sealedCandidate) {
      return database.withAccess('platform', async (db) => {
        await sql`INSERT INTO day_keys (day, sealed) VALUES (date '1970-01-01' + ${day}::int, ${sealedCandidate})
          ON CONFLICT (day) DO NOTHING`.execute(db);
        const { rows } = await sql<Row>`SELECT ${DAY} AS day, sealed FROM day_keys
          WHERE day = date '1970-01-01' + ${day}::int`.execute(db);
        const sealed = rows[0]?.sealed;
        if (!sealed) throw new Fault('day-key-destroyed', `the client key of day ${day} was destroyed`);
        return sealed;
      });
    },
    async list() {
      const { rows } = await database.withAccess('platform', (db) =>
        sql<{ day: number; sealed: Buffer }>`SELECT ${DAY} AS day, sealed FROM day_keys
          WHERE sealed IS NOT NULL ORDER BY day`.execute(db),
      );
      return rows;
    },
    async destroyBefore(day) {
      return database.withAccess('platform', async (db) => {
        await sql`LOCK TABLE day_keys IN ACCESS EXCLUSIVE MODE`.execute(db);
        const { rows } = await sql<{ doomed: number }>`SELECT count(*)::int AS doomed FROM day_keys
          WHERE day < date '1970-01-01' + ${day}::int AND sealed IS NOT NULL`.execute(db);
        const doomed = rows[0]?.doomed ?? 0;
        if (doomed === 0) return 0;
        const kept = await sql<{ day: string; sealed: Buffer | null; created: string; destroyed: string | null }>`
          SELECT day::text, CASE WHEN day >= date '1970-01-01' + ${day}::int THEN sealed END AS sealed,
            created_at::text AS created,
            CASE WHEN day < date '1970-01-01' + ${day}::int THEN coalesce(destroyed_at, now()) END::text AS destroyed
          FROM day_keys`.execute(db);
        // A new file for the table: the old one, with the bytes of the keys, is removed at the commit.
        await sql`TRUNCATE day_keys`.execute(db);
        for (const row of kept.rows) {
          await sql`INSERT INTO day_keys (day, sealed, created_at, destroyed_at)
            VALUES (${row.day}::date, ${row.sealed}, ${row.created}::timestamptz, ${row.destroyed}::timestamptz)`.execute(
            db,
          );
        }
        return doomed;
      });
    },
  };
}
