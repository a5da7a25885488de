import { expect, test } from 'vitest';
import { createTokenBuckets } from './token-bucket.ts';

test('takes a minute’s worth at once, then as much as time gives back', () => {
  const take = createTokenBuckets(60);
  for (let call = 1; call <= 60; call += 1) expect(take('a', 0)).toMatchObject({ allowed: true, remaining: 60 - call });
  expect(take('a', 0)).toEqual({ allowed: false, limit: 60, remaining: 0, seconds: 1 });
  expect(take('a', 999).allowed).toBe(false);
  expect(take('a', 1000).allowed).toBe(true);
  expect(take('a', 1000).allowed).toBe(false);
  expect(take('a', 10_000_000).remaining).toBe(59);
});

test('one caller does not use up another’s', () => {
  const take = createTokenBuckets(1);
  expect(take('a', 0).allowed).toBe(true);
  expect(take('b', 0).allowed).toBe(true);
  expect(take('a', 0).allowed).toBe(false);
});

test('a clock that goes back gives nothing', () => {
  const take = createTokenBuckets(1);
  take('a', 1000);
  expect(take('a', 0).allowed).toBe(false);
});
