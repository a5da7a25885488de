import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type pg from 'pg';
import type { Config } from '../config.ts';
import { findKeyRing } from '../data-directory.ts';
import { refuseOtherKey } from '../privacy/rotation.ts';
import { SCHEMA } from '../stores/drivers/postgres/migrate.ts';
import type { MasterKeyVersion } from '../stores/sealed.ts';
import { clockFinding } from './doctor-directory.ts';
import { type Finding, refusals } from './finding.ts';

/** What docs/operating.md promises to work with. */
const LEAST_POSTGRES = 15;
const CONNECT_MS = 5000;

/** The PostgreSQL that is to be used: its binaries, or whether it answers, is new enough, and what time it has. */
export async function checkPostgres(config: Config): Promise<Finding[]> {
  const name = 'PostgreSQL';
  const { databaseUrl } = config;
  if (databaseUrl === undefined) {
    const { findBinaries } = await import('../stores/drivers/postgres/binaries.ts');
    return [attempt(name, () => `embedded: ${findBinaries()}`, 'npm ci fetches it; on musl set DATABASE_URL instead')];
  }
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; number: string; time: Date }>(
      "SELECT version(), current_setting('server_version_num') AS number, clock_timestamp() AS time",
    );
    const [row] = rows;
    const skew = (row?.time.getTime() ?? 0) - Date.now();
    const detail = `DATABASE_URL answers: ${row?.version.slice(0, 60) ?? ''}`;
    const old = Number(row?.number) < LEAST_POSTGRES * 10_000;
    return [
      old
        ? { name, state: 'bad', detail, advice: `it must be PostgreSQL ${LEAST_POSTGRES} or later: upgrade it` }
        : { name, state: 'good', detail },
      clockFinding('that of PostgreSQL', skew),
      ...(await checkSeals(client, config)),
    ];
  } catch (error) {
    return [unreachable(name, 'DATABASE_URL', error)];
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether the master key is the one that the database's secrets are sealed with. */
async function checkSeals(client: pg.Client, { data, masterKeyFile }: Config): Promise<Finding[]> {
  const { rows: tables } = await client.query(`SELECT to_regclass('${SCHEMA}.master_keys') IS NOT NULL AS there`);
  if (tables[0]?.there !== true) return [];
  const { rows } = await client.query<MasterKeyVersion>(
    `SELECT version, state, fingerprint FROM ${SCHEMA}.master_keys`,
  );
  try {
    const none = { file: join(data, 'master.key'), key: () => undefined };
    const ring = (await findKeyRing(data, masterKeyFile)) ?? none;
    return refusals('master key', () => refuseOtherKey(ring, rows));
  } catch {
    // A file that cannot be read is told of with the data directory.
    return [];
  }
}

/** The same of ClickHouse. */
export async function checkClickHouse({ clickhouseUrl }: Config): Promise<Finding[]> {
  const name = 'ClickHouse';
  if (clickhouseUrl === undefined) {
    const find = () => `embedded: ${dirname(createRequire(import.meta.url).resolve('chdb/package.json'))}`;
    return [attempt(name, find, 'npm ci fetches it; on musl set CLICKHOUSE_URL instead')];
  }
  const { ClickHouseLogLevel, createClient } = await import('@clickhouse/client');
  // What is wrong is a finding, and need not be on standard error, too.
  const log = { level: ClickHouseLogLevel.OFF };
  const client = createClient({ url: clickhouseUrl, request_timeout: CONNECT_MS, log });
  try {
    const answer = await client.query({
      query: 'SELECT version() AS version, toUnixTimestamp64Milli(now64(3)) AS time',
      format: 'JSONEachRow',
    });
    const [row] = await answer.json<{ version: string; time: string }>();
    return [
      { name, state: 'good', detail: `CLICKHOUSE_URL answers: ${row?.version ?? ''}` },
      clockFinding('that of ClickHouse', Number(row?.time) - Date.now()),
    ];
  } catch (error) {
    return [unreachable(name, 'CLICKHOUSE_URL', error)];
  } finally {
    await client.close();
  }
}

function unreachable(name: string, setting: string, error: unknown): Finding {
  const { message, code } = error as NodeJS.ErrnoException;
  const detail = `${setting}: ${message || code || 'no answer'}`;
  return {
    name,
    state: 'bad',
    detail,
    advice: `is it running, and are host, port, user and password of ${setting} right?`,
  };
}

function attempt(name: string, check: () => string, advice: string): Finding {
  try {
    return { name, state: 'good', detail: check() };
  } catch (error) {
    return { name, state: 'bad', detail: (error as Error).message.split('\n', 1)[0] as string, advice };
  }
}
