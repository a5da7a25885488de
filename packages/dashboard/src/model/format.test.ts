import { afterEach, describe, expect, it } from 'vitest';
import { english, speak } from '../text.ts';
import { german } from '../texts/de.ts';
import {
  bytes,
  change,
  countryName,
  duration,
  exactSeconds,
  full,
  hundredths,
  lapse,
  percent,
  perSecond,
  sessionLength,
  short,
  tick,
} from './format.ts';
import { setLocale } from './locale.ts';

const plain = (text: string) => text.replaceAll(/\s/g, ' ');

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
    [0.35, '0.4'],
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

describe('in German', () => {
  afterEach(() => {
    speak(english);
    setLocale('en-GB');
  });
  it.each([
    [() => full(1_234_567), '1.234.567'],
    [() => short(1_234_567), '1,23 Mio.'],
    [() => tick(15_000), '15.000'],
    [() => percent(0.0123), '1,2 %'],
    [() => percent(0.0004), '<0,1 %'],
    [() => percent(0.9995), '>99,9 %'],
    [() => duration(1250), '1,25 s'],
    [() => bytes(1.234e9), '1,23 GB'],
    [() => perSecond(0.03), '<0,1'],
    [() => hundredths(0.1), '0,10'],
    [() => lapse(3 * 86_400), '3 Tg.'],
    [() => lapse(4.2), '4,2 s'],
    [() => exactSeconds(-259_200), '−259.200 s'],
    [() => countryName('DE'), 'Deutschland'],
  ])('%s', (write, text) => {
    speak(german);
    setLocale('de-DE');
    expect(plain(write())).toBe(text);
  });
});
