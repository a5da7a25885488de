import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ceilMinute, cutHours, cutWindow, type Span } from './requests-spans.ts';

const at = (text: string) => Date.parse(`2026-03-${text}Z`);
const EVER = { coarsest: 'day', minutesSince: -Infinity, hoursSince: -Infinity } as const;
const short = (spans: Span[]) =>
  spans.map(
    ({ source, from, to }) => `${source} ${[from, to].map((ms) => new Date(ms).toISOString().slice(8, 23)).join(' ')}`,
  );

describe('cutWindow', () => {
  test.each<[string, Span[], string[]]>([
    ['whole days', cutWindow(at('01T00:00'), at('03T00:00'), EVER), ['day 01T00:00:00.000 03T00:00:00.000']],
    [
      'every resolution',
      cutWindow(at('01T22:58:30'), at('03T01:01:00.5'), EVER),
      [
        'rows 01T22:58:30.000 01T22:59:00.000',
        'minute 01T22:59:00.000 01T23:00:00.000',
        'hour 01T23:00:00.000 02T00:00:00.000',
        'day 02T00:00:00.000 03T00:00:00.000',
        'hour 03T00:00:00.000 03T01:00:00.000',
        'minute 03T01:00:00.000 03T01:01:00.000',
        'rows 03T01:01:00.000 03T01:01:00.500',
      ],
    ],
    [
      'grouped by the minute',
      cutWindow(at('01T00:00'), at('02T00:00'), { ...EVER, coarsest: 'minute' }),
      ['minute 01T00:00:00.000 02T00:00:00.000'],
    ],
    [
      'minutes that were dropped are read from rows',
      cutWindow(at('01T00:30'), at('01T02:30'), { ...EVER, minutesSince: at('01T02:00') }),
      [
        'rows 01T00:30:00.000 01T01:00:00.000',
        'hour 01T01:00:00.000 01T02:00:00.000',
        'minute 01T02:00:00.000 01T02:30:00.000',
      ],
    ],
    [
      'inside a minute',
      cutWindow(at('01T00:00:01'), at('01T00:00:02'), EVER),
      ['rows 01T00:00:01.000 01T00:00:02.000'],
    ],
    ['nothing', cutWindow(at('02T00:00'), at('01T00:00'), EVER), []],
  ])('%s', (_, spans, wanted) => {
    expect(short(spans)).toEqual(wanted);
  });

  test('the spans are the window, without gap or overlap, on the edges of their buckets', () => {
    const time = fc.integer({ min: at('01T00:00'), max: at('20T00:00') });
    const since = fc.oneof(time, fc.constant(-Infinity));
    fc.assert(
      fc.property(
        time,
        time,
        since,
        since,
        fc.constantFrom('minute', 'hour', 'day'),
        (a, b, minutes, hours, coarsest) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          const spans = cutWindow(from, to, { coarsest, minutesSince: minutes, hoursSince: hours });
          expect(spans.reduce((end, span) => (span.from === end ? span.to : Number.NaN), from)).toBe(to);
          const sizes = { rows: 1, minute: 60_000, hour: 3_600_000, day: 86_400_000 };
          for (const span of spans) {
            expect(span.to).toBeGreaterThan(span.from);
            expect([span.from % sizes[span.source], span.to % sizes[span.source]]).toEqual([0, 0]);
            if (span.source === 'minute') expect(span.from).toBeGreaterThanOrEqual(minutes);
            if (span.source === 'hour') expect(span.from).toBeGreaterThanOrEqual(hours);
          }
        },
      ),
    );
  });

  test('ceilMinute', () => {
    expect(ceilMinute(60_000)).toBe(60_000);
    expect(ceilMinute(60_001)).toBe(120_000);
  });
});

test('rows are cut into whole hours and the ends of their window, if there are many of them', () => {
  const shown = (from: string, to: string) =>
    cutHours(at(from), at(to)).map((span) => `${span.hours ? 'hours of ' : ''}${short([span])[0]}`);
  expect(shown('01T22:58:30', '03T01:01:00')).toEqual([
    'rows 01T22:58:30.000 01T23:00:00.000',
    'hours of rows 01T23:00:00.000 03T01:00:00.000',
    'rows 03T01:00:00.000 03T01:01:00.000',
  ]);
  expect(shown('01T00:00', '03T00:00')).toEqual(['hours of rows 01T00:00:00.000 03T00:00:00.000']);
  expect(shown('01T00:30', '02T00:30')).toEqual(['rows 01T00:30:00.000 02T00:30:00.000']);
});
