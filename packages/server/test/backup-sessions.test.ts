import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openClickHouse } from '../src/stores/drivers/clickhouse/client.ts';
import { freeze, measure, placesOf } from '../src/stores/drivers/clickhouse/freeze.ts';
import { openRequests } from '../src/stores/requests.ts';
import { openSessions } from '../src/stores/sessions.ts';
import { DAY_MS, insertRows, NOON, PERSON, storedRequest, TENANT_A } from './support/clickhouse.ts';

const visit = (at: number) =>
  storedRequest({
    keys: { client: '1'.repeat(32), net: '2'.repeat(32), site: '3'.repeat(32), day: 1 },
    agent: PERSON,
    tenantId: TENANT_A,
    request: { time: at },
  });

test('a day’s sessions are not put in the place of others while a backup looks at them', async () => {
  const path = await mkdtemp(join(tmpdir(), 'vedette-frozen-'));
  const clickhouse = await openClickHouse({ path });
  try {
    const store = await openRequests({ clickhouse, now: () => NOON + DAY_MS });
    const sessions = openSessions(clickhouse);
    const derive = (now: number) =>
      sessions.derive({ now, policyOf: () => ({ sessionDays: 396, rowDays: 30 }), mostSessionDays: 396 });
    await insertRows(store, [visit(NOON)]);
    await derive(NOON + DAY_MS);
    await insertRows(store, [visit(NOON + 3_600_000)]);
    let done = false;
    const [rows, again] = await clickhouse.betweenInserts(async () => {
      const places = await placesOf(clickhouse);
      const frozen = await freeze(clickhouse, path, new Map([['sessions', places.get('sessions') ?? '']]), 'look');
      const deriving = derive(NOON + DAY_MS + 3_600_000).finally(() => {
        done = true;
      });
      // As long as it takes to put them there, and longer, were it not held up.
      for (let waited = 0; waited < 2000 && !done; waited += 50) await sleep(50);
      return [(await measure(clickhouse, frozen)).get('sessions')?.rows ?? 0, { deriving }];
    });
    expect(done).toBe(false);
    expect(rows).toBeGreaterThan(0);
    expect(await again.deriving).not.toEqual([]);
  } finally {
    await clickhouse.close();
    await rm(path, { recursive: true, force: true });
  }
});
