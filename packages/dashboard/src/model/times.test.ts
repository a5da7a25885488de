import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { setLocale, setZone } from './locale.ts';
import { binFor, DAY, PRESETS, resolveRange } from './range.ts';
import { ago, axisTime, barPeriod, barStart, momentIn, period, periodIn, stamp, width, zoneName } from './times.ts';
import { isMidnight } from './zone.ts';

const at = (text: string) => Date.parse(text);
const plain = (text: string) => text.replaceAll(/\s/g, ' ');

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
    expect(axisTime(at('2026-11-22T05:00:00Z'), 3_600_000, 3_600_000)).toBe('05:00');
    expect(axisTime(at('2026-11-22T00:00:00Z'), 3_600_000, 3_600_000)).toBe('22 Nov');
    expect(axisTime(at('2026-11-01T00:00:00Z'), 30 * 86_400_000, 3_600_000)).toBe('Nov 2026');
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

const HOUR = 3_600_000;

describe('in zones', () => {
  afterEach(() => {
    setLocale('en-GB');
    setZone('UTC');
  });

  it.each([
    ['Europe/Berlin', '2026-11-22T05:00Z', '2026-11-22T06:00Z', '22 Nov 2026, 06:00–07:00 CET'],
    ['America/St_Johns', '2026-11-22T05:00Z', '2026-11-22T06:00Z', '22 Nov 2026, 01:30–02:30 GMT-3:30'],
    // Days of the zone, of 23 and 25 hours too.
    ['Europe/Berlin', '2026-11-21T23:00Z', '2026-11-22T23:00Z', '22 Nov 2026 CET'],
    ['Europe/Berlin', '2026-03-28T23:00Z', '2026-03-29T22:00Z', '29 Mar 2026 CET/CEST'],
    ['Europe/Berlin', '2026-10-24T22:00Z', '2026-10-25T23:00Z', '25 Oct 2026 CEST/CET'],
    ['Europe/Berlin', '2025-12-30T23:00Z', '2026-01-31T23:00Z', '31 Dec 2025 – 31 Jan 2026 CET'],
    // Days of UTC are not the zone's.
    ['Europe/Berlin', '2026-11-21T00:00Z', '2026-11-22T00:00Z', '21 Nov 2026 (UTC)'],
    ['America/St_Johns', '2026-11-01T00:00Z', '2026-12-01T00:00Z', '1 Nov – 30 Nov 2026 (UTC)'],
    // Clocks that change within.
    ['Europe/Berlin', '2026-10-25T00:00Z', '2026-10-25T01:00Z', '25 Oct 2026, 02:00 CEST – 02:00 CET'],
    ['Europe/Berlin', '2026-10-24T10:00Z', '2026-10-26T10:00Z', '24 Oct 2026, 12:00 – 26 Oct 2026, 11:00 CEST/CET'],
    ['UTC', '2026-11-01T00:00Z', '2026-12-01T00:00Z', '1 Nov – 30 Nov 2026 UTC'],
  ])('%s: %s to %s', (zone, from, to, told) => {
    setZone(zone);
    expect(plain(periodIn(at(from), at(to)))).toBe(told);
  });

  it('tells bars by their own clock, but those of days by UTC’s', () => {
    setZone('America/St_Johns');
    const time = at('2026-11-22T00:00Z');
    expect(barPeriod(time, HOUR)).toBe('Sat 21 Nov, 20:30–21:30');
    expect(barPeriod(time, DAY)).toBe('Sun 22 Nov (UTC)');
    expect(barPeriod(time, 7 * DAY)).toBe('22 Nov – 28 Nov 2026 (UTC)');
    expect(barStart(time, HOUR)).toBe('21 Nov 2026, 20:30');
    expect(barStart(time, DAY)).toBe('22 Nov 2026');
    expect([zoneName(HOUR), zoneName(DAY)]).toEqual(['America/St Johns', 'UTC']);
    expect(axisTime(time, HOUR, HOUR)).toBe('20:30');
    expect(axisTime(at('2026-11-22T03:30Z'), HOUR, HOUR)).toBe('22 Nov');
    expect(axisTime(time, DAY, DAY)).toBe('22 Nov');
    expect([width(HOUR), width(DAY), width(7 * DAY)]).toEqual(['hour', 'UTC day', '7 UTC days']);
    expect(stamp(time)).toBe('21 Nov 2026, 20:30:00 GMT-3:30');
    expect(momentIn(time)).toBe('21 Nov 2026, 20:30 GMT-3:30');
  });

  it('writes as the language and region do', () => {
    setZone('Europe/Berlin');
    const time = at('2026-11-22T05:00Z');
    const written = ['de-DE', 'de-AT', 'en-US'].map((locale) => {
      setLocale(locale);
      return plain(periodIn(time, time + HOUR));
    });
    expect(written).toEqual([
      '22. Nov. 2026, 06:00–07:00 MEZ',
      '22. Nov. 2026, 06:00–07:00 MEZ',
      'Nov 22, 2026, 06:00–07:00 GMT+1',
    ]);
  });

  it('begins ranges where its clocks cut, at hours of the hub', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'America/St_Johns', 'Asia/Kathmandu');
    const times = fc.integer({ min: 1.5e12, max: 2.2e12 });
    fc.assert(
      fc.property(zones, times, fc.constantFrom(...PRESETS), (zone, now, preset) => {
        setZone(zone);
        const window = resolveRange({ kind: 'preset', preset }, now, { from: now - 40 * DAY, to: now });
        const { ms, step } = binFor(window);
        if (step === 'hour') expect(window.from % HOUR).toBe(0);
        if (step === 'day') expect(window.from % DAY).toBe(0);
        expect(window.from).toBeLessThanOrEqual(now);
        expect(window.to).toBeGreaterThan(now);
        expect((window.to - window.from) / ms).toBeLessThanOrEqual(181);
      }),
    );
    setZone('Europe/Berlin');
    const month = resolveRange({ kind: 'preset', preset: '30d' }, at('2026-03-04T10:17:31Z'), null);
    expect(momentIn(month.from)).toBe('2 Feb 2026, 06:00 CET');
    expect(isMidnight(month.from - 6 * HOUR)).toBe(true);
  });
});
