import { describe, expect, it } from 'vitest';
import { compareValues, formatSort, parseSort } from './data-column.ts';

describe('the order in an address', () => {
  it.each([
    ['', []],
    ['name', [{ id: 'name', desc: false }]],
    ['-requests', [{ id: 'requests', desc: true }]],
  ])('%j is read and written alike', (sort, sorting) => {
    expect(parseSort(sort)).toEqual(sorting);
    expect(formatSort(sorting)).toBe(sort);
  });
});

describe('compareValues', () => {
  it.each([
    [
      [10, 9, -1],
      [-1, 9, 10],
    ],
    [
      ['edge-10', 'Edge-9', 'alpha'],
      ['alpha', 'Edge-9', 'edge-10'],
    ],
    [
      ['b', 2, 'a'],
      [2, 'a', 'b'],
    ],
  ])('%j', (values, sorted) => {
    expect([...values].sort(compareValues)).toEqual(sorted);
  });
});
