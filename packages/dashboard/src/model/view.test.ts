import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../server/src/model/filter.ts';
import { isRefusal } from '../../../server/src/model/request.ts';
import { type Chip, DEFAULT_CHIPS, toWhere } from './chip.ts';
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

  it.each(['nonsense', 'two words', '=', '"'])(
    'keeps a condition it cannot read, for the hub to refuse: %s',
    (written) => {
      const { chips } = parseView(`?where=${encodeURIComponent(written)}&where=bot=true`);
      expect(chips).toHaveLength(2);
      expect(parseView(formatView({ tenant: null, range: { kind: 'auto' }, chips, exact: false })).chips).toEqual(
        chips,
      );
      expect(isRefusal(parseFilter(toWhere(chips[0] as Chip)))).toBe(true);
    },
  );
});
