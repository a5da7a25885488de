import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInput, fromWall, isMidnight, offsetAt, toInput } from './zone.ts';

const at = (text: string) => Date.parse(text);
const HOUR = 3_600_000;
/** Both hemispheres, half and quarter hours, half an hour of summer time, a day left out, summer time below zero, none. */
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'Europe/Dublin',
  'Europe/London',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Tehran',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
] as const;
const zone = fc.constantFrom(...ZONES);
/** From 1975 on: before, some zones were off by seconds. */
const minute = fc.integer({ min: at('1975-01-01') / 60_000, max: at('2045-01-01') / 60_000 }).map((n) => n * 60_000);

describe('offsetAt', () => {
  it.each([
    ['UTC', '2026-07-01T00:00:00Z', 0],
    ['Europe/Berlin', '2026-01-01T00:00:00Z', 1],
    ['Europe/Berlin', '2026-07-01T00:00:00Z', 2],
    ['Europe/Berlin', '2026-03-29T00:59:59.999Z', 1],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', 2],
    ['America/St_Johns', '2026-01-01T00:00:00Z', -3.5],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', 5.75],
    ['Pacific/Kiritimati', '2026-01-01T00:00:00Z', 14],
  ])('%s at %s', (name, time, hours) => {
    expect(offsetAt(at(time), name)).toBe(hours * HOUR);
  });
});

describe('what is typed', () => {
  it('is read as it was written, and told where clocks show it twice', () => {
    fc.assert(
      fc.property(zone, minute, (name, time) => {
        const typed = fromInput(toInput(time, name), name);
        expect(typed?.gap).toBe(false);
        expect([typed?.time, typed?.again]).toContain(time);
        for (const other of [typed?.time, typed?.again]) {
          if (typeof other === 'number') expect(toInput(other, name)).toBe(toInput(time, name));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('stands for times in its order, and for one in a day’s reach where clocks skip it', () => {
    fc.assert(
      fc.property(zone, minute, (name, wall) => {
        const { time, gap, again } = fromWall(wall, name);
        if (again !== null) expect(again).toBeGreaterThan(time);
        // Later than what was typed by as much as clocks were put forward.
        if (gap) expect(time + offsetAt(time, name)).toBeGreaterThan(wall);
        else expect(time + offsetAt(time, name)).toBe(wall);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['Europe/Berlin', '2026-11-22T12:30', '2026-11-22T11:30Z', false, null],
    ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:30Z', true, null],
    ['Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00Z', false, null],
    ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30Z', false, '2026-10-25T01:30Z'],
    ['America/St_Johns', '2026-11-01T01:15', '2026-11-01T03:45Z', false, '2026-11-01T04:45Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:10', '2026-10-03T15:40Z', true, null],
    ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T22:00Z', true, null],
    ['UTC', '2026-03-29T02:30', '2026-03-29T02:30Z', false, null],
  ])('%s %s', (name, text, time, gap, again) => {
    expect(fromInput(text, name)).toEqual({ time: at(time), gap, again: again === null ? null : at(again) });
  });

  it.each(['', 'yesterday', '2026-13-01T00:00'])('refuses %j', (text) => {
    expect(fromInput(text, 'Europe/Berlin')).toBeNull();
  });
});

it.each([
  ['2026-11-21T23:00:00Z', 'Europe/Berlin', true],
  ['2026-11-22T00:00:00Z', 'Europe/Berlin', false],
  ['2026-11-22T03:30:00Z', 'America/St_Johns', true],
  ['2026-11-22T00:00:00Z', 'UTC', true],
])('%s is midnight in %s: %s', (time, name, midnight) => {
  expect(isMidnight(at(time), name)).toBe(midnight);
});
