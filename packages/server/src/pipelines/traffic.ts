import { randomUUID } from 'node:crypto';
import { createBatcher } from '../flow/batcher.ts';
import { Fault } from '../model/fault.ts';
import { isRefusal, type RawRequest } from '../model/request.ts';
import type { StoredRequest } from '../model/stored-request.ts';
import type { Delivery, KeptAnswer, Receipt, TrafficFigures, TrafficIntake } from '../model/ways-in.ts';
import type { TrafficPolicy } from '../privacy/policy.ts';
import type { RequestStore } from '../stores/requests.ts';
import type { KeptReceipt, Stream } from '../stores/stream.ts';
import type { Admission } from './admission.ts';
import { createLiveAddresses } from './live-addresses.ts';
import type { Prepare } from './prepare.ts';
import { keptAnswer, type ReceiptBook, receiptAgain } from './receipts.ts';
import { type BatchStore, createStoring } from './storing.ts';

const MAX_BATCH_ROWS = 10_000;
// After the last request of a burst; and at most, while requests keep coming: an INSERT costs the store some 100 ms
// of CPU however few its rows are.
const LINGER_MS = 20;
const MAX_WAIT_MS = 150;
const MAX_PENDING_ROWS = 100_000;
const MAX_IN_FLIGHT = 3;
const PATIENCE_MS = 5000;
const LIVE_WINDOW_MS = 3_600_000;
// A row with more text than this counts for several, so that a batch is bounded in bytes as well (some 16 MB).
const ROW_CHARACTERS = 1600;

/** What the pipeline asks of the store. */
type TrafficStore = Pick<RequestStore, 'insert' | 'insertLiveAddresses'>;

export interface TrafficStages {
  prepare: Prepare;
  encode(rows: readonly StoredRequest[]): Buffer;
  store: TrafficStore;
  /** Takes the batches of interactions, which share the stream. */
  interactions: BatchStore;
  stream: Stream;
  /** Whether batches of the stream are stored here; false where another process does it. */
  storesHere?: boolean;
  receipts: ReceiptBook;
  policyOf(tenantId: string): TrafficPolicy;
  /** Lets requests in; without it, all are. */
  admission?: Pick<Admission, 'take' | 'giveBack'>;
  /** Throws while nothing more is to be taken in, for want of room on a disk; told by which way it came. */
  refuse?: (way: string) => void;
  now?: () => number;
  /** How long opening and closing wait for what does not answer. */
  patienceMs?: number;
  onError?: (error: unknown, doing: string) => void;
  /** Whether a fault of the store is about this batch (it will never be taken), not about the store. */
  isPermanent?: (error: unknown) => boolean;
}

export interface TrafficPipeline extends TrafficIntake {
  figures(): TrafficFigures;
  /** Writes what waits, then closes. */
  close(): Promise<void>;
}

interface Item {
  rows: StoredRequest[];
  /** What the batch is cut by: rows, long ones several times. */
  weight: number;
  /** The answer to remember together with the batch. */
  receipt: { tenantId: string; key: string; receipt: KeptAnswer } | null;
}

/**
 * The way of a request from any live way in to its row:
 *
 *     deliver → admit → prepare (enrich, decide, redact) → batch (cut once) → stream (durable) → store
 *
 * A batch is one record of the stream and one INSERT under one token. The sender is answered when the stream has it;
 * what the stream promises, and what it does while the store is away, is told in `stores/stream.ts` and its drivers.
 */
