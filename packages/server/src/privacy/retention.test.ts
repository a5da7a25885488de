import { expect, test } from 'vitest';
import { DAY_MS, dayOf, expiresOn } from './retention.ts';

test('rows expire after the later of event and received day', () => {
  const today = Date.UTC(2026, 0, 10, 12);
  expect(expiresOn(today, today, 30)).toBe(dayOf(today) + 30);
  expect(expiresOn(today - 400 * DAY_MS, today, 30)).toBe(dayOf(today) + 30);
  expect(expiresOn(today + DAY_MS, today, 30)).toBe(dayOf(today) + 31);
});
