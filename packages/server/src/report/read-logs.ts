import { type Block, cutBlocks } from '../collect/access-log/blocks.ts';
import { eachLine } from '../collect/access-log/lines.ts';
import { detectFormat, FORMATS, openParser } from '../collect/access-log/parser.ts';
import type { Rejects } from '../collect/access-log/rejects.ts';
import { type LogSource, openSource } from '../collect/access-log/source.ts';
import { Fault } from '../model/fault.ts';
import { isRefusal } from '../model/request.ts';
import type { Reading } from './build.ts';
import { type Crew, LANES, openCrew } from './crew.ts';
import { Directives } from './directives.ts';
import type { BlockResult, LaneSettings } from './lane.ts';
import { RejectLog } from './reject-log.ts';
import type { ReportedFile } from './report.ts';
import { Tally } from './tally.ts';
import { mergeTallies, type TallyData } from './tally-data.ts';

/** Decompressed bytes a thread reads at a time. */
export const BLOCK_SIZE = 1 << 20;
const SAMPLE_BYTES = 256 * 1024;
const SAMPLE_LINES = 200;

export interface LogProgress {
  /** Name of the file being read. */
  file: string;
  /** Bytes on disk read of all files so far. */
  bytes: number;
  lines: number;
}

export interface ReadOptions {
  /** Paths of files, `-` for standard input; directories are resolved already. */
  paths: readonly string[];
  /** Format by name; detected for each file when absent. */
  format?: string | undefined;
  /** Template of a custom format. */
  custom?: string | undefined;
  /** Worker threads; 0: none. Fewer are used where there is nothing to share. */
  threads: number;
  /** Bytes on disk of all files, where they are known: threads start at once when there is enough to share. */
  size?: number | undefined;
  lanes: Omit<LaneSettings, 'allRejects'>;
  /** Takes every rejected line, in order. */
  rejects?: Rejects | undefined;
  onProgress?: ((progress: LogProgress) => void) | undefined;
  /** For tests: bytes of a block. */
  blockSize?: number | undefined;
  /** For tests: how a path is opened. */
  open?: ((path: string) => Promise<LogSource>) | undefined;
}

/**
 * Reads access logs into one tally. The same files give the same reading, whatever the number of threads. Of several
 * files, those that are no logs have an `error` in the reading; a Fault `unknown-format` that names the file is thrown
 * when there is no other. Also throws UsageFault for a format that does not exist, and the faults of opening files and
 * local data.
 */
export async function readLogs(options: ReadOptions): Promise<Reading> {
  const reading = new LogReading(options);
  try {
    await reading.start();
    const last = options.paths.length - 1;
    for (const [index, path] of options.paths.entries()) await reading.fileOfMany(path, index === last);
    return await reading.finish();
  } finally {
    await reading.close();
  }
}

class LogReading {
  readonly #options: ReadOptions;
  readonly #settings: LaneSettings;
  readonly #rejects = new RejectLog();
  readonly #files: ReportedFile[] = [];
  #crew: Crew | undefined;
  #blocks = 0;
  /** Settles one block after the other, in the order of the files. */
  #settled: Promise<void> = Promise.resolve();
  #bytesBefore = 0;
  #lines = 0;

  constructor(options: ReadOptions) {
    this.#options = options;
    this.#settings = { ...options.lanes, allRejects: options.rejects !== undefined };
    if (options.format !== undefined) openParser(options.format, customOf(options.custom));
  }

  /** Starts the threads ahead of the first block where it is certain to have company. */
  async start(): Promise<void> {
    const { size = 0, threads, blockSize = BLOCK_SIZE } = this.#options;
    if (threads > 0 && size > 2 * blockSize) this.#crew = await openCrew(this.#settings, threads);
  }

