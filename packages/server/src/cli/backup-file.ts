import { constants, createReadStream } from 'node:fs';
import { access, type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileSource } from '../backup/archive-reader.ts';
import { canGoOn, noteEntries, nothingWritten, type Written } from '../backup/written.ts';
import { Fault, UsageFault } from '../model/fault.ts';
import type { Io } from './command.ts';
import { checkOutput } from './files.ts';

/** Where an archive goes: a file, which has its name when it is whole, or standard output. */
export interface BackupFile {
  /** `-` for standard output. */
  name: string;
  /** What was written by an interrupted backup that is gone on with. */
  written: Written;
  resumed: boolean;
  sink(piece: Buffer): Promise<void>;
  /** Gives the whole archive its name. */
  finish(): Promise<void>;
  /** Leaves what there is; a file that nothing was written to does not stay. */
  close(): Promise<void>;
}

const PART = '.part';

/** An archive to be read: a file of so many bytes, or what comes through a pipe. */
export type ArchivePlace = { path: string; size: number } | { stream: AsyncIterable<Uint8Array> };

/** What FILE or `-` stands for. Throws a UsageFault where there is nothing that can be read. */
export async function findArchive(word: string, io: Io): Promise<ArchivePlace> {
  if (word === '-') return { stream: io.stdin as AsyncIterable<Buffer> };
  try {
    const found = await stat(word);
    if (found.isDirectory()) throw new UsageFault(`${word} is a directory; name an archive`);
    await access(word, constants.R_OK);
    return found.isFile() ? { path: word, size: found.size } : { stream: createReadStream(word) };
  } catch (error) {
    if (error instanceof Fault) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageFault(code === 'ENOENT' ? `there is no ${word}` : `cannot read ${word}: ${message}`);
  }
}

/**
 * Opens what the archive is written to: FILE, a new name in a directory, or `-`. With `resume` the part that an
 * interrupted backup left is looked through and gone on with. Faults: UsageFault where there is nothing to write to or
 * to go on with; `archive-damaged`.
 */
export async function openBackupFile(word: string, resume: boolean, io: Io): Promise<BackupFile> {
  if (word === '-') {
    if (resume) throw new UsageFault('--resume needs a file: what went through a pipe is gone');
    if (io.stdout.isTTY === true)
      throw new UsageFault('an archive is nothing for a terminal; send it to a file or a program');
    return toStdout(io);
  }
  const isDirectory = await stat(word).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const name = isDirectory ? await nameIn(word, resume) : word;
  await checkOutput(name);
  if (await exists(name)) throw new UsageFault(`${name} exists already; choose another name`);
  const part = `${name}${PART}`;
  if (!resume) {
    if (await exists(part)) {
      throw new UsageFault(`${part} was left by an interrupted backup; go on with it by --resume, or remove it`);
    }
    return toFile(name, await open(part, 'wx', 0o600), nothingWritten(), false);
  }
  const file = await open(part, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new UsageFault(`there is no ${part}: nothing to go on with`);
    throw error;
  });
  try {
    const written = await readWritten(file);
    const good = canGoOn(written);
    if (!written.sealed) await file.truncate(good ? written.end : 0);
    return toFile(name, file, good ? written : nothingWritten(), good);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readWritten(file: FileHandle): Promise<Written> {
  const written = nothingWritten();
  try {
    await noteEntries(fileSource(file, (await file.stat()).size), written);
  } catch (error) {
    const broken = error instanceof Fault && ['archive-cut', 'not-an-archive', 'archive-damaged'].includes(error.code);
    if (!broken || (error.code !== 'archive-cut' && written.last !== null)) throw error;
  }
  return written;
}

function toFile(name: string, file: FileHandle, written: Written, resumed: boolean): BackupFile {
  let at = written.end;
  let open = true;
  const close = async () => {
    if (!open) return;
    open = false;
    await file.close();
    if (at === 0) await rm(`${name}${PART}`, { force: true });
  };
  return {
    name,
    written,
    resumed,
    async sink(piece) {
      try {
        for (let done = 0; done < piece.length; ) {
          const { bytesWritten } = await file.write(piece, done, piece.length - done, at);
          done += bytesWritten;
          at += bytesWritten;
        }
      } catch (error) {
        throw explainWrite(name, error);
      }
    },
    async finish() {
      await file.sync();
      await close();
      await rename(`${name}${PART}`, name);
      const folder = await openFolder(dirname(resolve(name)));
      await folder.sync().catch(() => undefined);
      await folder.close();
    },
    close,
  };
}

function openFolder(folder: string): Promise<FileHandle> {
  return open(folder, 'r');
}

function toStdout(io: Io): BackupFile {
  let failure: Error | null = null;
  // Whoever reads less than all of a list has what it wanted; of an archive it has nothing.
  io.stdout.removeAllListeners('error');
  const closed = new Promise<void>((resolve) => {
    io.stdout.on('error', (error: Error) => {
      failure = error;
      resolve();
    });
    io.stdout.once('close', resolve);
  });
  const check = () => {
    if (failure !== null) throw new Fault('backup-interrupted', `standard output takes no more: ${failure.message}`);
  };
  return {
    name: '-',
    written: nothingWritten(),
    resumed: false,
    async sink(piece) {
      check();
      // The piece is written over afterwards, so that it has to have left.
      const left = new Promise<void>((resolve) => io.stdout.write(piece, () => resolve()));
      await Promise.race([left, closed]);
    },
    finish: async () => check(),
    close: async () => undefined,
  };
}

function explainWrite(name: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Fault('disk-full', `the disk that holds ${name} is full; free some space, then go on with --resume`, {
      cause: error,
    });
  }
  return new Fault('backup-failed', `cannot write ${name}: ${message}`, { cause: error });
}

async function nameIn(directory: string, resume: boolean): Promise<string> {
  if (resume) {
    const parts = (await readdir(directory)).filter((name) => /^vedette-.*\.tar\.part$/.test(name)).sort();
    const last = parts.at(-1);
    if (last === undefined) throw new UsageFault(`there is no interrupted backup in ${directory}`);
    return join(directory, last.slice(0, -PART.length));
  }
  const stamp = new Date().toISOString().replace(/[:-]|\.\d+/g, '');
  return join(directory, `vedette-${stamp}.tar`);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
