import type { Bin, Window } from './range.ts';

/** Counts at a time: one for each kind that is stacked, the lowest first; then those that are only told of beside. */
export interface Column {
  /** Start, ms. */
  time: number;
  values: readonly number[];
}

/** Sums counts into the bars of a window; bars without any are zero. `kinds`: how many values a column has. */
export function binColumns(counts: readonly Column[], window: Window, bin: Bin, kinds: number): Column[] {
  const length = Math.max(1, Math.ceil((window.to - window.from) / bin.ms));
  const columns = Array.from({ length }, (_, index) => ({
    time: window.from + index * bin.ms,
    values: Array.from({ length: kinds }, () => 0),
  }));
  for (const { time, values } of counts) {
    // A day that began before the window is told of whole: it counts to the first bar.
    const at = Math.max(0, Math.floor((time - window.from) / bin.ms));
    const column = columns[at];
    if (Number.isNaN(at) || column === undefined) continue;
    for (const [kind, value] of values.entries()) column.values[kind] = (column.values[kind] ?? 0) + value;
  }
  return columns;
}

/** The height of a column: the sum of its first `kinds` values. */
export function sumOf({ values }: Column, kinds: number): number {
  return values.slice(0, kinds).reduce((sum, value) => sum + value, 0);
}

/** Marks of an axis from 0 to at least `most`, at round numbers; counts have no halves. */
export function axisMarks(most: number): number[] {
  const rough = Math.max(1, most) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((digit) => digit * power >= rough) ?? 10) * power);
  const marks: number[] = [];
  for (let mark = 0; mark < Math.max(1, most) + step; mark += step) marks.push(mark);
  return marks;
}

/** Labels below a chart that do not run into each other. */
const MOST_LABELS = 5;

/** Which of so many columns have their time below them, from 0: the last one always, and then every so many before it. */
export function labelled(columns: number): { every: number; places: number[] } {
  const every = Math.max(1, Math.ceil(columns / MOST_LABELS));
  const places: number[] = [];
  for (let place = columns - 1; place >= 0; place -= every) places.unshift(place);
  return { every, places };
}
