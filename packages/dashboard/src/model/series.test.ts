import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLASSES, levelOf, logLimits, stack, toSeries } from './series.ts';

const from = Date.parse('2026-01-01T00:00:00Z');
const window = { from, to: from + 60 * 60_000 };
const bin = { ms: 15 * 60_000, step: 'minute' } as const;
const row = (minute: number, people: number, bots: number, hosting: number) => ({
  minute: new Date(from + minute * 60_000).toISOString(),
  people,
  bots,
  hosting,
});

describe('toSeries', () => {
  it('sums steps into bars and fills the empty ones', () => {
    const series = toSeries([row(0, 1, 2, 3), row(14, 1, 0, 0), row(45, 5, 0, 0)], window, bin);
    expect(series.times).toEqual([0, 15, 30, 45].map((minute) => from + minute * 60_000));
    expect(series.counts).toEqual({ people: [2, 0, 0, 5], bots: [2, 0, 0, 0], hosting: [3, 0, 0, 0] });
  });
  it('leaves out what lies outside or has no time', () => {
    const series = toSeries([row(-1, 1, 1, 1), row(60, 1, 1, 1), { people: 1 }], window, bin);
    expect(CLASSES.flatMap((name) => series.counts[name])).toEqual(Array.from({ length: 12 }, () => 0));
  });
  it('stacks to the total, without the hidden classes', () => {
    const series = toSeries([row(0, 1, 2, 3), row(20, 4, 5, 6)], window, bin);
    expect(stack(series, new Set(CLASSES))).toEqual([
      [1, 4, 0, 0],
      [3, 9, 0, 0],
      [6, 15, 0, 0],
    ]);
    expect(stack(series, new Set(['bots']))).toEqual([
      [0, 0, 0, 0],
      [2, 5, 0, 0],
      [2, 5, 0, 0],
    ]);
  });
});

describe('levels of the map', () => {
  it.each([
    [[], []],
    [[0, 0], []],
    [[1], []],
    [
      [1, 1_000_000],
      [10, 100, 1000, 10_000, 100_000],
    ],
  ])('%j', (values, limits) => {
    expect(logLimits(values, 6)).toEqual(limits);
  });
  it('puts every value into a level that exists, growing with it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1 }), (values) => {
        const limits = logLimits(values, 6);
        const levels = values.toSorted((a, b) => a - b).map((value) => levelOf(value, limits));
        expect(levels).toEqual(levels.toSorted((a, b) => a - b));
        expect(Math.max(...levels)).toBeLessThanOrEqual(6);
        for (const [index, value] of values.toSorted((a, b) => a - b).entries())
          expect(levels[index] === 0).toBe(value === 0);
      }),
    );
  });
});
