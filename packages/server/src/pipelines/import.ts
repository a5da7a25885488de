import { cutBlocks } from '../collect/access-log/blocks.ts';
import { eachLine } from '../collect/access-log/lines.ts';
import { detectFormat, type LineParser, openParser } from '../collect/access-log/parser.ts';
import { type LogSource, sourceOf } from '../collect/access-log/source.ts';
import { type ByteReader, countNewlines, createByteReader } from '../flow/byte-reader.ts';
import { cutWhenIdle, type LineBlock } from '../flow/idle-blocks.ts';
import { OrderedQueue } from '../flow/ordered-queue.ts';
import { Fault } from '../model/fault.ts';
import { isRefusal, type Refusal } from '../model/request.ts';
import type { FileImporter, ImportRequest, ImportResult } from '../model/ways-in.ts';
import type { TrafficPolicy } from '../privacy/policy.ts';
import type { ImportFile, ImportRange, TenantRecords } from '../stores/records.ts';
import type { RequestBatch } from '../stores/requests.ts';
import type { RowEncoder } from '../stores/requests-encoding.ts';
import type { Admission } from './admission.ts';
import { HEAD_BYTES, hash, headSizes, isSame, type RangeTerms, rangeOf, termsOf } from './file-identity.ts';
import { ImportTally } from './import-tally.ts';
import { PlainRows } from './plain-rows.ts';
import type { Context, Prepare } from './prepare.ts';
import { RangeParser } from './range-parser.ts';

/** A range is what one INSERT takes: about 80,000 lines of 200 bytes. Each INSERT makes parts in seven tables. */
const RANGE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 10;
const SAMPLE_BYTES = 256 * 1024;
const SAMPLE_LINES = 200;
/** Work between two turns of the event loop, so that an import does not hold up requests. */
const SLICE_BYTES = 128 * 1024;
const INSERTS_UNDER_WAY = 2;
const FOLLOW_IDLE_MS = 500;

/** What became of a range; `bytes` are those it holds. */
interface ParsedRange {
  bytes: Buffer;
  parser: RangeParser;
}

const GONE: Refusal = { refused: 'unfinished-line', detail: 'the sender went away' };

export interface ImportStages {
  prepare: Prepare;
  /** An encoder for at most so many rows. */
  encoder(capacity: number): RowEncoder;
  insert(batch: RequestBatch): Promise<void>;
  /** The durable memory of a tenant's imports. */
  ledgerOf(tenantId: string): TenantRecords['imports'];
  policyOf(tenantId: string): TrafficPolicy;
  /** Lets lines in, a range at a time; without it, all are. */
  admission?: Pick<Admission, 'refusalOf' | 'count'>;
  /** Makes merges of the store wait until the result is called; for imports of many ranges. */
  holdMerges(): Promise<() => Promise<void>>;
  /** Throws while nothing more is to be taken in, for want of room on a disk. */
  refuse?: (way: string) => void;
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
  // One file at a time, or two imports of a new file would each write it down as a file of its own.
  let recognising: Promise<unknown> = Promise.resolve();
  function recognise(run: ImportRun, name: string): Promise<ImportFile | Refusal> {
    const work = recognising.then(async (): Promise<ImportFile | Refusal> => {
      const file = await run.recognise();
      if (isRefusal(file)) return file;
      if (busy.has(file.id)) {
        return { refused: 'import-running', detail: `${name} is being imported already; wait for it to end` };
      }
      busy.add(file.id);
      return file;
    });
    recognising = work.catch(() => undefined);
    return work;
  }
  return {
    async import(request) {
      stages.refuse?.('imports');
      const run = new ImportRun(stages, request);
      await run.begin();
      const file = await recognise(run, request.name);
      if (isRefusal(file)) return file;
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
  readonly #tally: ImportTally;
  #sample: Buffer = Buffer.alloc(0);
  #format = '';
  #parser: LineParser | null = null;
  #plain: PlainRows | null = null;
  #midLine = false;
  #tail: Buffer = Buffer.alloc(0);

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
      policy: stages.policyOf(request.tenantId),
    };
    this.#tally = new ImportTally(request.name, request.onReject);
  }

  /** Reads the beginning, which may take as long as the sender likes. */
  async begin(): Promise<void> {
    this.#sample = await this.#reader.peek(SAMPLE_BYTES, this.#request.follow === true ? FOLLOW_IDLE_MS : undefined);
  }

