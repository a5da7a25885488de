import pg from 'pg';
import { Fault } from '../../../model/fault.ts';
import { copyOut } from './copy.ts';
import type { Log } from './log.ts';
import { SCHEMA } from './migrate.ts';

/** Rows of a table of the records as COPY writes them. */
export interface RecordTable {
  name: string;
  columns: string[];
}

/** The records as they were at one moment, whatever is written meanwhile. */
export interface RecordsSnapshot {
  migrations: { version: number; name: string; checksum: string }[];
  /** All tables but the list of migrations, in an order in which each comes after those it refers to. */
  tables(): Promise<RecordTable[]>;
  /** The rows of a table in COPY's text format; returns their number. */
  rows(table: RecordTable): AsyncGenerator<Buffer, number>;
  close(): Promise<void>;
}

/** A connection over which a snapshot is taken at once: others may be held up for it. */
export interface Camera {
  take(): Promise<RecordsSnapshot>;
  /** Ends the connection, and the snapshot with it. */
  close(): Promise<void>;
}

/**
 * Prepares a snapshot of the database of `url`, as its owner. Throws a Fault `rows-hidden` where that role would not see
 * all rows.
 */
export async function openCamera(url: string, log: Log): Promise<Camera> {
  const client = new pg.Client({ connectionString: url, application_name: 'vedette-backup', keepAlive: true });
  client.on('error', (error) => log.warn({ err: error }, 'the connection for the backup broke'));
  const close = () => client.end().catch(() => undefined);
  await client.connect();
  try {
    await refuseHiddenRows(client);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    close,
    async take() {
      // What row security would hide is an error then, not a gap. The snapshot is that of the first query.
      const results = (await client.query(
        `BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL row_security = off;
         SET LOCAL search_path = ${SCHEMA}, public; SELECT version, name, checksum FROM migrations ORDER BY version`,
      )) as unknown as pg.QueryResult<RecordsSnapshot['migrations'][number]>[];
      return {
        migrations: results.at(-1)?.rows ?? [],
        tables: () => tablesOf(client),
        rows: ({ name, columns }) =>
          copyOut(client, `COPY ${pg.escapeIdentifier(name)} (${columnList(columns)}) TO STDOUT`),
        close,
      };
    },
  };
}

export function columnList(columns: readonly string[]): string {
  return columns.map((column) => pg.escapeIdentifier(column)).join(', ');
}

/** The tables of the schema, those first that others refer to. */
export async function tablesOf(client: pg.Client): Promise<RecordTable[]> {
  const { rows: tables } = await client.query<RecordTable>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' AND c.relname <> 'migrations'
     GROUP BY c.relname ORDER BY c.relname`,
    [SCHEMA],
  );
  const { rows: references } = await client.query<{ from: string; to: string }>(
    `SELECT DISTINCT f.relname AS from, t.relname AS to FROM pg_constraint k
     JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
     WHERE k.contype = 'f' AND k.connamespace = $1::regnamespace AND k.conrelid <> k.confrelid`,
    [SCHEMA],
  );
  const ordered: RecordTable[] = [];
  const placed = new Set<string>();
  while (ordered.length < tables.length) {
    const ready = tables.filter(
      ({ name }) => !placed.has(name) && references.every(({ from, to }) => from !== name || placed.has(to)),
    );
    if (ready.length === 0)
      throw new Fault('reference-circle', 'tables of the records refer to each other in a circle');
    for (const table of ready) placed.add(table.name);
    ordered.push(...ready);
  }
  return ordered;
}

async function refuseHiddenRows(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ role: string; sees: boolean }>(
    'SELECT rolname AS role, rolsuper OR rolbypassrls AS sees FROM pg_roles WHERE rolname = current_user',
  );
  const [own] = rows;
  if (own === undefined || own.sees) return;
  throw new Fault(
    'rows-hidden',
    `row security would hide rows from ${own.role}, the role of DATABASE_URL; for backups it needs ` +
      `"ALTER ROLE ${own.role} BYPASSRLS", which a superuser may say; or use pg_dump as a superuser`,
  );
}
