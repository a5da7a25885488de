import { expect, test } from 'vitest';
import { asAsked, isInOrder, isOpen, NO_FILTER, readFilter } from './audit-filter.ts';

test.each([
  ['', NO_FILTER],
  ['?tenant=bakery', NO_FILTER],
  [
    '?from=2026-11-01&to=2026-11-26&actor=anna&action=key',
    { from: '2026-11-01', to: '2026-11-26', actor: 'anna', action: 'key' },
  ],
  ['?from=yesterday&to=2026-13-45', NO_FILTER],
])('%j asks for %j', (search, filter) => {
  expect(readFilter(search)).toEqual(filter);
});

test.each([
  ['UTC', '2026-11-01T00:00:00.000Z', '2026-11-27T00:00:00.000Z'],
  ['Europe/Berlin', '2026-10-31T23:00:00.000Z', '2026-11-26T23:00:00.000Z'],
  ['America/St_Johns', '2026-11-01T02:30:00.000Z', '2026-11-27T03:30:00.000Z'],
])('by the clocks of %s it is asked from %s to %s: the last day belongs to it', (zone, from, to) => {
  const filter = { from: '2026-11-01', to: '2026-11-26', actor: ' anna ', action: '' };
  expect(asAsked(filter, zone)).toEqual({ from, to, actor: 'anna', action: '' });
});

test.each([
  ['2026-11-02', '2026-11-01', false],
  ['2026-11-01', '2026-11-01', true],
  ['', '2026-11-01', true],
  ['2026-11-01', '', true],
])('from %j to %j is in order: %s', (from, to, inOrder) => {
  expect(isInOrder({ ...NO_FILTER, from, to })).toBe(inOrder);
});

test('a filter of nothing is open', () => {
  expect(isOpen(NO_FILTER)).toBe(true);
  expect(isOpen({ ...NO_FILTER, actor: 'x' })).toBe(false);
});
