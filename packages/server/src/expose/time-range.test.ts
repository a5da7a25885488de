import { expect, test } from 'vitest';
import { parseTime } from './time-range.ts';

const NOW = Date.UTC(2026, 0, 31, 12);

test.each([
  ['now', NOW],
  ['-24h', NOW - 86_400_000],
  ['+90d', NOW + 90 * 86_400_000],
  ['-15m', NOW - 900_000],
  ['1769860800000', 1_769_860_800_000],
  ['0', 0],
  ['2026-01-31', Date.UTC(2026, 0, 31)],
  ['2026-01-31T11:00:00Z', NOW - 3_600_000],
  ['2026-01-31T11:00', NOW - 3_600_000],
  ['2026-01-31 11:00:00.5Z', NOW - 3_599_500],
  ['2026-01-31T13:00:00+01:00', NOW],
  ['2026-01-31T13:00:00+0100', NOW],
])('%s', (text, time) => {
  expect(parseTime(text, NOW, 'from')).toBe(time);
});

test.each(['', 'yesterday', '24h', '-24x', '2026-13-01', '2026-01-31T25:00:00Z', '99999999999999999', '1e3'])(
  '"%s" is refused, naming the parameter',
  (text) => {
    expect(parseTime(text, NOW, 'from')).toMatchObject({
      refused: 'bad-time',
      detail: expect.stringContaining('from'),
    });
  },
);
