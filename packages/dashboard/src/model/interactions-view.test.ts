import { expect, it } from 'vitest';
import { parseInteractionsView, rowOf, scopeOf } from './interactions-view.ts';

it.each([
  ['', { domain: '', who: 'people' }, { domain: '', class: 'people' }],
  [
    '?class=all&domain=shop.example.org',
    { domain: 'shop.example.org', who: 'all' },
    { domain: 'shop.example.org', class: '' },
  ],
  ['?class=bots', { domain: '', who: 'bots' }, { domain: '', class: 'bots' }],
  ['?class=constructor', { domain: '', who: 'people' }, { domain: '', class: 'people' }],
])('%s', (search, view, scope) => {
  expect(parseInteractionsView(search)).toEqual(view);
  expect(scopeOf(parseInteractionsView(search))).toEqual(scope);
});

it('has zeros for a key without a row', () => {
  expect(rowOf([], 'click')).toMatchObject({ key: 'click', count: 0, consented: 0, p75: null });
});
