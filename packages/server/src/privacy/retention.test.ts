import { expect, test } from 'vitest';
import { DAY_MS, DEFAULT_RETENTION_DAYS, dayOf, expiresOn, retentionOf } from './retention.ts';

test('rows expire after the later of event and received day', () => {
  const today = Date.UTC(2026, 0, 10, 12);
  expect(expiresOn(today, today, 30)).toBe(dayOf(today) + 30);
  expect(expiresOn(today - 400 * DAY_MS, today, 30)).toBe(dayOf(today) + 30);
  expect(expiresOn(today + DAY_MS, today, 30)).toBe(dayOf(today) + 31);
});

test.each([
  [{}, DEFAULT_RETENTION_DAYS],
  [{ retentionDays: { granted: 90 } }, { ...DEFAULT_RETENTION_DAYS, granted: 90 }],
  [{ retentionDays: { granted: 0, unknown: 1.5, refused: 1e9 } }, DEFAULT_RETENTION_DAYS],
])('a policy of %j', (policy, expected) => {
  expect(retentionOf(policy)).toEqual(expected);
});
