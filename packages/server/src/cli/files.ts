import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageFault } from '../model/fault.ts';

/** Bytes on disk of all files; undefined when one has no size, such as standard input (`-`). */
export async function totalSize(paths: readonly string[]): Promise<number | undefined> {
  let total = 0;
  for (const path of paths) {
    const stats = path === '-' ? null : await stat(path);
    if (stats === null || !stats.isFile()) return undefined;
    total += stats.size;
  }
  return total;
}

/** Throws a UsageFault when a file that is to be written at the end could not be. Nothing is touched. */
export async function checkOutput(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageFault(`cannot write ${path}: ${reasonOf(error, folder)}`);
  }
  if (
    await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    )
  ) {
    throw new UsageFault(`cannot write ${path}: it is a directory`);
  }
}

function reasonOf(error: unknown, folder: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return `there is no directory ${folder}`;
  return code === 'EACCES' || code === 'EROFS' ? `you may not write to ${folder}` : message;
}

/** A file to write to, opened before there is anything to write. Throws a UsageFault that says why it cannot be. */
export async function openOutput(path: string): Promise<WriteStream> {
  const stream = createWriteStream(path);
  try {
    await once(stream, 'open');
  } catch (error) {
    throw new UsageFault(`cannot write ${path}: ${reasonOf(error, dirname(resolve(path)))}`);
  }
  return stream;
}
