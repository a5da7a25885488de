import pg from 'pg';
import type { PlaceCount } from '../../records-tenancy.ts';
import type { Log } from './log.ts';
import { SCHEMA } from './migrate.ts';
import type { Owner } from './owner.ts';

/** A table whose rows belong to tenants. */
interface TenantTable {
  schema: string;
  name: string;
}

// The list is the catalogue's, so that no table can be forgotten: whatever has a tenant_id goes with the tenant, and
// tables that others refer to go after those.
const TABLES = `
  WITH RECURSIVE own AS (
    SELECT c.oid, n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE n.nspname = '${SCHEMA}' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  ), depth AS (
    SELECT oid, schema, name, 0 AS level FROM own
    UNION
    SELECT parent.oid, parent.schema, parent.name, child.level + 1 FROM depth child
      JOIN pg_constraint f ON f.contype = 'f' AND f.conrelid = child.oid AND f.confrelid <> f.conrelid
      JOIN own parent ON parent.oid = f.confrelid
    WHERE child.level < 50
  )
  SELECT schema, name FROM depth GROUP BY schema, name ORDER BY max(level), name`;
/** The queue of tasks keeps what tasks are about, and what came of them, as JSON in tables of its own. */
const QUEUE = `
  SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'pgboss' AND c.relkind = 'r' AND 2 = (SELECT count(*) FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attname IN ('data', 'output') AND NOT a.attisdropped)
  ORDER BY 2`;
/** What refers to people, and so loses rows with them. */
const OF_PEOPLE = `
  WITH RECURSIVE theirs AS (
    SELECT 'users'::regclass::oid AS oid
    UNION
    SELECT f.conrelid FROM theirs JOIN pg_constraint f ON f.contype = 'f' AND f.confrelid = theirs.oid
  )
  SELECT n.nspname AS schema, c.relname AS name FROM theirs JOIN pg_class c ON c.oid = theirs.oid
    JOIN pg_namespace n ON n.oid = c.relnamespace`;

/** People who are in this tenant and in no other. */
const ONLY_HERE = `EXISTS (SELECT FROM memberships m WHERE m.user_id = u.id AND m.tenant_id = $1)
  AND NOT EXISTS (SELECT FROM memberships m WHERE m.user_id = u.id AND m.tenant_id <> $1)`;

/** A task that names the tenant, in what it is about or in what came of it. */
const NAMED = `(position($1 IN u.data::text) > 0 OR position($1 IN coalesce(u.output::text, '')) > 0)`;

const nameOf = ({ schema, name }: TenantTable) => `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
const placeOf = ({ schema, name }: TenantTable) => `PostgreSQL ${schema === SCHEMA ? name : `${schema}.${name}`}`;

/**
 * Deletes all rows of a tenant in one transaction, in which `note` may write down the rows by place; then writes the tables
 * anew that had any, so that the rows are not on the disk any more. As the owner: some tables the application may only add to.
 */
export async function eraseTenantRows(
  owner: Owner,
  tenantId: string,
  log: Log,
  note: (client: pg.Client, counts: readonly PlaceCount[]) => Promise<void>,
): Promise<void> {
  await owner.connect('delete-tenant', async (client) => {
    const tables = await tablesOf(client);
    await client.query('BEGIN');
    let counts: Counted[];
    try {
      await letIn(client, tenantId);
      counts = await countEach(client, tables, tenantId);
      await deleteAll(client, tables, tenantId);
      await note(client, shown(counts));
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
    // Without the tenant itself, an earlier attempt deleted its rows and may have ended before the tables were written anew.
    const began = counts.some(({ table, rows }) => table.name === 'tenants' && rows > 0);
    // Also those of the tenant's tables that it has no rows in by now: what was deleted before still lies there.
    const touched = counts
      .filter(({ table, rows }) => rows > 0 || !began || (table.schema === SCHEMA && table.name !== 'users'))
      .map(({ table }) => table);
    const people = touched.some(({ name }) => name === 'users')
      ? (await client.query<TenantTable>(OF_PEOPLE)).rows
      : [];
    await rewrite(client, [...new Set([...touched, ...people].map(nameOf))], log);
  });
}

async function deleteAll(client: pg.Client, { own, queue }: Tables, tenantId: string): Promise<void> {
  await client.query(`DELETE FROM users u WHERE ${ONLY_HERE}`, [tenantId]);
  // With it goes what refers to it, also from tables that give up their rows in no other way; then the rest.
  await client.query('DELETE FROM tenants WHERE id = $1 AND NOT is_installation', [tenantId]);
  for (const table of own) await client.query(`DELETE FROM ${nameOf(table)} WHERE tenant_id = $1`, [tenantId]);
  for (const table of queue) await client.query(`DELETE FROM ${nameOf(table)} AS u WHERE ${NAMED}`, [tenantId]);
}

function shown(counts: readonly Counted[]): PlaceCount[] {
  return counts.map(({ table, rows }) => ({ place: placeOf(table), rows }));
}

/** Rows of a tenant that are there, by place. */
export async function countTenantRows(client: pg.Client, tenantId: string): Promise<PlaceCount[]> {
  const tables = await tablesOf(client);
  await client.query('BEGIN READ ONLY');
  try {
    await letIn(client, tenantId);
    return shown(await countEach(client, tables, tenantId));
  } finally {
    await client.query('ROLLBACK');
  }
}

interface Counted {
  table: TenantTable;
  rows: number;
}

async function countEach(client: pg.Client, { own, queue }: Tables, tenantId: string): Promise<Counted[]> {
  const conditions: [TenantTable, string][] = [
    [{ schema: SCHEMA, name: 'users' }, ONLY_HERE],
    ...own.map((table): [TenantTable, string] => [table, 'tenant_id = $1::uuid']),
    ...queue.map((table): [TenantTable, string] => [table, NAMED]),
    [{ schema: SCHEMA, name: 'tenants' }, 'id = $1::uuid'],
  ];
  const counts: Counted[] = [];
  for (const [table, condition] of conditions) {
    const { rows } = await client.query<{ n: string }>(
      `SELECT count(*) AS n FROM ${nameOf(table)} AS u WHERE ${condition}`,
      [tenantId],
    );
    counts.push({ table, rows: Number(rows[0]?.n ?? 0) });
  }
  return counts;
}

interface Tables {
  own: TenantTable[];
  queue: TenantTable[];
}

async function tablesOf(client: pg.Client): Promise<Tables> {
  const own = await client.query<TenantTable>(TABLES);
  const queue = await client.query<TenantTable>(QUEUE);
  return { own: own.rows, queue: queue.rows };
}

/** An owner that is no superuser is held by row security, too. */
async function letIn(client: pg.Client, tenantId: string): Promise<void> {
  await client.query(
    `SELECT set_config('vedette.access', 'platform', true), set_config('vedette.tenant', $1, true),
       set_config('vedette.deleting', $1, true)`,
    [tenantId],
  );
}

/**
 * Deleted rows stay on the disk until something is written over them, and samples of them in the statistics; so both are
 * written anew, and the log of changes (WAL) of before is removed where this user may.
 */
async function rewrite(client: pg.Client, tables: readonly string[], log: Log): Promise<void> {
  for (const table of tables) await client.query(`VACUUM (FULL, ANALYZE) ${table}`);
  try {
    await client.query('VACUUM (FULL) pg_catalog.pg_statistic');
    await client.query('SELECT pg_switch_wal()');
    await client.query('CHECKPOINT');
  } catch (error) {
    log.info({ err: error }, 'the database server keeps its statistics and its log of changes by its own rules');
  }
}
