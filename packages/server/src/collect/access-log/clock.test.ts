import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyTime, commonLogTime, dateAndTime, epochNumber } from './clock.ts';

const AT = Date.UTC(2025, 9, 10, 13, 55, 36);

describe('anyTime', () => {
  it.each<[string, number]>([
    ['10/Oct/2025:13:55:36 +0000', AT],
    ['10/oct/2025:15:55:36 +0200', AT],
    ['10/Oct/2025:08:25:36 -0530', AT],
    ['10/Oct/2025:13:55:36', AT],
    ['10/Oct/2025:13:55:36.885', AT + 885],
    ['10/Oct/2025:15:55:36.885 +0200', AT + 885],
    ['2025-10-10T13:55:36Z', AT],
    ['2025-10-10T13:55:36', AT],
    ['2025-10-10 13:55:36', AT],
    ['2025-10-10T15:55:36+02:00', AT],
    ['2025-10-10T15:55:36+0200', AT],
    ['2025-10-10T15:55:36+02', AT],
    ['2025-10-10T13:55:36.123456789Z', AT + 123],
    ['2025-10-10T13:55:36,5Z', AT + 500],
    ['2025-10-10T13:55:36.9999Z', AT + 999],
    ['1760104536', AT],
    ['1760104536.123', AT + 123],
    ['1760104536123', AT + 123],
    ['1760104536123456', AT + 123],
    ['1760104536123456789', AT + 123],
    ['31/Dec/2016:23:59:60 +0000', Date.UTC(2017, 0, 1)],
    ['29/Feb/2024:00:00:00 +0000', Date.UTC(2024, 1, 29)],
  ])('%s', (text, time) => expect(anyTime(text)).toBe(time));

  it.each([
    '',
    '-',
    'yesterday',
    '29/Feb/2023:00:00:00 +0000',
    '32/Oct/2025:00:00:00 +0000',
    '10/Okt/2025:00:00:00 +0000',
    '10/Oct/2025:24:00:00 +0000',
    '10/Oct/2025:00:60:00 +0000',
    '10/Oct/2025:00:00:00 +0000 and more',
    '2025-13-01T00:00:00Z',
    '2025-10-10T00:00Z',
    '2025-10-10X00:00:00Z',
    '1760104536.1.2',
    '-5',
    '9'.repeat(40),
  ])('%s is no time', (text) => expect(anyTime(text)).toBeNaN());

  it('reads back any instant in any zone', () => {
    const instant = fc.date({ min: new Date(0), max: new Date(Date.UTC(2100, 0)), noInvalidDate: true });
    fc.assert(
      fc.property(instant, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 23);
        const zone = `${offset < 0 ? '-' : '+'}${new Date(Math.abs(offset) * 60_000).toISOString().slice(11, 16)}`;
        expect(anyTime(local + zone)).toBe(date.getTime());
        const month = date.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' });
        const [, , day] = date.toISOString().slice(0, 10).split('-');
        const common = `${day}/${month}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000`;
        expect(commonLogTime(common, 0)).toBe(Math.floor(date.getTime() / 1000) * 1000);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof anyTime(text) === 'number'));
  });
});

describe('epochNumber', () => {
  it('keeps every ms of a number of seconds with a fraction', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
        expect(epochNumber(Number((ms / 1000).toFixed(6)))).toBe(ms);
      }),
    );
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('%s is none', (value) => expect(epochNumber(value)).toBeNaN());
});

describe('dateAndTime', () => {
  it('joins the columns of a W3C log', () => {
    expect(dateAndTime('2025-10-10', '13:55:36')).toBe(AT);
    expect(dateAndTime('2025-10-10', '13:55:36.25')).toBe(AT + 250);
    expect(dateAndTime('', '13:55:36')).toBeNaN();
    expect(dateAndTime('2025-10-10', '')).toBeNaN();
  });
});