  /** The file as it is known, or as it is written down now that its format is detected; or why it cannot be read. */
  async recognise(): Promise<ImportFile | Refusal> {
    const { name } = this.#request;
    const sample = this.#sample;
    this.#sample = Buffer.alloc(0);
    if (sample.length === 0) return { refused: 'empty-file', detail: `${name} is empty` };
    const heads = headSizes(sample.length).map((headBytes) => ({
      headBytes,
      headHash: hash(sample.subarray(0, headBytes)),
    }));
    const known = await this.#ledger.findFiles(heads);
    // A file that was rewritten behind a long beginning is no other file: reading it finds that out.
    const file = known.find((one) => isSame(one, sample)) ?? known.find((one) => one.headBytes === HEAD_BYTES);
    if (file !== undefined) return file;
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
    return isRefusal(detection) ? detection : detection.format;
  }

  #open(format: string, state: string): void {
    this.#format = format;
    this.#parser = openParser(format, { state, custom: this.#request.customFormat });
    const { parts } = this.#stages.prepare;
    this.#plain = this.#parser.plain === true && parts !== undefined ? (this.#plain ?? new PlainRows(parts)) : null;
  }

  #terms(): RangeTerms {
    const { received, policy } = this.#context;
    return { received, retention: policy.retention };
  }

  /** Everything of the file that is not known yet. */
  async read(file: ImportFile): Promise<ImportResult | Refusal> {
    this.#open(this.#request.format ?? file.format, typeof file.parserState === 'string' ? file.parserState : '');
    this.#tally.format = this.#parser?.format ?? file.format;
    const changed = await this.#skipKnown(file);
    if (changed !== null) return changed;
    const inserts = new OrderedQueue(INSERTS_UNDER_WAY);
    const release = this.#request.follow === true ? null : await this.#stages.holdMerges();
    try {
      let offset = file.offsetDone;
      for (const range of file.pending) {
        const bytes = await this.#reader.take(range.end - range.start);
        // An upload that ended too early says nothing of the file; what is missing comes with the next one.
        if (bytes.length === 0 || (bytes.length < range.end - range.start && this.#source.fault() !== null)) break;
        const { policy } = this.#context;
        const terms = termsOf(range) ?? this.#terms();
        const again = rangeOf(file, range.start, range.start + bytes.length, bytes, terms);
        if (again.token !== range.token) return this.#changed(file);
        // Days decide where repeated rows go; what is kept of those that were not stored yet goes by today's policy.
        const { received, retention } = terms;
        const context = { ...this.#context, received, policy: { ...policy, retention } };
        await this.#store(file, again, await this.#parse(bytes, context), inserts);
        offset = range.end;
      }
      for await (const block of this.#blocks(offset)) {
        this.#request.signal?.throwIfAborted();
        const parsed = await this.#parseWhole(block);
        const { bytes } = parsed;
        if (bytes.length === 0) continue;
        const end = block.end - (block.bytes.length - bytes.length);
        await this.#store(file, rangeOf(file, block.start, end, bytes, this.#terms()), parsed, inserts);
      }
    } finally {
      await inserts.settle();
      await release?.();
    }
    inserts.throwIfFailed();
    return this.#tally.result(this.#source.fault()?.detail ?? null);
  }

  /** Passes over what is stored already; refuses a file that was rewritten behind a beginning that stayed. */
  async #skipKnown(file: ImportFile): Promise<Refusal | null> {
    if (file.offsetDone === 0) return null;
    const { skipped, newlines, tail } = await this.#reader.skip(file.offsetDone, HEAD_BYTES);
    this.#tail = tail;
    this.#midLine = tail.length > 0 && tail[tail.length - 1] !== NEWLINE;
    this.#tally.known(file.lines.read, newlines + (this.#midLine ? 1 : 0));
    if (skipped < file.offsetDone) return this.#shorter(file, skipped);
    return hash(tail).equals(file.tailHash ?? hash(tail)) ? null : this.#changed(file);
  }

  /** It may be an older copy, or another file with the same beginning; taking it for either could be wrong. */
  #shorter(file: ImportFile, bytes: number): Refusal {
    return {
      refused: 'shorter-file',
      detail:
        `${this.#request.name} begins like ${file.name}, of which ${file.offsetDone} bytes were imported, but has only ` +
        `${bytes}; nothing was imported, because an older copy cannot be told from another file`,
    };
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
   * Parses a block up to its last newline, and what follows that if it can be read: a last line without its newline may
   * be half written, and is then left for the next import, when the rest of it is there. A line that damage or the
   * sender's going away cut off is left in any case.
   */
  async #parseWhole({ bytes: block, last: atEnd }: LineBlock): Promise<ParsedRange> {
    const whole = block.lastIndexOf(NEWLINE) + 1;
    if (whole === block.length) return this.#parse(block, this.#context);
    // Without a newline behind a line that was taken unfinished, all is the end of that line.
    if (whole === 0 && this.#midLine) return this.#parse(block, this.#context);
    const parsed = await this.#parse(block.subarray(0, whole), this.#context);
    const last = block.subarray(whole);
    const left = this.#leftBehind(last, atEnd ? this.#source.fault() : GONE);
    if (left !== null) {
      this.#tally.leave(left.refusal, left.line);
      return parsed;
    }
    parsed.parser.slice(last);
    this.#midLine = true;
    return { ...parsed, bytes: block };
  }

  /** What is wrong with a last line that is to be left; null for one to be taken. The parser stays as it was. */
  #leftBehind(last: Buffer, cutOff: Refusal | null): { refusal: Refusal | null; line: string } | null {
    const state = this.#parser?.state() ?? '';
    const lines: string[] = [];
    eachLine(last, (line) => lines.push(line));
    const line = lines[0] ?? '';
    if (line.trim() === '') return null;
    const found = this.#parser?.parse(line) ?? null;
    this.#open(this.#format, state);
    const refusal = cutOff ?? (found !== null && isRefusal(found) ? found : null);
    return refusal !== null || found === null ? { refusal, line } : null;
  }

  /** Throws a Fault `quota-exceeded` or `tenant-suspended` where the tenant may send no more; what is stored stays. */
  async #store(file: ImportFile, range: ImportRange, parsed: ParsedRange, inserts: OrderedQueue): Promise<void> {
    const { bytes } = parsed;
    const { tenantId, name } = this.#request;
    const refusal = this.#stages.admission?.refusalOf(tenantId) ?? null;
    if (refusal !== null) {
      const rest = `${name} is imported up to byte ${range.start}; import it again then, and it goes on there`;
      throw new Fault(refusal.refused, `${refusal.detail}. ${rest}`);
    }
    this.#stages.refuse?.('imports');
    this.#stages.admission?.count(tenantId, parsed.parser.figures.accepted);
    const { rows, figures } = parsed.parser;
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
    const progress = { bytes: range.end, lines: this.#tally.line };
    const batch = { token: range.token, count: figures.accepted, bytes: rows.finish() };
    await inserts.push(
      () => (batch.count > 0 ? this.#stages.insert(batch) : Promise.resolve()),
      async () => {
        if (!(await this.#ledger.advance(file.id, step))) throw anotherImporter(this.#request.name);
        this.#tally.count(figures);
        this.#request.onProgress?.(progress);
      },
    );
  }

  /** Parses and prepares a range; its encoder has room for one more line, which may follow. */
  async #parse(bytes: Buffer, context: Context): Promise<ParsedRange> {
    const parser = new RangeParser({
      parser: this.#parser as LineParser,
      prepare: this.#stages.prepare,
      plain: this.#plain,
      rows: this.#stages.encoder(countNewlines(bytes) + 1),
      context,
      onLine: () => {
        this.#tally.line += 1;
      },
      onReject: (refusal, line) => this.#tally.reject(refusal, line),
    });
    const parsed = { parser, bytes };
    if (bytes.length === 0) return parsed;
    // What follows an unfinished line that was taken is the end of that line, not a line.
    const continued = this.#midLine ? bytes.indexOf(NEWLINE) + 1 || bytes.length : 0;
    this.#midLine = bytes[bytes.length - 1] !== NEWLINE;
    for (let from = continued; from < bytes.length; ) {
      let to = from + SLICE_BYTES >= bytes.length ? bytes.length : bytes.indexOf(NEWLINE, from + SLICE_BYTES) + 1;
      if (to === 0) to = bytes.length;
      parser.slice(bytes.subarray(from, to));
      from = to;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return parsed;
  }
}

function anotherImporter(name: string): Fault {
  return new Fault('import-running', `${name} is being imported by somebody else as well; this import stopped`);
}

async function* asBuffers(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
