import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Consumer, Producer } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClickHouse, openClickHouse } from '../src/stores/drivers/clickhouse/client.ts';
import { openRecords, type Records } from '../src/stores/records.ts';
import { type ClickHouseFront, startClickHouseFront } from '../test/support/clickhouse-front.ts';
import { quietLog, startTestPostgres, type TestPostgres } from '../test/support/postgres.ts';
import { runVedette, type Served, startServe } from '../test/support/serve.ts';
import { kafkaMissing, startKafka, type TestBroker } from './support/kafka.ts';

/** Batches that a process did not store because another copy of them was. */
async function repeatsOf({ url }: Served): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^vedette_stream_repeats_total (\d+)$/m.exec(text)?.[1]);
}

/** Sends the first so many messages of the topic once more, as they are. */
async function sendAgain(address: string, count: number): Promise<void> {
  const options = { clientId: 'test', bootstrapBrokers: [address] };
  const consumer = new Consumer({ ...options, groupId: 'again' });
  const producer = new Producer(options);
  const stream = await consumer.consume({ topics: ['vedette-requests'], mode: 'earliest', autocommit: false });
  let sent = 0;
  for await (const { topic, key, value, headers } of stream) {
    await producer.send({ acks: -1, messages: [{ topic, key, value, headers }] });
    sent += 1;
    if (sent === count) break;
  }
  await consumer.close(true);
  await producer.close();
}

