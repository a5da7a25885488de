import type { ConsentDay } from '@vedette/contract';
import { describe, expect, it } from 'vitest';
import { dayColumns, dayWindow, shareOf, totalsOf } from './consent-days.ts';
import { DAY } from './range.ts';

const day = (name: string, part: Partial<ConsentDay>): ConsentDay => ({
  day: name,
  shown: 0,
  granted: 0,
  partly: 0,
  refused: 0,
  withdrawn: 0,
  gpc: 0,
  ...part,
});
const days = [
  day('2026-11-01', { shown: 9, granted: 4, partly: 1, refused: 2, withdrawn: 1, gpc: 2 }),
  day('2026-11-03', { shown: 1, refused: 3 }),
];

describe('totalsOf', () => {
  it('takes withdrawals and GPC for part of the choices', () => {
    expect(totalsOf(days)).toEqual({ shown: 10, granted: 4, partly: 1, refused: 5, withdrawn: 1, gpc: 2, choices: 10 });
    expect(totalsOf([]).choices).toBe(0);
  });
});

it.each([
  [1, 4, 0.25],
  [5, 4, 1],
  [0, 0, null],
])('shareOf(%d, %d)', (part, all, share) => {
  expect(shareOf(part, all)).toBe(share);
});

describe('columns of days', () => {
  const window = { from: Date.parse('2026-11-01T10:00Z'), to: Date.parse('2026-11-03T08:00Z') };
  it('are of whole days, in weeks where there are too many', () => {
    expect(dayWindow(window, 60)).toEqual({
      window: { from: Date.parse('2026-11-01'), to: Date.parse('2026-11-04') },
      bin: { ms: DAY, step: 'day' },
    });
    expect(dayWindow({ from: 0, to: 364 * DAY }, 60).bin.ms).toBe(7 * DAY);
  });
  it('stack three and tell of three', () => {
    const { window: whole, bin } = dayWindow(window, 60);
    expect(dayColumns(days, whole, bin).map(({ values }) => values)).toEqual([
      [4, 1, 2, 1, 2, 9],
      [0, 0, 0, 0, 0, 0],
      [0, 0, 3, 0, 0, 1],
    ]);
  });
});
