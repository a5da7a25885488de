import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GenerationCache } from './generation-cache.ts';

test('never holds more than its limit, never answers wrongly, and keeps what is used', () => {
  const keys = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 300 });
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 12 }), keys, (limit, list) => {
      const cache = new GenerationCache<number, string>(limit);
      for (const key of list) {
        const found = cache.get(key);
        if (found === undefined) cache.set(key, `v${key}`);
        else expect(found).toBe(`v${key}`);
        expect(cache.get(key)).toBe(`v${key}`);
        expect(cache.size).toBeLessThanOrEqual(limit);
      }
    }),
  );
});

test('what is in use all the time is never lost, and a known key takes a new value', () => {
  const cache = new GenerationCache<string, number>(6);
  for (let index = 0; index < 100; index += 1) {
    cache.set(`k${index}`, index);
    expect(cache.get('k0')).toBe(0);
  }
  expect(cache.get('k50')).toBeUndefined();
  cache.set('k99', 3);
  expect(cache.get('k99')).toBe(3);
});
