import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip as gzipWithCallback } from 'node:zlib';
import { waitBefore } from './backoff.ts';
import { type Batch, createBatchBuilder } from './batch.ts';
import type { HubAnswer, HubClient } from './hub-client.ts';
import type { Output } from './recorder.ts';
import { createLineWriter } from './request-line.ts';
import type { Spool } from './spool.ts';

/** Tells this process from others of the same name, each of which counts its own drops. */
const INSTANCE = randomUUID();

export interface DeliveryOptions {
  client: HubClient;
  /** Requests in one batch. */
  batchSize: number;
  /** Ms after which a batch goes that is not full. */
  flushMs: number;
  /** Requests that may wait in memory; beyond it the oldest go to the spool, or are dropped. */
  room: number;
  /** Resolves to null when there is none, or none that works. */
  spool: Promise<Spool | null>;
  /** What this edge calls itself. */
  name: string;
  /** Requests given up elsewhere in this process. */
  droppedBefore(): number;
  onError(error: unknown): void;
}

export interface DeliveryFigures {
  delivered: number;
  dropped: number;
  retried: number;
  refused: number;
  /** In memory. */
  waiting: number;
  /** On disk. */
  spooled: number;
}

/** Brings requests to the hub: in order, one batch at a time, each until it is taken or refused. */
export interface Delivery extends Output {
  figures(): DeliveryFigures;
}

const gzip = promisify(gzipWithCallback);
/** The second so large that the other thread is asked once. */
const GZIP = { level: 1, chunkSize: 128 * 1024 };

/** What became of an attempt. */
type Outcome = 'settled' | { retryAfter: string | undefined };

