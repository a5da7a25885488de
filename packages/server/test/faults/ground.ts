import { execFile } from 'node:child_process';
import { mkdir, realpath, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readPostmasterFile } from '../../src/stores/drivers/postgres/orphan.ts';
import { processesIn } from '../../src/stores/drivers/postgres/processes.ts';

const run = promisify(execFile);

const STEP_MS = 500;

/** A disk of its own, small enough to be filled. */
export interface Disk {
  /** Leaves no room for so long; before, so many MiB for half a second each. */
  fill(ms: number, before?: readonly number[]): Promise<void>;
  /** Takes it away; what is on it goes, unless it is to be kept. */
  close(keep: boolean): Promise<void>;
}

/** Mounts a tmpfs there; null where that is not allowed (it takes root and Linux). */
export async function mountDisk(dir: string, megabytes: number): Promise<Disk | null> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const size = `size=${megabytes}m,mode=700`;
  try {
    await run('mount', ['-t', 'tmpfs', '-o', size, 'vedette-faults', dir]);
  } catch {
    return null;
  }
  return {
    async fill(ms, before = []) {
      const ballast: string[] = [];
      for (const left of [...before, 0]) {
        const { bavail, bsize } = await statfs(dir);
        const bytes = bavail * bsize - left * 1048576;
        ballast.push(join(dir, `.ballast-${ballast.length}`));
        // Others write as well, so that there may be less by now. What is freed meanwhile is room again, as on any disk.
        if (bytes > 0) await run('fallocate', ['-l', String(bytes), ballast.at(-1) as string]).catch(() => undefined);
        await sleep(left > 0 ? STEP_MS : ms);
      }
      for (const file of ballast) await rm(file, { force: true });
    },
    async close(keep) {
      const aside = `${dir}.kept`;
      if (keep) await run('cp', ['-a', dir, aside]);
      // Lazily: a process that was killed a blink ago may still hold it.
      await run('umount', ['-l', dir]);
      if (keep) await run('cp', ['-a', `${aside}/.`, dir]).then(() => rm(aside, { recursive: true }));
    },
  };
}

/** SIGKILL to the server process of a cluster; its supervisor starts another. */
export async function killPostgres(cluster: string): Promise<void> {
  const file = await readPostmasterFile(cluster);
  if (file !== null) signal(file.pid, 'SIGKILL');
}

/** Stops every process of a cluster for so long. */
export async function pausePostgres(cluster: string, ms: number): Promise<void> {
  const pids = await processesIn(await realpath(cluster));
  for (const pid of pids) signal(pid, 'SIGSTOP');
  await sleep(ms);
  for (const pid of pids) signal(pid, 'SIGCONT');
}

/** A process that is gone by now is as good as hit. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // See above.
  }
}
