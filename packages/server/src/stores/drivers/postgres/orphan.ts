import { readFile, realpath, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Fault } from '../../../model/fault.ts';
import type { Log } from './log.ts';
import { commandOf, isAlive, processesIn, waitUntil, workingDirectoryOf } from './processes.ts';

/** What postmaster.pid says (PostgreSQL, miscadmin.h: LOCK_FILE_LINE_*). */
export interface PostmasterFile {
  pid: number;
  port: number;
  /** `starting`, `ready`, `stopping`, `standby`; '' when not written yet. */
  status: string;
}

/** Reads the cluster's postmaster.pid; null when there is none or it is not whole. */
export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3]) || 0, status: (lines[7] ?? '').trim() };
}

/**
 * Stops a server that a killed hub left behind, and removes a pid file that nothing stands behind: its number may
 * belong to another process by now, which would keep the server from starting. Returns whether a server was stopped.
 */
export async function stopOrphan(cluster: string, log: Log): Promise<boolean> {
  const file = await readPostmasterFile(cluster);
  if (file !== null && (await isServerOf(cluster, file.pid))) {
    log.warn({ pid: file.pid, cluster }, 'stopping a PostgreSQL that an earlier run left behind');
    await stopServer(file.pid, log);
    return true;
  }
  const place = await realpath(cluster);
  const free = await waitUntil(async () => (await processesIn(place)).length === 0, 15_000, 50);
  if (!free) {
    const pids = (await processesIn(place)).join(', ');
    throw new Fault('already-running', `processes ${pids} still use ${cluster}; stop them first`);
  }
  if (file !== null) await rm(join(cluster, 'postmaster.pid'), { force: true });
  return false;
}

/** Whether the process is the server of this cluster, and not one that came by its number later. */
async function isServerOf(cluster: string, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command = await commandOf(pid);
  if (basename(command.split(' ')[0] ?? '') !== 'postgres') return false;
  const place = await workingDirectoryOf(pid);
  return place === null ? command.includes(`-D ${cluster}`) : place === (await realpath(cluster));
}

/**
 * Stops a server: fast (open transactions are rolled back), then at once (the next start recovers from the log),
 * then by force.
 */
export async function stopServer(pid: number, log: Log): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', 20_000],
    ['SIGQUIT', 8_000],
    ['SIGKILL', 5_000],
  ];
  for (const [signal, patience] of steps) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      const text = `PostgreSQL runs as process ${pid} of another user and cannot be stopped from here`;
      throw new Fault('permission', text, { cause: error });
    }
    if (await waitUntil(() => !isAlive(pid), patience)) return;
    log.warn({ pid, signal }, 'PostgreSQL does not stop; trying harder');
  }
  throw new Fault('postgres-failed', `PostgreSQL, process ${pid}, cannot be stopped`);
}
