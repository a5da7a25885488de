import { describe, expect, it } from 'vitest';
import { formatVital, isVital, placeOfVital, rateVital } from './vitals.ts';

const plain = (text: string) => text.replaceAll(/\s/g, ' ');

describe('web vitals', () => {
  it.each([
    ['LCP', 2500, 'good', '2.5 s'],
    ['LCP', 2501, 'fair', '2.5 s'],
    ['LCP', 4000, 'fair', '4 s'],
    ['LCP', 4001, 'poor', '4 s'],
    ['INP', 200, 'good', '200 ms'],
    ['INP', 500, 'fair', '500 ms'],
    ['INP', 501, 'poor', '501 ms'],
    ['CLS', 0, 'good', '0.00'],
    ['CLS', 0.1, 'good', '0.10'],
    ['CLS', 0.25, 'fair', '0.25'],
    ['CLS', 0.26, 'poor', '0.26'],
    ['FCP', 1800, 'good', '1.8 s'],
    ['FCP', 3001, 'poor', '3 s'],
    ['TTFB', 800, 'good', '800 ms'],
    ['TTFB', 1800, 'fair', '1.8 s'],
  ] as const)('%s %d is %s', (name, value, rating, shown) => {
    expect(rateVital(name, value)).toBe(rating);
    expect(plain(formatVital(name, value))).toBe(shown);
  });
  it('lies on its scale, however bad', () => {
    expect(placeOfVital('LCP', 0)).toBe(0);
    expect(placeOfVital('LCP', 4000)).toBeCloseTo(2 / 3);
    expect(placeOfVital('LCP', 90_000)).toBe(1);
  });
  it('knows its names only', () => {
    expect(isVital('LCP')).toBe(true);
    expect(isVital('constructor')).toBe(false);
  });
});
