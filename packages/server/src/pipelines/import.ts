import { createHash } from 'node:crypto';
import { cutBlocks } from '../collect/access-log/blocks.ts';
import { eachLine } from '../collect/access-log/lines.ts';
import { detectFormat, type LineParser, openParser, type ParsedLine } from '../collect/access-log/parser.ts';
import { createByteReader } from '../flow/byte-reader.ts';
import { cutWhenIdle, type LineBlock } from '../flow/idle-blocks.ts';
import { Fault } from '../model/fault.ts';
import { isRefusal, type Refusal } from '../model/request.ts';
import type { StoredRequest } from '../model/stored-request.ts';
import type { RetentionDays } from '../privacy/retention.ts';
import type { Context, Prepare } from './prepare.ts';
import type { EncodedBatch } from './traffic.ts';
import type { FileImporter, ImportReject, ImportRequest, ImportResult } from './ways-in.ts';

/** A range is what one INSERT takes: about 40,000 lines of 200 bytes. */
const RANGE_BYTES = 8 * 1024 * 1024;
/** What a file is known by: the hash of its beginning. */
const HEAD_BYTES = 4096;
const SAMPLE_BYTES = 256 * 1024;
const SAMPLE_LINES = 200;
/** Work between two turns of the event loop, so that an import does not hold up requests. */
const SLICE_BYTES = 128 * 1024;
const MAX_EXAMPLES = 20;
const MAX_EXCERPT = 200;
const INSERTS_UNDER_WAY = 2;
const FOLLOW_IDLE_MS = 500;

/** A byte range of a file (offsets in the decompressed stream) under the token its INSERT carries. */
export interface ImportRange {
  start: number;
  end: number;
  token: string;
}

/** What is remembered of a file. `pending` ranges were begun; whether the store has them only their token tells. */
export interface ImportFile {
  id: string;
  name: string;
  format: string;
  /** Directives the parser had read at `offset`. */
  parserState: string;
  offset: number;
  /** Hash of the last bytes before `offset`, to tell a file that grew from one that was rewritten. */
  tailHash: string;
  linesRead: number;
  pending: ImportRange[];
}

/** Figures of one range. Times in ms since the epoch, null when nothing was accepted. */
export interface RangeFigures {
  read: number;
  accepted: number;
  rejected: number;
  firstTime: number | null;
  lastTime: number | null;
}

/** The durable memory of imports. */
export interface ImportLedger {
  /** Lengths of the beginnings that files of this tenant are known by, other than the full one. */
  headSizes(tenantId: string): Promise<number[]>;
  /** The file known by one of these beginnings; the longest wins. */
  find(tenantId: string, heads: readonly { bytes: number; hash: string }[]): Promise<ImportFile | undefined>;
  create(
    tenantId: string,
    file: { headBytes: number; headHash: string; name: string; format: string },
  ): Promise<ImportFile>;
  intend(tenantId: string, fileId: string, range: ImportRange): Promise<void>;
  /** Moves on past a stored range; in one transaction with forgetting that it was pending. */
  advance(
    tenantId: string,
    fileId: string,
    range: ImportRange,
    figures: RangeFigures,
    state: { parserState: string; tailHash: string },
  ): Promise<void>;
}

export interface ImportStages {
  prepare: Prepare;
  encode(rows: readonly StoredRequest[]): Buffer;
  insert(batch: EncodedBatch): Promise<void>;
  ledger: ImportLedger;
  retentionOf(tenantId: string): RetentionDays;
  /** Decompresses by magic bytes; calls `onTruncated` when the compressed stream ends early. */
  decompress(stream: AsyncIterable<Uint8Array>, onTruncated: (why: string) => void): AsyncIterable<Uint8Array>;
  now?: () => number;
}

/**
 * The way of a file into the store:
 *
 *     bytes → known? → fixed byte ranges → parse → prepare → INSERT under (file, range) → advance
 *
 * A range is written down before it is stored and struck off after, so that an interrupted import goes on where it
 * was: what was under way is stored again under its token, which the store drops if it has it. The same file counts
 * once, a file that grew adds its new part, and identical lines count each.
 */
