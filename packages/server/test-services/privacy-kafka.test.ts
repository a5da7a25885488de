import type { ErasureAnswer, ScanAnswer } from '@vedette/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldTenant } from '../test/support/world.ts';
import { kafkaMissing, startKafka, type TestBroker } from './support/kafka.ts';

const LEAKED = '203.0.113.77';
const VISITOR = '7711'.repeat(8);

describe.skipIf(kafkaMissing)('batches that lie in Kafka', () => {
  let broker: TestBroker;
  let world: World;
  let acme: WorldTenant;

  beforeAll(async () => {
    broker = await startKafka();
    world = await startWorld({ KAFKA_BROKERS: broker.address, VEDETTE_KAFKA_PARTITIONS: '3' });
    acme = await world.tenant('acme');
    for (const path of ['/one', `/ip/${LEAKED}`, '/three']) {
      const record = {
        time: Date.now(),
        'url.path': path,
        'vedette.consent': 'granted',
        'http.request.header.vedette-visitor-id': VISITOR,
      };
      const answer = await world.call('/api/v1/requests', { key: acme.keys.ingest, body: [record] });
      expect(answer.json.accepted).toBe(1);
    }
  });
  afterAll(async () => {
    await world?.stop();
    await broker?.close();
  });

  test('are scanned, all of them, without taking part', async () => {
    await world.control('/api/v1/privacy/scan', { method: 'POST' });
    const scanned = async () => (await world.control('/api/v1/privacy/scan')).json as ScanAnswer;
    await expect.poll(async () => (await scanned()).state, { timeout: 60_000 }).toBe('done');
    const { findings, looked_at: looked, skipped } = await scanned();
    expect(skipped.filter(({ place }) => place.startsWith('Kafka'))).toEqual([]);
    // Those of the test, and of the calls that were made to the hub.
    expect(looked.find(({ place }) => place === 'Kafka vedette-requests')?.items).toBeGreaterThanOrEqual(3);
    const wrong = findings
      .filter(({ excepted }) => excepted === null)
      .map(({ kind, place, count }) => [kind, place, count]);
    expect(wrong).toContainEqual(['address', 'Kafka vedette-requests.path', 1]);
    expect(JSON.stringify(findings)).not.toContain(LEAKED);
  });

  test('that hold an erased visitor are told, and the stores hold nothing', async () => {
    // What is stored is stored by way of the broker.
    const rows = async () =>
      (await world.call('/api/v1/privacy/export', { key: acme.keys.admin, body: { visitor_id: VISITOR } })).json.places;
    await expect.poll(async () => (await rows())[0]?.records.length, { timeout: 30_000 }).toBe(3);
    const { json } = await world.call('/api/v1/privacy/erase', { key: acme.keys.admin, body: { visitor_id: VISITOR } });
    const { complete, searched, erased } = json as ErasureAnswer;
    expect(complete).toBe(false);
    expect(searched.filter(({ found }) => found > 0)).toEqual([{ place: 'Kafka', found: 3 }]);
    expect(erased).toContainEqual({ place: 'ClickHouse requests', rows: 3 });
    expect(await rows()).toEqual([]);
  });
});
