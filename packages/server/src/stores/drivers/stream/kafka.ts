import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, ProduceAcks, Producer } from '@platformatic/kafka';
import { Fault } from '../../../model/fault.ts';
import type { KeptAnswer } from '../../../model/ways-in.ts';
import type { Stream, StreamBatch, StreamHandler, StreamTools } from '../../stream.ts';
import { createBacklog, nameOf } from './backlog.ts';
import { after, createBackoff } from './backoff.ts';
import { deadLetter, decodeMessage, encodeMessage, headersOf, type WireMessage } from './kafka-message.ts';
import { clientOptions, deadTopicOf, describe, ensureTopics, type KafkaPlace, measureLag } from './kafka-place.ts';
import { type KafkaMessage, type KafkaReader, openReader } from './kafka-reader.ts';

const PRODUCE_MS = 15_000;
const SETUP_PATIENCE_MS = 10_000;
const LAG_EVERY_MS = 3000;
const ANSWERS_KEPT = 50_000;

/**
 * The stream through Kafka: one batch is one message, appended once all in-sync replicas have it (`acks=all`,
 * idempotent producer), and its offset is committed after the handler stored it. While the broker is away, batches wait
 * on disk and are sent in order when it is back. Whoever does not learn whether a message arrived sends it again, so a
 * batch may be there in two copies; each has its name (partition and offset). What is no batch, and what the handler
 * refuses, goes to `<topic>-dead` with the reason.
 */
export async function openKafkaStream(tools: StreamTools, place: KafkaPlace): Promise<Stream> {
  const { spool, onError } = tools;
  const now = tools.now ?? Date.now;
  const figures = { appended: 0, stored: 0, dead: 0, retries: 0, lastStored: null as number | null };
  const writer = openWriter(place);
  const admin = new Admin(clientOptions(place, 'admin'));
  const stopping = new AbortController();
  const answers = new Map<string, KeptAnswer>();
  let reader: KafkaReader | null = null;
  let ready = false;
  let storing = true;
  let lag: number | null = null;

  const backlog = createBacklog(tools, async (record, batch) => {
    if (!ready) throw new Fault('broker-unreachable', 'Kafka has not answered yet');
    try {
      await writer.send(place.topic, await encodeMessage(batch));
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      await spool.bury(record, (error as Fault).message);
      onError(error, `batch ${batch.token} was set aside as a dead letter`);
      figures.dead += 1;
      return;
    }
    await spool.done(record);
  });

  async function setUp(): Promise<void> {
    const backoff = createBackoff();
    while (!ready && !stopping.signal.aborted) {
      try {
        await ensureTopics(admin, place);
        ready = true;
      } catch (error) {
        onError(
          new Error(describe(error), { cause: error }),
          `preparing the topic ${place.topic} in Kafka; trying again`,
        );
        await backoff.pause(stopping.signal);
      }
    }
  }

  async function watchLag(): Promise<void> {
    while (!stopping.signal.aborted) {
      // What is not known is said to be unknown, not what it was when it was known last.
      lag = ready ? await measureLag(admin, place).catch(() => null) : null;
      await sleep(LAG_EVERY_MS, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined);
    }
  }

  function remember(batch: StreamBatch): void {
    if (batch.kind !== 'requests') return;
    for (const { tenantId, key, receipt } of batch.receipts) answers.set(nameOf(tenantId, key), receipt);
    for (const name of answers.keys()) {
      if (answers.size <= ANSWERS_KEPT) break;
      answers.delete(name);
    }
  }

  async function append(batch: StreamBatch): Promise<void> {
    if (stopping.signal.aborted) throw new Fault('stream-closed', 'the stream is closed');
    if (ready && backlog.clear) {
      try {
        await writer.send(place.topic, await encodeMessage(batch));
        figures.appended += 1;
        return remember(batch);
      } catch (error) {
        figures.retries += 1;
        onError(error, 'Kafka did not take a batch; it waits in the spool');
      }
    }
    const record = await backlog.write(batch);
    figures.appended += 1;
    backlog.hold(record);
    remember(batch);
  }

  async function bury(message: KafkaMessage, reason: string, signal: AbortSignal): Promise<void> {
    const letter = deadLetter(message, reason, placeOf(message));
    await until(signal, 'sending a dead letter', () => writer.send(deadTopicOf(place), letter));
    figures.dead += 1;
    onError(new Fault('dead-letter', reason), `the message at ${placeOf(message)} was set aside as a dead letter`);
  }

  /** Does it until it succeeds; throws only once the signal says to stop. */
  async function until<Result>(signal: AbortSignal, doing: string, work: () => Promise<Result>): Promise<Result> {
    const backoff = createBackoff();
    for (;;) {
      signal.throwIfAborted();
      try {
        const result = await work();
        storing = true;
        return result;
      } catch (error) {
        storing = false;
        figures.retries += 1;
        onError(error, `${doing} failed; trying again in ${backoff.ms} ms`);
        await backoff.pause(signal);
      }
    }
  }

  async function take(handler: StreamHandler, message: KafkaMessage, signal: AbortSignal): Promise<void> {
    const batch = await decodeMessage(message.value, headersOf(message.headers));
    if (batch instanceof Error) return bury(message, batch.message, signal);
    const copy = placeOf(message);
    const refusal = await until(signal, `storing the batch at ${copy}`, () => handler({ ...batch, copy }));
    if (refusal !== null) return bury(message, refusal.detail, signal);
    figures.stored += 1;
    figures.lastStored = now();
  }

  const settingUp = setUp();
  await Promise.race([settingUp, after(SETUP_PATIENCE_MS)]);
  backlog.begin();
  void watchLag();

  return {
    append,
    consume(handler) {
      if (reader !== null) throw new Fault('two-handlers', 'the stream has a handler already');
      reader = openReader({ place, take: (message, signal) => take(handler, message, signal), onError });
    },
    caughtUp: (ms) => backlog.caughtUp(ms),
    receiptOf: (tenantId, key) => backlog.receiptOf(tenantId, key) ?? answers.get(nameOf(tenantId, key)),
    figures: () => ({
      ...figures,
      dead: figures.dead + backlog.dead,
      retries: figures.retries + backlog.retries,
      lag,
      spool: spool.depth(),
      reachable: ready && backlog.clear,
      storing,
    }),
    async close(ms) {
      stopping.abort();
      await reader?.close(ms);
      await backlog.close(ms);
      await Promise.race([Promise.allSettled([writer.close(), admin.close(), settingUp]), after(ms)]);
      await spool.close();
    },
  };
}

