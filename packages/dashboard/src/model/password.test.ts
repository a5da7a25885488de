import { expect, test } from 'vitest';
import { missing, strengthOf } from './password.ts';

test.each([
  ['', 12, 12],
  ['elevenchars', 12, 1],
  ['twelve chars', 12, 0],
  ['👩‍💻'.repeat(12), 12, 0],
])('of %j, of %d characters, %d are missing', (password, least, count) => {
  expect(missing(password, least)).toBe(count);
});

test.each([
  ['short', 'short'],
  ['aaaaaaaaaaaaaaa', 'same'],
  ['abababababababab', 'same'],
  ['anna.lind2026!', 'guessable'],
  ['Password12345', 'guessable'],
  ['vedette-2026-11', 'guessable'],
  ['abcdefghijkl', 'weak'],
  ['123456789012345', 'weak'],
  ['sunflower123', 'fair'],
  ['correct horse battery staple', 'good'],
  ['kX9#mQ2$vL7@', 'good'],
])('%j is %s', (password, strength) => {
  expect(strengthOf(password, 12, ['anna.lind@example.org', 'Anna Lind'])).toBe(strength);
});