export function createFileImporter(stages: ImportStages): FileImporter {
  const busy = new Set<string>();
  return {
    async import(request) {
      const run = new ImportRun(stages, request);
      const file = await run.recognise();
      if (isRefusal(file)) return file;
      if (busy.has(file.id)) {
        return { refused: 'import-running', detail: `${request.name} is being imported already; wait for it to end` };
      }
      busy.add(file.id);
      try {
        return await run.read(file);
      } finally {
        busy.delete(file.id);
      }
    },
  };
}

class ImportRun {
  readonly #stages: ImportStages;
  readonly #request: ImportRequest;
  readonly #reader: ReturnType<typeof createByteReader>;
  readonly #context: Context;
  readonly #result: ImportResult;
  #parser: LineParser | null = null;
  #lines = 0;
  #midLine = false;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(stages: ImportStages, request: ImportRequest) {
    this.#stages = stages;
    this.#request = request;
    const onTruncated = (why: string) => {
      this.#result.truncated = why;
    };
    this.#reader = createByteReader(stages.decompress(request.stream, onTruncated));
    this.#context = {
      tenantId: request.tenantId,
      origin: 'import',
      received: (stages.now ?? Date.now)(),
      fallbackHost: request.domain ?? '',
      retention: stages.retentionOf(request.tenantId),
    };
    this.#result = {
      name: request.name,
      format: '',
      lines: { read: 0, accepted: 0, rejected: 0, known: 0 },
      reasons: {},
      rejects: [],
      window: null,
      truncated: null,
    };
  }

  /** The file as it is known, or as it is written down now that its format is detected; or why it cannot be read. */
  async recognise(): Promise<ImportFile | Refusal> {
    const { ledger } = this.#stages;
    const { tenantId, name } = this.#request;
    const head = await this.#reader.peek(HEAD_BYTES);
    if (head.length === 0) return { refused: 'empty-file', detail: `${name} is empty` };
    const sizes = (await ledger.headSizes(tenantId)).filter((size) => size <= head.length);
    const heads = [...new Set([head.length, ...sizes])].map((bytes) => ({
      bytes,
      hash: hash(head.subarray(0, bytes)),
    }));
    const known = await ledger.find(tenantId, heads);
    if (known !== undefined) return known;
    const format = this.#request.format ?? (await this.#detect());
    if (typeof format !== 'string') return format;
    this.#open(format, '');
    return ledger.create(tenantId, { headBytes: head.length, headHash: hash(head), name, format });
  }

  async #detect(): Promise<string | Refusal> {
    if (this.#request.customFormat !== undefined) return 'custom';
    const sample = await this.#reader.peek(SAMPLE_BYTES);
    const lines: string[] = [];
    const whole = sample.length < SAMPLE_BYTES ? sample.length : sample.lastIndexOf(10) + 1 || sample.length;
    eachLine(sample.subarray(0, whole), (line) => {
      if (lines.length < SAMPLE_LINES) lines.push(line);
    });
    const detection = detectFormat(lines);
    if (isRefusal(detection)) return { ...detection, detail: `${this.#request.name}: ${detection.detail}` };
    return detection.format;
  }

  #open(format: string, state: string): void {
    this.#parser = openParser(format, { state, custom: this.#request.customFormat });
  }

  /** Everything of the file that is not known yet. */
  async read(file: ImportFile): Promise<ImportResult | Refusal> {
    this.#open(this.#request.format ?? file.format, file.parserState);
    this.#result.format = this.#parser?.format ?? file.format;
    const changed = await this.#skipKnown(file);
    if (changed !== null) return changed;
    const inserts = new InsertQueue(INSERTS_UNDER_WAY);
    try {
      let offset = file.offset;
      for (const range of file.pending) {
        const bytes = await this.#reader.take(range.end - range.start);
        if (bytes.length < range.end - range.start) break;
        await this.#store(file, range, bytes, inserts);
        offset = range.end;
      }
      for await (const block of this.#blocks(offset)) {
        this.#request.signal?.throwIfAborted();
        const bytes = block.last ? this.#withoutUnfinished(block.bytes) : block.bytes;
        if (bytes.length === 0) continue;
        const end = block.end - (block.bytes.length - bytes.length);
        const range = { start: block.start, end, token: `${file.id}:${block.start}-${end}` };
        await this.#store(file, range, bytes, inserts);
      }
    } finally {
      await inserts.settle();
    }
    inserts.throwIfFailed();
    if (this.#result.lines.accepted > 0) {
      this.#result.window = { from: new Date(this.#first).toISOString(), to: new Date(this.#last).toISOString() };
    }
    return this.#result;
  }

  /** Passes over what is stored already; refuses a file that was rewritten behind a beginning that stayed. */
  async #skipKnown(file: ImportFile): Promise<Refusal | null> {
    if (file.offset === 0) return null;
    this.#result.lines.known = file.linesRead;
    const { skipped, newlines, tail } = await this.#reader.skip(file.offset, HEAD_BYTES);
    this.#lines = newlines;
    if (skipped < file.offset) return null;
    this.#midLine = tail[tail.length - 1] !== 10;
    if (hash(tail) === file.tailHash) return null;
    return {
      refused: 'changed-file',
      detail:
        `${this.#request.name} begins like ${file.name}, which was imported up to byte ${file.offset}, ` +
        'but differs before that byte; nothing was imported, because it cannot be told what is new in it',
    };
  }

  #blocks(from: number): AsyncIterable<LineBlock> {
    const stream = this.#reader.rest();
    if (this.#request.follow === true) return cutWhenIdle(stream, { size: RANGE_BYTES, idleMs: FOLLOW_IDLE_MS, from });
    return cutBlocks(stream, { size: RANGE_BYTES, from });
  }

  /**
   * A last line without its newline may be half written. It is taken if it can be read; otherwise it is left for the
   * next import, when the rest of it is there.
   */
  #withoutUnfinished(bytes: Buffer): Buffer {
    const from = bytes.lastIndexOf(10) + 1;
    if (from === bytes.length) return bytes;
    const parsed: ParsedLine[] = [];
    eachLine(bytes.subarray(from), (line) => parsed.push((this.#parser as LineParser).parse(line)));
    return parsed.some((each) => each !== null && isRefusal(each)) ? bytes.subarray(0, from) : bytes;
  }

  async #store(file: ImportFile, range: ImportRange, bytes: Buffer, inserts: InsertQueue): Promise<void> {
    const { ledger, insert } = this.#stages;
    const { tenantId } = this.#request;
    const { chunks, figures } = await this.#parse(bytes);
    const state = { parserState: this.#parser?.state() ?? '', tailHash: hash(await this.#tailOf(bytes)) };
    await ledger.intend(tenantId, file.id, range);
    const progress = { bytes: range.end, lines: this.#lines };
    const batch = { token: range.token, count: figures.accepted, bytes: Buffer.concat(chunks) };
    await inserts.push(
      () => (batch.count > 0 ? insert(batch) : Promise.resolve()),
      async () => {
        await ledger.advance(tenantId, file.id, range, figures, state);
        this.#count(figures);
        this.#request.onProgress?.(progress);
      },
    );
  }

  #previousTail: Buffer = Buffer.alloc(0);

  /** The last bytes of the stream so far; a range may be shorter than the tail that is hashed. */
  async #tailOf(bytes: Buffer): Promise<Buffer> {
    const known = this.#previousTail.length > 0 ? this.#previousTail : this.#reader.skippedTail();
    const tail = bytes.length >= HEAD_BYTES ? bytes.subarray(-HEAD_BYTES) : Buffer.concat([known, bytes]);
    this.#previousTail = Buffer.from(tail.subarray(-HEAD_BYTES));
    return this.#previousTail;
  }

  async #parse(bytes: Buffer): Promise<{ chunks: Buffer[]; figures: RangeFigures }> {
    const chunks: Buffer[] = [];
    const figures: RangeFigures = { read: 0, accepted: 0, rejected: 0, firstTime: null, lastTime: null };
    // What follows an unfinished line that was taken is the end of that line, not a line.
    const continued = this.#midLine ? bytes.indexOf(10) + 1 || bytes.length : 0;
    this.#midLine = bytes[bytes.length - 1] !== 10;
    for (let from = continued; from < bytes.length; ) {
      let to = from + SLICE_BYTES >= bytes.length ? bytes.length : bytes.indexOf(10, from + SLICE_BYTES) + 1;
      if (to === 0) to = bytes.length;
      const rows = this.#parseSlice(bytes.subarray(from, to), figures);
      if (rows.length > 0) chunks.push(this.#stages.encode(rows));
      from = to;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { chunks, figures };
  }

  #parseSlice(slice: Buffer, figures: RangeFigures): StoredRequest[] {
    const parser = this.#parser as LineParser;
    const rows: StoredRequest[] = [];
    let first = figures.firstTime ?? Number.POSITIVE_INFINITY;
    let last = figures.lastTime ?? Number.NEGATIVE_INFINITY;
    eachLine(slice, (line) => {
      this.#lines += 1;
      const parsed = parser.parse(line);
      if (parsed === null) return;
      figures.read += 1;
      const row = isRefusal(parsed) ? parsed : this.#stages.prepare(parsed, this.#context);
      if (isRefusal(row)) {
        figures.rejected += 1;
        this.#reject(row, line);
        return;
      }
      rows.push(row);
      const { time } = row.request;
      if (time < first) first = time;
      if (time > last) last = time;
    });
    figures.accepted += rows.length;
    if (last >= first) {
      figures.firstTime = first;
      figures.lastTime = last;
    }
    return rows;
  }

  #reject(refusal: Refusal, line: string): void {
    const { reasons, rejects } = this.#result;
    reasons[refusal.refused] = (reasons[refusal.refused] ?? 0) + 1;
    if (rejects.length >= MAX_EXAMPLES && this.#request.onReject === undefined) return;
    const reject: ImportReject = {
      line: this.#lines,
      reason: refusal.refused,
      detail: refusal.detail,
      excerpt: line.slice(0, MAX_EXCERPT),
    };
    if (rejects.length < MAX_EXAMPLES) rejects.push(reject);
    this.#request.onReject?.(reject);
  }

  #count(figures: RangeFigures): void {
    const { lines } = this.#result;
    lines.read += figures.read;
    lines.accepted += figures.accepted;
    lines.rejected += figures.rejected;
    this.#first = Math.min(this.#first, figures.firstTime ?? Number.POSITIVE_INFINITY);
    this.#last = Math.max(this.#last, figures.lastTime ?? Number.NEGATIVE_INFINITY);
  }
}

/** Runs inserts side by side, but what follows each strictly in order; after a failure nothing more is begun. */
class InsertQueue {
  readonly #most: number;
  #underWay: Promise<void>[] = [];
  #tail: Promise<void> = Promise.resolve();
  #failure: { error: unknown } | null = null;

  constructor(most: number) {
    this.#most = most;
  }

  async push(insert: () => Promise<void>, then: () => Promise<void>): Promise<void> {
    this.throwIfFailed();
    const before = this.#tail;
    const inserted = insert();
    this.#tail = Promise.all([inserted, before]).then(then);
    const settled = this.#tail.catch((error) => {
      this.#failure ??= { error };
    });
    this.#underWay.push(settled);
    if (this.#underWay.length >= this.#most) await this.#underWay.shift();
  }

  async settle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  throwIfFailed(): void {
    if (this.#failure === null) return;
    const { error } = this.#failure;
    if (error instanceof Fault) throw error;
    throw new Fault('import-interrupted', `the import stopped; run it again to go on where it was: ${String(error)}`, {
      cause: error,
    });
  }
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
