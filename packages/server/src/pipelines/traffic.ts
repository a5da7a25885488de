import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBatcher } from '../flow/batcher.ts';
import type { Spool, SpoolRecord } from '../flow/spool.ts';
import { Fault } from '../model/fault.ts';
import { isRefusal } from '../model/request.ts';
import type { StoredRequest } from '../model/stored-request.ts';
import type { Delivery, Receipt, TrafficFigures, TrafficIntake } from '../model/ways-in.ts';
import type { RetentionDays } from '../privacy/retention.ts';
import type { LiveAddressRow, RequestStore } from '../stores/requests.ts';
import type { Prepare } from './prepare.ts';

const MAX_BATCH_ROWS = 5000;
const MAX_WAIT_MS = 20;
const MAX_PENDING_ROWS = 100_000;
const MAX_IN_FLIGHT = 3;
const RETRY_FIRST_MS = 200;
const RETRY_MOST_MS = 10_000;
const PATIENCE_MS = 5000;
const LIVE_WINDOW_MS = 3_600_000;

/** What the pipeline asks of the store. */
type TrafficStore = Pick<RequestStore, 'insert' | 'insertLiveAddresses'>;

/** Answers of deliveries that came with an Idempotency-Key. */
export interface ReceiptBook {
  find(tenantId: string, key: string): Promise<Receipt | undefined>;
  put(tenantId: string, key: string, receipt: Receipt): Promise<void>;
}

export interface TrafficStages {
  prepare: Prepare;
  encode(rows: readonly StoredRequest[]): Buffer;
  store: TrafficStore;
  spool: Spool;
  receipts: ReceiptBook;
  retentionOf(tenantId: string): RetentionDays;
  now?: () => number;
  /** How long opening and closing wait for a store that does not answer. */
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
  live: LiveAddressRow[];
  /** Answers to remember together with the batch. */
  receipt: { tenantId: string; key: string; receipt: Receipt } | null;
}

type KeptReceipt = NonNullable<Item['receipt']>;

/**
 * The way of a request from any live way in to its row:
 *
 *     deliver → prepare (enrich, decide, redact) → batch (cut once) → spool (fsync) → store → answer
 *
 * A batch is one spool record and one INSERT under one token. The sender is answered when the store has it, or, while
 * the store is away, when the spool has it. What a kill leaves in the spool is stored at the next opening, before
 * anything new is taken, and its token drops what was stored already.
 */
