import { afterEach, describe, expect, test } from 'vitest';
import type { Stream, StreamBatch, StreamedBatch, StreamHandler } from '../stream.ts';

/** How a driver is opened for the suite. Each `name` is a stream of its own, with a disk of its own. */
export interface StreamUnderTest {
  open(name: string, options?: { spoolBytes?: number }): Promise<OpenedStream>;
  /** Reasons of the dead letters of that stream. */
  deadReasons(name: string): Promise<string[]>;
  /** How long a batch may take from one end to the other, ms. */
  patienceMs: number;
}

export interface OpenedStream {
  stream: Stream;
  errors: string[];
}

let names = 0;

/** What every driver of the stream promises. */
export function describeStream(driver: string, under: StreamUnderTest): void {
  const { patienceMs } = under;
  const open: Stream[] = [];
  afterEach(async () => {
    for (const stream of open.splice(0)) await stream.close(1000);
  });

  const openStream = async (name: string, options?: { spoolBytes?: number }): Promise<OpenedStream> => {
    const opened = await under.open(name, options);
    open.push(opened.stream);
    return opened;
  };
  const close = async (stream: Stream) => {
    open.splice(open.indexOf(stream), 1);
    await stream.close(2000);
  };
  const ownName = () => `${driver}-${process.pid}-${(names += 1)}`;
  const within = { timeout: patienceMs, interval: 20 };

  describe(`stream, ${driver}`, () => {
    test('what is appended is handled once, whole, with its receipts', async () => {
      const { stream } = await openStream(ownName());
      const shelf = openShelf();
      stream.consume(shelf.handler);
      const batches = Array.from({ length: 20 }, (_, number) => batchOf(number));
      await Promise.all(batches.map((batch) => stream.append(batch)));
      await expect.poll(() => shelf.batches.length, within).toBe(20);
      for (const batch of batches) {
        const [found, ...more] = shelf.batches.filter(({ token }) => token === batch.token);
        expect(more).toEqual([]);
        expect(found).toMatchObject({ kind: batch.kind, count: batch.count, receipts: batch.receipts });
        expect(found?.bytes.equals(batch.bytes)).toBe(true);
      }
      await expect.poll(() => stream.figures().lag, within).toBe(0);
      const { appended, stored, dead, spool, reachable, storing } = stream.figures();
      expect({ appended, stored, dead, spool, reachable, storing }).toEqual({
        appended: 20,
        stored: 20,
        dead: 0,
        spool: { records: 0, bytes: 0 },
        reachable: true,
        storing: true,
      });
    });

    test('a batch that fails is handled again until it is stored, and none is passed over', async () => {
      const { stream, errors } = await openStream(ownName());
      const shelf = openShelf();
      let away = true;
      stream.consume(async (batch) => {
        if (away) throw new Error('the store is away');
        return shelf.handler(batch);
      });
      for (let number = 0; number < 8; number += 1) await stream.append(batchOf(number));
      await expect.poll(() => stream.figures().storing, within).toBe(false);
      expect(shelf.batches).toEqual([]);
      await expect.poll(() => stream.figures().lag, within).toBeGreaterThan(0);
      away = false;
      await expect.poll(() => shelf.tokens(), within).toEqual(tokensOf(8));
      await expect.poll(() => stream.figures().storing, within).toBe(true);
      expect(stream.figures().retries).toBeGreaterThan(0);
      expect(errors.join()).toContain('the store is away');
    });

    test('a refused batch becomes a dead letter with the reason, and what follows is not held up', async () => {
      const name = ownName();
      const { stream } = await openStream(name);
      const shelf = openShelf();
      stream.consume(async (batch) => {
        if (batch.token !== 'token-1') return shelf.handler(batch);
        return { refused: 'bad', detail: 'its rows make no sense' };
      });
      for (let number = 0; number < 4; number += 1) await stream.append(batchOf(number));
      await expect.poll(() => shelf.tokens(), within).toEqual(['token-0', 'token-2', 'token-3']);
      await expect.poll(() => under.deadReasons(name), within).toEqual(['its rows make no sense']);
      expect(stream.figures().dead).toBe(1);
    });

    test('what was durable and not stored is handled after a restart', async () => {
      const name = ownName();
      const { stream } = await openStream(name);
      stream.consume(() => Promise.reject(new Error('the store is away')));
      for (let number = 0; number < 5; number += 1) await stream.append(batchOf(number));
      await close(stream);
      const { stream: next } = await openStream(name);
      const shelf = openShelf();
      next.consume(shelf.handler);
      await expect.poll(() => shelf.tokens(), within).toEqual(tokensOf(5));
      for (const { token, kind } of shelf.batches) expect(kind).toBe(batchOf(Number(token.slice(6))).kind);
    });

    test('what was stored is not handled after a restart', async () => {
      const name = ownName();
      const { stream } = await openStream(name);
      const shelf = openShelf();
      stream.consume(shelf.handler);
      for (let number = 0; number < 3; number += 1) await stream.append(batchOf(number));
      await expect.poll(() => shelf.tokens(), within).toEqual(tokensOf(3));
      await expect.poll(() => stream.figures().lag, within).toBe(0);
      await close(stream);
      const { stream: next } = await openStream(name);
      const again = openShelf();
      next.consume(again.handler);
      await next.append(batchOf(9));
      await expect.poll(() => again.tokens(), within).toEqual(['token-9']);
    });

    test('the answer under a key is known before its batch is stored', async () => {
      const { stream } = await openStream(ownName());
      stream.consume(() => Promise.reject(new Error('the store is away')));
      await stream.append(batchOf(8));
      expect(stream.receiptOf('tenant', 'key-8')).toEqual({ accepted: 2, refused: [], repeated: false });
      expect(stream.receiptOf('tenant', 'key-7')).toBeUndefined();
      expect(stream.receiptOf('another', 'key-8')).toBeUndefined();
    });

    test('a large batch fits: 5,000 rows of some 4 KB that do not compress', async () => {
      const { stream } = await openStream(ownName());
      const shelf = openShelf();
      stream.consume(shelf.handler);
      const bytes = Buffer.alloc(20 * 1024 * 1024);
      for (let at = 0; at < bytes.length; at += 4) bytes.writeInt32LE((Math.imul(at, 2654435761) ^ (at * 7)) | 0, at);
      await stream.append({ ...batchOf(1), count: 5000, bytes });
      await expect.poll(() => shelf.batches.length, within).toBe(1);
      expect(shelf.batches[0]?.bytes.equals(bytes)).toBe(true);
    });

    test('it takes nothing once it is closed', async () => {
      const { stream } = await openStream(ownName());
      stream.consume(openShelf().handler);
      await close(stream);
      await expect(stream.append(batchOf(1))).rejects.toMatchObject({ code: 'stream-closed' });
    });
  });
}

/** Batch `number`, the same whoever makes it. */
export function batchOf(number: number): StreamBatch {
  const receipt = { accepted: 2, refused: [], repeated: false };
  return {
    kind: number % 2 === 0 ? 'requests' : 'interactions',
    token: `token-${number}`,
    count: 3 + number,
    bytes: Buffer.from(`rows of batch ${number}, ${'ä'.repeat(number)}`),
    receipts: [{ tenantId: 'tenant', key: `key-${number}`, receipt, start: 0, rows: 2 }],
  };
}

export function tokensOf(count: number): string[] {
  return Array.from({ length: count }, (_, number) => `token-${number}`);
}

interface Shelf {
  batches: StreamedBatch[];
  handler: StreamHandler;
  /** Sorted, each once: a stream may hand a batch on twice. */
  tokens(): string[];
}

/** Keeps what it is handed. */
export function openShelf(): Shelf {
  const batches: StreamedBatch[] = [];
  return {
    batches,
    handler: async (batch) => {
      batches.push({ ...batch, bytes: Buffer.from(batch.bytes) });
      return null;
    },
    tokens: () => [...new Set(batches.map(({ token }) => token))].sort(),
  };
}
