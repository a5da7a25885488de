import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  around,
  autoPreset,
  binFor,
  DAY,
  isLive,
  PRESETS,
  partsOutside,
  rangeOn,
  resolveRange,
  stepsIn,
  windowBefore,
} from './range.ts';

const at = (text: string) => Date.parse(text);
const HOUR = 3_600_000;
const NOW = at('2026-03-04T10:17:31Z');
const show = ({ from, to }: { from: number; to: number }) =>
  `${new Date(from).toISOString()} ${new Date(to).toISOString()}`;

describe('rangeOn', () => {
  it.each([
    ['overview', { kind: 'auto' }, { kind: 'auto' }],
    ['overview', { kind: 'preset', preset: 'all' }, { kind: 'preset', preset: 'all' }],
    ['interactions', { kind: 'auto' }, { kind: 'preset', preset: '7d' }],
    ['interactions', { kind: 'preset', preset: 'all' }, { kind: 'preset', preset: '7d' }],
    ['interactions', { kind: 'preset', preset: '1h' }, { kind: 'preset', preset: '1h' }],
    ['live', { kind: 'preset', preset: '7d' }, { kind: 'preset', preset: '1h' }],
    ['live', { kind: 'custom', from: 1, to: 2 }, { kind: 'preset', preset: '1h' }],
    ['consent', { kind: 'preset', preset: '1h' }, { kind: 'preset', preset: '30d' }],
    ['consent', { kind: 'custom', from: 1, to: 2 }, { kind: 'custom', from: 1, to: 2 }],
  ] as const)('%s takes %j for %j', (screen, range, holds) => {
    expect(rangeOn(screen, range)).toEqual(holds);
  });
});

