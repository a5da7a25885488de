import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Fault } from '../../../model/fault.ts';
import type { ClickHouse } from './client.ts';

const MIGRATIONS = new URL('../../../../migrations/clickhouse/', import.meta.url);
const NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;

interface Migration {
  number: number;
  name: string;
  checksum: string;
  statements: string[];
}

/**
 * Brings the schema up to date, or up to the migration of the number `upTo`: runs the numbered files that are not
 * recorded yet, in order, and records them. Every statement of a migration is idempotent (IF NOT EXISTS), so that one
 * that was killed half-way starts over. One process at a time: the engine has no lock for it, see `oneProcessAtATime` of
 * PostgreSQL. Returns the names of those run. Faults: `migration-changed` (a recorded file has other contents now),
 * `schema-newer` (the database was migrated by a newer version).
 */
export async function migrateClickHouse(
  clickhouse: ClickHouse,
  directory: URL = MIGRATIONS,
  upTo = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  await clickhouse.command(
    `CREATE TABLE IF NOT EXISTS schema_migrations
     (number UInt32, name String, checksum String, applied DateTime64(3, 'UTC') DEFAULT now64(3))
     ENGINE = ReplacingMergeTree ORDER BY number`,
  );
  const known = await readMigrations(directory);
  const recorded = await clickhouse.query<{ number: number; name: string; checksum: string }>(
    'SELECT number, any(name) AS name, any(checksum) AS checksum FROM schema_migrations GROUP BY number ORDER BY number',
  );
  for (const { number, name, checksum } of recorded) {
    const file = known.find((migration) => migration.number === number);
    if (file === undefined) {
      throw new Fault('schema-newer', `ClickHouse has the migration ${name}, which this version does not know`);
    }
    if (file.checksum !== checksum) {
      throw new Fault('migration-changed', `${file.name} was changed after it was applied; add a new one instead`);
    }
  }
  const done = new Set(recorded.map(({ number }) => number));
  const missing = known.filter(({ number }) => !done.has(number) && number <= upTo);
  for (const migration of missing) {
    for (const statement of migration.statements) await clickhouse.command(statement);
    const line = `${migration.number}\t${migration.name}\t${migration.checksum}\n`;
    await clickhouse.insert({
      table: 'schema_migrations',
      columns: ['number', 'name', 'checksum'],
      bytes: Buffer.from(line),
      settings: { async_insert: 0 },
    });
  }
  return missing.map(({ name }) => name);
}

/** The numbered files, in order. */
export async function readMigrations(directory: URL = MIGRATIONS): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => NAME.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, directory), 'utf8');
      const checksum = createHash('sha256').update(text).digest('hex');
      return { number: Number.parseInt(name, 10), name, checksum, statements: statementsOf(text) };
    }),
  );
}

/** Statements end with a semicolon at the end of a line; lines that start with `--` are comments. */
function statementsOf(text: string): string[] {
  return text
    .replace(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

/**
 * Every table and view as SHOW CREATE prints it, in order of name, for the golden dump. Tables that hold a migration's
 * own record are left out.
 */
export async function dumpSchema(clickhouse: ClickHouse): Promise<string> {
  const tables = await clickhouse.query<{ name: string; text: string }>(
    `SELECT name, formatQuery(create_table_query) AS text FROM system.tables
     WHERE database = currentDatabase() AND name NOT LIKE '.%' ORDER BY name`,
  );
  return `${tables.map(({ text }) => `${text.trim()};`).join('\n\n')}\n`;
}
