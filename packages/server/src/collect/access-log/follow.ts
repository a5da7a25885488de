import { type FSWatcher, watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { UsageFault } from '../../model/fault.ts';
import { explain } from './explain.ts';

export interface FollowOptions {
  /** Ends the following; the iteration then ends without an error. */
  signal: AbortSignal;
  /** Offset to begin at (default 0, the whole file). */
  from?: number;
  /** Longest wait between two looks at the file, for file systems that do not tell (default 500 ms). */
  pollMs?: number;
}

const READ_SIZE = 256 * 1024;
/** Bytes of the beginning that tell whether a file is still the one that was read. */
const BEGINNING = 256;

/**
 * The bytes of a log as they are written, without decompression. Survives rotation by renaming (the old file is read to
 * its end first) and by copying and truncating. A file that ends without a newline when it is rotated gets one, so that
 * its last line does not run into the next file's first. Throws UsageFault if the file cannot be opened at first.
 */
export async function* followFile(path: string, options: FollowOptions): AsyncGenerator<Buffer> {
  const { signal } = options;
  const waker = new Waker(path, signal, options.pollMs ?? 500);
  let file: Followed;
  try {
    file = await Followed.open(path, options.from ?? 0);
  } catch (error) {
    waker.close();
    throw new UsageFault(`cannot open ${path}: ${explain(error)}`);
  }
  try {
    while (!signal.aborted) {
      if (await file.startedOver()) {
        if (file.midLine) yield Buffer.from('\n');
        file.rewind();
      }
      for (let chunk = await file.next(); chunk !== null; chunk = await file.next()) {
        yield chunk;
        if (signal.aborted) return;
      }
      const next = await replacement(path, file);
      if (next !== null) {
        // What the writer added between our last read and the rename.
        for (let chunk = await file.next(); chunk !== null; chunk = await file.next()) yield chunk;
        if (file.midLine) yield Buffer.from('\n');
        await file.close();
        file = next;
        continue;
      }
      await waker.wait();
    }
  } finally {
    waker.close();
    await file.close();
  }
}

/** The file that now has the path, if it is another one than the one being read. */
async function replacement(path: string, file: Followed): Promise<Followed | null> {
  let next: Followed;
  try {
    next = await Followed.open(path, 0);
  } catch {
    // Renamed and not created yet: go on with what is open.
    return null;
  }
  if (next.identity !== file.identity) return next;
  await next.close();
  return null;
}

class Followed {
  readonly #handle: FileHandle;
  /** Device and inode. */
  readonly identity: string;
  #position: number;
  #beginning: Buffer = Buffer.alloc(0);
  #last = 10;

  constructor(handle: FileHandle, identity: string, position: number) {
    this.#handle = handle;
    this.identity = identity;
    this.#position = position;
  }

  static async open(path: string, from: number): Promise<Followed> {
    const handle = await open(path, 'r');
    const { dev, ino } = await handle.stat({ bigint: true });
    return new Followed(handle, `${dev}:${ino}`, from);
  }

  /** The last byte read was not the end of a line. */
  get midLine(): boolean {
    return this.#last !== 10;
  }

  /** The next bytes, null when there are no more for now. */
  async next(): Promise<Buffer | null> {
    const { bytesRead, buffer } = await this.#handle.read(Buffer.allocUnsafe(READ_SIZE), 0, READ_SIZE, this.#position);
    if (bytesRead === 0) return null;
    const chunk = buffer.subarray(0, bytesRead);
    this.#position += bytesRead;
    this.#last = chunk[bytesRead - 1] as number;
    if (this.#beginning.length < BEGINNING) this.#beginning = await this.#read(Math.min(BEGINNING, this.#position));
    return chunk;
  }

  /** Whether the file was truncated: it is shorter than what was read, or begins otherwise. */
  async startedOver(): Promise<boolean> {
    const { size } = await this.#handle.stat();
    if (size < this.#position) return true;
    return !this.#beginning.equals(await this.#read(this.#beginning.length));
  }

  rewind(): void {
    this.#position = 0;
    this.#beginning = Buffer.alloc(0);
    this.#last = 10;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #read(length: number): Promise<Buffer> {
    const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  }
}

/** Waits until something may have happened to a file: the system says so, or time has passed. */
class Waker {
  readonly #pollMs: number;
  readonly #signal: AbortSignal;
  #watcher: FSWatcher | undefined;
  #wake = () => {};
  #pending = false;

  constructor(path: string, signal: AbortSignal, pollMs: number) {
    this.#pollMs = pollMs;
    this.#signal = signal;
    signal.addEventListener('abort', this.#ring);
    try {
      // The directory is watched, because a watch on the file would stay with the renamed one.
      this.#watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
        if (name === null || name === basename(path)) this.#ring();
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // No watches left or not supported here: polling alone does it.
    }
  }

  #ring = (): void => {
    this.#pending = true;
    this.#wake();
  };

  async wait(): Promise<void> {
    if (this.#pending || this.#signal.aborted) {
      this.#pending = false;
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, this.#pollMs);
    });
    clearTimeout(timer);
    this.#pending = false;
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#ring);
    this.#watcher?.close();
  }
}
