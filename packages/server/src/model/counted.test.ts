import { expect, test } from 'vitest';
import { counted } from './counted.ts';

test('one is one, and nought and others are many', () => {
  expect([0, 1, 2, 1200].map((count) => counted(count, 'line'))).toEqual([
    '0 lines',
    '1 line',
    '2 lines',
    '1,200 lines',
  ]);
  expect([1, 2].map((count) => counted(count, 'batch waits', 'batches wait'))).toEqual([
    '1 batch waits',
    '2 batches wait',
  ]);
});
