import type { Texts } from '../stores/texts.ts';
import { type FileTools, scanPath, scanPaths } from './scan-files.ts';
import { type ScanReport, ScanTally } from './scan-tally.ts';

/** A batch that lies somewhere on its way. */
export interface LyingBatch {
  /** File, topic. */
  name: string;
  /** What stands beside the rows, as text. */
  meta: string;
  bytes: number;
  /** The texts of its rows by column; throws where it cannot be read. */
  texts(): Iterable<{ column: string; text: Buffer }>;
}

/** Batches that are on their way to the store. */
export interface BatchSource {
  /** `spool`, `Kafka`. */
  source: string;
  read(signal: AbortSignal): AsyncIterable<LyingBatch>;
}

export interface ScanSources {
  texts: readonly Texts[];
  batches: readonly BatchSource[];
  /** The data directory; `leaveOut`: what in it is not looked at as files, and why. */
  directory: { path: string; leaveOut: ReadonlyMap<string, string> } | null;
  /** Files and directories besides. */
  paths: readonly string[];
  /** What is known beforehand not to be looked at. */
  skipped: readonly { place: string; why: string }[];
  tools: FileTools;
}

/**
 * Looks for addresses, e-mail addresses and secrets in everything named, and says what it looked at and what it could
 * not. What cannot be read is told and does not end the scan; only the signal does.
 */
export async function scan(sources: ScanSources): Promise<ScanReport> {
  const tally = new ScanTally();
  const { signal } = sources.tools;
  for (const { place, why } of sources.skipped) tally.skip(place, why);
  for (const texts of sources.texts) await guarded(texts.engine, tally, signal, () => scanTables(texts, tally, signal));
  for (const batches of sources.batches) {
    await guarded(batches.source, tally, signal, () => scanBatches(batches, tally, signal));
  }
  if (sources.directory !== null) {
    const { path, leaveOut } = sources.directory;
    for (const [left, why] of leaveOut) tally.skip(`file ${left}`, why);
    await scanPath(path, tally, sources.tools, (inner) => !leaveOut.has(inner));
  }
  await scanPaths(sources.paths, tally, sources.tools);
  return tally.report();
}

async function guarded(
  source: string,
  tally: ScanTally,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    signal.throwIfAborted();
    tally.skip(source, `could not be read: ${(error as Error).message}`);
  }
}

async function scanTables(texts: Texts, tally: ScanTally, signal: AbortSignal): Promise<void> {
  const source = texts.engine;
  const look = (
    { table, column, part }: { table: string; column: string; part: string },
    text: string,
    times: number,
  ) => tally.text({ source, name: table, column, part }, text, times);
  for await (const done of texts.read(look, signal)) {
    if ('why' in done) tally.skip(`${source} ${done.table}`, done.why);
    else tally.looked(`${source} ${done.table}`, done.items, done.bytes);
  }
}

async function scanBatches({ source, read }: BatchSource, tally: ScanTally, signal: AbortSignal): Promise<void> {
  for await (const { name, meta, bytes, texts } of read(signal)) {
    signal.throwIfAborted();
    tally.text({ source, name, column: '', part: '' }, meta);
    try {
      for (const { column, text } of texts()) tally.text({ source, name, column, part: '' }, text.toString('latin1'));
      tally.looked(`${source} ${name}`, 1, bytes);
    } catch (error) {
      tally.skip(`${source} ${name}`, `a batch cannot be read: ${(error as Error).message}`);
    }
  }
}
