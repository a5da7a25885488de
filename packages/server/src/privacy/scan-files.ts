import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createByteReader } from '../flow/byte-reader.ts';
import { isTar, tarEntries } from '../flow/tar-entries.ts';
import type { ScanTally } from './scan-tally.ts';

/** A line longer than this is looked at in pieces, which overlap so that nothing is cut in two. */
const PIECE = 64 * 1024;
const OVERLAP = 4 * 1024;
/** Shorter runs of printable characters hold nothing that could be found: `1.2.3.4`; in binary files they are chance. */
const SHORTEST = 7;
const SHORTEST_BINARY = 12;
const HEAD = 1024;
/** Archives in archives are opened so often. */
const DEEPEST = 3;
const NEWLINE = 10;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what divides a binary file into texts
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]+/;

/** A file as it is read, decompressed where it is compressed; `fault` after the end: why it could not be read whole. */
export interface OpenedFile {
  stream: AsyncIterable<Uint8Array>;
  fault(): { detail: string } | null;
}

export interface FileTools {
  /** Opens a file, and what an archive holds: any bytes. gzip and zstd are recognised by their beginnings. */
  open(path: string): Promise<OpenedFile>;
  unpack(name: string, bytes: AsyncIterable<Buffer>): OpenedFile;
  signal: AbortSignal;
}

/** Looks at files, and at all below where a directory is named. Links are not followed. What cannot be read is told. */
export async function scanPaths(paths: readonly string[], tally: ScanTally, tools: FileTools): Promise<void> {
  for (const path of paths) await scanPath(path, tally, tools, () => true);
}

/** One file, or a directory with all that `within` lets in. */
export async function scanPath(
  path: string,
  tally: ScanTally,
  tools: FileTools,
  within: (path: string) => boolean,
): Promise<void> {
  tools.signal.throwIfAborted();
  try {
    const stats = await lstat(path);
    if (stats.isDirectory()) {
      for (const name of (await readdir(path)).sort()) {
        const inner = join(path, name);
        if (within(inner)) await scanPath(inner, tally, tools, within);
      }
    } else if (stats.isFile()) {
      const file = await tools.open(path);
      await scanFile(path, file, tally, tools, 0);
    } else if (stats.isSymbolicLink()) tally.skip(`file ${path}`, 'is a link');
  } catch (error) {
    if (tools.signal.aborted) throw error;
    tally.skip(`file ${path}`, `cannot be read: ${(error as Error).message}`);
  }
}

async function scanFile(
  name: string,
  file: OpenedFile,
  tally: ScanTally,
  tools: FileTools,
  depth: number,
): Promise<void> {
  const reader = createByteReader(file.stream);
  const head = await reader.peek(HEAD);
  if (isTar(head) && depth < DEEPEST) {
    for await (const entry of tarEntries(reader.rest())) {
      const inner = `${name}!${entry.name}`;
      await scanFile(inner, tools.unpack(inner, entry.content()), tally, tools, depth + 1);
    }
  } else {
    const { lines, bytes } = await scanBytes(name, reader.rest(), head.includes(0), tally, tools.signal);
    tally.looked(`file ${name}`, lines, bytes);
  }
  const fault = file.fault();
  if (fault !== null) tally.skip(`file ${name}`, `could not be read whole: ${fault.detail}`);
}

/** Texts in bytes, a line or a piece at a time. Bytes are read as Latin-1: what is looked for is ASCII. */
async function scanBytes(
  name: string,
  stream: AsyncIterable<Buffer>,
  binary: boolean,
  tally: ScanTally,
  signal: AbortSignal,
): Promise<{ lines: number; bytes: number }> {
  const place = { source: 'file', name, column: '', part: '' };
  const shortest = binary ? SHORTEST_BINARY : SHORTEST;
  const look = (text: string) => {
    for (const run of CONTROL.test(text) ? text.split(CONTROL) : [text])
      if (run.length >= shortest) tally.text(place, run);
  };
  let rest: Buffer = Buffer.alloc(0);
  let lines = 0;
  let bytes = 0;
  for await (const chunk of stream) {
    signal.throwIfAborted();
    bytes += chunk.length;
    let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let at = 0; ; ) {
      const end = data.indexOf(NEWLINE, at);
      if (end >= 0 && end - at <= PIECE) {
        look(data.toString('latin1', at, end));
        lines += 1;
        at = end + 1;
      } else if (data.length - at > PIECE) {
        at = lookAtPiece(data, at, look);
      } else {
        data = data.subarray(at);
        break;
      }
    }
    rest = data;
  }
  if (rest.length > 0) {
    look(rest.toString('latin1'));
    lines += 1;
  }
  return { lines, bytes };
}

/**
 * The piece of a line that is too long, up to where one of its words ends; answers where the next begins. A word longer
 * than the overlap is no word that anything could be found in twice.
 */
function lookAtPiece(data: Buffer, from: number, look: (text: string) => void): number {
  const end = from + PIECE;
  for (let at = end; at > end - OVERLAP; at -= 1) {
    const byte = data[at] as number;
    if (byte <= 0x20 || byte === 0x22 || byte === 0x2c || byte === 0x3b || byte === 0x26) {
      look(data.toString('latin1', from, at));
      return at;
    }
  }
  look(data.toString('latin1', from, end));
  return end;
}
