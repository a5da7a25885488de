import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openClickHouse } from '../src/stores/drivers/clickhouse/client.ts';
import { openRequests } from '../src/stores/requests.ts';
import { DAY_MS, NOON, TENANT_A } from './support/clickhouse.ts';
import { numberedBatch, ROWS_PER_BATCH } from './support/clickhouse-numbered.ts';

const CHILD = new URL('./support/clickhouse-child.ts', import.meta.url).pathname;

/** Writes from batch `first` on until `enough` batches are acknowledged, then is killed; returns the acknowledged. */
async function writeUntilKilled(directory: string, first: number, enough: number): Promise<number[]> {
  const child = spawn(process.execPath, [CHILD, 'write', directory, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { UV_THREADPOOL_SIZE: '8' },
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split('\n').length > enough) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .trim()
    .split('\n')
    .map(Number);
}

test('kill -9 during inserts: every acknowledged row is there, none twice, in rows and roll-ups', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'vedette-killed-'));
  const acknowledged: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const first = round === 0 ? 0 : Math.max(...acknowledged) + 1;
    acknowledged.push(...(await writeUntilKilled(directory, first, 5 + round * 4)));
  }
  expect(acknowledged.every(Number.isInteger)).toBe(true);

  const clickhouse = await openClickHouse({ path: directory });
  const store = await openRequests({ clickhouse, now: () => NOON + DAY_MS });
  // What a spool does at the next start: everything that may not have been acknowledged goes in again, and, because a
  // token drops repetitions, so may everything else.
  const last = Math.max(...acknowledged) + 3;
  for (let number = 0; number <= last; number += 1) await store.insert(numberedBatch(number));
  const tenant = store.forTenant(TENANT_A);
  const window = { from: NOON - DAY_MS, to: NOON + DAY_MS, where: [], limit: 100_000 };
  const { rows } = await tenant.traffic({ ...window, metrics: ['requests'], by: ['path'] });
  expect(rows).toHaveLength(last + 1);
  expect(rows.every(({ requests }) => requests === ROWS_PER_BATCH)).toBe(true);
  const { rows: ids } = { rows: await clickhouse.query<{ n: number }>('SELECT uniqExact(id) AS n FROM requests') };
  expect(ids[0]?.n).toBe((last + 1) * ROWS_PER_BATCH);
  for (const by of [['minute'], ['hour'], ['day']] as const) {
    const rolledUp = await tenant.traffic({ ...window, metrics: ['requests', 'kept', 'uniques'], by });
    expect(rolledUp.source).toBe('roll-up');
    expect(rolledUp.rows.reduce((sum, row) => sum + Number(row['requests']), 0)).toBe((last + 1) * ROWS_PER_BATCH);
  }
  await clickhouse.close();
  await rm(directory, { recursive: true, force: true });
});
