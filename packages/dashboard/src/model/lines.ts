import { STEP_MS, type Window } from './range.ts';
import { CLASSES, type TrafficClass } from './series.ts';

/** Values at equal steps over a window, one line a class; null where there is none. */
export interface Lines {
  /** Start of each step, ms. */
  times: readonly number[];
  now: Record<TrafficClass, (number | null)[]>;
  /** The window compared with, by its distance from the start; null without. */
  before: Record<TrafficClass, (number | null)[]> | null;
}

/** What is 0 where there is no request; the others are not known there. */
const COUNTED = ['requests', 'uniques'];

/** The lines of the API's rows by step and class. */
export function toLines(
  rows: readonly Record<string, unknown>[],
  metric: string,
  step: keyof typeof STEP_MS,
  window: Window,
  compared: boolean,
): Lines {
  const ms = STEP_MS[step];
  const first = Math.floor(window.from / ms) * ms;
  const times: number[] = [];
  for (let time = first; time < window.to; time += ms) times.push(time);
  const nothing = COUNTED.includes(metric) ? 0 : null;
  const line = () => times.map((): number | null => nothing);
  const empty = () => ({ people: line(), bots: line(), hosting: line() });
  const lines = { times, now: empty(), before: compared ? empty() : null };
  for (const row of rows) {
    const at = Math.floor((Date.parse(String(row[step])) - first) / ms);
    const name = CLASSES.find((known) => known === row.class);
    if (name === undefined || !(at >= 0 && at < times.length)) continue;
    lines.now[name][at] = valueOf(row[metric]) ?? nothing;
    if (lines.before !== null) lines.before[name][at] = valueOf(row[`${metric}_before`]) ?? nothing;
  }
  return lines;
}

function valueOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** The pieces of a line as points from 0 to 1 in both directions, y upwards; it is broken where there is no value. */
export function pieces(values: readonly (number | null)[], top: number): { x: number; y: number }[][] {
  const found: { x: number; y: number }[][] = [];
  let piece: { x: number; y: number }[] = [];
  for (const [index, value] of values.entries()) {
    if (value === null) {
      piece = [];
      continue;
    }
    if (piece.length === 0) found.push(piece);
    piece.push({ x: (index + 0.5) / values.length, y: top > 0 ? value / top : 0 });
  }
  return found;
}