export async function openTrafficPipeline(stages: TrafficStages): Promise<TrafficPipeline> {
  const { prepare, encode, store, stream, receipts, policyOf, admission } = stages;
  const now = stages.now ?? Date.now;
  const patienceMs = stages.patienceMs ?? PATIENCE_MS;
  const onError = stages.onError ?? (() => undefined);
  const figures = { accepted: 0, refused: 0, batches: 0 };
  const storing = createStoring({
    stores: { requests: store, interactions: stages.interactions },
    receipts,
    isPermanent: stages.isPermanent,
  });
  const underWay = new Map<string, Promise<Receipt>>();
  const live = createLiveAddresses(
    (rows) => store.insertLiveAddresses(rows),
    (error) => onError(error, 'live addresses'),
  );
  let closed = false;

  async function write(items: Item[]): Promise<void> {
    const rows = items.length === 1 ? (items[0] as Item).rows : items.flatMap((item) => item.rows);
    const kept: KeptReceipt[] = [];
    let start = 0;
    for (const item of items) {
      if (item.receipt !== null) kept.push({ ...item.receipt, start, rows: item.rows.length });
      start += item.rows.length;
    }
    await stream.append({
      kind: 'requests',
      token: randomUUID(),
      count: rows.length,
      bytes: encode(rows),
      receipts: kept,
    });
    figures.batches += 1;
  }

  const batcher = createBatcher<Item>({
    maxRows: MAX_BATCH_ROWS,
    lingerMs: LINGER_MS,
    maxWaitMs: MAX_WAIT_MS,
    maxPendingRows: MAX_PENDING_ROWS,
    maxInFlight: MAX_IN_FLIGHT,
    write,
  });

  /** `wait`: nothing was let in, so that its sender may send it again later, under the same key too. */
  function prepareAll(delivery: Delivery): { item: Item; receipt: Receipt; wait: boolean } {
    const received = now();
    const { tenantId, origin, records } = delivery;
    const { granted, refusal } = admission?.take(tenantId, records.length) ?? {
      granted: records.length,
      refusal: null,
    };
    const context = { tenantId, origin, received, fallbackHost: '', policy: policyOf(tenantId) };
    const item: Item = { rows: [], weight: 0, receipt: null };
    const receipt: Receipt = { accepted: 0, refused: [], repeated: false };
    for (const [index, raw] of records.entries()) {
      if (index >= granted) {
        if (refusal !== null) receipt.refused.push({ index, refusal });
        continue;
      }
      const row = prepare(raw, context);
      if (isRefusal(row)) {
        receipt.refused.push({ index, refusal: row });
        continue;
      }
      item.rows.push(row);
      item.weight += weightOf(raw);
      if (raw.clientAddress === '' || !row.kept || received - raw.time >= LIVE_WINDOW_MS) continue;
      // A sender's clock that is ahead must not keep an address longer.
      const lastSeen = Math.min(raw.time, received);
      live.add(tenantId, raw.clientAddress, row.keys.client, lastSeen);
    }
    receipt.accepted = item.rows.length;
    admission?.giveBack(tenantId, granted - receipt.accepted);
    return { item, receipt, wait: receipt.accepted === 0 && refusal !== null };
  }

  async function storeAll(delivery: Delivery): Promise<Receipt> {
    stages.refuse?.(delivery.origin === 'self' ? 'self' : 'requests');
    const { item, receipt, wait } = prepareAll(delivery);
    if (delivery.fingerprint !== undefined) receipt.fingerprint = delivery.fingerprint;
    if (delivery.idempotencyKey !== undefined) {
      item.receipt = { tenantId: delivery.tenantId, key: delivery.idempotencyKey, receipt: keptAnswer(receipt) };
    }
    if (item.rows.length > 0) await addCounted(item, delivery.tenantId);
    else if (item.receipt !== null && !wait)
      await receipts.keep(randomUUID(), [{ ...item.receipt, start: 0, rows: 0 }]);
    figures.accepted += receipt.accepted;
    figures.refused += receipt.refused.length;
    return receipt;
  }

  async function addCounted(item: Item, tenantId: string): Promise<void> {
    try {
      await addUnlessFull(item);
    } catch (error) {
      admission?.giveBack(tenantId, item.rows.length);
      throw error;
    }
  }

  async function addUnlessFull(item: Item): Promise<void> {
    try {
      await batcher.add(item, item.weight);
    } catch (error) {
      if (!(error instanceof Fault) || (error.code !== 'spool-full' && error.code !== 'disk-full')) throw error;
      const what = 'the hub has no room for more at the moment: its disk or its spool is full';
      throw new Fault('overloaded', what, { cause: error });
    }
  }

  async function storeOnce(delivery: Delivery, key: string): Promise<Receipt> {
    const { tenantId } = delivery;
    // Without the book, a retry is stored in a batch of its own, and dropped when the book is asked once more.
    const earlier =
      stream.receiptOf(tenantId, key) ??
      (await receipts.find(tenantId, key).catch((error: unknown) => onError(error, 'looking up an Idempotency-Key')));
    return earlier === undefined ? storeAll(delivery) : again(receiptAgain(earlier), delivery);
  }

  if (stages.storesHere !== false) stream.consume(storing.store);
  await stream.caughtUp(patienceMs);

  return {
    async deliver(delivery) {
      if (closed) throw new Fault('overloaded', 'the hub is stopping');
      const key = delivery.idempotencyKey;
      if (key === undefined) return storeAll(delivery);
      const name = `${delivery.tenantId} ${key}`;
      const twin = underWay.get(name);
      if (twin !== undefined) return again(await twin, delivery);
      const work = storeOnce(delivery, key).finally(() => underWay.delete(name));
      underWay.set(name, work);
      return work;
    },
    figures() {
      const { dead, spool, reachable, storing: takes, lastStored, appended, stored, retries, lag } = stream.figures();
      return {
        ...figures,
        repeats: storing.repeats(),
        dead,
        pendingRows: batcher.pendingRows(),
        spool,
        storeReachable: reachable && takes,
        lastStored,
        stream: { appended, stored, retries, lag },
      };
    },
    async close() {
      await batcher.drain();
      closed = true;
      await live.close();
      await stream.close(patienceMs);
    },
  };
}

/** The answer to a retry. Something else under the same key would be lost if it were answered, not stored. */
function again(earlier: Receipt, { fingerprint, idempotencyKey }: Delivery): Receipt {
  if (fingerprint !== undefined && earlier.fingerprint !== undefined && fingerprint !== earlier.fingerprint) {
    const what = `the Idempotency-Key "${idempotencyKey}" was used for another body before; use a new one for each body`;
    throw new Fault('idempotency-key-reused', what);
  }
  return { ...earlier, repeated: true };
}

function weightOf({ path, query, userAgent, referrer, headers }: RawRequest): number {
  let characters = path.length + query.length + referrer.length + (userAgent?.length ?? 0);
  for (const name in headers) characters += name.length + (headers[name] as string).length;
  return Math.max(1, Math.ceil(characters / ROW_CHARACTERS));
}
