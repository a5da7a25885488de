import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const LOGS = 'deduplication_logs';
const ADDED = '1';
const DROPPED = '2';
/** `<partition>_<first block>_<last block>_<level>`, and the number of a mutation behind it. */
const PART = /^(.+)_(\d+)_(\d+)_\d+(?:_\d+)?$/;

interface Part {
  partition: string;
  first: number;
  last: number;
}

/**
 * Has each table forget the tokens of INSERTs that a kill came in between. ClickHouse writes the token of a part into
 * the log of its table before it gives the part its name (`MergeTreeSink::finishDelayedChunk`); a process that dies
 * between the two leaves a token without rows, and the repetition of the INSERT would then be passed over as known.
 *
 * `path` is the directory of the embedded engine, which nothing has open; one that is not there yet is left alone.
 * Answers how many tokens were forgotten. A line that is not understood stays as it is.
 */
export async function mendDeduplicationLogs(path: string): Promise<number> {
  let forgotten = 0;
  const store = join(path, 'store');
  for (const start of await names(store)) {
    for (const table of await names(join(store, start))) forgotten += await mendTable(join(store, start, table));
  }
  return forgotten;
}

async function mendTable(table: string): Promise<number> {
  const logs = (await names(join(table, LOGS))).filter((name) => /^deduplication_log_\d+\.txt$/.test(name));
  if (logs.length === 0) return 0;
  // In the order of their numbers, because the last line about a part's name is the one that holds.
  logs.sort((a, b) => Number(/\d+/.exec(a)) - Number(/\d+/.exec(b)));
  const files = await Promise.all(
    logs.map(async (name) => ({ path: join(table, LOGS, name), lines: await readLines(join(table, LOGS, name)) })),
  );
  const holds = blocksOf((await names(table)).flatMap((name) => parsePart(name) ?? []));
  const all = files.flatMap(({ lines }) => lines.map(parseLine));
  const gone = new Set(all.filter(({ operation }) => operation === DROPPED).map(({ entry }) => entry));
  const lastOf = new Map(all.filter(({ operation }) => operation === ADDED).map(({ name, entry }) => [name, entry]));
  let forgotten = 0;
  for (const { path, lines } of files) {
    const kept = lines.filter((line) => {
      const { operation, name, entry } = parseLine(line);
      const part = parsePart(name);
      if (operation !== ADDED || part === null || gone.has(entry)) return true;
      // The number of a part that never came is given out again.
      return holds(part) && lastOf.get(name) === entry;
    });
    if (kept.length === lines.length) continue;
    forgotten += lines.length - kept.length;
    // Beside the folder: the engine reads every file in it.
    const draft = join(table, `tmp_${LOGS}`);
    await writeFile(draft, kept.join(''), { mode: 0o640, flush: true });
    await rename(draft, path);
  }
  return forgotten;
}

/** Whether a part, or one that it was merged into, is there. */
function blocksOf(parts: readonly Part[]): (part: Part) => boolean {
  const byPartition = Map.groupBy(parts, ({ partition }) => partition);
  return ({ partition, first, last }) =>
    byPartition.get(partition)?.some((one) => one.first <= first && last <= one.last) ?? false;
}

/** A line is an operation, the name of a part, and its token in this partition. */
function parseLine(line: string): { operation: string; name: string; entry: string } {
  const [operation = '', name = '', token = ''] = line.trimEnd().split('\t');
  return { operation, name, entry: `${name}\t${token}` };
}

function parsePart(name: string): Part | null {
  const match = name.startsWith('tmp_') || name.startsWith('delete_tmp_') ? null : PART.exec(name);
  return match === null ? null : { partition: match[1] ?? '', first: Number(match[2]), last: Number(match[3]) };
}

/** With their line ends; the last one may have none. */
async function readLines(path: string): Promise<string[]> {
  return (await readFile(path, 'latin1')).match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

async function names(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}
