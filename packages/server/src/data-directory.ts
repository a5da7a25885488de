import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, link, mkdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { refuseHalfRestored } from './backup/target.ts';
import { type HubLock, lockHub } from './hub-lock.ts';
import { openKeyRing } from './key-ring.ts';
import { Fault } from './model/fault.ts';
import type { KeyFile } from './privacy/rotation.ts';
import { MASTER_KEY_BYTES } from './privacy/sealing.ts';

/** Of what is in the directory; a later layout that an older hub must not touch counts up. */
const LAYOUT = 1;
const LEAST_FREE_BYTES = 32 * 1024 * 1024;

export interface DataDirectory {
  path: string;
  /** The file of the key that seals every other secret. */
  keyRing: KeyFile;
  /** Gives the directory free for another hub. */
  close(): Promise<void>;
}

/**
 * Makes the data directory, or takes it as it is, for this hub alone.
 * Faults: `already-running`, `data-newer` (made by a later version), `disk-full`, `permission`, `unreachable-directory`,
 * `bad-master-key`, `restore-interrupted` (half of a backup lies there).
 */
export async function openDataDirectory(
  path: string,
  masterKeyFile?: string,
  { restoring = false }: { restoring?: boolean } = {},
): Promise<DataDirectory> {
  await reach(path, async () => {
    await makeDirectory(path);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    // What is below it must not be readable by others, whatever the umask was when it was made.
    if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o700).catch(() => undefined);
  });
  await checkSpace(path);
  const lock = await reach(path, () => lockHub(path));
  try {
    if (!restoring) await refuseHalfRestored(path);
    await reach(path, () => stamp(path));
    return { path, keyRing: await keyRingOf(path, masterKeyFile), close: () => lock.release() };
  } catch (error) {
    await (lock satisfies HubLock).release();
    throw error;
  }
}

/**
 * Makes the directory and those above it. Step by step, because the recursive mkdir of Node never ends where a
 * directory that exists answers ENOENT, as those of /proc do.
 */
async function makeDirectory(path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    const found = await stat(at).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && dirname(at) !== at) return null;
      throw error;
    });
    if (found !== null) {
      if (!found.isDirectory()) throw Object.assign(new Error(`${at} is a file`), { code: 'ENOTDIR', path: at });
      break;
    }
    missing.push(at);
  }
  for (const directory of missing.reverse()) {
    await mkdir(directory, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Does something with the directory; what the system says against it becomes a Fault that people understand. */
async function reach<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainPath(path, error);
  }
}

/** A Fault for what the system said of a path; other errors as they are. */
export function explainPath(path: string, error: unknown): unknown {
  const { code, path: where = path } = error as NodeJS.ErrnoException;
  const options = { cause: error };
  const uid = process.getuid?.();
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new Fault(
        'disk-full',
        `the disk that holds ${path} is full; free some space or choose another --data`,
        options,
      );
    case 'EACCES':
    case 'EPERM':
      return new Fault(
        'permission',
        `${where} may not be used by this user (uid ${uid}); change its owner or choose another --data`,
        options,
      );
    case 'EROFS':
      return new Fault(
        'permission',
        `${where} is on a file system that cannot be written; choose another --data`,
        options,
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new Fault(
        'unreachable-directory',
        `${where} is not a directory, or a part of its path is a file; choose another --data`,
        options,
      );
    case 'ENOENT':
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return new Fault('unreachable-directory', `${where} cannot be reached (${code}); choose another --data`, options);
    default:
      return error;
  }
}

async function checkSpace(path: string): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  if (free >= LEAST_FREE_BYTES) return;
  throw new Fault('disk-full', `the disk that holds ${path} has only ${Math.floor(free / 1048576)} MiB free`);
}

async function stamp(path: string): Promise<void> {
  const file = join(path, 'layout.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) {
    await writeFile(`${file}.new`, `${JSON.stringify({ layout: LAYOUT })}\n`, { mode: 0o600, flush: true });
    await rename(`${file}.new`, file);
    return;
  }
  const { layout } = JSON.parse(text) as { layout: number };
  if (layout <= LAYOUT) return;
  throw new Fault('data-newer', `${path} was made by a newer Vedette; install that version or a later one`);
}

/** The file of the master key; made the first time, unless the operator keeps it in a file of their own. */
async function keyRingOf(path: string, own: string | undefined): Promise<KeyFile> {
  const file = own ?? join(path, 'master.key');
  if (!(await isThere(file))) {
    if (own !== undefined) {
      throw new Fault(
        'bad-master-key',
        `VEDETTE_MASTER_KEY_FILE is ${own}, which does not exist; "openssl rand -out FILE 32" makes one`,
      );
    }
    await reach(path, () => createKey(path, file));
  }
  try {
    return openKeyRing(file);
  } catch (error) {
    throw error instanceof Fault ? error : explainPath(file, error);
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw explainPath(file, error);
  }
}

async function createKey(path: string, file: string): Promise<void> {
  // A directory with sealed data but without its key was damaged; a new key would only hide that.
  const used = await stat(join(path, 'postgres')).then(
    () => true,
    () => false,
  );
  if (used)
    throw new Fault(
      'bad-master-key',
      `${file} is gone; put it back from a backup, without it the client keys cannot be read`,
    );
  const draft = `${file}.new`;
  await writeFile(draft, randomBytes(MASTER_KEY_BYTES), { mode: 0o600, flush: true });
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft, { force: true });
}
