import { AsyncResource } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { waitBefore } from './backoff.ts';
import { type Batch, createBatchBuilder } from './batch.ts';
import type { Courier } from './courier.ts';
import { detailOf, readAnswer } from './hub-answer.ts';
import type { HubAnswer } from './hub-client.ts';
import type { Ids } from './ids.ts';
import { createOutbox } from './outbox.ts';
import type { Output } from './recorder.ts';
import type { Spool } from './spool.ts';

/** Tells this process from others of the same name, each of which counts its own drops. */
const INSTANCE = randomUUID();
/** Attempts after which a batch lets the others go first; and how often, before it is given up if the others were taken. */
const ATTEMPTS = 8;
const MOST_ROUNDS = 3;

export interface DeliveryOptions {
  courier: Courier;
  /** Has the id of the request that is written. */
  ids: Ids;
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
  /** Brings what it can, and puts the rest on the disk; without a spool it stays in memory. */
  rest(timeoutMs: number): Promise<void>;
  /** The same for a process that ends: what stays in memory is lost. */
  leave(timeoutMs: number): Promise<void>;
  figures(): DeliveryFigures;
}

/** What became of an attempt. `failed`: the hub answered, and it may be because of the batch. */
type Outcome = 'settled' | { retryAfter: string | undefined; failed: boolean };

