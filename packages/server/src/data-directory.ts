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
    if (!restoring) await refuseContents(path);
    await reach(path, () => stamp(path));
    return { path, keyRing: await keyRingOf(path, masterKeyFile), close: () => lock.release() };
  } catch (error) {
    await (lock satisfies HubLock).release();
    throw error;
  }
}

/**
 * What of a path is not there yet, the last first. Faults: `unreachable-directory` where a file is in the way,
 * `permission`.
 */
export function missingDirectories(path: string): Promise<string[]> {
  return reach(path, async () => {
    const missing: string[] = [];
    for (let at = path; ; at = dirname(at)) {
      const found = await stat(at).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' && dirname(at) !== at) return null;
        throw error;
      });
      if (found?.isDirectory()) return missing;
      if (found !== null) throw Object.assign(new Error(`${at} is a file`), { code: 'ENOTDIR', path: at });
      missing.push(at);
    }
  });
}

/**
 * Makes the directory and those above it. Step by step, because the recursive mkdir of Node never ends where a
 * directory that exists answers ENOENT, as those of /proc do.
 */
async function makeDirectory(path: string): Promise<void> {
  for (const directory of (await missingDirectories(path)).reverse()) {
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
  if (await isStamped(path)) return;
  const file = join(path, 'layout.json');
  await writeFile(`${file}.new`, `${JSON.stringify({ layout: LAYOUT })}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}

/** Whether a hub has been on the directory. Fault `data-newer`. */
async function isStamped(path: string): Promise<boolean> {
  const text = await readFile(join(path, 'layout.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return false;
  const { layout } = JSON.parse(text) as { layout: number };
  if (layout <= LAYOUT) return true;
  throw new Fault('data-newer', `${path} was made by a newer Vedette; install that version or a later one`);
}

/** Throws the Fault by which a start refuses what lies in the directory: `restore-interrupted` or `data-newer`. */
export async function refuseContents(path: string): Promise<void> {
  await refuseHalfRestored(path);
  await reach(path, () => isStamped(path));
}

/** The file of the master key; made the first time, unless the operator keeps it in a file of their own. */
async function keyRingOf(path: string, own: string | undefined): Promise<KeyFile> {
  const found = await findKeyRing(path, own);
  if (found !== null) return found;
  const file = join(path, 'master.key');
  await reach(path, () => createKey(file));
  return readKeyRing(file);
}

/**
 * The file of the master key as it is; null where the first start makes one. Faults: `bad-master-key`, also where data
 * is there without its key, and `permission`.
 */
export async function findKeyRing(path: string, own: string | undefined): Promise<KeyFile | null> {
  const file = own ?? join(path, 'master.key');
  if (await isThere(file)) return readKeyRing(file);
  // A directory with sealed data but without its key was damaged; a new key would only hide that.
  const used = (await isThere(join(path, 'postgres'))) || (await isThere(join(path, 'clickhouse')));
  if (own === undefined && !used) return null;
  const what = own === undefined ? `${file} is gone` : `VEDETTE_MASTER_KEY_FILE is ${own}, which does not exist`;
  const how = used
    ? `put the key of this installation back from its copy: no other one opens what is sealed in ${path}`
    : '"openssl rand -out FILE 32" makes one, and where there is data already, only its own key fits';
  throw new Fault('bad-master-key', `${what}; ${how}`);
}

function readKeyRing(file: string): KeyFile {
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

async function createKey(file: string): Promise<void> {
  const draft = `${file}.new`;
  await writeFile(draft, randomBytes(MASTER_KEY_BYTES), { mode: 0o600, flush: true });
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft, { force: true });
}
