import { BYTES_CELL, CELLS, type ClassIndex, ERRORS_CELL, grown } from './cells.ts';

export const STEPS = ['minute', 'hour', 'day', 'month'] as const;
export type Step = (typeof STEPS)[number];

const MINUTE = 60_000;
const LENGTH = [MINUTE, 60 * MINUTE, 1440 * MINUTE] as const;
/** So many buckets of a step are held before the next coarser one is used: a day of minutes, 2 months of hours, 11 years of days. */
const MOST = [1500, 1500, 4000, Infinity] as const;
/** The longest span shown in a step, so that a chart has at most about 750 points (1,500 days). */
const LONGEST_SPAN = [12 * 60 * MINUTE, 31 * 1440 * MINUTE, 1500 * 1440 * MINUTE] as const;

/** A series as plain data: bucket numbers of the step, not sorted, and CELLS counters each. */
export interface SeriesData {
  step: number;
  buckets: Float64Array<ArrayBuffer>;
  cells: Float64Array<ArrayBuffer>;
}

/** Counters over time, in minutes while there are few, in coarser steps as there are more. Any order of times will do. */
export class TimeSeries {
  #step = 0;
  #slots = new Map<number, number>();
  #buckets: number[] = [];
  #cells = new Float64Array(64 * CELLS);
  #lastBucket = NaN;
  #lastSlot = 0;

  /** Counts one request at a time in ms since the epoch. */
  count(time: number, cls: ClassIndex, bytes: number, error: 0 | 1): void {
    const bucket = bucketOf(time, this.#step);
    if (bucket !== this.#lastBucket) {
      this.#lastSlot = this.#open(bucket, time);
      this.#lastBucket = bucketOf(time, this.#step);
    }
    const at = this.#lastSlot * CELLS;
    const cells = this.#cells;
    cells[at + cls] = (cells[at + cls] as number) + 1;
    cells[at + BYTES_CELL] = (cells[at + BYTES_CELL] as number) + bytes;
    cells[at + ERRORS_CELL] = (cells[at + ERRORS_CELL] as number) + error;
  }

  #open(bucket: number, time: number): number {
    const known = this.#slots.get(bucket);
    if (known !== undefined) return known;
    const slot = this.#buckets.length;
    this.#buckets.push(bucket);
    this.#slots.set(bucket, slot);
    this.#cells = grown(this.#cells, (slot + 1) * CELLS);
    if (this.#buckets.length <= (MOST[this.#step] as number)) return slot;
    this.#load(coarser(this.data(), this.#step + 1));
    return this.#open(bucketOf(time, this.#step), time);
  }

  #load(series: SeriesData): void {
    this.#step = series.step;
    this.#buckets = [...series.buckets];
    this.#slots = new Map(this.#buckets.map((bucket, slot) => [bucket, slot]));
    this.#cells = grown(series.cells, 64 * CELLS);
    this.#lastBucket = NaN;
  }

  data(): SeriesData {
    const buckets = Float64Array.from(this.#buckets);
    return { step: this.#step, buckets, cells: this.#cells.slice(0, buckets.length * CELLS) };
  }
}

/** Both series together, in the finest step that holds them; how they were split makes no difference. */
export function mergeSeries(a: SeriesData, b: SeriesData): SeriesData {
  let step = Math.max(a.step, b.step);
  for (;;) {
    const left = coarser(a, step);
    const right = coarser(b, step);
    const joined = {
      step,
      buckets: joinedArray(left.buckets, right.buckets),
      cells: joinedArray(left.cells, right.cells),
    };
    const merged = coarser(joined, step);
    if (merged.buckets.length <= (MOST[step] as number)) return merged;
    step++;
  }
}

function joinedArray(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  const joined = new Float64Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** The series in a step not finer than its own, each bucket once. */
export function coarser(series: SeriesData, step: number): SeriesData {
  const slots = new Map<number, number>();
  const cells = new Float64Array(series.cells.length);
  for (let i = 0; i < series.buckets.length; i++) {
    const bucket = bucketOf(bucketStart(series.buckets[i] as number, series.step), step);
    let slot = slots.get(bucket);
    if (slot === undefined) {
      slot = slots.size;
      slots.set(bucket, slot);
    }
    for (let cell = 0; cell < CELLS; cell++) {
      const at = slot * CELLS + cell;
      cells[at] = (cells[at] as number) + (series.cells[i * CELLS + cell] as number);
    }
  }
  return { step, buckets: Float64Array.from(slots.keys()), cells: cells.slice(0, slots.size * CELLS) };
}

/** The step to show a span of so many ms in, not finer than what is held. */
export function stepFor(span: number, held: number): number {
  let step = held;
  while (step < 3 && span > (LONGEST_SPAN[step] as number)) step++;
  return step;
}

/** Number of the bucket that a time falls in; months count from January 1970. */
export function bucketOf(time: number, step: number): number {
  if (step < 3) return Math.floor(time / (LENGTH[step] as number));
  const date = new Date(time);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** Time at which a bucket begins, ms since the epoch. */
export function bucketStart(bucket: number, step: number): number {
  if (step < 3) return bucket * (LENGTH[step] as number);
  return new Date(0).setUTCFullYear(1970 + Math.floor(bucket / 12), ((bucket % 12) + 12) % 12, 1);
}
