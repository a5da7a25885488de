import { describe, expect, it } from 'vitest';
import { DEFAULT_CHIPS } from './chip.ts';
import { formatView, isDefault, parseView } from './view.ts';

describe('view in the address', () => {
  it.each([
    '',
    '?tenant=bakery',
    '?range=7d',
    '?from=2026-01-01T00:00:00Z&to=2026-01-02T12:30:00Z',
    '?where=',
    '?where=country=DE&where=path!~/admin',
    '?tenant=bakery&range=all&where=network=%22Amazon.com,%20Inc.%22',
    '?where=path=/a%26b%23c%2Bd',
  ])('%s is read and written alike', (search) => {
    expect(formatView(parseView(search))).toBe(search);
  });

  it('hides the hub’s own requests unless told', () => {
    expect(parseView('').chips).toEqual(DEFAULT_CHIPS);
    expect(parseView('?where=').chips).toEqual([]);
    expect(isDefault(parseView('?where=origin!=self').chips)).toBe(true);
    expect(formatView(parseView('?where=origin!=self'))).toBe('');
  });

  it.each([
    ['?range=forever', { kind: 'auto' }],
    ['?from=2026-01-02&to=2026-01-01', { kind: 'auto' }],
    ['?from=2026-01-02', { kind: 'auto' }],
    ['?range=24h&from=2026-01-01&to=2026-01-02', { kind: 'preset', preset: '24h' }],
  ])('leaves out what it does not understand: %s', (search, range) => {
    expect(parseView(search).range).toEqual(range);
  });

  it('leaves out conditions it cannot read', () => {
    expect(parseView('?where=nonsense&where=bot=true').chips).toEqual([{ field: 'bot', operator: '=', value: 'true' }]);
  });
});
