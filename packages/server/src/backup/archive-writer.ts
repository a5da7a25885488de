import { createHash, hash } from 'node:crypto';
import { TAR_END, tarHead, tarPadding } from '../flow/tar-writer.ts';
import { Fault } from '../model/fault.ts';
import { streamSource } from './archive-reader.ts';
import { CONTENTS, type Contents, formatSums, RECORDS, SUMS } from './format.ts';
import { type OpenFile, openFiles, type Tree } from './plan.ts';
import { entryOf, json } from './records-entries.ts';
import { noteEntries, type Written } from './written.ts';

/** Each piece that is written costs about as much as a quarter of it, so that they are large. */
const PIECE = 1024 * 1024;

/** Takes bytes, which may be written over when it has resolved. */
export type Sink = (piece: Buffer) => Promise<void>;

/** What an archive is made of. */
export interface ArchiveParts {
  /** Entries up to `postgres.json`; none where they were written already. */
  records: AsyncIterable<Buffer>;
  /** Where the other files are, when the records have been read. Fault `backup-gone` where they are not any more. */
  trees(): Promise<readonly Tree[]>;
  /** Throws a Fault `backup-gone` where somebody began to remove the files before this moment. */
  checkHeld(): Promise<void>;
}

/**
 * Writes an archive to its end, or goes on with it after what `written` tells of. Its files are read, hashed and handed
 * on in one pass, by calls that block: so it is nothing for a process that has something else to do.
 */
export async function writeArchive(
  parts: ArchiveParts,
  sink: Sink,
  written: Written,
  told: (bytes: number) => void,
): Promise<void> {
  if (!written.sums.has(RECORDS)) await writeRecords(parts.records, sink, written, told);
  const packer = createPacker(sink, written, told);
  if (written.contents === null) {
    const after = written.last === RECORDS ? null : written.last;
    try {
      await packer.files(openFiles(await parts.trees()), after);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') await parts.checkHeld();
      throw error;
    }
    // Files that were removed before they were looked for are missing without a word.
    await parts.checkHeld();
    const contents: Contents = { entries: written.sums.size, bytes: written.bytes };
    await packer.entry(CONTENTS, json(contents));
    written.contents = contents;
  }
  const sums = entryOf(SUMS, Buffer.from(formatSums(written.sums)), Date.now());
  await packer.end(Buffer.concat([sums, TAR_END]));
  Object.assign(written, { end: written.end + sums.length, last: SUMS, sealed: true });
}

async function writeRecords(
  records: AsyncIterable<Buffer>,
  sink: Sink,
  written: Written,
  told: (bytes: number) => void,
): Promise<void> {
  let count = 0;
  async function* through() {
    for await (const piece of records) {
      await sink(piece);
      count += piece.length;
      told(count);
      yield piece;
    }
  }
  // What holds on to the files stays open behind it.
  await noteEntries(streamSource(through()), written, { until: RECORDS });
  if (written.last === RECORDS) return;
  throw new Fault('archive-cut', 'the hub broke off; its log says why');
}

interface Packer {
  /** Adds the files that come after the one of that name; all, where it is null. */
  files(files: Iterable<OpenFile>, after: string | null): Promise<void>;
  entry(name: string, bytes: Buffer): Promise<void>;
  /** Adds the last bytes and waits until all were taken. */
  end(bytes: Buffer): Promise<void>;
}

/** Puts entries together into large pieces, of which one is filled while the other one is written. */
function createPacker(sink: Sink, written: Written, told: (bytes: number) => void): Packer {
  let [filling, full] = [Buffer.allocUnsafe(PIECE), Buffer.allocUnsafe(PIECE)];
  let used = 0;
  let writing: Promise<void> = Promise.resolve();
  const flush = async () => {
    await writing;
    writing = sink(filling.subarray(0, used));
    // A failure is met when it is waited for.
    writing.catch(() => undefined);
    [filling, full] = [full, filling];
    used = 0;
    told(written.end);
  };
  const put = async (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; ) {
      if (used === PIECE) await flush();
      const count = bytes.copy(filling, used, at);
      used += count;
      at += count;
    }
  };
  const note = (name: string, size: number, head: Buffer, digest: string) => {
    written.sums.set(name, digest);
    written.bytes += size;
    written.end += head.length + size + tarPadding(size).length;
    written.last = name;
  };
  const add = async (file: OpenFile) => {
    const { name, size } = file;
    const head = tarHead(name, size, Date.now() / 1000);
    await put(head);
    if (size <= PIECE - used) note(name, size, head, readWhole(file));
    else note(name, size, head, await readInPieces(file));
    await put(tarPadding(size));
  };
  const readWhole = (file: OpenFile): string => {
    const begun = used;
    while (used < begun + file.size) used += file.read(filling.subarray(used, begun + file.size));
    return hash('sha256', filling.subarray(begun, used), 'hex');
  };
  const readInPieces = async (file: OpenFile): Promise<string> => {
    const digest = createHash('sha256');
    for (let left = file.size; left > 0; ) {
      if (used === PIECE) await flush();
      const count = file.read(filling.subarray(used, Math.min(PIECE, used + left)));
      digest.update(filling.subarray(used, used + count));
      used += count;
      left -= count;
    }
    return digest.digest('hex');
  };
  return {
    async files(files, after) {
      let reached = after === null;
      for (const file of files) {
        if (reached) await add(file);
        else reached = file.name === after;
      }
      if (!reached) throw new Fault('backup-gone', `the backup has no entry ${after}; begin anew, without --resume`);
    },
    async entry(name, bytes) {
      const whole = entryOf(name, bytes, Date.now());
      await put(whole);
      note(name, bytes.length, tarHead(name, bytes.length, 0), hash('sha256', bytes, 'hex'));
    },
    async end(bytes) {
      await put(bytes);
      await flush();
      await writing;
    },
  };
}
