import { describe, expect, it } from 'vitest';
import { type Chip, type FieldInfo, parseChip } from './chip.ts';
import { chipLabel, valueCode, valueLabel } from './labels.ts';

const fields: FieldInfo[] = [
  { name: 'country', title: 'Country', kind: 'text' },
  { name: 'status', title: 'Status', kind: 'number' },
  { name: 'bot', title: 'Bot', kind: 'flag' },
  { name: 'network', title: 'Network', kind: 'text' },
  { name: 'city', title: 'City', kind: 'text' },
];

describe('chipLabel', () => {
  it.each([
    ['country=DE', 'Country is Germany'],
    ['country!=DE,AT', 'Country is not Germany or Austria'],
    ['status=5xx', 'Status is 5xx'],
    ['status>=400', 'Status is at least 400'],
    ['bot=false', 'Bot is no'],
    ['network="Amazon.com, Inc."', 'Network is Amazon.com, Inc.'],
    ['network~amazon', 'Network contains amazon'],
    ['city=', 'City is unknown'],
    ['nonsense=1', 'nonsense is 1'],
  ])('%s', (text, label) => {
    expect(chipLabel(parseChip(text) as Chip, fields)).toBe(label);
  });
});

describe('values', () => {
  it.each([
    ['country', 'DE', 'Germany', 'DE'],
    ['country', '', 'Unknown', null],
    ['status', '404', 'Not found', '404'],
    ['status', '599', 'Server error', '599'],
    ['status', '0', 'None', null],
    ['asn', '64496', 'AS64496', null],
    ['asn', '0', 'Unknown', null],
    ['referrer', '', 'None (direct)', null],
    ['bot_kind', 'ai', 'AI', null],
    ['path', '/constructor', '/constructor', null],
    ['network_kind', 'constructor', 'constructor', null],
  ])('%s %j', (field, value, label, code) => {
    expect(valueLabel(field, value)).toBe(label);
    expect(valueCode(field, value)).toBe(code);
  });
});
