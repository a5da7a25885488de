import { expect, it } from 'vitest';
import { pieces, toLines } from './lines.ts';

const from = Date.UTC(2026, 0, 8);
const HOUR = 3_600_000;
const window = { from, to: from + 3 * HOUR };
const at = (hour: number) => new Date(from + hour * HOUR).toISOString();

it('counts are 0 where there is nothing; what is no count is not known there', () => {
  const rows = [
    { hour: at(0), class: 'people', requests: 3, requests_before: 2, p95: 12, p95_before: null },
    { hour: at(2), class: 'bots', requests: 1, requests_before: 0, p95: 4, p95_before: 5 },
    { hour: at(3), class: 'bots', requests: 9, requests_before: 9, p95: 9, p95_before: 9 },
  ];
  const counted = toLines(rows, 'requests', 'hour', window, true);
  expect(counted.times).toEqual([from, from + HOUR, from + 2 * HOUR]);
  expect(counted.now).toEqual({ people: [3, 0, 0], bots: [0, 0, 1], hosting: [0, 0, 0] });
  expect(counted.before).toEqual({ people: [2, 0, 0], bots: [0, 0, 0], hosting: [0, 0, 0] });
  const measured = toLines(rows, 'p95', 'hour', window, false);
  expect(measured.now).toEqual({ people: [12, null, null], bots: [null, null, 4], hosting: [null, null, null] });
  expect(measured.before).toBeNull();
});

it('a line is broken where there is no value', () => {
  expect(pieces([null, 2, 4, null, 1], 4)).toEqual([
    [
      { x: 0.3, y: 0.5 },
      { x: 0.5, y: 1 },
    ],
    [{ x: 0.9, y: 0.25 }],
  ]);
  expect(pieces([0], 0)).toEqual([[{ x: 0.5, y: 0 }]]);
});