// Over a front of the embedded ClickHouse, because no server comes with the packages.
describe.skipIf(kafkaMissing)('roles as processes of their own', () => {
  let dir: string;
  let broker: TestBroker;
  let postgres: TestPostgres;
  let front: ClickHouseFront;
  let clickhouse: ClickHouse;
  let records: Records;
  let env: Record<string, string>;
  const served = new Set<Served>();

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vedette-roles-'));
    [broker, postgres, front] = await Promise.all([
      startKafka(),
      startTestPostgres(),
      startClickHouseFront(join(dir, 'clickhouse')),
    ]);
    const masterKey = join(dir, 'shared.key');
    await writeFile(masterKey, randomBytes(32));
    env = {
      KAFKA_BROKERS: broker.address,
      VEDETTE_KAFKA_PARTITIONS: '4',
      DATABASE_URL: await postgres.freshDatabase(),
      CLICKHOUSE_URL: front.url,
      VEDETTE_MASTER_KEY_FILE: masterKey,
    };
    records = await openRecords({ url: env.DATABASE_URL as string, log: quietLog() });
    clickhouse = await openClickHouse({ url: front.url });
  });
  afterAll(async () => {
    for (const { child, ended } of served) {
      child.kill('SIGTERM');
      await ended;
    }
    await records?.close();
    await clickhouse?.close();
    await front?.close();
    await postgres?.stop();
    await broker?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const start = async (name: string, roles: string): Promise<Served> => {
    const one = await startServe(join(dir, name), { env: { ...env, VEDETTE_ROLES: roles } });
    served.add(one);
    return one;
  };
  const kill = async (one: Served) => {
    served.delete(one);
    one.child.kill('SIGKILL');
    await one.ended;
  };

  test('every acknowledged request is stored once, through two collectors and two processors that come and go', async () => {
    const [a, b] = [await start('collect-a', 'collect'), await start('collect-b', 'collect')];
    let first = await start('process-a', 'process');
    const second = await start('process-b', 'process');
    const expose = await start('expose', 'expose,work');
    const tenant = records.installation.id;
    const { token } = await records.forTenant(tenant).keys.create({ scope: 'admin' });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const acknowledged = new Set<string>();
    const bodyOf = (ids: string[]) =>
      JSON.stringify(ids.map((id) => ({ id, time: Date.now(), 'url.path': '/roles', 'server.address': 'a' })));
    const post = async (url: string, ids: string[], key: string, body: string) => {
      const init = { method: 'POST', headers: { ...headers, 'idempotency-key': key }, body };
      const answer = await fetch(`${url}/api/v1/requests`, init);
      expect(answer.status, await answer.clone().text()).toBe(200);
      expect(await answer.json()).toEqual({ accepted: ids.length, rejected: [] });
    };
    const send = async (count: number) => {
      for (let number = 0; number < count; number += 1) {
        const ids = Array.from({ length: 10 }, () => randomUUID());
        const [key, body] = [randomUUID(), bodyOf(ids)];
        const [here, there] = number % 2 === 0 ? [a, b] : [b, a];
        // A sender that got no answer in time asks another collector, while the first is still at it or after.
        if (number % 3 === 0) await Promise.all([here, there].map(({ url }) => post(url, ids, key, body)));
        else await post(here.url, ids, key, body);
        if (number % 5 === 0) await post(there.url, ids, key, body);
        for (const id of ids) acknowledged.add(id);
      }
    };
    await send(30);
    const sending = send(60);
    await kill(first);
    first = await start('process-a', 'process');
    await sending;
    await send(10);
    const stored = async () =>
      (await clickhouse.query<{ n: number }>(`SELECT count() AS n FROM requests WHERE path = '/roles'`))[0]?.n ?? 0;
    await expect.poll(stored, { timeout: 200_000, interval: 200 }).toBeGreaterThanOrEqual(acknowledged.size);
    const rows = await clickhouse.query<{ id: string; n: number }>(
      `SELECT toString(id) AS id, count() AS n FROM requests WHERE path = '/roles' GROUP BY id`,
    );
    expect(rows.filter(({ n }) => n !== 1)).toEqual([]);
    expect(new Set(rows.map(({ id }) => id))).toEqual(acknowledged);
    // A producer that does not know whether its message arrived sends it again; hours later the token alone is no help.
    const repeats = async () => (await Promise.all([first, second].map(repeatsOf))).reduce((sum, n) => sum + n, 0);
    const before = await repeats();
    await sendAgain(broker.address, 10);
    await expect.poll(repeats, { timeout: 60_000, interval: 200 }).toBe(before + 10);
    expect(await stored()).toBe(acknowledged.size);
    // The roll-ups have them once as well, asked over the process that answers questions.
    const question = `metrics=requests&from=-1h&to=%2B1h&where=domain=a&where=origin=edge`;
    const answer = await fetch(`${expose.url}/api/v1/traffic?${question}`, { headers });
    expect(await answer.json()).toMatchObject({ rows: [{ requests: acknowledged.size }] });
  }, 400_000);

  test('each process has the routes of its roles, and tells what waits', async () => {
    const collect = await start('collect-c', 'collect');
    const { token } = await records.forTenant(records.installation.id).keys.create({ scope: 'admin' });
    const headers = { authorization: `Bearer ${token}` };
    const status = async (url: string) => (await fetch(url, { headers })).status;
    expect(await status(`${collect.url}/readyz`)).toBe(200);
    expect(await status(`${collect.url}/api/v1/traffic?from=-1h`)).toBe(404);
    await expect
      .poll(async () => (await fetch(`${collect.url}/metrics`)).text(), { timeout: 20_000 })
      .toMatch(/^vedette_stream_lag \d+$/m);
    const expose = await start('expose-b', 'expose');
    expect(await status(`${expose.url}/api/v1/traffic?from=-1h`)).toBe(200);
    const post = await fetch(`${expose.url}/api/v1/requests`, { method: 'POST', headers, body: '[]' });
    // Requests are only read here.
    expect(post.status).toBe(405);
  });

  test('a part of the roles with embedded engines is refused, saying what is needed', async () => {
    const run = await runVedette(['serve', '--data', join(dir, 'none'), '--port', '0', '--roles', 'collect']);
    expect(run.code).toBe(2);
    for (const name of ['DATABASE_URL', 'CLICKHOUSE_URL', 'KAFKA_BROKERS', 'VEDETTE_MASTER_KEY_FILE']) {
      expect(run.stderr).toContain(name);
    }
  });
});
