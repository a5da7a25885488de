import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { messageOf } from '../../../model/causes.ts';
import { Fault } from '../../../model/fault.ts';
import type { Log } from './log.ts';

export const APP_ROLE = 'vedette_app';
export const SCHEMA = 'vedette';
/** Where the SQL files are. */
export const MIGRATIONS = fileURLToPath(new URL('../../../../migrations/postgres/', import.meta.url));

// Any number that nobody else uses in this database: the first bytes of SHA-256("vedette migrations").
const LOCK = createHash('sha256').update('vedette migrations').digest().readInt32BE(0);
const OLDEST_SERVER = 150_000;

export interface Migration {
  version: number;
  name: string;
  sql: string;
  checksum: string;
}

/**
 * Brings the database of `url` (its owner's) to the newest schema, or to the one of the migration `upTo`: numbered
 * files, forward only, each in a transaction of its own, one process at a time. Returns the names of the files it ran.
 * Faults: `migration-changed` (a file is not what was once run), `database-newer` (of a later Vedette),
 * `migration-failed`, `postgres-version` (a server before 15), `bad-migrations` (the files themselves),
 * `store-unreachable` (the server does not answer or does not let us in).
 */
export async function migrate(options: { url: string; log: Log; dir?: string; upTo?: number }): Promise<string[]> {
  const files = await readMigrations(options.dir ?? MIGRATIONS);
  const client = await connect(options);
  try {
    const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version_num') version");
    if (Number(rows[0]?.version) < OLDEST_SERVER) {
      throw new Fault('postgres-version', 'PostgreSQL 15 or newer is needed');
    }
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await prepare(client);
    const done = await alreadyRun(client, files);
    const ran: string[] = [];
    for (const file of files.slice(done, options.upTo)) {
      await runFile(client, file);
      options.log.info({ migration: file.name }, 'migrated PostgreSQL');
      ran.push(file.name);
    }
    return ran;
  } finally {
    // Ending the session gives the lock back.
    await client.end().catch(() => undefined);
  }
}

/**
 * Does `work` while no other process that shares the database of `url` migrates or does such work; waits for it first.
 * Returns what `work` does. For engines that have no lock of their own. Fault: `store-unreachable`.
 */
export async function oneProcessAtATime<T>(options: { url: string; log: Log }, work: () => Promise<T>): Promise<T> {
  const client = await connect(options);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    return await work();
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function connect({ url, log }: { url: string; log: Log }): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'vedette-migrate' });
  client.on('error', (error) => log.warn({ err: error }, 'the connection for migrations broke'));
  try {
    await client.connect();
  } catch (error) {
    const { host, port, database } = client;
    throw new Fault('store-unreachable', `PostgreSQL at ${host}:${port}/${database}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return client;
}

/** Reads `0001_name.sql`, `0002_…` in order, without gaps. */
export async function readMigrations(dir: string = MIGRATIONS): Promise<Migration[]> {
  const names = (await readdir(dir)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const version = Number(name.slice(0, 4));
      if (version !== index + 1) throw new Fault('bad-migrations', `${name} in ${dir} should have number ${index + 1}`);
      // Line ends are left out of the sum: a checkout may change them.
      const sql = (await readFile(join(dir, name), 'utf8')).replaceAll('\r\n', '\n');
      return { version, name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function prepare(client: pg.Client): Promise<void> {
  // Roles belong to the whole server, where the lock of this database does not reach.
  await client.query(`DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${APP_ROLE}') THEN
      CREATE ROLE ${APP_ROLE} NOLOGIN;
    END IF;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END $$`);
  // Since PostgreSQL 16 whoever makes a role is a member of it that may not become it, unless it grants that to itself.
  await client.query(`DO $$ BEGIN
    IF NOT pg_has_role(current_user, '${APP_ROLE}',
        CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
      EXECUTE format('GRANT ${APP_ROLE} TO %I', current_user);
    END IF;
  EXCEPTION WHEN unique_violation THEN NULL;
  END $$`);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
  await client.query(`GRANT USAGE ON SCHEMA ${SCHEMA} TO ${APP_ROLE}`);
  await client.query(`SET search_path = ${SCHEMA}, public`);
  await client.query(`CREATE TABLE IF NOT EXISTS migrations (
    version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, run_at timestamptz NOT NULL DEFAULT now()
  )`);
}

/** How many of the files the database has; refuses what does not fit them. */
async function alreadyRun(client: pg.Client, files: readonly Migration[]): Promise<number> {
  const { rows } = await client.query<{ version: number; name: string; checksum: string }>(
    'SELECT version, name, checksum FROM migrations ORDER BY version',
  );
  for (const row of rows) {
    const file = files[row.version - 1];
    if (file === undefined) {
      const text = `the database was migrated by a newer Vedette (${row.name}); install that version or a later one`;
      throw new Fault('database-newer', text);
    }
    if (file.checksum !== row.checksum) {
      throw new Fault('migration-changed', `${file.name} is not the file that was run here (as ${row.name})`);
    }
  }
  return rows.length;
}

async function runFile(client: pg.Client, file: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(file.sql);
    await client.query('INSERT INTO migrations (version, name, checksum) VALUES ($1, $2, $3)', [
      file.version,
      file.name,
      file.checksum,
    ]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    const { position } = cause as { position?: string };
    const line = position ? ` at line ${file.sql.slice(0, Number(position)).split('\n').length}` : '';
    throw new Fault('migration-failed', `${file.name}${line}: ${(cause as Error).message}`, { cause });
  }
}
