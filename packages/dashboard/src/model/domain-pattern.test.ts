import { expect, test } from 'vitest';
import { isPattern } from './domain-pattern.ts';

test.each([
  ['www.example.com', true],
  [' *.Example.com ', true],
  ['bücher.example', true],
  ['localhost', true],
  ['', false],
  ['https://www.example.com', false],
  ['www.example.com/shop', false],
  ['www..example.com', false],
  ['*.', false],
  ['a.*.example.com', false],
  ['two hosts', false],
])('%j is a domain: %s', (typed, is) => {
  expect(isPattern(typed)).toBe(is);
});
