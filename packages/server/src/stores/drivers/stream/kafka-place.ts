import {
  Admin,
  type BaseOptions,
  ConfigResourceTypes,
  IncrementalAlterConfigOperationTypes,
} from '@platformatic/kafka';

/** Where the broker is, and how the topic is to be made when it is not there. */
export interface KafkaPlace {
  /** `host:port` each. */
  brokers: readonly string[];
  /** Dead letters go to `<topic>-dead`. */
  topic: string;
  partitions: number;
  /** -1: as the broker has it. */
  replicas: number;
  tls: boolean;
  sasl?: { mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'; username: string; password: string } | undefined;
  /** Most bytes of one message, compressed; the topic is made or changed to take it. */
  messageBytes: number;
}

// A batch that is not stored within that time is lost, so the topic must not be left to a shorter default.
const RETENTION_MS = 7 * 86_400_000;

export function clientOptions({ brokers, tls, sasl }: KafkaPlace, name: string): BaseOptions {
  return {
    clientId: `vedette-${name}`,
    bootstrapBrokers: [...brokers],
    connectTimeout: 3000,
    requestTimeout: 15_000,
    timeout: 10_000,
    retries: 3,
    retryDelay: 200,
    ...(tls ? { tls: {} } : {}),
    ...(sasl === undefined ? {} : { sasl }),
  };
}

/** The consumer group of a topic: all processors are one. */
export function groupOf({ topic }: KafkaPlace): string {
  return `${topic}-process`;
}

export function deadTopicOf({ topic }: KafkaPlace): string {
  return `${topic}-dead`;
}

/** Makes the topics that are missing, and has them take messages as large as a batch may be. */
export async function ensureTopics(admin: Admin, place: KafkaPlace): Promise<void> {
  const wanted = [place.topic, deadTopicOf(place)];
  const there = new Set(await admin.listTopics());
  for (const topic of wanted.filter((name) => !there.has(name))) {
    const options = {
      topics: [topic],
      partitions: topic === place.topic ? place.partitions : 1,
      replicas: place.replicas,
      configs: [
        { name: 'max.message.bytes', value: String(place.messageBytes) },
        { name: 'retention.ms', value: topic === place.topic ? String(RETENTION_MS) : '-1' },
      ],
    };
    await admin.createTopics(options).catch((error: unknown) => {
      // Another process may be as quick.
      if (!String(describe(error)).includes('TOPIC_ALREADY_EXISTS')) throw error;
    });
  }
  for (const topic of wanted.filter((name) => there.has(name))) await raiseMessageBytes(admin, topic, place);
}

async function raiseMessageBytes(admin: Admin, topic: string, { messageBytes }: KafkaPlace): Promise<void> {
  const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: topic };
  const name = 'max.message.bytes';
  const [described] = await admin.describeConfigs({ resources: [{ ...resource, configurationKeys: [name] }] });
  const value = Number(described?.configs.find((config) => config.name === name)?.value ?? Number.NaN);
  if (!(value < messageBytes)) return;
  const configs = [{ name, configOperation: IncrementalAlterConfigOperationTypes.SET, value: String(messageBytes) }];
  await admin.incrementalAlterConfigs({ resources: [{ ...resource, configs }] });
}

/** Messages that no processor has committed yet, over all partitions. */
export async function measureLag(admin: Admin, place: KafkaPlace): Promise<number> {
  const { topic } = place;
  const metadata = await admin.metadata({ topics: [topic] });
  const count = metadata.topics.get(topic)?.partitionsCount ?? 0;
  const partitions = Array.from({ length: count }, (_, index) => index);
  const ask = async (timestamp: bigint) => {
    const request = { name: topic, partitions: partitions.map((partitionIndex) => ({ partitionIndex, timestamp })) };
    const [listed] = await admin.listOffsets({ topics: [request] });
    return new Map(listed?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset]));
  };
  const [first, end] = [await ask(-2n), await ask(-1n)];
  const groups = [{ groupId: groupOf(place), topics: [{ name: topic, partitionIndexes: partitions }] }];
  const [group] = await admin.listConsumerGroupOffsets({ groups });
  const committed = new Map(
    group?.topics.flatMap(({ partitions: list }) =>
      list.map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset] as const),
    ),
  );
  let lag = 0n;
  for (const partition of partitions) {
    const done = committed.get(partition) ?? -1n;
    lag += (end.get(partition) ?? 0n) - (done < 0n ? (first.get(partition) ?? 0n) : done);
  }
  return Number(lag < 0n ? 0n : lag);
}

/** Everything an error of the client says, with those it is made of. */
export function describe(error: unknown): string {
  const {
    message = String(error),
    errors = [],
    cause,
  } = error as { message?: string; errors?: unknown[]; cause?: unknown };
  const inner = [...errors, ...(cause === undefined ? [] : [cause])].map(describe);
  const id = (error as { apiId?: string }).apiId;
  return [...new Set([id === undefined ? message : `${id}: ${message}`, ...inner])].join('; ');
}
