import { randomUUID } from 'node:crypto';
import { Consumer, type Message, MessagesStreamFallbackModes, MessagesStreamModes } from '@platformatic/kafka';
import { after, createBackoff } from './backoff.ts';
import { clientOptions, describe, groupOf, type KafkaPlace } from './kafka-place.ts';

// A processor that is gone leaves its partitions to others after that time.
const SESSION_MS = 10_000;
const HEARTBEAT_MS = 2000;
const REBALANCE_MS = 20_000;
const LEAVE_MS = 3000;
// Messages that are fetched and not done; each may be some MB.
const MOST_PENDING = 6;
const FETCH_BYTES = 16 * 1024 * 1024;
const FETCH_BYTES_PARTITION = 4 * 1024 * 1024;
const FETCH_WAIT_MS = 500;

export type KafkaMessage = Message<Buffer, Buffer, Buffer, Buffer>;

/** Reads a topic as one of its group. */
export interface KafkaReader {
  /** Stops reading and leaves the group; waits `ms` at most for what hangs. */
  close(ms: number): Promise<void>;
}

export interface ReaderOptions {
  place: KafkaPlace;
  /** Does one message; resolves when its offset may be committed. Throws only once the signal says to stop. */
  take(message: KafkaMessage, signal: AbortSignal): Promise<void>;
  onError(error: unknown, doing: string): void;
}

/**
 * Messages of one partition are taken one after another, those of several at once, and each is committed when it is
 * done. The client's stream ends with an error on some restarts of a broker and some rebalances; a new consumer then
 * goes on from what is committed, so that a message may be taken again but none is passed over.
 */
export function openReader({ place, take, onError }: ReaderOptions): KafkaReader {
  const stopping = new AbortController();
  let current: Consumer<Buffer, Buffer, Buffer, Buffer> | null = null;
  const running = run();

  async function run(): Promise<void> {
    const backoff = createBackoff();
    while (!stopping.signal.aborted) {
      try {
        await session(() => backoff.reset());
      } catch (error) {
        if (stopping.signal.aborted) break;
        onError(new Error(describe(error), { cause: error }), 'reading from Kafka ended; beginning again');
      }
      await backoff.pause(stopping.signal);
    }
  }

  async function session(onMessage: () => void): Promise<void> {
    const consumer = new Consumer<Buffer, Buffer, Buffer, Buffer>({
      ...clientOptions(place, `process-${randomUUID().slice(0, 8)}`),
      groupId: groupOf(place),
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_MS,
    });
    current = consumer;
    const ended = new AbortController();
    const signal = AbortSignal.any([stopping.signal, ended.signal]);
    const lanes = new Map<number, Promise<void>>();
    let pending = 0;
    let room: (() => void) | null = null;

    const work = async (message: KafkaMessage) => {
      try {
        if (signal.aborted) return;
        await take(message, signal);
        await commit(consumer, message);
      } catch (error) {
        if (!signal.aborted) onError(error, 'taking a message');
        // What follows in this partition must not be committed over it.
        ended.abort();
      } finally {
        pending -= 1;
        room?.();
      }
    };

    try {
      const stream = await consumer.consume({
        topics: [place.topic],
        mode: MessagesStreamModes.COMMITTED,
        fallbackMode: MessagesStreamFallbackModes.EARLIEST,
        autocommit: false,
        highWaterMark: 4,
        minBytes: 1,
        maxBytes: FETCH_BYTES,
        maxBytesPerPartition: FETCH_BYTES_PARTITION,
        maxWaitTime: FETCH_WAIT_MS,
      });
      const end = () => {
        stream.close().catch(() => undefined);
        room?.();
      };
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      for await (const message of stream) {
        onMessage();
        pending += 1;
        const lane = lanes.get(message.partition) ?? Promise.resolve();
        lanes.set(
          message.partition,
          lane.then(() => work(message)),
        );
        while (pending >= MOST_PENDING && !signal.aborted) {
          await new Promise<void>((resolve) => {
            room = resolve;
          });
        }
      }
      // A stream that was told to end leaves what is under way to be finished and committed.
      await Promise.all(lanes.values());
    } finally {
      ended.abort();
      await Promise.all(lanes.values());
      await Promise.race([consumer.close(true).catch(() => undefined), after(SESSION_MS)]);
      current = null;
    }
  }

  async function commit(consumer: Consumer<Buffer, Buffer, Buffer, Buffer>, message: KafkaMessage): Promise<void> {
    const { topic, partition, offset, leaderEpoch } = message;
    try {
      await consumer.commit({ offsets: [{ topic, partition, offset: offset + 1n, leaderEpoch }] });
    } catch (error) {
      // The partition may be another's by now: it takes the message again, and the token drops it.
      if (!stopping.signal.aborted) onError(new Error(describe(error), { cause: error }), 'committing an offset');
    }
  }

  return {
    async close(ms) {
      stopping.abort();
      await Promise.race([running, after(ms)]);
      // What hangs is left behind, and the partitions to others: a member that goes on with its heartbeats keeps them.
      if (current !== null) await Promise.race([current.close(true).catch(() => undefined), after(LEAVE_MS)]);
    },
  };
}
