import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSearch, parseSearch } from './search.ts';

describe('the query part of an address', () => {
  it.each([
    ['', {}, ''],
    ['?tenant=bakery&kind=edge', { tenant: 'bakery', kind: 'edge' }, '?tenant=bakery&kind=edge'],
    ['?where=', { where: [''] }, '?where='],
    ['?where=a=1&where=b', { where: ['a=1', 'b'] }, '?where=a=1&where=b'],
    ['?step=page_view%3A%2Fa&within=60', { step: 'page_view:/a', within: '60' }, '?step=page_view:/a&within=60'],
    ['?find=a+b%26c', { find: 'a b&c' }, '?find=a%20b%26c'],
    ['?__proto__=x', { ['__proto__']: 'x' }, '?__proto__=x'],
    ['?bad=%E0%A4%A', { bad: '\uFFFD%A' }, '?bad=%EF%BF%BD%25A'],
  ])('%s', (query, search, written) => {
    expect(parseSearch(query)).toEqual(search);
    expect(formatSearch(parseSearch(query))).toBe(written);
  });

  it('reads what it wrote, whatever it is', () => {
    const pairs = fc.array(fc.tuple(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' })));
    fc.assert(
      fc.property(pairs, (written) => {
        const search = parseSearch(`?${new URLSearchParams(written)}`);
        expect(parseSearch(formatSearch(search))).toEqual(search);
      }),
    );
  });
});
