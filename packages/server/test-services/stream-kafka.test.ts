import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Consumer, Producer } from '@platformatic/kafka';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openSpool } from '../src/flow/spool.ts';
import { batchOf, describeStream, type OpenedStream, openShelf, tokensOf } from '../src/stores/conformance/stream.ts';
import { openKafkaStream, type Stream } from '../src/stores/stream.ts';
import { kafkaMissing, startKafka, type TestBroker } from './support/kafka.ts';

let broker: TestBroker;
let dir: string;
const PATIENCE_MS = 60_000;
const within = { timeout: PATIENCE_MS, interval: 50 };

const openNamed = async (
  name: string,
  { spoolBytes = 64 * 1024 * 1024, disk = name, partitions = 4 } = {},
): Promise<OpenedStream> => {
  const errors: string[] = [];
  const onError = (error: unknown, doing: string) => void errors.push(`${doing}: ${String(error)}`);
  const spool = await openSpool(join(dir, disk), spoolBytes);
  const place = {
    brokers: [broker.address],
    topic: name,
    partitions,
    replicas: -1,
    tls: false,
    messageBytes: 32 * 1024 * 1024,
  };
  return { stream: await openKafkaStream({ spool, onError }, place), errors };
};

/** Every message of a topic from its beginning, once there are so many. */
async function readTopic(topic: string, count: number): Promise<{ headers: Map<string, string>; value: Buffer }[]> {
  const found: { headers: Map<string, string>; value: Buffer }[] = [];
  const consumer = new Consumer({
    clientId: 'test',
    groupId: `test-${Math.random()}`,
    bootstrapBrokers: [broker.address],
  });
  const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false });
  for await (const { headers, value } of stream) {
    found.push({
      headers: new Map([...headers].map(([name, text]) => [String(name), String(text)])),
      value: Buffer.from(value),
    });
    if (found.length >= count) break;
  }
  await consumer.close(true);
  return found;
}

