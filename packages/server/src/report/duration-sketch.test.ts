import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCURACY, DurationSketch } from './duration-sketch.ts';

const durations = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 100 }),
    fc.integer({ min: 0, max: 60_000_000 }),
    fc.integer({ min: 0, max: 1e12 }),
  ),
  { minLength: 1, maxLength: 300 },
);

function sketchOf(values: readonly number[]): DurationSketch {
  const sketch = new DurationSketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

describe('duration sketch', () => {
  it('is within 1 % of the true quantile', () => {
    fc.assert(
      fc.property(durations, fc.constantFrom(0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1), (values, q) => {
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] as number;
        const found = sketchOf(values).quantile(q) as number;
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * ACCURACY + 1e-9);
      }),
      { numRuns: 500 },
    );
  });

  it('holds after merging what all of them held', () => {
    fc.assert(
      fc.property(durations, durations, (a, b) => {
        const merged = sketchOf(a);
        merged.merge(sketchOf(b).data);
        expect(merged.data).toEqual(sketchOf([...a, ...b]).data);
      }),
    );
  });

  it('says of one value that value, at any share', () => {
    for (const q of [0, 0.5, 0.99, 1]) expect(sketchOf([1_687_000]).quantile(q)).toBe(1_687_000);
  });

  it('says nothing of nothing', () => {
    expect(new DurationSketch().quantile(0.5)).toBeNull();
  });

  it.each([
    ['zero', [0, 0, 0], 0.5, 0],
    ['one value', [1234], 0.99, 1234],
    ['the highest of few values is their 95th percentile', [73, 74, 1239, 1675], 0.95, 1675],
    ['longer than any bin', [1e15], 0.5, 1e15],
  ])('%s', (_, values, q, expected) => {
    const found = sketchOf(values).quantile(q) as number;
    if (expected > 1e13) expect(found).toBeGreaterThan(1e12);
    else expect(Math.abs(found - expected)).toBeLessThanOrEqual(expected * ACCURACY);
  });
});
