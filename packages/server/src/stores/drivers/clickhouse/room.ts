import { statfs } from 'node:fs/promises';
import { Fault } from '../../../model/fault.ts';

/** What must stay free on the disk of the embedded engine: several batches and merges can be under way at once. */
export const RESERVE_BYTES = 256 * 1024 * 1024;
const LOOK_MS = 250;

/** Keeps the embedded engine from writing to a disk that is nearly full. */
export interface Room {
  /** Throws a Fault `disk-full` while less than the reserve is free. */
  check(): Promise<void>;
  /** Stops looking. */
  close(): Promise<void>;
}

export interface RoomOptions {
  /** A directory on the disk. */
  path: string;
  /** Stops merges, or lets them go on; failures are tried again. */
  holdMerges(hold: boolean): Promise<void>;
  reserveBytes?: number;
  /** Bytes that are free. */
  free?: (path: string) => Promise<number>;
}

/**
 * The embedded engine takes a write for done that the disk refused for want of room: it reports the INSERT or the merge
 * as a success, and what it leaves is a part with empty files, which the next start sets aside. So that it never meets
 * a full disk, inserts are refused and merges stopped while the reserve is not free; batches wait in the spool.
 */
export function watchRoom({ path, holdMerges, reserveBytes = RESERVE_BYTES, free = freeBytes }: RoomOptions): Room {
  let held = false;
  let looking: Promise<void> | null = null;

  const isShort = async () => (await free(path)) < reserveBytes;

  async function look(): Promise<void> {
    try {
      const short = await isShort();
      // Told again while it is short: an import that ends lets merges go on, and knows nothing of this.
      if (short || held) await holdMerges(short);
      held = short;
    } catch {
      // The next look tries it again.
    } finally {
      looking = null;
    }
  }

  const timer = setInterval(() => {
    looking ??= look();
  }, LOOK_MS);
  timer.unref();
  return {
    async check() {
      if (!(await isShort())) return;
      const reserve = `${Math.floor(reserveBytes / 1048576)} MiB`;
      throw new Fault('disk-full', `the disk that holds ${path} has less than ${reserve} free, so nothing is stored`);
    },
    async close() {
      clearInterval(timer);
      await looking;
    },
  };
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
