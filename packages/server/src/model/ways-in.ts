import type { RawRequest, Refusal, RequestOrigin } from './request.ts';
import type { Sender, SourceKind } from './source.ts';

/** A tenant-bound delivery of requests that were read and validated by a way in. */
export interface Delivery {
  tenantId: string;
  origin: RequestOrigin;
  records: readonly RawRequest[];
  /** The sender's Idempotency-Key; a retry under the same key is answered, not stored again. */
  idempotencyKey?: string;
  /** Hash of what was sent under the key. */
  fingerprint?: string;
}

/** What became of a delivery, once it is durable. `refused` holds the records that the pipeline would not take. */
export interface Receipt {
  accepted: number;
  refused: { index: number; refusal: Refusal }[];
  /** Hash of what was sent; another under the same key is refused. */
  fingerprint?: string;
  /** true: answered from an earlier delivery under the same key. */
  repeated: boolean;
}

/** Records in a row that were refused for the same reason, from the first to the last; the detail is the first one's. */
export interface RefusedRun {
  from: number;
  to: number;
  refusal: Refusal;
}

/**
 * A receipt as it is remembered for a sender's retry. A body may hold tens of thousands of wrong records, and costs its
 * sender next to nothing; what is remembered of it is to cost as little.
 */
export interface KeptAnswer {
  accepted: number;
  refused: RefusedRun[];
  fingerprint?: string;
}

/**
 * The traffic pipeline as the ways in see it. Rejects with a Fault `overloaded` when it can take no more (503), and
 * with `idempotency-key-reused` when something else came under a key before.
 */
export interface TrafficIntake {
  deliver(delivery: Delivery): Promise<Receipt>;
}

/** A record of a body, by its place there from 0. */
export interface Incoming {
  index: number;
  raw: RawRequest;
  /** What it says of who sent it, where a body holds records of several; '' otherwise. */
  from: string;
}

/** A record that was not taken. */
export interface TurnedAway {
  index: number;
  refusal: Refusal;
  from: string;
}

/** What a way in has read out of one body. `ignored` are records that are about something else than requests. */
export interface Reading {
  records: Incoming[];
  rejected: TurnedAway[];
  ignored: number;
  /** true: what it holds happens once, so that an equal body is the same sent again. */
  once?: boolean;
}

/** What one sender sent at once, not yet sorted by tenant. */
export interface Consignment {
  sender: Sender;
  /** Whose what belongs to nobody else is. */
  tenantId: string;
  /** true: a record whose host belongs to a tenant's domain goes to that tenant. */
  byHost: boolean;
  reading: Reading;
  idempotencyKey?: string;
  /** Hash of what was sent under the key. */
  fingerprint?: string;
}

/** What became of a consignment. */
export interface Reception {
  accepted: number;
  /** What the reader and the pipeline would not take, in the order of the body. */
  rejected: TurnedAway[];
  /** Records of tenants whose delivery failed: nothing of them was stored. */
  failed: number[];
  /** Why; the first failure. Undefined when all is well. */
  fault: unknown;
  /** true: all of it was answered from an earlier delivery under the same key. */
  repeated: boolean;
}

/** Takes what ways in have read: to each tenant its own, and a note of it into the ledger of sources. */
export interface Receiver {
  /** Never rejects: a failure is in the answer, for others may have been served. */
  receive(consignment: Consignment): Promise<Reception>;
  /** Records since the start, by way in: taken, turned away for what they are, and not taken for want of room or an engine. */
  figures(): ReadonlyMap<SourceKind, { accepted: number; rejected: number; failed: number }>;
}

/** What the hub reads of bodies made by other programs. `sender` tells senders of access-log lines apart. */
export interface WireReaders {
  /** OTLP's ExportTraceServiceRequest. Refusals: `bad-body`, `too-many`. */
  spans(body: Buffer, encoding: OtlpEncoding): Reading | Refusal;
  /** OTLP's ExportLogsServiceRequest. The same refusals. */
  logs(body: Buffer, encoding: OtlpEncoding, sender: string): Reading | Refusal;
  /** Elasticsearch's _bulk. Refusals: `bad-action`, `too-many`. */
  bulk(body: Buffer, index: string, sender: string): BulkReading | Refusal;
}

export type OtlpEncoding = 'json' | 'protobuf';

/** A bulk body: what each action was, and the documents among them as requests. */
export interface BulkReading extends Reading {
  actions: { action: string; index: string; id: string }[];
  /** Whether the sender gave every document an id of its own. */
  allNamed: boolean;
}

/** Most records of one body; more are refused as a whole, so that one body cannot fill the hub's memory. */
export const MOST_RECORDS = 50_000;

export interface ImportRequest {
  tenantId: string;
  /** Shown in lists and messages; the identity of a file is its content. */
  name: string;
  /** The file as bytes, compressed or not; read once, with back-pressure. */
  stream: AsyncIterable<Uint8Array>;
  /** Format by name; detected from the first lines when absent. */
  format?: string;
  /** Template of a custom format. */
  customFormat?: string;
  /** Host for lines that name none. */
  domain?: string;
  /** true: an unterminated last line is left for the next import (follow mode). */
  follow?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: ImportProgress) => void;
  /** Called for each rejected line, in order; for rejects files. */
  onReject?: (reject: ImportReject) => void;
}

export interface ImportProgress {
  /** Decompressed bytes durable so far. */
  bytes: number;
  lines: number;
}

export interface ImportReject {
  /** 1-based. */
  line: number;
  reason: string;
  detail: string;
  excerpt: string;
}

/** The figures of one import. `known` are lines that an earlier import of the same file had already counted. */
export interface ImportResult {
  name: string;
  format: string;
  lines: { read: number; accepted: number; rejected: number; known: number };
  reasons: Record<string, number>;
  /** First examples of rejected lines. */
  rejects: ImportReject[];
  /** Event times of the accepted lines, RFC 3339; null when there are none. */
  window: { from: string; to: string } | null;
  /** Set when the file ended early (a truncated gzip, say); what could be read was taken. */
  truncated: string | null;
}

export interface FileImporter {
  import(request: ImportRequest): Promise<ImportResult | Refusal>;
}

/** Figures of the pipeline since it was opened, for status and metrics. */
export interface TrafficFigures {
  accepted: number;
  refused: number;
  batches: number;
  /** Batches that went to the dead letters. */
  dead: number;
  pendingRows: number;
  spool: { records: number; bytes: number };
  /** false while the store does not answer and batches wait on disk. */
  storeReachable: boolean;
  lastStored: number | null;
  /** Batches that were another's copy, and so not stored again. */
  repeats: number;
  /** Batches; `lag` is how many are durable and not stored, of all processes, null while that is not known. */
  stream: { appended: number; stored: number; retries: number; lag: number | null };
}
