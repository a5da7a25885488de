import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Closing } from './engines.ts';
import { type DiskGuard, openDiskGuard } from './flow/disk-guard.ts';
import type { DiskFigures } from './model/disk.ts';
import type { Log } from './stores/records.ts';

/** Where no engine writes, so much is enough: a spool and what a log-in takes. */
const LEAST_WITHOUT_ENGINES = 64 * 1024 * 1024;

/** The directories that may be on disks of their own, and are written by more than the spool, which has its own bound. */
export function guardedPaths({ data, clickhouseUrl, databaseUrl }: Config): string[] {
  return [
    data,
    ...(clickhouseUrl === undefined ? [join(data, 'clickhouse')] : []),
    ...(databaseUrl === undefined ? [join(data, 'postgres')] : []),
  ];
}

/** Floor of the default bounds on this hub's disks, in bytes; undefined: as for embedded engines. */
export function guardedFloor({ clickhouseUrl, databaseUrl }: Config): number | undefined {
  return clickhouseUrl !== undefined && databaseUrl !== undefined ? LEAST_WITHOUT_ENGINES : undefined;
}

/** Watches the disks of the hub, and says in the log when one is nearly full and when there is room again. */
export async function watchDisks(config: Config, log: Log, closing: Closing): Promise<DiskGuard> {
  const guard = await openDiskGuard({
    paths: guardedPaths(config),
    warn: config.diskWarn,
    stop: config.diskStop,
    least: guardedFloor(config),
    onChange(state, _, disk) {
      const figures = { state, path: disk.path, free: disk.free, warn: disk.warn, stop: disk.stop };
      if (state === 'good') log.info(figures, 'there is room on the disk again');
      else if (state === 'low') log.warn(figures, describe(disk, 'nearly full'));
      else log.error(figures, describe(disk, 'as good as full: nothing more is taken in until there is room'));
    },
  });
  closing.add('the watch over the disks', () => guard.close());
  return guard;
}

function describe({ path, free }: DiskFigures, what: string): string {
  return `the disk that holds ${path} is ${what} (${Math.floor(free / 1048576)} MiB free); docs/operating.md, "Disk guard"`;
}
