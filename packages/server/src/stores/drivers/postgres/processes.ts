import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** How long a killed process may take to be gone on a busy machine. */
const DYING_MS = 2000;

/** Whether a process of this id runs, whoever it belongs to. One that ended but was not waited for does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat[stat.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    return false;
  }
}

/**
 * What tells a process from a later one that was given the same id: its start time as the system writes it, or null
 * when there is no such process.
 */
export async function birthOf(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
    // The name in parentheses may itself hold blanks and parentheses; the 22nd field counts from the last one.
    return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  }
  return ps(pid, 'lstart=');
}

/**
 * Whether the process that was born then is gone, or goes within a moment: one that was killed a blink ago still holds
 * its number while the system takes its memory back.
 */
export async function isGoneSoon(pid: number, birth: string): Promise<boolean> {
  return waitUntil(async () => !isAlive(pid) || (await birthOf(pid)) !== birth, DYING_MS);
}

/** The command line of a process, '' when it cannot be read. */
export async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.replaceAll('\0', ' ').trim();
  }
  return (await ps(pid, 'command=')) ?? '';
}

/** The working directory of a process; null where the system does not say (anything but Linux, or another's process). */
export async function workingDirectoryOf(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  return readlink(`/proc/${pid}/cwd`).catch(() => null);
}

/** Ids of the processes whose working directory is `dir`; empty where the system does not say. */
export async function processesIn(dir: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const places = await Promise.all(pids.map(workingDirectoryOf));
  return pids.filter((_, index) => places[index] === dir);
}

/** Waits until `done` answers true, asking every `everyMs`; false when `timeoutMs` pass first. */
export async function waitUntil(
  done: () => boolean | Promise<boolean>,
  timeoutMs: number,
  everyMs = 20,
): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  while (!(await done())) {
    if (Date.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return true;
}

async function ps(pid: number, column: string): Promise<string | null> {
  const answer = await run('ps', ['-o', column, '-p', String(pid)]).catch(() => null);
  return answer?.stdout.trim() || null;
}
