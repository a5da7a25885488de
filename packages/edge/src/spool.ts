import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Batch } from './batch.ts';

/**
 * Batches on disk while the hub is away: one file each, written beside and renamed into place, so that a kill leaves
 * whole files or none. A file is sealed (AES-256-GCM) under a key derived from the API key, because its requests hold
 * addresses; the seal also tells damage. Oldest first, over restarts.
 */
export interface Spool {
  /** Requests that wait. */
  readonly count: number;
  has(id: string): boolean;
  /** Resolves when the batch is on disk, to the number of requests that had to go to make room. */
  put(batch: Batch): Promise<number>;
  /** The oldest batch, which stays until it is `done`; and how many requests could not be read on the way to it. */
  oldest(): Promise<{ batch: Batch | null; lost: number }>;
  done(id: string): Promise<void>;
  /** Puts a batch behind all others. */
  postpone(id: string): Promise<void>;
  close(): Promise<void>;
}

interface Entry {
  path: string;
  id: string;
  count: number;
  bytes: number;
}

const MAGIC = Buffer.from('VES1');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
// Sorts by time; then number of requests and the batch's id, so that a listing tells all but the contents.
/** A write takes less; what is older was left half written by a process that is gone, and never promised to anybody. */
const STALE_MS = 600_000;
const NAME = /^(\d{15}-\d{6})-(\d{1,9})-([0-9a-f-]{36})\.batch$/;

/** Opens the spool in `dir`, bounded by `maxBytes`. Rejects when the directory cannot be used. */
export async function openSpool(dir: string, key: string, maxBytes: number): Promise<Spool> {
  const secret = Buffer.from(hkdfSync('sha256', key, 'vedette-edge', 'spool', 32));
  await mkdir(dir, { recursive: true, mode: 0o700 });
  let entries = await list(dir);
  // Goes on after the last one, which may be of this very millisecond.
  let sequence = Number(NAME.exec(basename(entries.at(-1)?.path ?? ''))?.[1]?.slice(-6) ?? 0);
  let queue: Promise<unknown> = Promise.resolve();

  function inOrder<T>(work: () => Promise<T>): Promise<T> {
    const next = queue.then(work, work);
    queue = next.catch(() => undefined);
    return next;
  }

  async function remove(entry: Entry): Promise<void> {
    entries = entries.filter((other) => other !== entry);
    await rm(entry.path, { force: true });
  }

  function pathOf({ count, id }: { count: number; id: string }): string {
    sequence = (sequence + 1) % 1_000_000;
    const order = `${String(Date.now()).padStart(15, '0')}-${String(sequence).padStart(6, '0')}`;
    return join(dir, `${order}-${count}-${id}.batch`);
  }

  async function put(batch: Batch): Promise<number> {
    const path = pathOf(batch);
    const sealed = seal(secret, batch);
    let lost = 0;
    while (entries.length > 0 && total(entries) + sealed.length > maxBytes) {
      const first = entries[0] as Entry;
      lost += first.count;
      await remove(first);
    }
    if (sealed.length > maxBytes) throw new Error(`a batch of ${sealed.length} bytes is more than the spool may hold`);
    // Another process may share the directory, and the batch's name too, after a fork.
    const part = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.part`;
    try {
      const file = await open(part, 'wx', 0o600);
      try {
        await file.writeFile(sealed);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined);
      throw error;
    }
    await syncDirectory(dir);
    entries.push({ path, id: batch.id, count: batch.count, bytes: sealed.length });
    return lost;
  }

  async function oldest(): Promise<{ batch: Batch | null; lost: number }> {
    let lost = 0;
    for (let entry = entries[0]; entry !== undefined; entry = entries[0]) {
      const bytes = await readFile(entry.path).catch((error: NodeJS.ErrnoException) => {
        // Any other fault may pass; the batch is still there then.
        if (error.code !== 'ENOENT') throw error;
        return null;
      });
      const body = bytes === null ? null : unseal(secret, entry, bytes);
      if (body !== null) return { batch: { id: entry.id, count: entry.count, body }, lost };
      // Gone: another process with the same spool has sent it. Unreadable: kept aside, for whoever has the key.
      entries = entries.filter((other) => other !== entry);
      if (bytes === null) continue;
      lost += entry.count;
      await rename(entry.path, `${entry.path}.unreadable`).catch(() => undefined);
    }
    return { batch: null, lost };
  }

  return {
    get count() {
      return entries.reduce((sum, entry) => sum + entry.count, 0);
    },
    has: (id) => entries.some((entry) => entry.id === id),
    put: (batch) => inOrder(() => put(batch)),
    oldest: () => inOrder(oldest),
    done: (id) =>
      inOrder(async () => {
        const entry = entries.find((other) => other.id === id);
        if (entry !== undefined) await remove(entry);
      }),
    postpone: (id) =>
      inOrder(async () => {
        const entry = entries.find((other) => other.id === id);
        if (entry === undefined) return;
        const path = pathOf(entry);
        await rename(entry.path, path);
        entries = [...entries.filter((other) => other !== entry), { ...entry, path }];
      }),
    close: () => inOrder(async () => undefined),
  };
}

function total(entries: readonly Entry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function list(dir: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of (await readdir(dir)).sort()) {
    const path = join(dir, name);
    const match = NAME.exec(name);
    if (match === null && !name.endsWith('.part')) continue;
    // null: another process has just sent it, or finished writing it.
    const found = await stat(path).catch(() => null);
    if (found === null) continue;
    if (match === null) {
      if (Date.now() - found.mtimeMs > STALE_MS) await rm(path, { force: true });
      continue;
    }
    const { size } = found;
    entries.push({ path, id: match[3] as string, count: Number(match[2]), bytes: size });
  }
  return entries;
}

function aad({ id, count }: { id: string; count: number }): Buffer {
  return Buffer.from(`${id} ${count}`);
}

function seal(secret: Buffer, batch: Batch): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  cipher.setAAD(aad(batch));
  const body = Buffer.concat([cipher.update(batch.body), cipher.final()]);
  return Buffer.concat([MAGIC, nonce, cipher.getAuthTag(), body]);
}

/** null: damaged, not ours, or sealed under another key. */
function unseal(secret: Buffer, entry: Entry, bytes: Buffer): Buffer | null {
  const start = MAGIC.length + NONCE_BYTES + TAG_BYTES;
  if (bytes.length < start || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const nonce = bytes.subarray(MAGIC.length, MAGIC.length + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', secret, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad(entry));
  decipher.setAuthTag(bytes.subarray(MAGIC.length + NONCE_BYTES, start));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(start)), decipher.final()]);
  } catch {
    return null;
  }
}

async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  await handle.sync().catch(() => undefined);
  await handle.close();
}
