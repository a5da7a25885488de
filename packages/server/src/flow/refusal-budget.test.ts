import { expect, test } from 'vitest';
import { createRefusalBudget } from './refusal-budget.ts';

const HOUR = 3_600_000;

test('so many an hour are written, and what was left out is told with the next', () => {
  const budget = createRefusalBudget(2);
  expect(budget.take('a', 0)).toEqual({ write: true, leftOut: 0, last: false });
  expect(budget.take('a', 1)).toEqual({ write: true, leftOut: 0, last: true });
  expect(budget.take('a', 2)).toEqual({ write: false, leftOut: 1, last: false });
  expect(budget.take('a', HOUR - 1)).toEqual({ write: false, leftOut: 2, last: false });
  expect(budget.take('a', HOUR)).toEqual({ write: true, leftOut: 2, last: false });
  expect(budget.take('a', HOUR + 1)).toEqual({ write: true, leftOut: 0, last: true });
});

test('names do not take from one another, and of too many the rest share', () => {
  const budget = createRefusalBudget(1);
  for (let n = 0; n < 20_000; n += 1) expect(budget.take(`name ${n}`, 0).write).toBe(true);
  expect(budget.take('name 0', 1).write).toBe(false);
  expect(budget.take('one more', 1).write).toBe(true);
  expect(budget.take('and another', 1).write).toBe(false);
});
