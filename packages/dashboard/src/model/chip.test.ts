import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addChip,
  type Chip,
  DEFAULT_CHIPS,
  exactly,
  formatChip,
  invert,
  OPERATORS,
  operatorsFor,
  parseChip,
  plainValue,
  removeChip,
  replaceChip,
  toWhere,
} from './chip.ts';

const chip = (text: string) => parseChip(text) as Chip;
const texts = (chips: readonly Chip[]) => chips.map(formatChip);

describe('parseChip', () => {
  it.each([
    ['country=DE', 'country', '=', 'DE'],
    ['Country:DE', 'country', '=', 'DE'],
    ['country!=DE,AT', 'country', '!=', 'DE,AT'],
    ['country!:DE', 'country', '!=', 'DE'],
    ['path~a=b', 'path', '~', 'a=b'],
    ['path!~admin', 'path', '!~', 'admin'],
    ['duration_ms>=500', 'duration_ms', '>=', '500'],
    ['city=', 'city', '=', ''],
    [' status = 5xx ', 'status', '=', '5xx'],
  ])('%s', (text, field, operator, value) => {
    expect(parseChip(text)).toEqual({ field, operator, value });
  });
  it.each(['', 'country', '=DE', 'a b=c'])('refuses %j', (text) => {
    expect(parseChip(text)).toBeUndefined();
  });
  it('reads what formatChip writes', () => {
    const chips = fc.record({
      field: fc.stringMatching(/^[a-z_]{1,12}$/),
      operator: fc.constantFrom(...OPERATORS),
      // A value that begins with an operator's second half would be read as the longer operator.
      value: fc.string().filter((value) => value === value.trim() && !/^[=:~]/.test(value)),
    });
    fc.assert(
      fc.property(chips, (any) => {
        expect(parseChip(formatChip(any))).toEqual(any);
      }),
    );
  });
});

describe('toWhere', () => {
  it.each([
    ['country=DE', 'country=DE'],
    ['country!=DE,AT', 'country!=DE,AT'],
    ['path~admin', 'path=*admin*'],
    ['path!~admin', 'path!=*admin*'],
    ['duration_ms>500', 'duration_ms>500'],
    ['network="Amazon.com, Inc."', 'network="Amazon.com, Inc."'],
  ])('%s → %s', (text, where) => {
    expect(toWhere(chip(text))).toBe(where);
  });
});

describe('exactly', () => {
  it.each([
    ['country', 'DE', 'country=DE'],
    ['network', 'Comcast, LLC', 'network="Comcast, LLC"'],
    ['path', '/*', 'path="/*"'],
    ['city', '', 'city='],
  ])('%s %j', (field, value, text) => {
    expect(formatChip(exactly(field, value))).toBe(text);
    expect(plainValue(exactly(field, value))).toBe(value);
    expect(exactly(field, value, true).operator).toBe('!=');
  });
});

describe('lists of chips', () => {
  it('adds once, and puts an opposite in the other’s place', () => {
    expect(texts(addChip(DEFAULT_CHIPS, chip('country=DE')))).toEqual(['origin!=self', 'country=DE']);
    expect(texts(addChip(DEFAULT_CHIPS, chip('origin!=self')))).toEqual(['origin!=self']);
    expect(texts(addChip([chip('country=DE'), chip('bot=true')], chip('country!=DE')))).toEqual([
      'country!=DE',
      'bot=true',
    ]);
  });
  it('removes and replaces', () => {
    const chips = [chip('country=DE'), chip('bot=true')];
    expect(texts(removeChip(chips, chip('country=DE')))).toEqual(['bot=true']);
    expect(texts(replaceChip(chips, chip('country=DE'), chip('country!=DE')))).toEqual(['bot=true', 'country!=DE']);
  });
  it('inverts back to the same, within the operators of some kind', () => {
    for (const operator of OPERATORS) {
      const any: Chip = { field: 'status', operator, value: '4' };
      expect(invert(invert(any))).toEqual(any);
    }
    for (const kind of ['text', 'number', 'flag'] as const) {
      for (const operator of operatorsFor(kind)) {
        expect(operatorsFor(kind)).toContain(invert({ field: 'x', operator, value: '1' }).operator);
      }
    }
  });
});
