import pg from 'pg';
import { Fault } from '../../../model/fault.ts';
import { copyIn } from './copy.ts';
import type { Log } from './log.ts';
import { SCHEMA } from './migrate.ts';
import { columnList, tablesOf } from './snapshot.ts';

/** A table to be filled, and where its rows come from. */
export interface TableRows {
  name: string;
  columns: string[];
  rows: number;
  /** In COPY's text format. */
  bytes(): AsyncIterable<Buffer>;
}

/**
 * What stands for something that was to happen once, and may have happened after the snapshot: waiting mails and events
 * would be sent again, links and log-ins that were used or ended since would be good again.
 */
const SPENT: readonly { what: string; statement: string }[] = [
  {
    what: 'mails',
    statement:
      "UPDATE mails SET state = 'dropped', sealed = NULL, error = 'a backup was restored', finished_at = now() WHERE state = 'waiting'",
  },
  { what: 'events for providers', statement: 'DELETE FROM integration_outbox' },
  { what: 'sessions', statement: 'DELETE FROM user_sessions' },
  { what: 'sessions of links', statement: 'DELETE FROM ui_sessions' },
  { what: 'one-time links', statement: 'DELETE FROM login_links' },
  { what: 'password resets', statement: 'DELETE FROM password_resets' },
  { what: 'changes of e-mail addresses', statement: 'DELETE FROM email_changes' },
  { what: 'challenges', statement: 'DELETE FROM challenges' },
];

/** Whether the records are in the database of `url` already. Where they are not, a migration may have made the tables. */
export async function hasRecords(url: string): Promise<boolean> {
  return withClient(url, null, async (client) => {
    const { rows } = await client.query<{ there: boolean }>(
      `SELECT to_regclass('${SCHEMA}.tenants') IS NOT NULL AS there`,
    );
    if (rows[0]?.there !== true) return false;
    await client.query("SELECT set_config('vedette.access', 'platform', false)");
    const { rows: tenants } = await client.query(`SELECT FROM ${SCHEMA}.tenants LIMIT 1`);
    return tenants.length > 0;
  });
}

/** What a restore has filled a database with; it stands in the comment of the schema until `forgetLoad`. */
export interface Load {
  backup: string;
  /** What of it is not taken up again, by what it is. */
  dropped: Record<string, number>;
}

/** What a restore that has not ended filled the database with; null: nothing. */
export async function loadOf(url: string): Promise<Load | null> {
  return withClient(url, null, readLoad);
}

/** Has the database forget that a restore filled it: that has ended. */
export async function forgetLoad(url: string): Promise<void> {
  await withClient(url, null, (client) => client.query(`COMMENT ON SCHEMA ${SCHEMA} IS NULL`));
}

async function readLoad(client: pg.Client): Promise<Load | null> {
  const { rows } = await client.query<{ comment: string | null }>(
    "SELECT obj_description(to_regnamespace($1), 'pg_namespace') AS comment",
    [SCHEMA],
  );
  try {
    return JSON.parse(rows[0]?.comment ?? 'null') as Load | null;
  } catch {
    return null;
  }
}

/**
 * Fills the tables of a database that was migrated just as far as the rows are, in one transaction. References are
 * checked by the database; triggers, which have done their work on these rows once, are not run. Answers what of it is
 * not taken up again, by what it is. A database that `backup`, if it is given, has filled already is left as it is.
 * Faults: `rows-missing`, and those of PostgreSQL.
 */
export async function loadRecords(
  url: string,
  backup: string | null,
  tables: readonly TableRows[],
  log: Log,
): Promise<Record<string, number>> {
  return withClient(url, log, async (client) => {
    const before = backup === null ? null : await readLoad(client);
    if (before !== null && before.backup === backup) return before.dropped;
    await client.query('BEGIN');
    await client.query(`SET LOCAL search_path = ${SCHEMA}, public`);
    const order = await tablesOf(client);
    const unknown = tables.find(({ name }) => !order.some((known) => known.name === name));
    if (unknown !== undefined)
      throw new Fault('archive-damaged', `the archive has a table ${unknown.name} that its version had not`);
    const { rows: forced } = await client.query<{ name: string }>(
      'SELECT relname AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relforcerowsecurity',
      [SCHEMA],
    );
    const names = order.map(({ name }) => pg.escapeIdentifier(name));
    await alter(client, names, 'NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER');
    for (const { name } of order) {
      const table = tables.find((given) => given.name === name);
      if (table !== undefined && table.rows > 0) await loadTable(client, table);
    }
    const dropped: Record<string, number> = {};
    for (const { what, statement } of SPENT) {
      const table = /(?:UPDATE|FROM) (\w+)/.exec(statement)?.[1];
      if (!order.some(({ name }) => name === table)) continue;
      const { rowCount } = await client.query(statement);
      if (rowCount !== null && rowCount > 0) dropped[what] = rowCount;
    }
    await alter(client, names, 'ENABLE TRIGGER USER');
    await alter(
      client,
      forced.map(({ name }) => pg.escapeIdentifier(name)),
      'FORCE ROW LEVEL SECURITY',
    );
    if (backup !== null) {
      const load = JSON.stringify({ backup, dropped } satisfies Load);
      await client.query(`COMMENT ON SCHEMA ${SCHEMA} IS ${pg.escapeLiteral(load)}`);
    }
    await client.query('COMMIT');
    const filled = tables.filter(({ rows }) => rows > 0).map(({ name }) => `${SCHEMA}.${pg.escapeIdentifier(name)}`);
    if (filled.length > 0) await client.query(`ANALYZE ${filled.join(', ')}`);
    return dropped;
  });
}

/** In one message: on a machine that is busy each one takes its time. */
async function alter(client: pg.Client, names: readonly string[], how: string): Promise<void> {
  await client.query(names.map((name) => `ALTER TABLE ${name} ${how}`).join('; '));
}

async function loadTable(client: pg.Client, { name, columns, rows, bytes }: TableRows): Promise<void> {
  const loaded = await copyIn(client, `COPY ${pg.escapeIdentifier(name)} (${columnList(columns)}) FROM STDIN`, bytes());
  if (loaded !== rows) throw new Fault('rows-missing', `${name} had ${rows} rows, but ${loaded} could be loaded`);
}

async function withClient<T>(url: string, log: Log | null, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'vedette-restore', keepAlive: true });
  client.on('error', (error) => log?.warn({ err: error }, 'the connection for the restore broke'));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
