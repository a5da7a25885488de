import type { TrafficClass } from '../model/request.ts';

/** The classes in the order their counters stand beside one another. */
export const CLASSES = ['people', 'bots', 'hosting'] as const satisfies readonly TrafficClass[];

/** Index into CLASSES. */
export type ClassIndex = 0 | 1 | 2;

export const PEOPLE = 0;
export const BOTS = 1;
export const HOSTING = 2;

/** Counters of one key: requests of people, bots and hosting, response bytes, answers of status 400 and above. */
export const CELLS = 5;
export const BYTES_CELL = 3;
export const ERRORS_CELL = 4;

/** A float array at least `needed` long, holding what `old` held. Doubling keeps growth linear overall. */
export function grown(old: Float64Array<ArrayBuffer>, needed: number): Float64Array<ArrayBuffer> {
  if (old.length >= needed) return old;
  const next = new Float64Array(Math.max(needed, old.length * 2));
  next.set(old);
  return next;
}
