import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endOfUtcDay, NO_QUOTA, quotaOf, utcDay } from './quota.ts';

describe('a stored quota', () => {
  test.each([
    [{}, NO_QUOTA],
    [{ requests_per_day: 1000 }, { ...NO_QUOTA, requests_per_day: 1000 }],
    [
      { requests_per_day: 0, users: 1, retention_days: 30 },
      { requests_per_day: 0, users: 1, retention_days: 30 },
    ],
    [{ requests_per_day: null, users: -1, retention_days: '30' }, NO_QUOTA],
    [{ requests_per_day: 1.5, users: Number.NaN, retention_days: Number.POSITIVE_INFINITY }, NO_QUOTA],
  ])('%j is %j', (stored, quota) => expect(quotaOf(stored)).toEqual(quota));

  test('is bounds or none, whatever is stored', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('requests_per_day', 'users', 'retention_days'), fc.anything()),
        (stored) =>
          Object.values(quotaOf(stored)).every((value) => value === null || (Number.isInteger(value) && value >= 0)),
      ),
    );
  });
});

test.each([
  ['2026-01-31T00:00:00.000Z', '2026-01-31', '2026-02-01T00:00:00.000Z'],
  ['2026-12-31T23:59:59.999Z', '2026-12-31', '2027-01-01T00:00:00.000Z'],
])('%s is of the day %s, which ends at %s', (time, day, end) => {
  expect(utcDay(Date.parse(time))).toBe(day);
  expect(new Date(endOfUtcDay(Date.parse(time))).toISOString()).toBe(end);
});
