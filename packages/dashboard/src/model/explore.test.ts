import { describe, expect, it } from 'vitest';
import {
  comparedWindow,
  formatCompared,
  parseExploration,
  sameQuery,
  savedQuery,
  stepFor,
  stepsFor,
} from './explore.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const window = { from: Date.UTC(2026, 0, 8), to: Date.UTC(2026, 0, 15) };

describe('what an address of the explorer says', () => {
  it('is the usual for what it does not say, or says wrong', () => {
    const usual = parseExploration('');
    expect(usual).toEqual({
      by: 'path',
      metric: 'requests',
      compare: '',
      step: '',
      order: '-requests',
      show: 'breakdown',
      view: '',
      request: '',
    });
    expect(parseExploration('?by=1;x&metric=joy&compare=2026..x&step=week&show=all')).toEqual(usual);
  });

  it('is all of it', () => {
    const search = '?by=country&metric=p95&compare=previous&step=day&order=-people&show=requests&view=v&request=r';
    expect(parseExploration(search)).toEqual({
      by: 'country',
      metric: 'p95',
      compare: 'previous',
      step: 'day',
      order: '-people',
      show: 'requests',
      view: 'v',
      request: 'r',
    });
  });
});

describe('what is compared with', () => {
  it('is the time before, another window, or nothing', () => {
    expect(comparedWindow('', window)).toBeNull();
    expect(comparedWindow('previous', window)).toEqual({ from: window.from - 7 * DAY, to: window.from });
    const other = { from: Date.UTC(2025, 0, 8), to: Date.UTC(2025, 0, 15) };
    expect(formatCompared(other)).toBe('2025-01-08T00:00:00Z..2025-01-15T00:00:00Z');
    expect(comparedWindow(formatCompared(other), window)).toEqual(other);
    expect(parseExploration(`?compare=${formatCompared(other)}`).compare).toBe(formatCompared(other));
  });
});

describe('steps', () => {
  it.each([
    [HOUR, 'minute', ['minute', 'hour', 'day']],
    [DAY, 'hour', ['minute', 'hour', 'day']],
    [7 * DAY, 'hour', ['hour', 'day']],
    [30 * DAY, 'day', ['hour', 'day']],
    [364 * DAY, 'day', ['day']],
  ])('of %d ms', (length, usual, possible) => {
    const of = { from: window.from, to: window.from + length };
    expect(stepsFor(of)).toEqual(possible);
    expect(stepFor(of, '')).toBe(usual);
    expect(stepFor(of, 'minute')).toBe(possible.includes('minute') ? 'minute' : usual);
  });
});

it('a saved view is of any tenant, and the same in whatever order it is written', () => {
  const query = savedQuery('?tenant=bakery&range=7d&where=country=DE&where=path=/&view=1&request=2');
  expect(query).toBe('range=7d&where=country%3DDE&where=path%3D%2F');
  expect(sameQuery('?where=country=DE&tenant=x&where=path=/&range=7d&view=2', query)).toBe(true);
  expect(sameQuery('?where=country=DE&range=7d', query)).toBe(false);
});
