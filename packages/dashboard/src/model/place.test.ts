import { describe, expect, it } from 'vitest';
import { pathOf, SCREENS, withParameters } from './place.ts';

it('every screen has an address of its own', () => {
  expect(new Set(SCREENS.map(pathOf)).size).toBe(SCREENS.length);
  expect(pathOf('overview')).toBe('/');
});

describe('withParameters', () => {
  it.each([
    ['', { tenant: 'bakery' }, '?tenant=bakery'],
    ['?tenant=bakery&kind=edge', { tenant: 'archive' }, '?tenant=archive&kind=edge'],
    ['?kind=edge&find=a', { find: '', kind: null }, ''],
    ['?kind=edge&find=a', { find: undefined, kind: null }, '?find=a'],
    ['?kind=edge', { find: 'a b&c' }, '?kind=edge&find=a+b%26c'],
  ])('%s with %j', (search, changes, expected) => {
    expect(withParameters(search, changes)).toBe(expected);
  });
});
