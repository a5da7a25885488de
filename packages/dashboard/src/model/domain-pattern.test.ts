import { expect, test } from 'vitest';
import { isOneOf, isPattern } from './domain-pattern.ts';

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

test.each([
  ['www.example.org', true],
  ['www.example.org:8443', true],
  ['www.example.org.', true],
  ['a.shop.example.org', true],
  ['a.b.shop.example.org', true],
  ['shop.example.org', false],
  ['myshop.example.org', false],
  ['new.example.org', false],
  ['example.org', false],
])('%s is one of the tenant’s: %s', (host, is) => {
  const domains = [
    { pattern: 'www.example.org', verified_by: 'dns' as const },
    { pattern: '*.shop.example.org', verified_by: 'operator' as const },
    { pattern: 'new.example.org', verified_by: null },
  ];
  expect(isOneOf(host, domains)).toBe(is);
});
