import type { BatchKind } from '../model/batch-kind.ts';
import type { Refusal } from '../model/request.ts';
import type { KeptAnswer } from '../model/ways-in.ts';
import type { KafkaPlace } from './drivers/stream/kafka-place.ts';

export { openDirectStream } from './drivers/stream/direct.ts';
export type { KafkaPlace } from './drivers/stream/kafka-place.ts';

/** The answer to a delivery that came with an Idempotency-Key, and which rows of its batch are the delivery's. */
export interface KeptReceipt {
  tenantId: string;
  key: string;
  receipt: KeptAnswer;
  /** First of its rows in the batch, and how many there are. */
  start: number;
  rows: number;
}

/** One batch as it was cut; nothing that it passes cuts it again. */
export interface StreamBatch {
  kind: BatchKind;
  /** Drops repetitions in the store. */
  token: string;
  /** Rows. */
  count: number;
  /** The rows as one INSERT takes them. */
  bytes: Buffer;
  receipts: readonly KeptReceipt[];
}

/** A batch as it comes out. */
export interface StreamedBatch extends StreamBatch {
  /**
   * Which copy of the batch this is, where a stream may hold several (a sender that does not know whether its message
   * arrived sends it again); a copy that is read again has the same name. null where there is only one.
   */
  copy: string | null;
}

/**
 * Stores one batch. null: it is stored, or was already. A refusal: it never will be, and goes to the dead letters with
 * the refusal's detail. Throws when it may be tried again; nothing is passed over.
 */
export type StreamHandler = (batch: StreamedBatch) => Promise<Refusal | null>;

/** Figures since the stream was opened, and what waits. */
export interface StreamFigures {
  /** Batches that became durable here. */
  appended: number;
  /** Batches that the handler stored. */
  stored: number;
  /** Batches that became dead letters. */
  dead: number;
  /** Attempts to store or to hand on that failed and are made again. */
  retries: number;
  /** Batches that are durable and not stored yet, of all processes on this stream; null while that is not known. */
  lag: number | null;
  /** What waits on this machine's disk. */
  spool: { records: number; bytes: number };
  /** false while the next hop (the store, or the broker) does not answer and batches wait on disk. */
  reachable: boolean;
  /** false while the handler fails. */
  storing: boolean;
  /** ms since the epoch. */
  lastStored: number | null;
}

/** Carries batches from whoever cut them to whoever stores them; each arrives at least once, in any order. */
export interface Stream {
  /**
   * Resolves when the batch is durable: stored, or with the broker, or on this machine's disk while that is away.
   * Faults: `spool-full`, `disk-full`, `batch-too-large`.
   */
  append(batch: StreamBatch): Promise<void>;
  /** Has every batch stored by `handler`, from now until the stream is closed. To be called once at most. */
  consume(handler: StreamHandler): void;
  /**
   * Resolves when what waited on disk at the opening has been handed on, or after `ms`: nothing new should be taken
   * before the oldest is in, as long as anything answers.
   */
  caughtUp(ms: number): Promise<void>;
  /** The answer under a key whose batch passed here lately, before it is stored. */
  receiptOf(tenantId: string, key: string): KeptAnswer | undefined;
  figures(): StreamFigures;
  /** Ends what is under way, waiting `ms` at most for what hangs; what waits on disk stays there. */
  close(ms: number): Promise<void>;
}

/** The disk of this machine, as the drivers use it; `flow/spool.ts` is one. */
export interface StreamSpool {
  readonly recovered: readonly StreamSpoolRecord[];
  append(meta: StreamSpoolMeta, bytes: Buffer): Promise<StreamSpoolRecord>;
  done(record: StreamSpoolRecord): Promise<void>;
  bury(record: StreamSpoolRecord, reason: string): Promise<void>;
  depth(): { records: number; bytes: number };
  close(): Promise<void>;
}

export interface StreamSpoolMeta {
  token: string;
  /** BatchKind; absent in records of a hub that knew requests only. */
  kind?: unknown;
  count: number;
  [more: string]: unknown;
}

export interface StreamSpoolRecord {
  meta: StreamSpoolMeta;
  read(): Promise<Buffer>;
}

/** What every driver needs. */
export interface StreamTools {
  spool: StreamSpool;
  /** Told of what fails and is tried again, and of dead letters. */
  onError(error: unknown, doing: string): void;
  now?: () => number;
}

/** A message as it lies in the topic, with the batch it holds; `batch` throws where it cannot be read. */
export interface LyingMessage {
  topic: string;
  bytes: number;
  batch(): Promise<StreamBatch>;
}

/** What lies in Kafka just now, read without taking part: for looking only. */
export async function* lookIntoKafka(place: KafkaPlace, signal: AbortSignal): AsyncGenerator<LyingMessage> {
  const { lookIntoTopics } = await import('./drivers/stream/kafka-look.ts');
  const { decodeMessage } = await import('./drivers/stream/kafka-message.ts');
  for await (const { topic, value, headers } of lookIntoTopics(place, signal)) {
    yield {
      topic,
      bytes: value?.length ?? 0,
      async batch() {
        const batch = await decodeMessage(value, headers);
        if (batch instanceof Error) throw batch;
        return batch;
      },
    };
  }
}

/** Opens the stream through Kafka. The client is loaded only here: most hubs have no broker. */
export async function openKafkaStream(tools: StreamTools, place: KafkaPlace): Promise<Stream> {
  const driver = await import('./drivers/stream/kafka.ts');
  return driver.openKafkaStream(tools, place);
}
