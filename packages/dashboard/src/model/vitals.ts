import { duration, hundredths } from './format.ts';

/** The web vitals, those that Google ranks by first. */
export const VITALS = ['LCP', 'INP', 'CLS', 'FCP', 'TTFB'] as const;
export type Vital = (typeof VITALS)[number];
export type Rating = 'good' | 'fair' | 'poor';

/**
 * Up to the first a value is good, above the second poor, and in between it needs improvement: ms, CLS without unit.
 * From https://web.dev/articles/vitals (LCP, INP, CLS) and the pages of FCP and TTFB there.
 */
export const LIMITS: Record<Vital, readonly [good: number, poor: number]> = {
  LCP: [2500, 4000],
  INP: [200, 500],
  CLS: [0.1, 0.25],
  FCP: [1800, 3000],
  TTFB: [800, 1800],
};

export function isVital(name: string): name is Vital {
  return (VITALS as readonly string[]).includes(name);
}

export function rateVital(name: Vital, value: number): Rating {
  const [good, poor] = LIMITS[name];
  return value <= good ? 'good' : value <= poor ? 'fair' : 'poor';
}

/** `2.31 s`, `180 ms`; CLS as `0.08`. */
export function formatVital(name: Vital, value: number): string {
  return name === 'CLS' ? hundredths(value) : duration(value);
}

/** Where a value lies on a scale from 0 to half again as much as is poor, from 0 to 1. */
export function placeOfVital(name: Vital, value: number): number {
  return Math.min(1, Math.max(0, value / (LIMITS[name][1] * 1.5)));
}
