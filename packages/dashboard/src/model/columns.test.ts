import { describe, expect, it } from 'vitest';
import { axisMarks, binColumns, labelled, sumOf } from './columns.ts';
import { DAY } from './range.ts';

describe('binColumns', () => {
  const bin = { ms: DAY, step: 'day' } as const;
  const window = { from: 10 * DAY, to: 13 * DAY };
  it('sums what falls into a bar, and has zeros for the others', () => {
    const counts = [
      { time: 10 * DAY, values: [1, 2] },
      { time: 10 * DAY + 5, values: [3, 4] },
      { time: 12 * DAY, values: [5, 6] },
    ];
    expect(binColumns(counts, window, bin, 2).map(({ values }) => values)).toEqual([
      [4, 6],
      [0, 0],
      [5, 6],
    ]);
  });
  it('counts a day that began before to the first bar, and leaves out what lies after or has no time', () => {
    const counts = [
      { time: 10 * DAY - 3_600_000, values: [1] },
      { time: 13 * DAY, values: [7] },
      { time: Number.NaN, values: [7] },
    ];
    expect(binColumns(counts, window, bin, 1).map(({ values }) => values[0])).toEqual([1, 0, 0]);
  });
  it('is as high as its stacked values only', () => {
    expect(sumOf({ time: 0, values: [1, 2, 4] }, 2)).toBe(3);
  });
});

describe('axisMarks', () => {
  it.each([
    [0, [0, 1, 2].slice(0, 2)],
    [1, [0, 1]],
    [7, [0, 5, 10]],
    [26, [0, 10, 20, 30]],
    [100, [0, 50, 100]],
    [1234, [0, 500, 1000, 1500]],
  ])('of %d', (most, marks) => {
    expect(axisMarks(most)).toEqual(marks);
    expect(marks.at(-1)).toBeGreaterThanOrEqual(most);
  });
});

it.each([
  [0, 1, []],
  [1, 1, [0]],
  [5, 1, [0, 1, 2, 3, 4]],
  [7, 2, [0, 2, 4, 6]],
  [30, 6, [5, 11, 17, 23, 29]],
])('of %d columns every %d has its time below it, the last among them', (columns, every, places) => {
  expect(labelled(columns)).toEqual({ every, places });
});