describe('resolveRange', () => {
  it.each([
    ['1h', '2026-03-04T09:17:00.000Z 2026-03-04T10:18:00.000Z'],
    ['24h', '2026-03-03T10:10:00.000Z 2026-03-04T10:18:00.000Z'],
    ['7d', '2026-02-25T10:00:00.000Z 2026-03-04T10:18:00.000Z'],
    ['30d', '2026-02-02T06:00:00.000Z 2026-03-04T10:18:00.000Z'],
    ['12mo', '2025-03-05T00:00:00.000Z 2026-03-04T10:18:00.000Z'],
  ] as const)('%s begins with the bar of that long ago and ends with this minute', (preset, window) => {
    expect(show(resolveRange({ kind: 'preset', preset }, NOW, null))).toBe(window);
  });

  it.each([
    ['1h', HOUR],
    ['24h', DAY],
    ['7d', 7 * DAY],
    ['30d', 30 * DAY],
    ['12mo', 364 * DAY],
  ] as const)('%s is what the API takes it to be, and at most a bar more', (preset, length) => {
    fc.assert(
      fc.property(fc.integer({ min: 1e12, max: 4e12 }), (now) => {
        const { from, to } = resolveRange({ kind: 'preset', preset }, now, null);
        expect(from).toBeLessThanOrEqual(now - length);
        expect(now - length - from).toBeLessThan(Math.min(binFor({ from, to }).ms, DAY));
        expect(to).toBeGreaterThan(now);
        expect(to - now).toBeLessThanOrEqual(60_000);
      }),
    );
  });

  it('ends all data now, or where data of the future ends, not with a bar to come', () => {
    const from = at('2026-02-01T10:05:03Z');
    const all = { kind: 'preset', preset: 'all' } as const;
    expect(show(resolveRange(all, NOW, { from, to: NOW - 5000 }))).toBe(
      '2026-02-01T06:00:00.000Z 2026-03-04T10:18:00.000Z',
    );
    const ahead = resolveRange(all, NOW, { from, to: NOW + 100 * 60_000 });
    expect(show(ahead)).toBe('2026-02-01T06:00:00.000Z 2026-03-04T11:58:00.000Z');
  });

  it('takes all to be where there is data', () => {
    const span = { from: at('2015-05-17T10:05:03Z'), to: at('2015-05-20T21:05:59Z') };
    expect(show(resolveRange({ kind: 'preset', preset: 'all' }, NOW, span))).toBe(
      '2015-05-17T10:00:00.000Z 2015-05-20T21:30:00.000Z',
    );
  });

  it('takes a range of one’s own as it is, to whole minutes', () => {
    const range = { kind: 'custom', from: at('2026-01-01T10:00:30Z'), to: at('2026-01-01T10:20:10Z') } as const;
    expect(show(resolveRange(range, NOW, null))).toBe('2026-01-01T10:00:00.000Z 2026-01-01T10:21:00.000Z');
  });

  it.each([
    ['nothing known', null, '24h'],
    ['data today', { from: NOW - 90 * DAY, to: NOW - 1000 }, '24h'],
    ['old data only', { from: NOW - 90 * DAY, to: NOW - 2 * DAY }, 'all'],
    ['data of the future', { from: NOW + DAY, to: NOW + 2 * DAY }, 'all'],
  ] as const)('chooses by itself: %s', (_, span, preset) => {
    expect(autoPreset(NOW, span)).toBe(preset);
  });

  it('gives not more than 181 bars, that hold now', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e12, max: 4e12 }), fc.constantFrom(...PRESETS), (now, preset) => {
        const window = resolveRange({ kind: 'preset', preset }, now, null);
        const bin = binFor(window);
        expect((window.to - window.from) / bin.ms).toBeLessThanOrEqual(181);
        expect(window.from).toBeLessThanOrEqual(now);
        expect(window.to).toBeGreaterThan(now);
        expect(isLive(window, now)).toBe(true);
        expect(windowBefore(window).to).toBe(window.from);
      }),
    );
  });

  it('covers all data by whole bars that begin where a calendar cuts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 1, max: 4e11 }), (from, length) => {
        const span = { from, to: from + length };
        const window = resolveRange({ kind: 'preset', preset: 'all' }, 3e12, span);
        const { ms } = binFor(window);
        expect(window.from).toBeLessThanOrEqual(from);
        expect(window.to).toBeGreaterThan(span.to);
        expect((window.to - window.from) % ms).toBe(0);
        expect(window.from % Math.min(ms, DAY)).toBe(0);
      }),
    );
  });

  it('cuts any range into bars made of whole steps', () => {
    const steps = { minute: 60_000, hour: 3_600_000, day: DAY };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 4e11 }), (from, length) => {
        const window = resolveRange({ kind: 'custom', from, to: from + length }, NOW, null);
        const bin = binFor(window);
        expect(window.from).toBeLessThanOrEqual(from);
        expect(window.to).toBeGreaterThanOrEqual(from + length);
        expect(bin.ms % steps[bin.step]).toBe(0);
        expect(window.from % steps[bin.step]).toBe(0);
        expect(stepsIn(window, bin)).toBeGreaterThan((window.to - window.from) / steps[bin.step]);
      }),
    );
  });
});

describe('partsOutside', () => {
  const data = { from: NOW - 2 * DAY, to: NOW };
  const end = at('2026-03-04T10:18:00Z');
  it.each([
    ['nothing', NOW - 3 * DAY, end, null, null],
    ['what is before', NOW - DAY, end, [data.from, NOW - DAY], null],
    ['what is after', NOW - 3 * DAY, NOW - DAY, null, [NOW - DAY, end]],
    ['both', NOW - DAY, NOW - HOUR, [data.from, NOW - DAY], [NOW - HOUR, end]],
    ['everything, before', NOW + DAY, NOW + 2 * DAY, [data.from, end], null],
    ['everything, after', NOW - 9 * DAY, NOW - 8 * DAY, null, [data.from, end]],
  ] as const)('%s', (_, from, to, earlier, later) => {
    const window = (ends: readonly [number, number] | null) => ends && { from: ends[0], to: ends[1] };
    expect(partsOutside(data, { from, to })).toEqual({ earlier: window(earlier), later: window(later) });
  });
});

describe('around', () => {
  it.each([
    [100, 200, 1000, 0, 300],
    [500, 600, 1000, 400, 700],
    [800, 900, 950, 700, 950],
    [900, 2000, 1000, 0, 2000],
  ])('%d–%d at %d', (from, to, now, wideFrom, wideTo) => {
    expect(around({ from, to }, now)).toEqual({ from: wideFrom, to: wideTo });
  });
});
