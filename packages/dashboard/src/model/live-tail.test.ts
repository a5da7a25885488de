import type { RequestRow } from '@vedette/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addArrived,
  addBefore,
  emptyTail,
  lastSeconds,
  MOST_ROWS,
  rateOf,
  restored,
  SHOWN_SECONDS,
  sumOf,
  type Tail,
} from './live-tail.ts';

const START = Date.parse('2026-03-10T08:00:00Z');
const row = (number: number, more: Partial<RequestRow> = {}) =>
  ({ id: String(number), bot: false, network_kind: 'residential', ...more }) as RequestRow;
const rows = (from: number, count: number) => Array.from({ length: count }, (_, index) => row(from + index));
const ids = ({ rows: shown }: Tail) => shown.map(({ id }) => Number(id));

describe('requests as they come in', () => {
  it('stand with the latest first, each once, and are no more than are kept', () => {
    const first = addArrived(emptyTail(START), rows(0, 3), 0, START);
    expect(ids(first)).toEqual([2, 1, 0]);
    const twice = addArrived(first, rows(2, 2), 0, START);
    expect(ids(twice)).toEqual([3, 2, 1, 0]);
    const many = addArrived(twice, rows(100, MOST_ROWS + 50), 0, START);
    expect(many.rows).toHaveLength(MOST_ROWS);
    expect(ids(many)[0]).toBe(100 + MOST_ROWS + 49);
  });

  it('are counted, whether they are shown or left out, however long it goes on', () => {
    const batches = fc.array(fc.record({ count: fc.nat(300), leftOut: fc.nat(5000), later: fc.nat(5000) }));
    fc.assert(
      fc.property(batches, (all) => {
        let tail = emptyTail(START);
        let [now, next, sum] = [START, 0, 0];
        for (const { count, leftOut, later } of all) {
          now += later;
          tail = addArrived(tail, rows(next, count), leftOut, now);
          next += count;
          sum += count + leftOut;
        }
        expect(tail.came).toBe(sum);
        expect(tail.rows.length).toBe(Math.min(next, MOST_ROWS));
        expect(tail.seconds.length).toBeLessThanOrEqual(SHOWN_SECONDS);
        expect(lastSeconds(tail, now).reduce((all, one) => all + sumOf(one), 0)).toBeLessThanOrEqual(sum);
      }),
      { numRuns: 30 },
    );
  });

  it('have below them what came before, which does not count', () => {
    const tail = addBefore(addArrived(emptyTail(START), rows(5, 2), 0, START), rows(3, 3).toReversed());
    expect(ids(tail)).toEqual([6, 5, 4, 3]);
    expect(tail.came).toBe(2);
  });

  it('are told by second and class', () => {
    const mixed = [row(1), row(2, { bot: true }), row(3, { network_kind: 'hosting' }), row(4)];
    let tail = addArrived(emptyTail(START), mixed, 0, START);
    tail = addArrived(tail, [row(5)], 7, START + 400);
    tail = addArrived(tail, [row(6)], 0, START + 59_000);
    const seconds = lastSeconds(tail, START + 59_500);
    expect(seconds).toHaveLength(SHOWN_SECONDS);
    expect(seconds[0]).toEqual({ second: START / 1000, people: 3, bots: 1, hosting: 1, leftOut: 7 });
    expect(seconds.map(sumOf).filter((sum) => sum > 0)).toEqual([12, 1]);
    expect(
      lastSeconds(tail, START + 60_000)
        .map(sumOf)
        .filter((sum) => sum > 0),
    ).toEqual([1]);
  });

  it('have a rate, of the last ten seconds or of as long as it goes', () => {
    const tail = addArrived(emptyTail(START), rows(0, 40), 10, START + 1500);
    expect(rateOf(tail, START + 2000)).toBe(25);
    expect(rateOf(tail, START + 10_000)).toBe(5);
    expect(rateOf(tail, START + 30_000)).toBe(0);
    expect(rateOf(emptyTail(START), START)).toBe(0);
  });

  it('come back where they were taken away, with what came since above them', () => {
    const former = addArrived(emptyTail(START), rows(0, 3), 4, START + 1000);
    const since = addArrived(emptyTail(START + 2000, true), rows(3, 2), 1, START + 3000);
    const back = restored(since, former);
    expect(ids(back)).toEqual([4, 3, 2, 1, 0]);
    expect(back).toMatchObject({ since: START, came: 10, leftOut: 5, cleared: false });
    expect(rateOf(back, START + 5000)).toBe(2);
  });
});
