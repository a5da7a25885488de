import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELLS } from './cells.ts';
import {
  bucketOf,
  bucketStart,
  coarser,
  mergeSeries,
  type SeriesData,
  STEPS,
  stepFor,
  TimeSeries,
} from './time-series.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2025, 11, 19);

function seriesOf(times: readonly number[]): SeriesData {
  const series = new TimeSeries();
  for (const time of times) series.count(time, 0, 1, 0);
  return series.data();
}

function sorted(series: SeriesData): [number, number][] {
  return Array.from(series.buckets, (bucket, i): [number, number] => [bucket, series.cells[i * CELLS] as number]).sort(
    (a, b) => a[0] - b[0],
  );
}

const times = fc
  .tuple(
    fc.constantFrom(HOUR, 10 * DAY, 400 * DAY, 9000 * DAY),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3000, minLength: 1 }),
  )
  .map(([span, shares]) => shares.map((share) => Math.floor(START + share * span)));

describe('time series', () => {
  it.each([
    ['an afternoon', 5 * HOUR, 60_000, 'minute'],
    ['a week', 7 * DAY, 60_000, 'hour'],
    ['a year', 365 * DAY, HOUR, 'day'],
    ['thirty years', 30 * 365 * DAY, DAY, 'month'],
  ])('holds %s in steps that suit it', (_, span, every, step) => {
    const all = Array.from({ length: Math.ceil(span / every) }, (__, i) => START + i * every);
    const series = seriesOf(all);
    expect(STEPS[series.step]).toBe(step);
    expect(series.buckets.length).toBeLessThanOrEqual(4000);
    expect(sorted(series).reduce((sum, [, n]) => sum + n, 0)).toBe(all.length);
  });

  it('is the same in any order and however it was split', () => {
    fc.assert(
      fc.property(times, fc.nat(), (list, cut) => {
        const at = cut % list.length;
        const whole = seriesOf(list);
        const parts = mergeSeries(seriesOf(list.slice(at)), seriesOf(list.slice(0, at)));
        expect(parts.step).toBe(whole.step);
        expect(sorted(parts)).toEqual(sorted(whole));
        expect(sorted(seriesOf([...list].reverse()))).toEqual(sorted(whole));
      }),
      { numRuns: 60 },
    );
  });

  it('loses nothing when it becomes coarser', () => {
    const month = coarser(seriesOf([Date.UTC(2024, 1, 29, 23, 59), Date.UTC(2024, 2, 1), Date.UTC(1969, 11, 31)]), 3);
    expect(
      sorted(month).map(([bucket, n]) => [new Date(bucketStart(bucket, 3)).toISOString().slice(0, 10), n]),
    ).toEqual([
      ['1969-12-01', 1],
      ['2024-02-01', 1],
      ['2024-03-01', 1],
    ]);
  });

  it('begins each bucket at a time within it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e13, max: 1e14 }), fc.integer({ min: 0, max: 3 }), (time, step) => {
        const bucket = bucketOf(time, step);
        expect(bucketStart(bucket, step)).toBeLessThanOrEqual(time);
        expect(bucketStart(bucket + 1, step)).toBeGreaterThan(time);
      }),
    );
  });

  it.each([
    [HOUR, 0, 0],
    [DAY, 0, 1],
    [60 * DAY, 0, 2],
    [5000 * DAY, 0, 3],
    [HOUR, 2, 2],
  ])('shows %d ms, held in step %d, in step %d', (span, held, step) => {
    expect(stepFor(span, held)).toBe(step);
  });
});
