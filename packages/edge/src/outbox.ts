import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip as gunzipWithCallback } from 'node:zlib';
import type { Batch } from './batch.ts';
import { gzip } from './pack.ts';
import { lineAfter } from './request-line.ts';
import type { Spool } from './spool.ts';

const gunzip = promisify(gunzipWithCallback);

/** Requests that may always be on their way to the disk. */
const LEAST_ON_THE_WAY = 1000;

/** Lines that were cut and are not packed yet. */
export interface Cut {
  id: string;
  count: number;
  bytes: Buffer;
}

/**
 * What waits for the hub, oldest first: cut, packed one at a time on another thread, and kept in memory up to a bound.
 * Beyond it the oldest goes to the spool, or is lost where there is none or its disk is too slow.
 */
export interface Outbox {
  /** Takes a batch that was cut; `recycle` gets the bytes back. */
  add(cut: Cut, recycle: (bytes: Buffer) => void): void;
  /** The next to bring: what is spooled came before what waits in memory. */
  next(): Promise<Batch | null>;
  /** Puts a batch behind all others; it stays in the spool if it is there. */
  postpone(batch: Batch): Promise<void>;
  /** Puts the halves of a batch in its place; false: it holds one request only. */
  split(batch: Batch): Promise<boolean>;
  /** The batch is settled. */
  done(batch: Batch): Promise<void>;
  /** Resolves when all that was cut is packed. */
  packed(): Promise<void>;
  /** Puts all that is in memory into the spool, and what is being sent; what it cannot take is lost. */
  park(sending: Batch | null): Promise<void>;
  /** Whether a batch is on disk. */
  has(batch: Batch): boolean;
  /** Requests in memory: cut, packed, or on their way to the spool. */
  readonly waiting: number;
  readonly spooled: number;
  readonly hasSpool: boolean;
}

export interface OutboxOptions {
  /** Requests that may wait in memory. */
  room: number;
  /** gzip of bytes that may be used again when it resolves. */
  pack(bytes: Buffer): Promise<Buffer>;
  /** Resolves to null when there is none, or none that works. */
  spool: Promise<Spool | null>;
  /** Told when there is something to bring. */
  onReady(): void;
  /** Requests are given up. */
  lose(requests: number, why: unknown): void;
  onError(error: unknown): void;
}

