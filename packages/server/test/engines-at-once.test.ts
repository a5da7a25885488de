import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { openEngines } from '../src/engines.ts';
import { readMigrations } from '../src/stores/drivers/clickhouse/migrate.ts';
import { type ClickHouseFront, startClickHouseFront } from './support/clickhouse-front.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';

let dir: string;
let postgres: TestPostgres;
let front: ClickHouseFront;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-at-once-'));
  [postgres, front] = await Promise.all([startTestPostgres(), startClickHouseFront(join(dir, 'clickhouse'))]);
});
afterAll(async () => {
  await front?.close();
  await postgres?.stop();
  await rm(dir, { recursive: true, force: true });
});

test('processes that start at once over the same servers migrate them once, one after the other', async () => {
  const env = { CLICKHOUSE_URL: front.url, DATABASE_URL: await postgres.emptyDatabase() };
  const config = readConfig({}, { ...env, VEDETTE_DATA: join(dir, 'data') });
  const engines = await Promise.all([1, 2, 3, 4].map(() => openEngines(config, quietLog())));
  try {
    const ran = await engines[0]?.clickhouse.query<{ name: string }>(
      'SELECT name FROM schema_migrations ORDER BY name',
    );
    expect(ran).toEqual((await readMigrations()).map(({ name }) => ({ name })));
  } finally {
    await Promise.all(engines.map(({ close }) => close()));
  }
});

test('what is wrong with both servers is told at once, and what is wrong with one is told once', async () => {
  const gone = { CLICKHOUSE_URL: 'http://127.0.0.1:1/vedette', DATABASE_URL: 'postgres://u:p@127.0.0.1:1/vedette' };
  const open = (env: Record<string, string>) =>
    openEngines(readConfig({}, { VEDETTE_DATA: join(dir, 'data'), ...env }), quietLog()).then(
      () => '',
      (error: Error) => error.message,
    );
  const [records, both] = await Promise.all([open({ ...gone, CLICKHOUSE_URL: front.url }), open(gone)]);
  expect(both.split('\n')).toEqual([
    'PostgreSQL at 127.0.0.1:1/vedette: connect ECONNREFUSED 127.0.0.1:1',
    'ClickHouse at http://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1',
  ]);
  expect(records.split('\n')).toEqual(both.split('\n').slice(0, 1));
});