  /** A file that is no log does not keep the others from being read. */
  async fileOfMany(path: string, lastFile: boolean): Promise<void> {
    try {
      await this.#file(path, lastFile);
    } catch (error) {
      const isNoLog = this.#files.at(-1)?.error !== null && error instanceof Fault;
      if (!isNoLog || (lastFile && this.#files.every((file) => file.error !== null))) throw error;
    }
  }

  async #file(path: string, lastFile: boolean): Promise<void> {
    const source = await (this.#options.open ?? openSource)(path);
    const file: ReportedFile = {
      name: source.name,
      format: null,
      title: null,
      bytes: 0,
      lines: { read: 0, accepted: 0, rejected: 0, skipped: 0 },
      truncated: null,
      error: null,
    };
    this.#files.push(file);
    const lineCount = { before: 0 };
    let directives: Directives | undefined;
    try {
      for await (const block of cutBlocks(source.stream, { size: this.#options.blockSize ?? BLOCK_SIZE })) {
        directives ??= this.#recognise(file, block);
        file.bytes = block.end;
        if (directives !== undefined) await this.#hand(file, block, directives, lineCount, lastFile && block.last);
        const bytes = this.#bytesBefore + source.consumed();
        this.#options.onProgress?.({ file: file.name, bytes, lines: this.#lines });
      }
    } finally {
      this.#bytesBefore += source.consumed();
    }
    file.truncated = source.fault()?.detail ?? null;
  }

  /** Finds the format of a file from its first block. undefined: nothing but blank lines so far. */
  #recognise(file: ReportedFile, block: Block): Directives | undefined {
    const sample = firstLines(block.bytes);
    let { format } = this.#options;
    if (format === undefined) {
      const found = detectFormat(sample);
      if (isRefusal(found)) {
        if (found.refused !== 'empty') {
          file.error = found.detail;
          throw new Fault(found.refused, `${file.name}: ${found.detail}`);
        }
        // Blank lines do not tell a format; any will pass over them.
        format = 'combined';
      } else {
        format = found.format;
        file.title = found.title;
      }
    }
    const { custom } = this.#options;
    const { format: name } = openParser(format, customOf(custom));
    file.format = name;
    file.title ??= FORMATS.find((known) => known.name === name)?.title ?? name;
    return new Directives(format, custom, sample);
  }

  async #hand(
    file: ReportedFile,
    block: Block,
    directives: Directives,
    lineCount: { before: number },
    only: boolean,
  ): Promise<void> {
    const threads = only && this.#blocks === 0 ? 0 : this.#options.threads;
    this.#crew ??= await openCrew(this.#settings, threads);
    const lane = this.#blocks++ % LANES;
    const state = directives.before(block.bytes);
    await this.#crew.room(lane);
    const bytes = ownBytes(block.bytes);
    const result = this.#crew.read({ lane, bytes, format: file.format as string, state, custom: this.#options.custom });
    // Whoever awaits the chain sees the fault; this keeps Node from calling it unhandled until then.
    result.catch(() => {});
    const before = this.#settled;
    this.#settled = before.then(async () => this.#settle(file, await result, lineCount));
    this.#settled.catch(() => {});
    if (this.#options.rejects !== undefined) await this.#options.rejects.drained();
  }

  async #settle(file: ReportedFile, result: BlockResult, lineCount: { before: number }): Promise<void> {
    const { before } = lineCount;
    const rejected = result.lines - result.accepted - result.skipped;
    file.lines.read += result.accepted + rejected;
    file.lines.accepted += result.accepted;
    file.lines.rejected += rejected;
    file.lines.skipped += result.skipped;
    this.#rejects.take(file.name, before, result);
    lineCount.before += result.lines;
    this.#lines += result.lines;
    const all = this.#options.rejects;
    if (all === undefined) return;
    for (const { line, reason, detail, text } of result.rejects) {
      if (!all.add(file.name, before + line, { refused: reason, detail }, text)) await all.drained();
    }
  }

  async finish(): Promise<Reading> {
    await this.#settled;
    const { tallies, attributions } = (await this.#crew?.finish()) ?? { tallies: [], attributions: [] };
    return { tally: merged(tallies), files: this.#files, rejected: this.#rejects.list(), attributions };
  }

  async close(): Promise<void> {
    await this.#crew?.close();
  }
}

/** All lanes together; that of no lane is empty. */
function merged(tallies: readonly TallyData[]): TallyData {
  const [first, ...others] = tallies;
  return others.reduce(mergeTallies, first ?? Tally.empty());
}

function customOf(custom: string | undefined): { custom?: string } {
  return custom === undefined ? {} : { custom };
}

function firstLines(block: Buffer): string[] {
  const lines: string[] = [];
  const head = block.subarray(0, SAMPLE_BYTES);
  const end = head.length < block.length ? head.lastIndexOf(10) : head.length;
  eachLine(end > 0 ? head.subarray(0, end) : head, (line) => {
    if (lines.length < SAMPLE_LINES) lines.push(line);
  });
  return lines;
}

/** Bytes that are alone in their memory, so that it can change hands. */
function ownBytes(bytes: Buffer): Uint8Array {
  if (bytes.length === bytes.buffer.byteLength) return bytes;
  const own = new Uint8Array(bytes.length);
  own.set(bytes);
  return own;
}
