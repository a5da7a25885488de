import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Fault } from './model/fault.ts';
import { birthOf, isGoneSoon } from './stores/drivers/postgres/processes.ts';

const NAME = 'hub.lock';
const HEARTBEAT_MS = 2000;
/** How long the lock of a hub that cannot be looked at must lie still before it counts as left behind. */
const STILL_MS = 3 * HEARTBEAT_MS;
const TRIES = 5;

interface Owner {
  pid: number;
  /** Start time of the process: another one may be given the same id. */
  birth: string;
  /** Where process ids mean the same: the machine and its process namespace. */
  place: string;
  /** RFC 3339. */
  since: string;
  id: string;
}

export interface HubLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only hub on a data directory. A lock whose process is gone is taken over; whether it is gone
 * is asked of the system by id and start time, and, where it ran in another container or on another machine, told by
 * its heartbeat. Throws a Fault `already-running` that says who holds the directory and since when.
 */
export async function lockHub(dir: string): Promise<HubLock> {
  const path = join(dir, NAME);
  const own: Owner = {
    pid: process.pid,
    birth: (await birthOf(process.pid)) ?? '',
    place: placeOfProcesses(),
    since: new Date().toISOString(),
    id: randomUUID(),
  };
  const draft = `${path}.${own.id}`;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600, flush: true });
  try {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      if (await tryLink(draft, path)) return hold(path, own);
      const holder = await readOwner(path);
      if (holder !== null && (await isRunning(path, holder))) throw alreadyRunning(dir, holder);
      await takeAway(path, holder);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new Fault('already-running', `several hubs are starting on ${dir} at the same time`);
}

/** Whether the link was made. It either is there whole or not at all, unlike a file that is written. */
async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Owner;
  } catch {
    return null;
  }
}

async function isRunning(path: string, { pid, birth, place }: Owner): Promise<boolean> {
  if (place === placeOfProcesses()) return !(await isGoneSoon(pid, birth));
  const beat = async () => (await stat(path).catch(() => null))?.mtimeMs;
  const before = await beat();
  if (before === undefined) return false;
  // The clock of the other side may differ, so what counts is whether the file goes on being touched.
  await new Promise((resolve) => setTimeout(resolve, STILL_MS));
  return (await beat()) !== before;
}

/** Removes a lock that was left behind; puts it back if somebody else has taken it meanwhile. */
async function takeAway(path: string, seen: Owner | null): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readOwner(aside);
  if (moved?.id !== seen?.id) await tryLink(aside, path);
  await rm(aside, { force: true });
}

function hold(path: string, own: Owner): HubLock {
  const timer = setInterval(() => {
    const now = new Date();
    void utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      if ((await readOwner(path))?.id === own.id) await rm(path, { force: true });
    },
  };
}

function alreadyRunning(dir: string, { pid, since, place }: Owner): Fault {
  const where = place === placeOfProcesses() ? '' : ` on ${place.split(' ')[0]}`;
  return new Fault(
    'already-running',
    `a hub is already running on ${dir}: process ${pid}${where}, since ${since}. ` +
      'Stop it first, or choose another directory with --data',
  );
}

function placeOfProcesses(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Only Linux has them.
  }
  return `${hostname()} ${namespace}`.trim();
}