interface Writer {
  /** Resolves when all in-sync replicas have the message. */
  send(topic: string, message: WireMessage): Promise<void>;
  close(): Promise<void>;
}

/**
 * One message at a time, as an idempotent producer has it. After a failure the producer is given up: what is sent next
 * must not wait for what the last one may still be trying.
 */
function openWriter(place: KafkaPlace): Writer {
  let producer: Producer | null = null;
  let partition = Math.floor(Math.random() * place.partitions);
  let turn: Promise<unknown> = Promise.resolve();

  async function sendNow(topic: string, message: WireMessage): Promise<void> {
    producer ??= new Producer({ ...clientOptions(place, `collect-${randomUUID().slice(0, 8)}`), idempotent: true });
    const own = producer;
    partition = (partition + 1) % 0x10000;
    const sent = own.send({
      messages: [{ topic, partition, ...message }],
      acks: ProduceAcks.ALL,
      idempotent: true,
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const fault = new Fault('broker-unreachable', `Kafka did not answer within ${PRODUCE_MS} ms`);
      timer = setTimeout(() => reject(fault), PRODUCE_MS);
    });
    try {
      await Promise.race([sent, late]);
    } catch (error) {
      if (producer === own) producer = null;
      sent.catch(() => undefined);
      void own.close(true).catch(() => undefined);
      const detail = describe(error);
      const tooLarge = /MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE/.test(detail);
      throw new Fault(tooLarge ? 'message-too-large' : 'broker-unreachable', detail, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    send(topic, message) {
      const sent = turn.then(() => sendNow(topic, message));
      turn = sent.catch(() => undefined);
      return sent;
    },
    async close() {
      await turn;
      await producer?.close(true);
    },
  };
}

function placeOf({ topic, partition, offset }: KafkaMessage): string {
  return `${topic}/${partition}/${offset}`;
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Fault && error.code === 'message-too-large';
}