export async function openTrafficPipeline(stages: TrafficStages): Promise<TrafficPipeline> {
  const { prepare, encode, store, spool, receipts, retentionOf } = stages;
  const now = stages.now ?? Date.now;
  const patienceMs = stages.patienceMs ?? PATIENCE_MS;
  const onError = stages.onError ?? (() => undefined);
  const figures = { accepted: 0, refused: 0, batches: 0, dead: 0, lastStored: null as number | null };
  const underWay = new Map<string, Promise<Receipt>>();
  const backlog: SpoolRecord[] = [...spool.recovered];
  // Answers whose batch waits in the spool: a retry must find them before the receipt book has them.
  const waiting = new Map<string, Receipt>();
  let reachable = true;
  let draining: Promise<void> | null = null;
  let closed = false;
  const stopping = new AbortController();

  async function keepReceipts(record: SpoolRecord): Promise<void> {
    for (const { tenantId, key, receipt } of receiptsOf(record)) await receipts.put(tenantId, key, receipt);
  }

  function forget(record: SpoolRecord): void {
    for (const { tenantId, key } of receiptsOf(record)) waiting.delete(nameOf(tenantId, key));
  }

  async function putOrBury(record: SpoolRecord, bytes: Buffer): Promise<void> {
    const { token, count } = record.meta;
    try {
      await store.insert({ token, count, bytes });
    } catch (error) {
      if (stages.isPermanent?.(error) !== true) throw error;
      await keepReceipts(record);
      await spool.bury(record, String(error));
      figures.dead += 1;
      onError(error, `batch ${token} was set aside as a dead letter`);
      return forget(record);
    }
    await keepReceipts(record);
    await spool.done(record);
    forget(record);
    figures.lastStored = now();
  }

  async function drain(): Promise<void> {
    let wait = RETRY_FIRST_MS;
    while (backlog.length > 0 && !closed) {
      const record = backlog[0] as SpoolRecord;
      try {
        await putOrBury(record, await record.read());
        backlog.shift();
        wait = RETRY_FIRST_MS;
      } catch (error) {
        onError(error, `storing a waiting batch; trying again in ${wait} ms`);
        await pause(wait * (0.5 + Math.random() / 2), stopping.signal);
        wait = Math.min(wait * 2, RETRY_MOST_MS);
      }
    }
    draining = null;
    reachable = backlog.length === 0;
  }

  function leaveToDrain(record: SpoolRecord): void {
    reachable = false;
    for (const { tenantId, key, receipt } of receiptsOf(record)) waiting.set(nameOf(tenantId, key), receipt);
    backlog.push(record);
    draining ??= drain();
  }

  async function write(items: Item[]): Promise<void> {
    const rows = items.length === 1 ? (items[0] as Item).rows : items.flatMap((item) => item.rows);
    const bytes = encode(rows);
    const kept = items.map((item) => item.receipt).filter((receipt) => receipt !== null);
    const record = await spool.append({ token: randomUUID(), count: rows.length, receipts: kept }, bytes);
    figures.batches += 1;
    if (!reachable) return leaveToDrain(record);
    try {
      await putOrBury(record, bytes);
    } catch (error) {
      onError(error, 'the store did not take a batch; it waits in the spool');
      return leaveToDrain(record);
    }
    const live = items.flatMap((item) => item.live);
    if (live.length > 0) await store.insertLiveAddresses(live).catch((error) => onError(error, 'live addresses'));
  }

  const batcher = createBatcher<Item>({
    maxRows: MAX_BATCH_ROWS,
    maxWaitMs: MAX_WAIT_MS,
    maxPendingRows: MAX_PENDING_ROWS,
    maxInFlight: MAX_IN_FLIGHT,
    write,
  });

  function prepareAll(delivery: Delivery): { item: Item; receipt: Receipt } {
    const received = now();
    const context = {
      tenantId: delivery.tenantId,
      origin: delivery.origin,
      received,
      fallbackHost: '',
      retention: retentionOf(delivery.tenantId),
    };
    const item: Item = { rows: [], live: [], receipt: null };
    const receipt: Receipt = { accepted: 0, refused: [], repeated: false };
    const seen = new Set<string>();
    for (const [index, raw] of delivery.records.entries()) {
      const row = prepare(raw, context);
      if (isRefusal(row)) {
        receipt.refused.push({ index, refusal: row });
        continue;
      }
      item.rows.push(row);
      if (
        raw.clientAddress !== '' &&
        row.kept &&
        received - raw.time < LIVE_WINDOW_MS &&
        !seen.has(raw.clientAddress)
      ) {
        seen.add(raw.clientAddress);
        const { tenantId } = delivery;
        // A sender's clock that is ahead must not keep an address longer.
        const lastSeen = Math.min(raw.time, received);
        item.live.push({ tenantId, clientKey: row.keys.client, address: raw.clientAddress, lastSeen });
      }
    }
    receipt.accepted = item.rows.length;
    return { item, receipt };
  }

  async function storeAll(delivery: Delivery): Promise<Receipt> {
    const { item, receipt } = prepareAll(delivery);
    if (delivery.idempotencyKey !== undefined) {
      item.receipt = { tenantId: delivery.tenantId, key: delivery.idempotencyKey, receipt };
    }
    if (item.rows.length > 0) await addUnlessFull(item);
    else if (item.receipt !== null) await receipts.put(delivery.tenantId, item.receipt.key, receipt);
    figures.accepted += receipt.accepted;
    figures.refused += receipt.refused.length;
    return receipt;
  }

  async function addUnlessFull(item: Item): Promise<void> {
    try {
      await batcher.add(item, item.rows.length);
    } catch (error) {
      if (!(error instanceof Fault) || (error.code !== 'spool-full' && error.code !== 'disk-full')) throw error;
      throw new Fault('overloaded', error.message, { cause: error });
    }
  }

  async function storeOnce(delivery: Delivery, key: string): Promise<Receipt> {
    const earlier = waiting.get(nameOf(delivery.tenantId, key)) ?? (await receipts.find(delivery.tenantId, key));
    return earlier === undefined ? storeAll(delivery) : { ...earlier, repeated: true };
  }

  for (const { tenantId, key, receipt } of backlog.flatMap(receiptsOf)) waiting.set(nameOf(tenantId, key), receipt);
  if (backlog.length > 0) {
    reachable = false;
    draining = drain();
    // Nothing new is taken before the oldest is in, as long as the store answers at all.
    await Promise.race([draining, pause(patienceMs)]);
  }

  return {
    async deliver(delivery) {
      if (closed) throw new Fault('overloaded', 'the hub is stopping');
      const key = delivery.idempotencyKey;
      if (key === undefined) return storeAll(delivery);
      const name = nameOf(delivery.tenantId, key);
      const twin = underWay.get(name);
      if (twin !== undefined) return { ...(await twin), repeated: true };
      const work = storeOnce(delivery, key).finally(() => underWay.delete(name));
      underWay.set(name, work);
      return work;
    },
    figures: () => ({
      ...figures,
      pendingRows: batcher.pendingRows(),
      spool: spool.depth(),
      storeReachable: reachable,
    }),
    async close() {
      await batcher.drain();
      closed = true;
      stopping.abort();
      // A batch that is just being stored may end; one that hangs is in the spool.
      if (draining !== null) await Promise.race([draining, pause(patienceMs)]);
      await spool.close();
    },
  };
}

function nameOf(tenantId: string, key: string): string {
  return `${tenantId} ${key}`;
}

/** Resolves after `ms`, or at once when the signal says so. */
function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) }).catch(() => undefined);
}

function receiptsOf(record: SpoolRecord): KeptReceipt[] {
  return (record.meta.receipts as KeptReceipt[] | undefined) ?? [];
}
