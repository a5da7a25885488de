/** A bound of free room: bytes, a share of the disk from 0 to 1, or one that follows from the disk's size. */
export type DiskBound = { bytes: number } | { share: number } | 'auto';

/** `good`; `low`: warned of; `stopped`: nothing more is taken in; `full`: nothing at all that could wait is written. */
export const DISK_STATES = ['good', 'low', 'stopped', 'full'] as const;
export type DiskState = (typeof DISK_STATES)[number];

/** What is known of one disk, in bytes. */
export interface DiskFigures {
  /** A directory of the hub's on it. */
  path: string;
  state: DiskState;
  free: number;
  size: number;
  /** Free bytes below which it is warned of, and below which nothing more is taken in. */
  warn: number;
  stop: number;
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/**
 * The bounds of a disk of so many bytes. By default nothing is taken in below 5 % (at least 512 MiB, at most 5 GiB), and
 * it is warned of below twice as much, or 10 % up to 20 GiB: what is kept free is for merges, which write before they
 * free, and for deletions. `least`: the floor of the default where no engine is on the disk may be lower.
 */
export function diskBounds(
  size: number,
  bounds: { warn: DiskBound; stop: DiskBound },
  least = 512 * MIB,
): { warn: number; stop: number } {
  // On a disk that is hardly larger than the floor, half of it is to be of use.
  const autoStop = Math.min(Math.max(0.05 * size, least), 5 * GIB, size / 2);
  const stop = Math.round(boundOf(bounds.stop, size, autoStop));
  const autoWarn = Math.max(Math.min(0.1 * size, 20 * GIB), 2 * stop);
  return { stop, warn: Math.max(stop, Math.round(boundOf(bounds.warn, size, autoWarn))) };
}

function boundOf(bound: DiskBound, size: number, standard: number): number {
  if (bound === 'auto') return standard;
  return 'bytes' in bound ? bound.bytes : bound.share * size;
}
