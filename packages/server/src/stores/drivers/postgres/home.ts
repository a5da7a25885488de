import { constants } from 'node:fs';
import { access, mkdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '../../../model/fault.ts';
import { giveTo, type Identity } from './identity.ts';
import { birthOf, isGoneSoon } from './processes.ts';

const LEAST_FREE_BYTES = 96 * 1024 * 1024;

/** Makes the directory of the embedded database, 0700. Faults `disk-full`, `permission`, which names who is in the way. */
export async function makeHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await readFile(join(home, 'port')).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  } catch (cause) {
    throw await asFault(cause, home);
  }
}

/** Errors of the file system as Faults `disk-full` and `permission`; anything else as it is. */
export async function asFault(error: unknown, home: string): Promise<unknown> {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof Fault || syscall === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Fault('disk-full', `the disk that holds ${home} is full`, { cause: error });
  }
  const known = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code ?? '');
  if (!known) return error;
  return new Fault('permission', `cannot use ${home}: ${message}${await whoseIsInTheWay(home)}`, { cause: error });
}

/** Names the directory on the way that we may not enter or write to, and its owner; '' when there is none. */
async function whoseIsInTheWay(home: string): Promise<string> {
  let last = '';
  for (let dir = home; dir !== last; dir = dirname(dir)) {
    last = dir;
    const info = await stat(dir).catch(() => null);
    const mayUse = access(dir, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    if (info !== null && !(await mayUse)) return `; ${dir} belongs to uid ${info.uid}`;
  }
  return '';
}

/** Files that root made here must not lock out the directory's owner when that one starts the hub next. */
export async function shareFiles(home: string, identity: Identity): Promise<void> {
  for (const name of ['password', 'port', 'start.log', 'initdb.log']) {
    await giveTo(join(home, name), identity).catch(() => undefined);
  }
}

/** Leaves a mark of the hub that uses the directory, so that a second one does not stop the first one's database. */
export async function claim(home: string, identity: Identity): Promise<void> {
  const mark = join(home, 'hub.json');
  const text = await readFile(mark, 'utf8').catch(() => '');
  const [, pid, birth] = /^\{"pid":(\d+),"birth":"(.*)"\}$/.exec(text.trim()) ?? [];
  if (pid !== undefined && !(await isGoneSoon(Number(pid), birth ?? ''))) {
    throw new Fault('already-running', `the PostgreSQL in ${home} is in use by process ${pid}`);
  }
  await writeFile(mark, JSON.stringify({ pid: process.pid, birth: (await birthOf(process.pid)) ?? '' }), {
    mode: 0o600,
  });
  await giveTo(mark, identity);
}

/** Takes the mark away. */
export async function release(home: string): Promise<void> {
  await rm(join(home, 'hub.json'), { force: true });
}

/** Refuses to start on a disk that is as good as full; PostgreSQL itself would end in the middle. Fault `disk-full`. */
export async function checkSpace(home: string): Promise<void> {
  const isNew = await stat(join(home, 'cluster')).then(
    () => false,
    () => true,
  );
  const { bavail, bsize } = await statfs(home);
  const free = bavail * bsize;
  const needed = isNew ? LEAST_FREE_BYTES : LEAST_FREE_BYTES / 6;
  if (free >= needed) return;
  const [has, wants] = [free, needed].map((bytes) => `${Math.floor(bytes / 1048576)} MiB`);
  throw new Fault('disk-full', `the disk that holds ${home} has ${has} free, PostgreSQL needs ${wants} to start`);
}
