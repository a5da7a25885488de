import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test.each([
  ['improt', 'import'],
  ['repot', 'report'],
  ['serv', 'serve'],
  ['DOCTOR', 'doctor'],
  ['xyz', undefined],
  ['', undefined],
])('%s means %s', (word, meant) => {
  expect(nearest(word, ['serve', 'report', 'import', 'doctor'])).toBe(meant);
});
