import { ZONE } from './locale.ts';

/** What clocks show in a zone, and which times they mean; all ms. A wall time is what a clock shows, counted as if in UTC. */

const DAY = 86_400_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(zone, clock);
  }
  return clock;
}

/** How far the clocks of a zone are ahead of UTC at a time, ms. */
export function offsetAt(time: number, zone = ZONE): number {
  if (zone === 'UTC' || !Number.isFinite(time)) return 0;
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of clockOf(zone).formatToParts(time)) parts[type] = Number(value);
  const { year = 0, month = 1, day, hour, minute, second } = parts;
  // The clock shows whole seconds.
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
}

/** true where the clocks of the zone show midnight. */
export function isMidnight(time: number, zone = ZONE): boolean {
  return (time + offsetAt(time, zone)) % DAY === 0;
}

/**
 * A time that was typed as clocks show it: the time it means, `null` if it is not one. Where the clocks are put forward
 * they skip it (`gap`): it is then as long after the jump as it is past the jump's beginning. Where they are put back they
 * show it twice: `time` is the first, `again` the second.
 */
export type Typed = { time: number; gap: boolean; again: number | null } | null;

/** The times at which clocks of a zone show a wall time. */
export function fromWall(wall: number, zone = ZONE): NonNullable<Typed> {
  // No clock is more than a day from UTC, so these are the offsets before and after whatever happens around that time.
  const before = offsetAt(wall - DAY, zone);
  const after = offsetAt(wall + DAY, zone);
  const times = [...new Set([wall - before, wall - after])]
    .filter((time) => time + offsetAt(time, zone) === wall)
    .sort((a, b) => a - b);
  const [time, again = null] = times;
  return time === undefined ? { time: wall - before, gap: true, again: null } : { time, gap: false, again };
}

/** `2026-01-31T12:30`, as the clocks show it, for a datetime-local input. */
export function toInput(time: number, zone = ZONE): string {
  return new Date(time + offsetAt(time, zone)).toISOString().slice(0, 16);
}

/** Reads what a datetime-local input holds. */
export function fromInput(text: string, zone = ZONE): Typed {
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(`${text.slice(0, 16)}:00Z`) : Number.NaN;
  return Number.isNaN(wall) ? null : fromWall(wall, zone);
}
