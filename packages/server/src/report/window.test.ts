import { describe, expect, it } from 'vitest';
import { UsageFault } from '../model/fault.ts';
import { parseSpan, parseTime, parseWindow } from './window.ts';

describe('times', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T12:30', '2026-03-01T12:30:00.000Z'],
    ['2026-03-01 12:30:15', '2026-03-01T12:30:15.000Z'],
    ['2026-03-01T12:30:15.5Z', '2026-03-01T12:30:15.500Z'],
    ['2026-03-01T12:00:00+01:00', '2026-03-01T11:00:00.000Z'],
    ['2026-03-01T12:00-0530', '2026-03-01T17:30:00.000Z'],
    ['1700000000', '2023-11-14T22:13:20.000Z'],
    ['1700000000123', '2023-11-14T22:13:20.123Z'],
  ])('%s', (text, expected) => {
    expect(new Date(parseTime(text, '--from')).toISOString()).toBe(expected);
  });

  it.each(['', 'yesterday', '2026-02-30', '2026-13-01', '2026-03-01T25:00', '01/03/2026', '12', '2026-3-1'])(
    '%j is refused by name',
    (text) => {
      expect(() => parseTime(text, '--from')).toThrow(UsageFault);
      expect(() => parseTime(text, '--from')).toThrow(/--from/);
    },
  );
});

describe('spans and windows', () => {
  it.each([
    ['30m', 1_800_000],
    ['24h', 86_400_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
    ['90s', 90_000],
  ])('%s', (text, ms) => {
    expect(parseSpan(text, '--last')).toBe(ms);
  });

  it.each(['', '0h', '-1h', '24', 'day', '1y'])('%j is no span', (text) => {
    expect(() => parseSpan(text, '--last')).toThrow(UsageFault);
  });

  it.each([
    [{}, -Infinity, Infinity],
    [{ last: '1h' }, 9_996_400_000, Infinity],
    [{ last: '1h', to: '1970-01-02' }, 82_800_000, 86_400_000],
    [{ from: '1970-01-02' }, 86_400_000, Infinity],
    [{ from: '1970-01-02', to: '1970-01-03' }, 86_400_000, 172_800_000],
  ])('%j', (asked, from, to) => {
    expect(parseWindow(asked, 10_000_000_000)).toEqual({ from, to });
  });

  it.each([
    [{ from: '2026-01-02', to: '2026-01-02' }],
    [{ from: '2026-01-02', to: '2026-01-01' }],
    [{ from: '2026-01-02', last: '1h' }],
  ])('%j makes no sense', (asked) => {
    expect(() => parseWindow(asked, 0)).toThrow(UsageFault);
  });
});
