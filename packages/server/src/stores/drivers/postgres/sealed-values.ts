import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { Fault } from '../../../model/fault.ts';
import type { MasterKeyVersion, SealedValues } from '../../sealed.ts';
import { at, type Database } from './database.ts';
import type { Log } from './log.ts';
import { compactTables, type Owner } from './owner.ts';

/** A column of sealed values. `purpose` is what a row's value is bound to; the key of a row is told as text. */
interface SealedColumn {
  table: string;
  column: string;
  key: string;
  /** SQL of the purpose, over a row. */
  purpose: string;
}

/**
 * Every sealed column there is. A new one is an entry here and a trigger `refuse_old_seal` in its migration; a test
 * compares both with the columns of the schema.
 */
const COLUMNS: readonly SealedColumn[] = [
  { table: 'day_keys', column: 'sealed', key: 'day', purpose: `'day key ' || (day - date '1970-01-01')` },
  { table: 'sealed_secrets', column: 'sealed', key: 'name', purpose: `'secret ' || name` },
  {
    table: 'integration_secrets',
    column: 'sealed',
    key: 'id',
    purpose: `'integration ' || tenant_id || ' ' || kind || ' ' || name`,
  },
  { table: 'totp', column: 'sealed', key: 'user_id', purpose: `'totp ' || user_id` },
  { table: 'mails', column: 'sealed', key: 'id', purpose: `'mail ' || id` },
];

// Any number that nobody else uses in this database.
const LOCK = createHash('sha256').update('vedette master key').digest().readInt32BE(0);
const PAGE = 500;

interface Row {
  key: string;
  sealed: Buffer;
  purpose: string;
}

export function sealedValues(database: Database, owner: Owner, log: Log): SealedValues {
  const placeOf = (name: string): SealedColumn => {
    const found = COLUMNS.find(({ table, column }) => `${table}.${column}` === name);
    if (found === undefined) throw new Fault('no-such-place', `nothing is sealed in ${JSON.stringify(name)}`);
    return found;
  };
  const columnsOf = ({ table, column, key, purpose }: SealedColumn) => ({
    table: sql.table(table),
    column: sql.ref(column),
    key: sql.ref(key),
    purpose: sql.raw(purpose),
  });

  return {
    places: COLUMNS.map(({ table, column }) => `${table}.${column}`),
    async versions() {
      const { rows } = await database.withAccess('platform', (db) =>
        sql<MasterKeyVersion>`SELECT version, fingerprint, state, made_at AS "madeAt"
          FROM master_keys ORDER BY version`.execute(db),
      );
      return rows;
    },
    async begin(version, fingerprint) {
      await database.withAccess('platform', (db) =>
        sql`INSERT INTO master_keys (version, fingerprint, state) VALUES (${version}, ${fingerprint}, 'sealing')
          ON CONFLICT DO NOTHING`.execute(db),
      );
    },
    async supersede(version, fingerprint) {
      // As the owner, because the lock is stronger than what the application may do to the table.
      await owner.connect('rotation', async (client) => {
        await client.query('BEGIN');
        // What waits for this lock is held up by it; a transaction that hangs must not hold up everything.
        await client.query("SET LOCAL lock_timeout = '5s'");
        await client.query('LOCK TABLE master_keys IN ACCESS EXCLUSIVE MODE');
        await client.query("UPDATE master_keys SET state = 'opening' WHERE state = 'sealing'");
        await client.query("INSERT INTO master_keys (version, fingerprint, state) VALUES ($1, $2, 'sealing')", [
          version,
          fingerprint,
        ]);
        await client.query('COMMIT');
      });
    },
    async retire(versions) {
      await database.withAccess('platform', (db) =>
        sql`UPDATE master_keys SET state = 'retired', retired_at = ${at(Date.now())}
          WHERE state = 'opening' AND version = ANY(${sql.val([...versions])}::int[])`.execute(db),
      );
    },
    async reseal(place, version, reseal, limit) {
      const { table, column, key, purpose } = columnsOf(placeOf(place));
      return database.withAccess('platform', async (db) => {
        const { rows } = await sql<Row>`SELECT ${key}::text AS key, ${column} AS sealed, ${purpose} AS purpose
          FROM ${table} WHERE ${column} IS NOT NULL AND sealed_under(${column}) < ${version}
          ORDER BY ${key} LIMIT ${limit} FOR UPDATE`.execute(db);
        for (const row of rows) {
          await sql`UPDATE ${table} SET ${column} = ${reseal(row.sealed, row.purpose)}
            WHERE ${key}::text = ${row.key}`.execute(db);
        }
        return rows.length;
      });
    },
    async each(place, look) {
      const { table, column, key, purpose } = columnsOf(placeOf(place));
      let count = 0;
      for (let after: string | null = null; ; ) {
        const { rows } = await database.withAccess('platform', (db) =>
          sql<Row>`SELECT ${key}::text AS key, ${column} AS sealed, ${purpose} AS purpose
            FROM ${table} WHERE ${column} IS NOT NULL AND (${after}::text IS NULL OR ${key}::text > ${after})
            ORDER BY ${key}::text LIMIT ${PAGE}`.execute(db),
        );
        for (const row of rows) look(row.sealed, row.purpose);
        count += rows.length;
        if (rows.length < PAGE) return count;
        after = rows.at(-1)?.key ?? null;
      }
    },
    compact: () => compactTables(owner, [...new Set(COLUMNS.map(({ table }) => table))], log),
    async alone(work) {
      return owner.connect('rotation', async (client) => {
        const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [LOCK]);
        // Ending the connection gives the lock back.
        return rows[0]?.free === true ? work() : null;
      });
    },
    async secret(name, candidate) {
      const purpose = `secret ${name}`;
      return database.withAccess('platform', async (db) => {
        const find = () => sql<{ sealed: Buffer }>`SELECT sealed FROM sealed_secrets WHERE name = ${name}`.execute(db);
        let found = (await find()).rows[0];
        if (found === undefined) {
          await sql`INSERT INTO sealed_secrets (name, sealed) VALUES (${name}, ${candidate(purpose)})
            ON CONFLICT (name) DO NOTHING`.execute(db);
          found = (await find()).rows[0];
        }
        return { sealed: (found as { sealed: Buffer }).sealed, purpose };
      });
    },
  };
}