export function createDelivery(options: DeliveryOptions): Delivery {
  const builder = createBatchBuilder(options.ids);
  const count = { delivered: 0, dropped: 0, retried: 0, refused: 0 };
  /** Halved when the hub, or a proxy, takes no batch so large. */
  let batchSize = options.batchSize;
  let sending: Batch | null = null;
  let running = false;
  let giveUp = false;
  let armed = false;
  /** Ends the wait for the next attempt; `hurry` only where the hub has not asked for patience. */
  let wake: (() => void) | null = null;
  let hurry: (() => void) | null = null;
  let onIdle: (() => void)[] = [];
  let onFailure: (() => void)[] = [];
  /** Batches that went to the end of the queue: in what round they are, and what was delivered when that began. */
  const postponed = new Map<string, { rounds: number; delivered: number }>();

  const outbox = createOutbox({ ...options, pack: options.courier.pack, lose, onReady: () => void run() });

  // Requests are written where the app ends its responses; what comes of it must not keep the app's asynchronous context.
  const own = new AsyncResource('vedette-edge');
  // One timer, made here: it keeps nobody's asynchronous context and never holds the process open.
  const timer = setTimeout(() => {
    armed = false;
    cut();
  }, options.flushMs);
  timer.unref();

  function cut(): void {
    const lines = builder.cut();
    if (lines !== null) outbox.add(lines, builder.recycle);
  }

  function lose(requests: number, why: unknown): void {
    count.dropped += requests;
    options.onError(why);
  }

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    while (!giveUp) {
      sending = await outbox.next();
      if (sending === null) break;
      await bring(sending).catch(options.onError);
    }
    running = false;
    for (const done of onIdle.splice(0)) done();
  }

  /** Tries until the batch is settled or lets others go first; when there is no more time it stays where it is. */
  async function bring(batch: Batch): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await send(batch);
      if (outcome === 'settled') break;
      if (giveUp) return;
      count.retried += 1;
      for (const failed of onFailure.splice(0)) failed();
      if (outcome.failed && attempt >= ATTEMPTS) return letOthersFirst(batch);
      await rest(waitBefore(attempt, outcome.retryAfter, Date.now()), outcome.retryAfter !== undefined);
      if (giveUp) return;
    }
    sending = null;
    postponed.delete(batch.id);
    await outbox.done(batch);
  }

  /** One batch that the hub fails at must not hold up all others for good. */
  async function letOthersFirst(batch: Batch): Promise<void> {
    const before = postponed.get(batch.id);
    const rounds = (before?.rounds ?? 0) + 1;
    sending = null;
    if (before !== undefined && rounds > MOST_ROUNDS && count.delivered > before.delivered) {
      postponed.delete(batch.id);
      lose(batch.count, new Error(`the hub takes other deliveries, and failed ${rounds * ATTEMPTS} times at one`));
      return outbox.done(batch);
    }
    postponed.set(batch.id, { rounds, delivered: count.delivered });
    return outbox.postpone(batch);
  }

  async function send(batch: Batch): Promise<Outcome> {
    let answer: HubAnswer;
    try {
      const headers = {
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
        'idempotency-key': batch.id,
        'vedette-source': options.name,
        'vedette-instance': INSTANCE,
        'vedette-sent-at': String(Date.now()),
        'vedette-requests': String(batch.count),
        'vedette-dropped': String(count.dropped + options.droppedBefore()),
      };
      answer = await options.courier.call('POST', '/api/v1/requests', headers, batch.body);
    } catch (error) {
      options.onError(error);
      return { retryAfter: undefined, failed: false };
    }
    return settle(batch, answer);
  }

  async function settle(batch: Batch, { status, headers, text }: HubAnswer): Promise<Outcome> {
    const retryAfter = headers['retry-after'];
    // A hub that says when to come back has no room for anybody: that is not this batch's fault.
    const again = { retryAfter, failed: retryAfter === undefined };
    if (status === 200) {
      const answer = readAnswer(text, batch.count);
      if (answer instanceof Error) {
        options.onError(answer);
        return again;
      }
      count.delivered += batch.count - answer.reasons.length;
      count.refused += answer.reasons.length;
      if (answer.reasons.length > 0) {
        const first = answer.reasons[0];
        options.onError(new Error(`the hub refused ${answer.reasons.length} of ${batch.count} requests: ${first}`));
      }
      return 'settled';
    }
    const why = new Error(`the hub answered ${status}${detailOf(text)}`);
    if (status === 413 && batch.count > 1) {
      options.onError(why);
      batchSize = Math.max(1, Math.min(batchSize, Math.floor(batch.count / 2)));
      await outbox.split(batch).catch((error: unknown) => lose(batch.count, error));
      return 'settled';
    }
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
      lose(batch.count, why);
      return 'settled';
    }
    options.onError(why);
    return again;
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

  function waiting(): number {
    // What is in the spool is counted there.
    const underWay = sending === null || outbox.has(sending) ? 0 : sending.count;
    return builder.count + outbox.waiting + underWay;
  }

  /** Resolves when nothing waits, or after `timeoutMs`; `orFailed`: or when an attempt has failed. */
  async function flush(timeoutMs: number, orFailed = false): Promise<void> {
    const until = Date.now() + timeoutMs;
    cut();
    await within(options.spool, timeoutMs);
    await within(outbox.packed(), Math.max(1, until - Date.now()));
    const left = until - Date.now();
    if (left <= 0 || (!running && waiting() === 0 && outbox.spooled === 0)) return;
    const idle = new Promise<void>((resolve) => {
      onIdle.push(resolve);
      // The hub has asked for patience, or is away: whoever has a disk need not wait for it.
      if (orFailed && wake !== null && hurry === null) resolve();
      if (orFailed) onFailure.push(resolve);
      hurry?.();
      void run();
    });
    await within(idle, left);
  }

  async function leave(timeoutMs: number): Promise<void> {
    await flush(timeoutMs, outbox.hasSpool);
    giveUp = true;
    wake?.();
    const last = sending;
    sending = null;
    // A call that hangs must not hold up the end; what it carries is kept.
    options.courier.close();
    await outbox.park(last);
  }

  return {
    write(request) {
      builder.add(request);
      if (builder.count >= batchSize || builder.full) own.runInAsyncScope(cut);
      else if (!armed) {
        armed = true;
        timer.refresh();
      }
    },
    flush: (timeoutMs) => flush(timeoutMs),
    async rest(timeoutMs) {
      await flush(timeoutMs, outbox.hasSpool);
      if (outbox.hasSpool) await outbox.park(sending);
    },
    async leave(timeoutMs) {
      await leave(timeoutMs);
      giveUp = false;
    },
    async close(timeoutMs) {
      await leave(timeoutMs);
      clearTimeout(timer);
      await (await options.spool)?.close();
    },
    figures: () => ({ ...count, waiting: waiting(), spooled: outbox.spooled }),
  };
}

/** Resolves as the promise does, whatever to, but after `ms` at the latest. */
function within(promise: Promise<unknown>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const alarm = setTimeout(resolve, ms);
    const end = (): void => {
      clearTimeout(alarm);
      resolve();
    };
    promise.then(end, end);
  });
}
