import type { Bin, Window } from './range.ts';

/** The three classes that sum to all requests, in the order they are stacked from the bottom. */
export const CLASSES = ['people', 'bots', 'hosting'] as const;
export type TrafficClass = (typeof CLASSES)[number];

/** Counts in equal bars over a window; bars without requests are zero. */
export interface Series {
  /** Start of each bar, ms. */
  times: number[];
  counts: Record<TrafficClass, number[]>;
}

/** Sums the API's rows, each `{[step]: RFC 3339, people, bots, hosting}`, into the bars of a window. */
export function toSeries(rows: readonly Record<string, unknown>[], window: Window, bin: Bin): Series {
  const length = Math.max(1, Math.ceil((window.to - window.from) / bin.ms));
  const times = Array.from({ length }, (_, index) => window.from + index * bin.ms);
  const counts = { people: zeros(length), bots: zeros(length), hosting: zeros(length) };
  for (const row of rows) {
    const index = Math.floor((Date.parse(String(row[bin.step])) - window.from) / bin.ms);
    if (!(index >= 0 && index < length)) continue;
    for (const name of CLASSES) counts[name][index] = (counts[name][index] ?? 0) + Number(row[name] ?? 0);
  }
  return { times, counts };
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}

/** Running sums over the shown classes, bottom first; a hidden class adds nothing. */
export function stack(series: Series, shown: ReadonlySet<TrafficClass>): number[][] {
  let below = zeros(series.times.length);
  return CLASSES.map((name) => {
    if (shown.has(name)) below = below.map((sum, index) => sum + (series.counts[name][index] ?? 0));
    return below;
  });
}

/** Limits that cut positive values into `steps` classes of growing width (each the previous one times a constant). */
export function logLimits(values: readonly number[], steps: number): number[] {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return [];
  const top = Math.max(...positive);
  const ratio = top ** (1 / steps);
  const limits = Array.from({ length: steps - 1 }, (_, index) => Math.round(ratio ** (index + 1)));
  return [...new Set(limits)].filter((limit) => limit > 1 && limit < top);
}

/** Which of the classes a value falls in: 0 for none, else 1 … limits.length + 1. */
export function levelOf(value: number, limits: readonly number[]): number {
  return value <= 0 ? 0 : 1 + limits.filter((limit) => value >= limit).length;
}
