import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Metric, TrafficQuery } from '../src/model/traffic-query.ts';
import { uuidv7 } from '../src/model/uuid.ts';
import { type Batch, insertBatch } from '../src/stores/batch-insert.ts';
import { type ClickHouse, openClickHouse } from '../src/stores/drivers/clickhouse/client.ts';
import { migrateClickHouse } from '../src/stores/drivers/clickhouse/migrate.ts';
import { openRequests, type RequestStore } from '../src/stores/requests.ts';
import { encodeRows } from '../src/stores/requests-encoding.ts';
import { DAY_MS, insertRows, NOON, storedRequest } from './support/clickhouse.ts';
import { anyRequest } from './support/clickhouse-arbitrary.ts';

const WINDOW = { from: NOON - 600 * DAY_MS, to: NOON + DAY_MS };
const METRICS: Metric[] = ['requests', 'kept', 'errors', 'bytes_out', 'uniques', 'timed', 'p50', 'p99'];
const ROLL_UPS = ['counts_hour', 'counts_day', 'visits_hour', 'visits_day'];
const OLD_TENANT = uuidv7();
const OLD_BATCH = batchOf(OLD_TENANT);
let directory: string;
let clickhouse: ClickHouse;
let store: RequestStore;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vedette-clickhouse-'));
  clickhouse = await openClickHouse({ path: directory });
  await migrateClickHouse(clickhouse, undefined, 3);
  await insertBatch(clickhouse, 'requests_in', OLD_BATCH);
  store = await openRequests({ clickhouse, now: () => NOON + DAY_MS });
});
afterAll(async () => {
  await clickhouse.close();
  await rm(directory, { recursive: true, force: true });
});

function batchOf(tenantId: string): Batch {
  const rows = Array.from({ length: 50 }, () => storedRequest({ tenantId, request: { durationUs: 1000 } }));
  return { token: `from-before-${tenantId}`, count: rows.length, bytes: encodeRows(rows) };
}

const ask = (tenantId: string, query: Partial<TrafficQuery>) =>
  store.forTenant(tenantId).traffic({ ...WINDOW, metrics: METRICS, by: [], where: [], limit: 10_000, ...query });

/** Requests of several domains and of long ago, in several batches. */
async function insertSome(tenantId: string): Promise<void> {
  const rows = fc
    .sample(anyRequest(tenantId), { numRuns: 300, seed: 23 })
    .map((row, index) => ({ ...row, domain: `${index % 5}.example` }));
  for (let from = 0; from < rows.length; from += 100) await insertRows(store, rows.slice(from, from + 100));
  await insertRows(store, [
    storedRequest({ tenantId, domain: '0.example', request: { time: NOON - 500 * DAY_MS, durationUs: 70_000 } }),
  ]);
}

/** What questions about all domains are answered, and what the roll-ups of them hold. */
async function answersOf(tenantId: string) {
  const answers = [];
  for (const by of [[], ['day'], ['hour', 'class'], ['origin']] as TrafficQuery['by'][]) {
    answers.push((await ask(tenantId, { by })).rows);
  }
  const groups = [];
  for (const table of ROLL_UPS) {
    groups.push(
      await clickhouse.query(
        `SELECT '${table}' AS of, bucket, class, origin FROM ${table} WHERE tenant_id = {t:UUID} AND domain = 'ALL'
         GROUP BY ALL ORDER BY ALL`,
        { t: tenantId },
      ),
    );
  }
  return { answers, groups };
}

test('all domains together are what they are one by one, and are not one of them', async () => {
  const tenantId = uuidv7();
  await insertSome(tenantId);
  const [total] = (await ask(tenantId, { metrics: ['requests', 'kept', 'timed'] })).rows;
  const { rows } = await ask(tenantId, { by: ['domain'], metrics: ['requests', 'kept', 'timed'] });
  const names = Array.from({ length: 5 }, (_, index) => `${index}.example`);
  expect(rows.map(({ domain }) => domain).toSorted()).toEqual(names);
  for (const metric of ['requests', 'kept', 'timed'] as const) {
    expect(rows.reduce((sum, row) => sum + Number(row[metric]), 0)).toBe(total?.[metric]);
  }
  const domains = await store.forTenant(tenantId).domains();
  expect(domains.map(({ domain }) => domain).toSorted()).toEqual(names);
  expect(domains.reduce((sum, { requests }) => sum + requests, 0)).toBe(total?.['requests']);
  const everybody = await store.unscopedForPlatformStatusOnly().countsByTenant();
  expect(everybody.find((one) => one.tenantId === tenantId)).toEqual({
    tenantId,
    requests: total?.['requests'],
    kept: total?.['kept'],
  });
});

test('what was rolled up before is brought along, also where hours are gone, and starting over doubles nothing', async () => {
  const tenantId = uuidv7();
  await insertSome(tenantId);
  // The hours of long ago have expired, the days have not.
  await clickhouse.command("ALTER TABLE counts_hour DROP PARTITION '2024-01-01'");
  await clickhouse.command("ALTER TABLE visits_hour DROP PARTITION '2024-01-01'");
  const before = await answersOf(tenantId);
  expect(before.groups.map((rows) => rows.length > 0)).toEqual(ROLL_UPS.map(() => true));
  for (const table of ROLL_UPS) {
    await clickhouse.command(`ALTER TABLE ${table} DELETE WHERE domain = 'ALL' SETTINGS mutations_sync = 1`);
  }
  const redo = async () => {
    await clickhouse.command('DELETE FROM schema_migrations WHERE number = 4 SETTINGS mutations_sync = 1');
    expect(await migrateClickHouse(clickhouse)).toEqual(['0004_all_domains.sql']);
  };
  await redo();
  expect(await answersOf(tenantId)).toEqual(before);
  await redo();
  expect(await answersOf(tenantId)).toEqual(before);
  // And it goes on.
  await insertRows(store, [storedRequest({ tenantId })]);
  expect((await ask(tenantId, { metrics: ['requests'] })).rows[0]?.['requests']).toBe(
    Number(before.answers[0]?.[0]?.['requests']) + 1,
  );
});

test('what was stored by the version before is brought along', async () => {
  const tenantId = OLD_TENANT;
  expect((await ask(tenantId, { by: ['day'] })).rows).toMatchObject([{ requests: 50, kept: 50, timed: 50 }]);
  expect(await ask(tenantId, { by: ['domain', 'day'] })).toMatchObject({ rows: [{ requests: 50, timed: 50 }] });
});
