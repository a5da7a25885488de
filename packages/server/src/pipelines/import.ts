import { cutBlocks } from '../collect/access-log/blocks.ts';
import { eachLine } from '../collect/access-log/lines.ts';
import { detectFormat, type LineParser, openParser } from '../collect/access-log/parser.ts';
import { type LogSource, sourceOf } from '../collect/access-log/source.ts';
import { type ByteReader, createByteReader } from '../flow/byte-reader.ts';
import { cutWhenIdle, type LineBlock } from '../flow/idle-blocks.ts';
import { OrderedQueue } from '../flow/ordered-queue.ts';
import { Fault } from '../model/fault.ts';
import { isRefusal, type Refusal } from '../model/request.ts';
import type { RetentionDays } from '../privacy/retention.ts';
import type { ImportFile, ImportRange, TenantRecords } from '../stores/records.ts';
import type { RowEncoder } from '../stores/requests-encoding.ts';
import { HEAD_BYTES, hash, headSizes, isSame, rangeOf } from './file-identity.ts';
import type { Context, Prepare } from './prepare.ts';
import type { EncodedBatch } from './traffic.ts';
import type { FileImporter, ImportReject, ImportRequest, ImportResult } from './ways-in.ts';

/** A range is what one INSERT takes: about 80,000 lines of 200 bytes. Each INSERT makes parts in seven tables. */
const RANGE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 10;
const SAMPLE_BYTES = 256 * 1024;
const SAMPLE_LINES = 200;
/** Work between two turns of the event loop, so that an import does not hold up requests. */
const SLICE_BYTES = 128 * 1024;
const MAX_EXAMPLES = 20;
const MAX_EXCERPT = 200;
const INSERTS_UNDER_WAY = 2;
const FOLLOW_IDLE_MS = 500;

/** Figures of one range. Times in ms since the epoch, null when nothing was accepted. */
interface RangeFigures {
  read: number;
  accepted: number;
  rejected: number;
  firstTime: number | null;
  lastTime: number | null;
}

export interface ImportStages {
  prepare: Prepare;
  /** An encoder for at most so many rows. */
  encoder(capacity: number): RowEncoder;
  insert(batch: EncodedBatch): Promise<void>;
  /** The durable memory of a tenant's imports. */
  ledgerOf(tenantId: string): TenantRecords['imports'];
  retentionOf(tenantId: string): RetentionDays;
  /** Makes merges of the store wait until the result is called; for imports of many ranges. */
  holdMerges(): Promise<() => Promise<void>>;
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
  readonly #ledger: TenantRecords['imports'];
  readonly #source: LogSource;
  readonly #reader: ByteReader;
  readonly #context: Context;
  readonly #result: ImportResult;
  #parser: LineParser | null = null;
  #lines = 0;
  #midLine = false;
  #tail: Buffer = Buffer.alloc(0);
  /** A last line that was left for the next import, though this one reports it. */
  #unfinished: { refusal: Refusal; line: string } | null = null;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(stages: ImportStages, request: ImportRequest) {
    this.#stages = stages;
    this.#request = request;
    this.#ledger = stages.ledgerOf(request.tenantId);
    this.#source = sourceOf(request.name, undefined, asBuffers(request.stream));
    this.#reader = createByteReader(this.#source.stream);
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
    const { name } = this.#request;
    const sample = await this.#reader.peek(SAMPLE_BYTES, this.#request.follow === true ? FOLLOW_IDLE_MS : undefined);
    if (sample.length === 0) return { refused: 'empty-file', detail: `${name} is empty` };
    const heads = headSizes(sample.length).map((headBytes) => ({
      headBytes,
      headHash: hash(sample.subarray(0, headBytes)),
    }));
    for (const file of await this.#ledger.findFiles(heads)) if (isSame(file, sample)) return file;
    const format = this.#request.format ?? this.#detect(sample);
    if (typeof format !== 'string') return format;
    this.#open(format, '');
    return this.#ledger.createFile({ ...(heads[0] as (typeof heads)[number]), name, format });
  }

  #detect(sample: Buffer): string | Refusal {
    if (this.#request.customFormat !== undefined) return 'custom';
    const lines: string[] = [];
    const whole = sample.length < SAMPLE_BYTES ? sample.length : sample.lastIndexOf(NEWLINE) + 1 || sample.length;
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
    this.#open(this.#request.format ?? file.format, typeof file.parserState === 'string' ? file.parserState : '');
    this.#result.format = this.#parser?.format ?? file.format;
    const changed = await this.#skipKnown(file);
    if (changed !== null) return changed;
    const inserts = new OrderedQueue(INSERTS_UNDER_WAY);
    const release = this.#request.follow === true ? null : await this.#stages.holdMerges();
    try {
      let offset = file.offsetDone;
      for (const range of file.pending) {
        const bytes = await this.#reader.take(range.end - range.start);
        if (bytes.length === 0) break;
        const again = rangeOf(file, range.start, range.start + bytes.length, bytes);
        if (again.token !== range.token) return this.#changed(file);
        await this.#store(file, again, bytes, inserts);
        offset = range.end;
      }
      for await (const block of this.#blocks(offset)) {
        this.#request.signal?.throwIfAborted();
        const bytes = block.last ? this.#withoutUnfinished(block.bytes) : block.bytes;
        if (bytes.length === 0) continue;
        const end = block.end - (block.bytes.length - bytes.length);
        await this.#store(file, rangeOf(file, block.start, end, bytes), bytes, inserts);
      }
    } finally {
      await inserts.settle();
      await release?.();
    }
    inserts.throwIfFailed();
    this.#reportUnfinished();
    this.#result.truncated = this.#source.fault()?.detail ?? null;
    if (this.#result.lines.accepted > 0) {
      this.#result.window = { from: new Date(this.#first).toISOString(), to: new Date(this.#last).toISOString() };
    }
    return this.#result;
  }

