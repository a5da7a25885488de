import { describe, expect, it } from 'vitest';
import {
  ago,
  axisTime,
  barPeriod,
  bytes,
  change,
  countryName,
  duration,
  exactSeconds,
  full,
  lapse,
  percent,
  period,
  perSecond,
  sessionLength,
  short,
  stamp,
  width,
} from './format.ts';

const at = (text: string) => Date.parse(text);
const plain = (text: string) => text.replaceAll(/[   ]/g, ' ');

describe('numbers', () => {
  it.each([
    [0, '0', '0'],
    [99_999, '99,999', '99,999'],
    [123_456, '123,456', '123k'],
    [1_234_567, '1,234,567', '1.23m'],
  ])('%d', (count, whole, compact) => {
    expect(full(count)).toBe(whole);
    expect(short(count).toLowerCase()).toBe(compact);
  });
  it.each([
    [0, '0%'],
    [0.0004, '<0.1%'],
    [0.0123, '1.2%'],
    [0.05, '5%'],
    [0.456, '46%'],
    [0.9995, '>99.9%'],
    [1, '100%'],
    [Number.NaN, '–'],
  ])('share %d', (share, text) => {
    expect(percent(share)).toBe(text);
  });
  it.each([
    [0.85, '850 µs'],
    [4.25, '4.3 ms'],
    [5, '5 ms'],
    [950.4, '950 ms'],
    [1250, '1.25 s'],
    [61_000, '61 s'],
  ])('%d ms', (ms, text) => {
    expect(plain(duration(ms))).toBe(text);
  });
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [12_345, '12.3 kB'],
    [999_600, '1 MB'],
    [1.234e9, '1.23 GB'],
    [5e18, '5000 PB'],
  ])('%d bytes', (count, text) => {
    expect(plain(bytes(count))).toBe(text);
  });
  it.each([
    [0, '0'],
    [0.03, '<0.1'],
    [0.35, '0.3'],
    [12, '12'],
    [12.46, '12.5'],
    [1204.4, '1,204'],
    [1_234_567, '1.23M'],
  ])('%d a second', (rate, text) => {
    expect(perSecond(rate)).toBe(text);
  });
  it.each([
    [0, '0 µs'],
    [0.25, '250 ms'],
    [4.2, '4.2 s'],
    [-4.2, '4.2 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3599, '59 min'],
    [86_399, '23 h'],
    [3 * 86_400, '3 d'],
  ])('%d s', (seconds, text) => {
    expect(plain(lapse(seconds))).toBe(text);
  });
  it.each([
    [0.0213, '0.021 s'],
    [-259_200, '−259,200 s'],
  ])('%d s exactly', (seconds, text) => {
    expect(plain(exactSeconds(seconds))).toBe(text);
  });
  it.each([
    [120, 100, 0.2],
    [50, 100, -0.5],
    [5, 0, null],
  ])('change to %d from %d', (now, before, expected) => {
    if (expected === null) expect(change(now, before)).toBeNull();
    else expect(change(now, before)).toBeCloseTo(expected);
  });
});

describe('times', () => {
  const now = at('2026-11-25T22:00:00Z');
  it.each([
    ['2026-11-25T21:59:57Z', 'just now'],
    ['2026-11-25T22:03:00Z', 'just now'],
    ['2026-11-25T21:59:48Z', '12 s ago'],
    ['2026-11-25T20:00:01Z', '1 h ago'],
    ['2026-11-22T22:00:00Z', '3 d ago'],
    ['1970-01-01T00:00:00Z', 'never'],
    ['nonsense', 'never'],
  ])('%s is %s', (time, text) => {
    expect(plain(ago(at(time), now))).toBe(text);
  });
  it('tells a time to the second', () => {
    expect(plain(stamp(at('2026-01-31T12:30:05Z')))).toBe('31 Jan 2026, 12:30:05 UTC');
    expect(stamp(Number.NaN)).toBe('never');
  });
  it.each([
    ['2026-11-22T05:00:00Z', '2026-11-22T06:00:00Z', '22 Nov 2026, 05:00–06:00'],
    ['2026-11-21T05:00:00Z', '2026-11-22T06:00:00Z', '21 Nov 2026, 05:00 – 22 Nov 2026, 06:00'],
    ['2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z', '21 Nov 2026'],
    ['2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', '1 Nov – 30 Nov 2026'],
    ['2025-11-01T00:00:00Z', '2026-12-01T00:00:00Z', '1 Nov 2025 – 30 Nov 2026'],
  ])('%s to %s', (from, to, text) => {
    expect(plain(period(at(from), at(to)))).toBe(text);
  });
  it('labels axes and bars by how far apart they are', () => {
    expect(axisTime(at('2026-11-22T05:00:00Z'), 3_600_000)).toBe('05:00');
    expect(axisTime(at('2026-11-22T00:00:00Z'), 3_600_000)).toBe('22 Nov');
    expect(axisTime(at('2026-11-01T00:00:00Z'), 30 * 86_400_000)).toBe('Nov 2026');
    expect(barPeriod(at('2026-11-22T05:00:00Z'), 900_000)).toBe('Sun 22 Nov, 05:00–05:15');
    expect(barPeriod(at('2026-11-22T00:00:00Z'), 86_400_000)).toBe('Sun 22 Nov');
  });
  it.each([
    [60_000, 'minute'],
    [900_000, '15 minutes'],
    [3_600_000, 'hour'],
    [7 * 86_400_000, '7 days'],
  ])('%d ms wide', (ms, text) => {
    expect(width(ms)).toBe(text);
  });
});

describe('countryName', () => {
  it.each([
    ['DE', 'Germany'],
    ['de', 'Germany'],
    ['XK', 'Kosovo'],
    ['?!', '?!'],
  ])('%s', (code, name) => {
    expect(countryName(code)).toBe(name);
  });
});

it.each([
  [0, '0 s'],
  [0.4, '0 s'],
  [41.6, '42 s'],
  [60, '1 min'],
  [7200, '2 h'],
])('a session of %d s', (seconds, text) => {
  expect(plain(sessionLength(seconds))).toBe(text);
});
