import { stat, statfs } from 'node:fs/promises';
import { type DiskBound, type DiskFigures, type DiskState, diskBounds } from '../model/disk.ts';
import { Fault } from '../model/fault.ts';

const LOOK_MS = 500;
/** What is below a bound stays so until there is so much more than that: room that comes and goes is no news. */
const RECOVERED = 1.1;
/** Below this the embedded engines themselves stop; what is small and cannot wait is taken until then. */
const LAST_BYTES = 256 * 1024 * 1024;
const ORDER: readonly DiskState[] = ['good', 'low', 'stopped', 'full'];

export interface DiskReading {
  /** Bytes that this user may still write. */
  free: number;
  size: number;
  /** Tells disks apart. */
  device: number;
}

export interface DiskGuardOptions {
  /** Directories of the hub, each of which may be on a disk of its own. */
  paths: readonly string[];
  warn: DiskBound;
  stop: DiskBound;
  /** Floor of the default bound, in bytes. */
  least?: number;
  /** Told when the state of the whole changes, with the disk it is of. */
  onChange?(state: DiskState, before: DiskState, disk: DiskFigures): void;
  read?(path: string): Promise<DiskReading>;
}

/** Watches the disks of the hub, so that it stops taking in before one of them is full. */
export interface DiskGuard {
  /** The worst of all disks. */
  state(): DiskState;
  /** The disks, each once, the worst first. */
  figures(): DiskFigures[];
  /** Throws a Fault `disk-low` while nothing more is to be taken in. Counts what it refuses by way in. */
  refuse(way: string): void;
  /** The same for what is small and should not wait, such as somebody's choice: until the disk is all but full. */
  refuseUnlessUrgent(way: string): void;
  /** What was refused since the start, by way in. */
  refused(): ReadonlyMap<string, number>;
  /** Looks now; the timer does it twice a second. */
  look(): Promise<void>;
  close(): void;
}

/** Opens the guard after a first look. A disk that cannot be read keeps the state it had. */
export async function openDiskGuard(options: DiskGuardOptions): Promise<DiskGuard> {
  const { paths, read = readDisk, onChange } = options;
  const disks = new Map<number, DiskFigures>();
  const refused = new Map<string, number>();
  let state: DiskState = 'good';

  const inOrder = (): DiskFigures[] =>
    [...disks.values()].sort((a, b) => ORDER.indexOf(b.state) - ORDER.indexOf(a.state));

  async function look(): Promise<void> {
    const seen = new Set<number>();
    for (const path of paths) {
      const reading = await read(path).catch(() => null);
      if (reading === null || seen.has(reading.device)) continue;
      const { device, free, size } = reading;
      seen.add(device);
      const bounds = diskBounds(size, options, options.least);
      const known = disks.get(device);
      const state = stateOf(free, bounds, known?.state ?? 'good');
      disks.set(device, { path, free, size, ...bounds, state });
    }
    const [worst] = inOrder();
    if (worst === undefined || worst.state === state) return;
    const before = state;
    state = worst.state;
    onChange?.(state, before, worst);
  }

  function refuse(way: string, from: DiskState): void {
    if (ORDER.indexOf(state) < ORDER.indexOf(from)) return;
    refused.set(way, (refused.get(way) ?? 0) + 1);
    // Where the disk is, and how large, is nothing for senders.
    throw new Fault('disk-low', 'the disk of the hub is nearly full, so that it takes nothing in; send it again later');
  }

  await look();
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = null;
    });
  }, LOOK_MS);
  timer.unref();
  return {
    state: () => state,
    figures: inOrder,
    refuse: (way) => refuse(way, 'stopped'),
    refuseUnlessUrgent: (way) => refuse(way, 'full'),
    refused: () => refused,
    look,
    close: () => clearInterval(timer),
  };
}

/** The state of a disk with so much free that was in another before: it gets worse at once, and better with room to spare. */
function stateOf(free: number, { warn, stop }: { warn: number; stop: number }, before: DiskState): DiskState {
  const last = Math.min(LAST_BYTES, stop / 2);
  const bounds: [DiskState, number][] = [
    ['full', last],
    ['stopped', stop],
    ['low', warn],
  ];
  for (const [name, bound] of bounds) {
    const held = ORDER.indexOf(before) >= ORDER.indexOf(name);
    if (free < (held ? bound * RECOVERED : bound)) return name;
  }
  return 'good';
}

/** Free and whole room of the disk that holds a path, in bytes. Rejects as statfs does. */
export async function readDisk(path: string): Promise<DiskReading> {
  const [{ bavail, blocks, bsize }, { dev }] = await Promise.all([statfs(path), stat(path)]);
  return { free: bavail * bsize, size: blocks * bsize, device: dev };
}
