import { randomUUID } from 'node:crypto';
import { Admin, Consumer, MessagesStreamModes } from '@platformatic/kafka';
import { Fault } from '../../../model/fault.ts';
import { headersOf } from './kafka-message.ts';
import { clientOptions, deadTopicOf, type KafkaPlace } from './kafka-place.ts';

/** Without a message for so long, what is missing is not there any more. */
const SILENCE_MS = 15_000;

/** A message as it lies in a topic. */
export interface LyingMessage {
  topic: string;
  value: Buffer | null;
  headers: ReadonlyMap<string, string>;
}

/**
 * Reads what is in the topic and its dead letters when it is called, from the beginning, in a consumer group of its own
 * that commits nothing and is gone after. Throws a Fault `broker-unreachable` when messages stop coming before the end.
 */
export async function* lookIntoTopics(place: KafkaPlace, signal: AbortSignal): AsyncGenerator<LyingMessage> {
  const admin = new Admin(clientOptions(place, 'look'));
  try {
    const there = new Set(await admin.listTopics());
    for (const topic of [place.topic, deadTopicOf(place)]) {
      if (there.has(topic)) yield* lookIntoTopic(admin, place, topic, signal);
    }
  } finally {
    await admin.close().catch(() => undefined);
  }
}

async function* lookIntoTopic(
  admin: Admin,
  place: KafkaPlace,
  topic: string,
  signal: AbortSignal,
): AsyncGenerator<LyingMessage> {
  const missing = await messagesOf(admin, topic);
  if (missing.size === 0) return;
  const groupId = `${topic}-look-${randomUUID()}`;
  const consumer = new Consumer<Buffer, Buffer, Buffer, Buffer>({ ...clientOptions(place, 'look'), groupId });
  const stream = await consumer.consume({
    topics: [topic],
    mode: MessagesStreamModes.EARLIEST,
    autocommit: false,
    highWaterMark: 2,
    maxBytes: 8 * 1024 * 1024,
    maxWaitTime: 500,
  });
  let silent = false;
  const end = () => void stream.close().catch(() => undefined);
  const giveUp = () => {
    silent = true;
    end();
  };
  let timer = setTimeout(giveUp, SILENCE_MS);
  signal.addEventListener('abort', end, { once: true });
  try {
    for await (const { partition, offset, value, headers } of stream) {
      clearTimeout(timer);
      if (offset <= (missing.get(partition) ?? -1n)) yield { topic, value, headers: headersOf(headers) };
      if (offset >= (missing.get(partition) ?? -1n)) missing.delete(partition);
      if (missing.size === 0) break;
      timer = setTimeout(giveUp, SILENCE_MS);
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    await consumer.close(true).catch(() => undefined);
    await admin.deleteGroups({ groups: [groupId] }).catch(() => undefined);
  }
  signal.throwIfAborted();
  if (silent) throw new Fault('broker-unreachable', `the topic ${topic} could not be read to its end`);
}

/** The last offset of each partition that holds anything. */
async function messagesOf(admin: Admin, topic: string): Promise<Map<number, bigint>> {
  const metadata = await admin.metadata({ topics: [topic] });
  const count = metadata.topics.get(topic)?.partitionsCount ?? 0;
  const ask = async (timestamp: bigint) => {
    const partitions = Array.from({ length: count }, (_, partitionIndex) => ({ partitionIndex, timestamp }));
    const [listed] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
    return new Map(listed?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset]));
  };
  const [first, end] = [await ask(-2n), await ask(-1n)];
  return new Map([...end].filter(([index, offset]) => offset > (first.get(index) ?? 0n)).map(([i, o]) => [i, o - 1n]));
}
