import { type FileHandle, open, stat } from 'node:fs/promises';
import { Fault, UsageFault } from '../model/fault.ts';
import type { Io } from './command.ts';

const POLL_MS = 500;
const READ_BYTES = 256 * 1024;
/** A hub looks at so much of a file before it stores anything; shorter files are sent whole, again, as they grow. */
const WHOLE_BYTES = 512 * 1024;
const BEGINNING = 256;
const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 15_000;

type Send = (path: string, body: AsyncIterable<Uint8Array>) => Promise<void>;

/**
 * Follows log files until `signal`: each file is one import from its beginning, of which the hub takes what it does
 * not have, so that nothing counts twice whatever is restarted. A file that was rotated away is read to its end, and
 * the one in its place is the next import. While the hub is away, it is tried again. Resolves to the exit code.
 */
export async function followFiles(paths: readonly string[], send: Send, io: Io, signal: AbortSignal): Promise<number> {
  await Promise.all(paths.map((path) => followOne(path, send, io, signal)));
  return 0;
}

async function followOne(path: string, send: Send, io: Io, signal: AbortSignal): Promise<void> {
  if (path === '-') return send(path, io.stdin as AsyncIterable<Uint8Array>);
  let wait = RETRY_FIRST_MS;
  while (!signal.aborted) {
    const file = await Generation.open(path);
    try {
      if (file !== null) await sendAll(file, path, send, signal);
      wait = RETRY_FIRST_MS;
    } catch (error) {
      if (signal.aborted) break;
      if (error instanceof UsageFault || (error instanceof Fault && error.code === 'changed-file')) throw error;
      io.stderr.write(`vedette import: ${path}: ${(error as Error).message}; trying again\n`);
      await pause(wait, signal);
      wait = Math.min(wait * 2, RETRY_MOST_MS);
    } finally {
      await file?.close();
    }
    await pause(POLL_MS, signal);
  }
}

async function sendAll(file: Generation, path: string, send: Send, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await file.isOver())) {
    await file.grown(signal);
    if (!signal.aborted) await send(path, file.bytes(signal));
  }
}

/** One file that a path stands for, until another takes its place or it is truncated. */
class Generation {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #identity: string;
  #beginning: Buffer = Buffer.alloc(0);
  #position = 0;
  /** Size of the file when it was last sent whole. */
  #sent = 0;
  #over = false;

  constructor(handle: FileHandle, path: string, identity: string) {
    this.#handle = handle;
    this.#path = path;
    this.#identity = identity;
  }

  static async open(path: string): Promise<Generation | null> {
    try {
      const handle = await open(path, 'r');
      const { dev, ino } = await handle.stat({ bigint: true });
      return new Generation(handle, path, `${dev}:${ino}`);
    } catch (error) {
      // Rotated away and not written again yet.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Waits until there is something that was not sent, or nothing more will come. */
  async grown(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.#size()) === this.#sent && !(await this.isOver()))
      await pause(POLL_MS, signal);
  }

  /** Whether everything of a file that is gone from its path was sent. */
  async isOver(): Promise<boolean> {
    if (this.#over) return true;
    const replaced = await this.#isReplaced();
    if (replaced && (await this.#size()) === this.#sent) this.#over = true;
    return this.#over;
  }

  /** The file from its beginning: a short one as it is now, a long one with all that is still written to it. */
  async *bytes(signal: AbortSignal): AsyncGenerator<Buffer> {
    this.#position = 0;
    for (;;) {
      const { bytesRead, buffer } = await this.#handle.read(
        Buffer.allocUnsafe(READ_BYTES),
        0,
        READ_BYTES,
        this.#position,
      );
      if (bytesRead > 0) {
        this.#position += bytesRead;
        if (this.#beginning.length < BEGINNING) this.#beginning = await this.#read(Math.min(BEGINNING, this.#position));
        yield buffer.subarray(0, bytesRead);
        continue;
      }
      this.#sent = this.#position;
      if (signal.aborted || this.#position < WHOLE_BYTES || (await this.#isReplaced())) {
        // What the writer added between the last read and the rename is sent by the next round.
        return;
      }
      await pause(POLL_MS, signal);
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  /** Another file has the path, or this one was begun anew. */
  async #isReplaced(): Promise<boolean> {
    const now = await stat(this.#path, { bigint: true }).catch(() => null);
    if (now === null) return false;
    if (`${now.dev}:${now.ino}` !== this.#identity) return true;
    if (Number(now.size) >= this.#position && this.#beginning.equals(await this.#read(this.#beginning.length)))
      return false;
    this.#over = true;
    return true;
  }

  async #read(length: number): Promise<Buffer> {
    const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
