import { expect, it } from 'vitest';
import { RecentCache } from './recent-cache.ts';

it('keeps the most recently used and stays bounded', () => {
  const cache = new RecentCache<number>(3);
  for (let i = 0; i < 100; i++) {
    cache.set(`k${i}`, i);
    expect(cache.get('k0')).toBe(0); // in use all the time, so never lost
    expect(cache.held).toBeLessThanOrEqual(6);
  }
  expect(cache.get('k99')).toBe(99);
  expect(cache.get('k50')).toBeUndefined();
});

it('takes a new value for a known key', () => {
  const cache = new RecentCache<number>(1);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.set('a', 3);
  expect(cache.get('a')).toBe(3);
  expect(cache.get('b')).toBe(2);
});
