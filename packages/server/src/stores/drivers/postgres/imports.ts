import { type Selectable, sql } from 'kysely';
import { isUuid, uuidv7 } from '../../../model/uuid.ts';
import type { ImportAdvance, ImportFile, ImportRange, TenantRecords } from '../../records.ts';
import { at, type Database, type Scoped } from './database.ts';
import type { Tables } from './tables.ts';

const LIST_LIMIT = 100;

/** The imported files of one tenant. */
export function tenantImports(database: Database, tenantId: string): TenantRecords['imports'] {
  return {
    async findFiles(candidates) {
      if (candidates.length === 0) return [];
      return database.asTenant(tenantId, async (db) => {
        const rows = await db
          .selectFrom('import_files')
          .selectAll()
          .where((where) =>
            where.or(
              candidates.map(({ headBytes, headHash }) =>
                where.and([where('head_hash', '=', headHash), where('head_bytes', '=', headBytes)]),
              ),
            ),
          )
          .orderBy('head_bytes', 'desc')
          .orderBy('generation', 'desc')
          .execute();
        return withPending(db, rows);
      });
    },
    async createFile(file) {
      return database.asTenant(tenantId, async (db) => {
        // Two importers at once get two generations, one after the other.
        await sql`SELECT pg_advisory_xact_lock(hashtextextended(${tenantId}::text || ${file.headHash.toString('hex')}::text, 0))`.execute(
          db,
        );
        const last = await db
          .selectFrom('import_files')
          .select((select) => select.fn.max('generation').as('generation'))
          .where('head_hash', '=', file.headHash)
          .where('head_bytes', '=', file.headBytes)
          .executeTakeFirst();
        const row = await db
          .insertInto('import_files')
          .values({
            id: uuidv7(),
            tenant_id: tenantId,
            head_bytes: file.headBytes,
            head_hash: file.headHash,
            generation: (last?.generation ?? -1) + 1,
            name: file.name,
            format: file.format,
            parser_state: JSON.stringify(file.parserState ?? null),
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return fileOf(row, []);
      });
    },
    async getFile(fileId) {
      if (!isUuid(fileId)) return null;
      return database.asTenant(tenantId, async (db) => {
        const rows = await db.selectFrom('import_files').selectAll().where('id', '=', fileId).execute();
        return (await withPending(db, rows))[0] ?? null;
      });
    },
    async intend(fileId, range) {
      const none = { refused: 'no-such-file', detail: `there is no imported file ${fileId}` };
      if (!isUuid(fileId)) return none;
      return database.asTenant(tenantId, (db) => intend(db, fileId, range)).then((noted) => noted ?? none);
    },
    async advance(fileId, step) {
      return isUuid(fileId) && database.asTenant(tenantId, (db) => advance(db, fileId, step));
    },
    async list(limit = LIST_LIMIT, after = null) {
      // As exactly as callers know it.
      const changed = sql<number>`date_trunc('milliseconds', updated_at)`;
      return database.asTenant(tenantId, async (db) => {
        const rows = await db
          .selectFrom('import_files')
          .selectAll()
          .$if(after !== null, (query) =>
            query.where(sql<boolean>`(${changed}, id) < (${at(after?.updatedAt ?? 0)}, ${after?.id ?? null}::uuid)`),
          )
          .orderBy(changed, 'desc')
          .orderBy('id', 'desc')
          .limit(limit)
          .execute();
        return withPending(db, rows);
      });
    },
  };
}

async function intend(db: Scoped, fileId: string, range: ImportRange): Promise<ImportRange | null> {
  const noted = await sql<{ range_start: number; range_end: number; token: string }>`
    INSERT INTO import_ranges (file_id, tenant_id, range_start, range_end, token)
    SELECT id, tenant_id, ${range.start}, ${range.end}, ${range.token} FROM import_files WHERE id = ${fileId}
    ON CONFLICT (file_id, range_start) DO UPDATE SET token = import_ranges.token
    RETURNING range_start, range_end, token`.execute(db);
  const row = noted.rows[0];
  return row ? { start: row.range_start, end: row.range_end, token: row.token } : null;
}

async function advance(db: Scoped, fileId: string, step: ImportAdvance): Promise<boolean> {
  const { range, lines } = step;
  const time = (ms: number | null) => (ms === null ? null : new Date(ms));
  // LEAST and GREATEST leave nulls out of account.
  const moved = await sql`
    WITH stored AS (
      DELETE FROM import_ranges
      USING import_files file
      WHERE file_id = ${fileId} AND file.id = file_id AND file.offset_done = range_start
        AND range_start = ${range.start} AND range_end = ${range.end} AND token = ${range.token}
      RETURNING file_id
    )
    UPDATE import_files SET
      offset_done = ${range.end},
      lines_read = lines_read + ${lines.read},
      lines_accepted = lines_accepted + ${lines.accepted},
      lines_rejected = lines_rejected + ${lines.rejected},
      first_event_at = least(first_event_at, ${time(step.firstEventAt)}::timestamptz),
      last_event_at = greatest(last_event_at, ${time(step.lastEventAt)}::timestamptz),
      parser_state = ${JSON.stringify(step.parserState ?? null)}::jsonb,
      tail_hash = ${step.tailHash}::bytea,
      format = coalesce(${step.format ?? null}::text, format),
      updated_at = now()
    FROM stored WHERE import_files.id = stored.file_id`.execute(db);
  return (moved.numAffectedRows ?? 0n) > 0n;
}

async function withPending(db: Scoped, rows: Selectable<Tables['import_files']>[]): Promise<ImportFile[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const pending = await db
    .selectFrom('import_ranges')
    .selectAll()
    .where('file_id', 'in', ids)
    .orderBy('range_start')
    .execute();
  return rows.map((row) =>
    fileOf(
      row,
      pending
        .filter((range) => range.file_id === row.id)
        .map((range) => ({ start: range.range_start, end: range.range_end, token: range.token })),
    ),
  );
}

function fileOf(row: Selectable<Tables['import_files']>, pending: ImportRange[]): ImportFile {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    headBytes: row.head_bytes,
    headHash: row.head_hash,
    generation: row.generation,
    name: row.name,
    format: row.format,
    parserState: row.parser_state,
    offsetDone: row.offset_done,
    lines: { read: row.lines_read, accepted: row.lines_accepted, rejected: row.lines_rejected },
    firstEventAt: row.first_event_at,
    lastEventAt: row.last_event_at,
    tailHash: row.tail_hash,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    pending,
  };
}
