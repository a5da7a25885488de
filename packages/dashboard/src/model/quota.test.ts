import { expect, test } from 'vitest';
import { readLimit, usageOf } from './quota.ts';

test.each([
  [5, null, 'free'],
  [0, 0, 'full'],
  [89, 100, 'free'],
  [90, 100, 'near'],
  [100, 100, 'full'],
  [150, 100, 'full'],
] as const)('%d of %s is %s', (used, limit, usage) => {
  expect(usageOf(used, limit)).toBe(usage);
});

test.each([
  ['', 0, null],
  [' 12 ', 0, 12],
  ['0', 0, 0],
  ['0', 1, undefined],
  ['-1', 0, undefined],
  ['1.5', 0, undefined],
  ['many', 0, undefined],
])('%j, from %d, is %s', (typed, least, limit) => {
  expect(readLimit(typed, least)).toBe(limit);
});
