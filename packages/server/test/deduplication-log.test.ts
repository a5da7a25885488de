import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openClickHouse } from '../src/stores/drivers/clickhouse/client.ts';
import { mendDeduplicationLogs } from '../src/stores/drivers/clickhouse/deduplication-log.ts';
import { openRequests } from '../src/stores/requests.ts';
import { DAY_MS, NOON, TENANT_A } from './support/clickhouse.ts';
import { numberedBatch, ROWS_PER_BATCH } from './support/clickhouse-numbered.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vedette-tokens-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Stores batches, and answers with the number of requests that each granularity has then. */
async function storeAndCount(numbers: readonly number[]): Promise<Record<string, number>> {
  const clickhouse = await openClickHouse({ path: directory });
  const store = await openRequests({ clickhouse, now: () => NOON + DAY_MS });
  await clickhouse.command('SYSTEM STOP MERGES');
  for (const number of numbers) await store.insert(numberedBatch(number));
  const counts: Record<string, number> = {};
  const [rows] = await clickhouse.query<{ n: number }>('SELECT count() AS n FROM requests');
  counts['rows'] = rows?.n ?? 0;
  for (const by of ['minute', 'hour', 'day'] as const) {
    const window = { from: NOON - DAY_MS, to: NOON + DAY_MS, where: [], limit: 1000 };
    const { rows: found } = await store.forTenant(TENANT_A).traffic({ ...window, metrics: ['requests'], by: [by] });
    counts[by] = found.reduce((sum, row) => sum + Number(row['requests']), 0);
  }
  await clickhouse.close();
  return counts;
}

const logs = async (): Promise<string[]> =>
  (await readdir(join(directory, 'store'), { recursive: true }))
    .filter((name) => /deduplication_log_\d+\.txt$/.test(name))
    .map((name) => join(directory, 'store', name));

/** What a kill between the token and the part leaves: the newest part of each table is not there, its token is. */
async function loseNewestParts(): Promise<number> {
  let lost = 0;
  for (const log of await logs()) {
    const newest = (await readFile(log, 'latin1')).trim().split('\n').at(-1)?.split('\t')[1];
    if (newest === undefined) continue;
    await rm(join(dirname(log), '..', newest), { recursive: true });
    lost += 1;
  }
  return lost;
}

const all = (batches: number) => {
  const count = batches * ROWS_PER_BATCH;
  return { rows: count, minute: count, hour: count, day: count };
};

test('what a kill left with a token and without rows is stored by the repetition', async () => {
  expect(await storeAndCount([0, 1, 2])).toEqual(all(3));
  const lost = await loseNewestParts();
  expect(lost).toBeGreaterThan(3);
  // The engine itself takes the token for the rows.
  expect((await storeAndCount([2])).rows).toBe(2 * ROWS_PER_BATCH);
  expect(await mendDeduplicationLogs(directory)).toBe(lost);
  expect(await storeAndCount([0, 1, 2])).toEqual(all(3));
  expect(await mendDeduplicationLogs(directory)).toBe(0);
});

test('the token is known for false too when another batch was given the number of its part', async () => {
  await storeAndCount([0, 1]);
  const lost = await loseNewestParts();
  expect((await storeAndCount([5])).rows).toBe(2 * ROWS_PER_BATCH);
  expect(await mendDeduplicationLogs(directory)).toBe(lost);
  expect(await storeAndCount([0, 1, 5])).toEqual(all(3));
});

test('sound logs, lines that are not understood and what is no table stay as they are', async () => {
  expect(await mendDeduplicationLogs(join(directory, 'none'))).toBe(0);
  await storeAndCount([0, 1]);
  const clickhouse = await openClickHouse({ path: directory });
  const tables = await clickhouse.query<{ name: string }>(
    `SELECT DISTINCT table AS name FROM system.parts WHERE database = currentDatabase() AND active`,
  );
  for (const { name } of tables) await clickhouse.command(`OPTIMIZE TABLE ${name} FINAL`);
  await clickhouse.close();
  const [first] = await logs();
  await appendFile(first as string, '1\tnonsense\t1\n9\t20260101_1_1_0\tx\nhalf a li');
  await mkdir(join(directory, 'store', 'abc', 'x', 'deduplication_logs'), { recursive: true });
  await writeFile(join(directory, 'store', 'abc', 'x', 'deduplication_logs', 'other.txt'), '1\ta_1_1_0\tb\n');
  const before = await Promise.all((await logs()).map((path) => readFile(path, 'latin1')));
  expect(await mendDeduplicationLogs(directory)).toBe(0);
  expect(await Promise.all((await logs()).map((path) => readFile(path, 'latin1')))).toEqual(before);
});

test('tokens of what retention dropped stay known for dropped', async () => {
  await storeAndCount([0, 1]);
  const clickhouse = await openClickHouse({ path: directory });
  const parts = await clickhouse.query<{ partition: string }>(
    `SELECT DISTINCT partition FROM system.parts WHERE database = currentDatabase() AND table = 'requests' AND active`,
  );
  for (const { partition } of parts) await clickhouse.command(`ALTER TABLE requests DROP PARTITION '${partition}'`);
  await clickhouse.close();
  expect(await mendDeduplicationLogs(directory)).toBe(0);
});