export function createDelivery(options: DeliveryOptions): Delivery {
  const lineOf = createLineWriter();
  const builder = createBatchBuilder();
  const count = { delivered: 0, dropped: 0, retried: 0, refused: 0 };
  const outbox: Batch[] = [];
  let outboxCount = 0;
  let packing = 0;
  let packed: Promise<void> = Promise.resolve();
  let spool: Spool | null = null;
  let sending: Batch | null = null;
  let running = false;
  let giveUp = false;
  let armed = false;
  /** Ends the wait for the next attempt; `hurry` only where the hub has not asked for patience. */
  let wake: (() => void) | null = null;
  let hurry: (() => void) | null = null;
  let idle: (() => void)[] = [];
  // One timer, made here: it keeps nobody's asynchronous context and never holds the process open.
  const timer = setTimeout(() => {
    armed = false;
    pack();
  }, options.flushMs);
  timer.unref();

  void options.spool.then((opened) => {
    spool = opened;
    if (opened !== null && opened.count > 0) void run();
  });

  /** Cuts a batch and packs it on another thread. */
  function pack(): void {
    const cut = builder.cut();
    if (cut === null) return;
    packing += cut.count;
    // One at a time, so that batches stay in order.
    packed = packed.then(async () => {
      try {
        const body = await gzip(cut.bytes, GZIP);
        queue({ id: cut.id, count: cut.count, body });
      } catch (error) {
        lose(cut.count, error);
      } finally {
        packing -= cut.count;
        builder.recycle(cut.bytes);
      }
    });
  }

  function queue(batch: Batch): void {
    outbox.push(batch);
    outboxCount += batch.count;
    while (outboxCount > options.room && outbox.length > 1) void evict(outbox.shift() as Batch);
    void run();
  }

  async function evict(batch: Batch): Promise<void> {
    outboxCount -= batch.count;
    if (spool === null) return lose(batch.count, new Error('more requests wait for the hub than there is room for'));
    try {
      const lost = await spool.put(batch);
      if (lost > 0) lose(lost, new Error('the spool is full; the oldest requests in it went'));
    } catch (error) {
      lose(batch.count, error);
    }
  }

  function lose(requests: number, why: unknown): void {
    count.dropped += requests;
    options.onError(why);
  }

  /** What is spooled came before what waits in memory. */
  async function next(): Promise<Batch | null> {
    if (spool !== null && spool.count > 0) {
      const { batch, lost } = await spool.oldest();
      if (lost > 0) lose(lost, new Error('spooled requests cannot be read: damaged, or sealed under another key'));
      if (batch !== null) return batch;
    }
    const batch = outbox.shift() ?? null;
    if (batch !== null) outboxCount -= batch.count;
    return batch;
  }

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    while (!giveUp) {
      sending = await next();
      if (sending === null) break;
      await bring(sending);
    }
    running = false;
    if (outbox.length > 0 && !giveUp) return void run();
    for (const done of idle.splice(0)) done();
  }

  /** Tries until the batch is settled; when there is no more time it stays where it is. */
  async function bring(batch: Batch): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await send(batch);
      if (outcome === 'settled') break;
      if (giveUp) return;
      count.retried += 1;
      await rest(waitBefore(attempt, outcome.retryAfter, Date.now()), outcome.retryAfter !== undefined);
      if (giveUp) return;
    }
    sending = null;
    await spool?.done(batch.id).catch(options.onError);
  }

  async function send(batch: Batch): Promise<Outcome> {
    try {
      const headers = {
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
        'idempotency-key': batch.id,
        'vedette-source': options.name,
        'vedette-instance': INSTANCE,
        'vedette-sent-at': String(Date.now()),
        'vedette-dropped': String(count.dropped + options.droppedBefore()),
      };
      return settle(batch, await options.client.call('POST', '/api/v1/requests', headers, batch.body));
    } catch (error) {
      options.onError(error);
      return { retryAfter: undefined };
    }
  }

  function settle(batch: Batch, answer: HubAnswer): Outcome {
    const { status } = answer;
    if (status === 200) {
      const { accepted, reasons } = readAnswer(answer.text);
      count.delivered += accepted;
      count.refused += reasons.length;
      if (reasons.length > 0) {
        options.onError(new Error(`the hub refused ${reasons.length} of ${batch.count} requests: ${reasons[0]}`));
      }
      return 'settled';
    }
    const why = new Error(`the hub answered ${status}${detailOf(answer.text)}`);
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
      lose(batch.count, why);
      return 'settled';
    }
    options.onError(why);
    return { retryAfter: answer.headers['retry-after'] };
  }

  function rest(ms: number, asked: boolean): Promise<void> {
    return new Promise((resolve) => {
      const alarm = setTimeout(done, ms);
      alarm.unref();
      function done(): void {
        clearTimeout(alarm);
        wake = null;
        hurry = null;
        resolve();
      }
      wake = done;
      hurry = asked ? null : done;
    });
  }

  const waiting = (): number => builder.count + packing + outboxCount + (sending?.count ?? 0);

  async function flush(timeoutMs: number): Promise<void> {
    const until = Date.now() + timeoutMs;
    if (spool === null) spool = await within(options.spool, timeoutMs, null);
    pack();
    hurry?.();
    await within(packed, timeoutMs, undefined);
    const left = until - Date.now();
    if (left > 0 && (running || waiting() > 0 || (spool?.count ?? 0) > 0)) {
      await within(
        new Promise<void>((resolve) => {
          idle.push(resolve);
          void run();
        }),
        left,
        undefined,
      );
    }
  }

  return {
    write(request) {
      builder.add(lineOf(request));
      if (builder.count >= options.batchSize) pack();
    },
    slice() {
      if (builder.count === 0) return;
      builder.settle();
      if (builder.full) pack();
      else if (!armed) {
        armed = true;
        timer.refresh();
      }
    },
    flush,
    async close(timeoutMs) {
      await flush(timeoutMs);
      clearTimeout(timer);
      giveUp = true;
      wake?.();
      options.client.close();
      const left = [...(sending === null ? [] : [sending]), ...outbox.splice(0)];
      sending = null;
      outboxCount = 0;
      // What was read from the spool is still there.
      for (const batch of left) if (spool?.has(batch.id) !== true) await keep(batch);
      await spool?.close();
    },
    figures: () => ({ ...count, waiting: waiting(), spooled: spool?.count ?? 0 }),
  };

  async function keep(batch: Batch): Promise<void> {
    outboxCount += batch.count;
    await evict(batch);
  }
}

/** Resolves as the promise does, or to `otherwise` after `ms`. */
function within<T>(promise: Promise<T>, ms: number, otherwise: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const alarm = setTimeout(() => resolve(otherwise), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(alarm));
  });
}

/** Throws when a 200 is not the hub's, as from a proxy's page: then nothing was taken. */
function readAnswer(text: string): { accepted: number; reasons: string[] } {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = null;
  }
  const { accepted, rejected } = (answer ?? {}) as { accepted?: unknown; rejected?: unknown };
  if (!Number.isSafeInteger(accepted) || (accepted as number) < 0 || !Array.isArray(rejected)) {
    throw new Error(`what answers is no hub: ${JSON.stringify(text.slice(0, 80))}`);
  }
  const reasons = rejected.map((item) => String((item as { reason?: unknown } | null)?.reason ?? 'no reason given'));
  return { accepted: accepted as number, reasons: reasons.map((reason) => reason.slice(0, 300)) };
}

/** What a problem document says, after a colon. */
function detailOf(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? `: ${detail.slice(0, 300)}` : '';
  } catch {
    return '';
  }
}