  /** Passes over what is stored already; refuses a file that was rewritten behind a beginning that stayed. */
  async #skipKnown(file: ImportFile): Promise<Refusal | null> {
    if (file.offsetDone === 0) return null;
    this.#result.lines.known = file.lines.read;
    const { skipped, newlines, tail } = await this.#reader.skip(file.offsetDone, HEAD_BYTES);
    this.#lines = newlines;
    this.#tail = tail;
    this.#midLine = tail[tail.length - 1] !== NEWLINE;
    return skipped < file.offsetDone || hash(tail).equals(file.tailHash ?? hash(tail)) ? null : this.#changed(file);
  }

  #changed(file: ImportFile): Refusal {
    return {
      refused: 'changed-file',
      detail:
        `${this.#request.name} begins like ${file.name}, of which ${file.offsetDone} bytes were imported, but differs ` +
        'later on; nothing was imported, because it cannot be told what is new in it',
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
    const from = bytes.lastIndexOf(NEWLINE) + 1;
    if (from === bytes.length) return bytes;
    let unreadable: { refusal: Refusal; line: string } | null = null;
    eachLine(bytes.subarray(from), (line) => {
      const parsed = this.#parser?.parse(line) ?? null;
      if (parsed !== null && isRefusal(parsed)) unreadable = { refusal: parsed, line };
    });
    this.#unfinished = unreadable;
    return unreadable === null ? bytes : bytes.subarray(0, from);
  }

  #reportUnfinished(): void {
    if (this.#unfinished === null) return;
    const { refusal, line } = this.#unfinished;
    this.#lines += 1;
    this.#result.lines.read += 1;
    this.#result.lines.rejected += 1;
    const detail = `the last line has no line end and cannot be read yet (${refusal.detail})`;
    this.#reject({ refused: 'unfinished-line', detail }, line);
  }

  async #store(file: ImportFile, range: ImportRange, bytes: Buffer, inserts: OrderedQueue): Promise<void> {
    const { rows, figures } = await this.#parse(bytes);
    this.#tail = Buffer.from(Buffer.concat([this.#tail, bytes.subarray(-HEAD_BYTES)]).subarray(-HEAD_BYTES));
    const step = {
      range,
      lines: { read: figures.read, accepted: figures.accepted, rejected: figures.rejected },
      firstEventAt: figures.firstTime,
      lastEventAt: figures.lastTime,
      parserState: this.#parser?.state() ?? '',
      tailHash: hash(this.#tail),
    };
    const noted = await this.#ledger.intend(file.id, range);
    if (isRefusal(noted) || noted.token !== range.token) throw anotherImporter(this.#request.name);
    const progress = { bytes: range.end, lines: this.#lines };
    const batch = { token: range.token, count: figures.accepted, bytes: rows.finish() };
    await inserts.push(
      () => (batch.count > 0 ? this.#stages.insert(batch) : Promise.resolve()),
      async () => {
        if (!(await this.#ledger.advance(file.id, step))) throw anotherImporter(this.#request.name);
        this.#count(figures);
        this.#request.onProgress?.(progress);
      },
    );
  }

  async #parse(bytes: Buffer): Promise<{ rows: RowEncoder; figures: RangeFigures }> {
    const rows = this.#stages.encoder(countLines(bytes));
    const figures: RangeFigures = { read: 0, accepted: 0, rejected: 0, firstTime: null, lastTime: null };
    // What follows an unfinished line that was taken is the end of that line, not a line.
    const continued = this.#midLine ? bytes.indexOf(NEWLINE) + 1 || bytes.length : 0;
    this.#midLine = bytes[bytes.length - 1] !== NEWLINE;
    for (let from = continued; from < bytes.length; ) {
      let to = from + SLICE_BYTES >= bytes.length ? bytes.length : bytes.indexOf(NEWLINE, from + SLICE_BYTES) + 1;
      if (to === 0) to = bytes.length;
      this.#parseSlice(bytes.subarray(from, to), rows, figures);
      from = to;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { rows, figures };
  }

  #parseSlice(slice: Buffer, rows: RowEncoder, figures: RangeFigures): void {
    const parser = this.#parser as LineParser;
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
      rows.add(row);
      const { time } = row.request;
      if (time < first) first = time;
      if (time > last) last = time;
    });
    figures.accepted = rows.count;
    if (last >= first) {
      figures.firstTime = first;
      figures.lastTime = last;
    }
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

/** Lines at most: newlines, and one that has none. */
function countLines(bytes: Buffer): number {
  let lines = 1;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}

function anotherImporter(name: string): Fault {
  return new Fault('import-running', `${name} is being imported by somebody else as well; this import stopped`);
}

async function* asBuffers(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