describe.skipIf(kafkaMissing)('against a broker', () => {
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vedette-stream-'));
    broker = await startKafka();
  });
  afterAll(async () => {
    await broker?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const open: Stream[] = [];
  afterEach(async () => {
    for (const stream of open.splice(0)) await stream.close(1000);
  });
  const openOne = async (name: string, options?: Parameters<typeof openNamed>[1]) => {
    const opened = await openNamed(name, options);
    open.push(opened.stream);
    return opened;
  };

  describeStream('kafka', {
    open: openNamed,
    patienceMs: PATIENCE_MS,
    async deadReasons(name) {
      return (await readTopic(`${name}-dead`, 1)).map(({ headers }) => headers.get('reason') ?? '');
    },
  });

  test('what is no batch goes to the dead letters as it was, with the reason and where it was', async () => {
    const { stream } = await openOne('poison', { partitions: 1 });
    const shelf = openShelf();
    stream.consume(shelf.handler);
    await stream.append(batchOf(0));
    const producer = new Producer({ clientId: 'test', bootstrapBrokers: [broker.address] });
    const text = (value: string) => Buffer.from(value);
    const messages = [
      { value: text('no batch') },
      { value: text('zstd it is not'), headers: new Map([[text('vedette-version'), text('1')]]) },
      { value: text('of the future'), headers: new Map([[text('vedette-version'), text('9')]]) },
    ];
    await producer.send({
      acks: -1,
      messages: messages.map((message) => ({ topic: 'poison', partition: 0, ...message })),
    });
    await producer.close();
    await stream.append(batchOf(1));
    await expect.poll(() => shelf.tokens(), within).toEqual(tokensOf(2));
    const letters = await readTopic('poison-dead', 3);
    expect(letters.map(({ value }) => value.toString())).toEqual(['no batch', 'zstd it is not', 'of the future']);
    expect(letters.map(({ headers }) => headers.get('from'))).toEqual(['poison/0/1', 'poison/0/2', 'poison/0/3']);
    for (const { headers } of letters) expect(headers.get('reason')).toMatch(/message/);
    expect(stream.figures().dead).toBe(3);
  });

  test('two processors share the topic; one that leaves or comes loses nothing', async () => {
    const first = await openOne('shared');
    const second = await openNamed('shared', { disk: 'shared-2' });
    const shelves = [openShelf(), openShelf(), openShelf()] as const;
    first.stream.consume(shelves[0].handler);
    second.stream.consume(shelves[1].handler);
    let sent = 0;
    const send = async (count: number) => {
      for (const goal = sent + count; sent < goal; sent += 1) await first.stream.append(batchOf(sent));
    };
    const all = () => [...new Set(shelves.flatMap((shelf) => shelf.tokens()))].sort();
    // Until it has its share of the topic, the other handles what is sent.
    const shareOfSecond = async () => {
      await send(2);
      return shelves[1].batches.length;
    };
    await expect.poll(shareOfSecond, within).toBeGreaterThan(0);
    const third = await openOne('shared', { disk: 'shared-3' });
    third.stream.consume(shelves[2].handler);
    await send(40);
    await second.stream.close(2000);
    await send(40);
    await expect.poll(() => all().length, within).toBe(sent);
    await expect.poll(() => third.stream.figures().lag, within).toBe(0);
    expect(all()).toEqual(tokensOf(sent).sort());
  });

  test('a processor that ends between storing and committing leaves the batch to the next, as the same copy', async () => {
    const first = await openNamed('between', { disk: 'between-1' });
    const stored: [string, string | null][] = [];
    first.stream.consume(async ({ token, copy }) => {
      stored.push([token, copy]);
      // It is stored, and the answer never comes.
      return new Promise(() => undefined);
    });
    await first.stream.append(batchOf(3));
    await expect.poll(() => stored.length, within).toBe(1);
    await first.stream.close(200);
    const second = await openOne('between', { disk: 'between-2' });
    second.stream.consume(async ({ token, copy }) => {
      stored.push([token, copy]);
      return null;
    });
    await expect.poll(() => stored.length, within).toBe(2);
    expect(stored[1]).toEqual(stored[0]);
    await expect.poll(() => second.stream.figures().lag, within).toBe(0);
  });

  test('batches of a broker that is away wait on disk, in order, and a full disk refuses', async () => {
    const { stream } = await openOne('away', { spoolBytes: 950, partitions: 1 });
    const shelf = openShelf();
    stream.consume(shelf.handler);
    await stream.append(batchOf(0));
    await broker.stop();
    try {
      for (let number = 1; number < 5; number += 1) await stream.append(batchOf(number));
      expect(stream.figures()).toMatchObject({ reachable: false, spool: { records: 4 } });
      await expect.poll(() => stream.append(batchOf(5)).then(String, ({ code }) => code), within).toBe('spool-full');
    } finally {
      await broker.start();
    }
    await expect.poll(() => stream.figures().reachable, within).toBe(true);
    const taken = stream.figures().appended;
    await expect.poll(() => shelf.tokens().length, within).toBeGreaterThanOrEqual(5);
    expect(taken).toBeGreaterThanOrEqual(5);
    const order = shelf.batches.map(({ token }) => token).filter((token, at, all) => all.indexOf(token) === at);
    expect(order).toEqual([...order].sort());
    await expect.poll(() => stream.figures().lag, within).toBe(0);
  });

  test('a broker that restarts under load loses no batch that was appended', async () => {
    const { stream } = await openOne('restarted');
    const shelf = openShelf();
    stream.consume(shelf.handler);
    let sent = 0;
    let going = true;
    const sender = async () => {
      while (going) {
        await stream.append(batchOf(sent++));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const senders = [sender(), sender(), sender()];
    await expect.poll(() => sent, within).toBeGreaterThan(50);
    await broker.stop();
    await broker.start();
    const then = sent;
    await expect.poll(() => sent, within).toBeGreaterThan(then + 50);
    going = false;
    await Promise.all(senders);
    await expect.poll(() => shelf.tokens().length, within).toBe(sent);
    await expect.poll(() => stream.figures().lag, within).toBe(0);
    expect(stream.figures().spool.records).toBe(0);
  });
});
