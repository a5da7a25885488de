import { describe, expect, it } from 'vitest';
import { pathOf, SCREENS, screenOf, withParameters } from './place.ts';

describe('screens in the address', () => {
  it.each(SCREENS)('%s is read and written alike', (screen) => {
    expect(screenOf(pathOf(screen))).toBe(screen);
  });
  it.each([
    ['/sources/', 'sources'],
    ['/nothing', 'overview'],
    ['/constructor', 'overview'],
    ['', 'overview'],
  ])('%s', (path, screen) => {
    expect(screenOf(path)).toBe(screen);
  });
});

describe('withParameters', () => {
  it.each([
    ['', { tenant: 'bakery' }, '?tenant=bakery'],
    ['?tenant=bakery&kind=edge', { tenant: 'archive' }, '?tenant=archive&kind=edge'],
    ['?kind=edge&find=a', { find: '', kind: null }, ''],
    ['?kind=edge', { find: 'a b&c' }, '?kind=edge&find=a+b%26c'],
  ])('%s with %j', (search, changes, expected) => {
    expect(withParameters(search, changes)).toBe(expected);
  });
});