export function createOutbox({ room, pack, spool: opening, onReady, lose, onError }: OutboxOptions): Outbox {
  const cuts: (Cut & { recycle: (bytes: Buffer) => void })[] = [];
  const batches: Batch[] = [];
  // Half as much again as waits, and for a while even where next to nothing may wait.
  const mostOnTheWay = Math.max(LEAST_ON_THE_WAY, room / 2);
  let spool: Spool | null = null;
  let opened = false;
  let packing: Promise<void> | null = null;
  let evicted: Promise<void> = Promise.resolve();
  /** Requests of the batch that is being packed, and of those on their way to the disk. */
  let inHand = 0;
  let onTheWay = 0;

  const ready = opening.then((found) => {
    spool = found;
    opened = true;
    if (found !== null && found.count > 0) onReady();
    trim();
  });

  const sum = (counted: readonly { count: number }[]): number => counted.reduce((total, { count }) => total + count, 0);
  const inMemory = (): number => inHand + sum(cuts) + sum(batches);

  async function packAll(): Promise<void> {
    for (let cut = cuts.shift(); cut !== undefined; cut = cuts.shift()) {
      inHand = cut.count;
      try {
        const body = await pack(cut.bytes);
        batches.push({ id: cut.id, count: cut.count, body });
      } catch (error) {
        lose(cut.count, error);
      }
      inHand = 0;
      cut.recycle(cut.bytes);
      trim();
      if (batches.length > 0) onReady();
    }
    packing = null;
  }

  /** Keeps to the bound. What the disk does not take as fast as it comes is lost. */
  function trim(): void {
    // Until it is known whether there is a spool, twice as much may wait.
    const most = opened ? room : 2 * room;
    while (inMemory() > most && batches.length + cuts.length > 1) {
      const batch = batches.shift();
      if (batch !== undefined && spool !== null && (onTheWay === 0 || onTheWay + batch.count <= mostOnTheWay)) {
        evicted = evict(batch);
        continue;
      }
      const cut = batch === undefined ? cuts.shift() : undefined;
      cut?.recycle(cut.bytes);
      const requests = (batch ?? cut)?.count ?? 0;
      lose(requests, new Error(`more requests wait for the hub than there is room for (ringSize is ${room})`));
    }
  }

  async function evict(batch: Batch): Promise<void> {
    onTheWay += batch.count;
    try {
      const lost = await (spool as Spool).put(batch);
      if (lost > 0) lose(lost, new Error('the spool is full; the oldest requests in it went'));
      onReady();
    } catch (error) {
      lose(batch.count, error);
    } finally {
      onTheWay -= batch.count;
    }
  }

  async function oldestSpooled(): Promise<Batch | null> {
    if (spool === null || spool.count === 0) return null;
    const { batch, lost } = await spool.oldest();
    if (lost > 0) lose(lost, new Error('spooled requests cannot be read: damaged, or sealed under another key'));
    return batch;
  }

  return {
    add(cut, recycle) {
      cuts.push({ ...cut, recycle });
      trim();
      packing ??= packAll();
    },
    async next() {
      return (
        (await oldestSpooled().catch((error: unknown) => {
          onError(error);
          return null;
        })) ??
        batches.shift() ??
        null
      );
    },
    async postpone(batch) {
      if (spool?.has(batch.id) === true) await spool.postpone(batch.id);
      else batches.push(batch);
    },
    async split(batch) {
      if (batch.count < 2) return false;
      const halves = await halve(batch);
      if (spool?.has(batch.id) === true) {
        for (const half of halves) await evict(half);
        await spool.done(batch.id);
      } else batches.unshift(...halves);
      return true;
    },
    async done(batch) {
      if (spool?.has(batch.id) === true) await spool.done(batch.id).catch(onError);
    },
    async packed() {
      await packing;
    },
    async park(sending) {
      await ready;
      await packing;
      await evicted;
      for (const batch of [...(sending === null ? [] : [sending]), ...batches.splice(0)]) {
        if (spool === null) lose(batch.count, new Error('the process ends, and the hub has not taken what waits'));
        else if (!spool.has(batch.id)) await evict(batch);
      }
    },
    has: (batch) => spool?.has(batch.id) === true,
    get waiting() {
      return inMemory() + onTheWay;
    },
    get spooled() {
      return spool?.count ?? 0;
    },
    get hasSpool() {
      return spool !== null || !opened;
    },
  };
}

/** The same requests in two batches, each under an id of its own. */
async function halve({ body, count }: Batch): Promise<Batch[]> {
  const bytes = await gunzip(body);
  const first = Math.floor(count / 2);
  let at = 0;
  for (let line = 0; line < first; line += 1) at = bytes.indexOf(0x0a, at) + 1;
  return Promise.all(
    [
      { count: first, bytes: bytes.subarray(0, at) },
      { count: count - first, bytes: beginAt(bytes, at) },
    ].map(async (half) => ({ id: randomUUID(), count: half.count, body: await gzip(half.bytes) })),
  );
}

/** The lines from there on; the first of them in full where it repeats one before. */
function beginAt(bytes: Buffer, at: number): Buffer {
  if (bytes[at] !== 0x5b) return bytes.subarray(at);
  const full = bytes.lastIndexOf('\n{', at) + 1;
  const end = bytes.indexOf(0x0a, at);
  const [first = '', ...repetitions] = bytes.toString('utf8', full, end).split('\n');
  return Buffer.concat([Buffer.from(repetitions.reduce(lineAfter, first)), bytes.subarray(end)]);
}
