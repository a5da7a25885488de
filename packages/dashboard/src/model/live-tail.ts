import type { RequestRow } from '@vedette/contract';
import { classOf } from './request-row.ts';
import type { TrafficClass } from './series.ts';

/** Rows that are kept in the page; older ones are let go. */
export const MOST_ROWS = 1000;
/** Of so long ago it is known how many came each second. */
export const SHOWN_SECONDS = 60;
const RATE_SECONDS = 10;

/** What came in one second; of those that were left out it is not known who they were. */
export type Second = Readonly<Record<TrafficClass | 'leftOut', number> & { second: number }>;

/** Requests as they came in since it began. */
export interface Tail {
  /** When it began, ms. */
  since: number;
  /** The latest, the latest first. */
  rows: readonly RequestRow[];
  /** How many came, those that were left out among them. */
  came: number;
  leftOut: number;
  /** The latest last; those without requests are not here. */
  seconds: readonly Second[];
  /** Whether somebody took away what there was. */
  cleared: boolean;
}

export function emptyTail(now: number, cleared = false): Tail {
  return { since: now, rows: [], came: 0, leftOut: 0, seconds: [], cleared };
}

/** What came: rows, the earliest first, and how many others. A row that is there already is not shown twice. */
export function addArrived(tail: Tail, arrived: readonly RequestRow[], leftOut: number, now: number): Tail {
  const known = new Set(tail.rows.map(({ id }) => id));
  const fresh = arrived.filter(({ id }) => !known.has(id)).slice(-MOST_ROWS);
  const counts: Record<TrafficClass | 'leftOut', number> = { people: 0, bots: 0, hosting: 0, leftOut };
  for (const row of arrived) counts[classOf(row)] += 1;
  return {
    ...tail,
    rows: [...fresh.toReversed(), ...tail.rows].slice(0, MOST_ROWS),
    came: tail.came + arrived.length + leftOut,
    leftOut: tail.leftOut + leftOut,
    seconds: addSecond(tail.seconds, { ...counts, second: Math.floor(now / 1000) }),
  };
}

function addSecond(seconds: readonly Second[], added: Second): Second[] {
  const kept = seconds.filter(({ second }) => second > added.second - SHOWN_SECONDS);
  const last = kept.at(-1);
  if (last?.second !== added.second) return [...kept, added];
  const sum = {
    second: last.second,
    people: last.people + added.people,
    bots: last.bots + added.bots,
    hosting: last.hosting + added.hosting,
    leftOut: last.leftOut + added.leftOut,
  };
  return [...kept.slice(0, -1), sum];
}

/** Puts what came before, the latest first, below what there is; it does not count as having come. */
export function addBefore(tail: Tail, before: readonly RequestRow[]): Tail {
  const known = new Set(tail.rows.map(({ id }) => id));
  return { ...tail, rows: [...tail.rows, ...before.filter(({ id }) => !known.has(id))].slice(0, MOST_ROWS) };
}

export function sumOf({ people, bots, hosting, leftOut }: Second): number {
  return people + bots + hosting + leftOut;
}

/** How many came a second, on average of the last ten or of as long as it goes. */
export function rateOf({ seconds, since }: Tail, now: number): number {
  const from = now / 1000 - RATE_SECONDS;
  const recent = seconds.filter(({ second }) => second >= from).reduce((sum, one) => sum + sumOf(one), 0);
  return recent / Math.min(RATE_SECONDS, Math.max(1, (now - since) / 1000));
}

/** The last minute second by second, the latest last; those in which nothing came are zero. */
export function lastSeconds({ seconds }: Tail, now: number): Second[] {
  const end = Math.floor(now / 1000);
  const known = new Map(seconds.map((one) => [one.second, one]));
  return Array.from({ length: SHOWN_SECONDS }, (_, index) => {
    const second = end - SHOWN_SECONDS + 1 + index;
    return known.get(second) ?? { second, people: 0, bots: 0, hosting: 0, leftOut: 0 };
  });
}

/** What there was before it was taken away, below what came since. */
export function restored(tail: Tail, former: Tail): Tail {
  const whole = addBefore(tail, former.rows);
  return {
    ...whole,
    since: former.since,
    came: tail.came + former.came,
    leftOut: tail.leftOut + former.leftOut,
    seconds: [...former.seconds, ...tail.seconds].reduce<Second[]>(addSecond, []),
    cleared: former.cleared,
  };
}
