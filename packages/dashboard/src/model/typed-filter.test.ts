import { describe, expect, it } from 'vitest';
import type { FieldInfo } from './chip.ts';
import { readTypedFilter } from './typed-filter.ts';

const FIELDS: FieldInfo[] = [
  { name: 'country', title: 'Country', kind: 'text' },
  { name: 'status', title: 'Status', kind: 'number' },
  { name: 'bot', title: 'Bot', kind: 'flag' },
];
const read = (typed: string) => readTypedFilter(typed, FIELDS)?.chip ?? null;

describe('a condition that is typed', () => {
  it.each([
    ['country=DE', { field: 'country', operator: '=', value: 'DE' }],
    ['Country = DE', { field: 'country', operator: '=', value: 'DE' }],
    ['country:DE,AT', { field: 'country', operator: '=', value: 'DE,AT' }],
    ['status=5xx', { field: 'status', operator: '=', value: '5xx' }],
    ['status>=500', { field: 'status', operator: '>=', value: '500' }],
    ['bot!=true', { field: 'bot', operator: '!=', value: 'true' }],
    ['country=', { field: 'country', operator: '=', value: '' }],
  ])('%j is one', (typed, chip) => {
    expect(read(typed)).toEqual(chip);
  });

  it.each(['country', 'audit log', 'nothing=1', 'country>DE', 'bot~x', 'status~5', ''])('%j is none', (typed) => {
    expect(read(typed)).toBeNull();
  });
});
