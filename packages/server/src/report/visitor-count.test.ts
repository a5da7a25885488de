import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashText } from './text-hash.ts';
import { EXACT_VISITORS, VisitorCount } from './visitor-count.ts';

function countOf(visitors: Iterable<string>): VisitorCount {
  const count = new VisitorCount();
  const hash = new Uint32Array(2);
  for (const name of visitors) {
    hashText(name, hash);
    count.add(hash[0] as number, hash[1] as number);
  }
  return count;
}

function* names(from: number, to: number): Generator<string> {
  for (let i = from; i < to; i++) yield `192.0.2.${i & 255} visitor ${i}`;
}

describe('visitor count', () => {
  it('is exact while there are few', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 500 }), (texts) => {
        const count = countOf(texts);
        expect(count.value).toBe(new Set(texts).size);
        expect(count.exact).toBe(true);
      }),
    );
  });

  it('counts the hash of two noughts like any other', () => {
    const count = new VisitorCount();
    count.add(0, 0);
    count.add(0, 0);
    expect(count.value).toBe(1);
  });

  it('is the same however the visitors were split', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 300 }), fc.nat({ max: 2 })), { maxLength: 600 }), (visits) => {
        const parts = [0, 1, 2].map((part) => countOf(visits.filter(([, p]) => p === part).map(([n]) => `v${n}`)));
        const merged = new VisitorCount();
        for (const part of parts) merged.merge(part.data());
        const whole = countOf(visits.map(([n]) => `v${n}`));
        expect(merged.value).toBe(whole.value);
        expect(merged.data().registers).toEqual(whole.data().registers);
      }),
    );
  });

  it('estimates within 3 % beyond, and says so', () => {
    const whole = countOf(names(0, 300_000));
    expect(whole.exact).toBe(false);
    expect(Math.abs(whole.value - 300_000)).toBeLessThan(9000);
    // Two halves that are each exact are an estimate together, the same as if they had been one.
    const half = EXACT_VISITORS - 5;
    const merged = countOf(names(0, half));
    expect(merged.exact).toBe(true);
    merged.merge(countOf(names(half - 10, 2 * half)).data());
    expect(merged.exact).toBe(false);
    expect(merged.value).toBe(countOf(names(0, 2 * half)).value);
  });
});
