import { expect, test } from 'vitest';
import { stepTo } from './steps.ts';

test.each([
  ['ArrowRight', null, 0],
  ['ArrowRight', 2, 3],
  ['ArrowRight', 4, 4],
  ['ArrowLeft', null, 4],
  ['ArrowLeft', 2, 1],
  ['ArrowLeft', 0, 0],
  ['Home', 3, 0],
  ['End', null, 4],
  ['Enter', 3, null],
  ['Escape', 3, null],
])('%s from %s leads to %s of five', (key, from, to) => {
  expect(stepTo(key, from, 4)).toBe(to);
});
