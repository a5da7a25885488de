import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
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

/** A file to write to, opened before there is anything to write. Throws a UsageFault that says why it cannot be. */
export async function openOutput(path: string): Promise<WriteStream> {
  const stream = createWriteStream(path);
  try {
    await once(stream, 'open');
  } catch (error) {
    throw new UsageFault(`cannot write ${path}: ${(error as Error).message}`);
  }
  return stream;
}
