/** Filter chips: conditions as people build them, and the API's filter language they are sent in. */

export const OPERATORS = ['=', '!=', '~', '!~', '>', '>=', '<', '<='] as const;
export type Operator = (typeof OPERATORS)[number];

/**
 * One condition. The value is in the filter language: commas separate alternatives and `*` stands for anything, unless
 * a value is in double quotes (a quote inside it is written twice).
 */
export interface Chip {
  field: string;
  operator: Operator;
  value: string;
}

export interface FieldInfo {
  name: string;
  title: string;
  kind: 'text' | 'number' | 'flag';
}

/** The hub's own traffic is left out unless asked for, by a chip that everybody sees and may remove. */
export const DEFAULT_CHIPS: readonly Chip[] = [{ field: 'origin', operator: '!=', value: 'self' }];

const OPPOSITES: Record<Operator, Operator> = {
  '=': '!=',
  '!=': '=',
  '~': '!~',
  '!~': '~',
  '>': '<=',
  '<=': '>',
  '<': '>=',
  '>=': '<',
};

/** Operators that make sense for a kind of field. */
export function operatorsFor(kind: FieldInfo['kind']): readonly Operator[] {
  if (kind === 'flag') return ['=', '!='];
  return kind === 'number' ? ['=', '!=', '>', '>=', '<', '<='] : ['=', '!=', '~', '!~'];
}

/** The chip that accepts exactly what this one rejects. */
export function invert(chip: Chip): Chip {
  return { ...chip, operator: OPPOSITES[chip.operator] };
}

/** A chip for exactly this value, as found in a row. */
export function exactly(field: string, value: string, negated = false): Chip {
  const special = /[,*"]|^\s|\s$/.test(value);
  return { field, operator: negated ? '!=' : '=', value: special ? `"${value.replaceAll('"', '""')}"` : value };
}

/** The value without quotes, for people. */
export function plainValue({ value }: Chip): string {
  return isQuoted(value) ? value.slice(1, -1).replaceAll('""', '"') : value;
}

function isQuoted(value: string): boolean {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"');
}

export function sameChip(a: Chip, b: Chip): boolean {
  return a.field === b.field && a.operator === b.operator && a.value === b.value;
}

/** Adds a chip; one that was there stays where it is, and its opposite makes way, since both together match nothing. */
export function addChip(chips: readonly Chip[], added: Chip): Chip[] {
  if (chips.some((chip) => sameChip(chip, added))) return [...chips];
  const opposite = invert(added);
  const at = chips.findIndex((chip) => sameChip(chip, opposite));
  return at < 0 ? [...chips, added] : chips.with(at, added);
}

export function removeChip(chips: readonly Chip[], removed: Chip): Chip[] {
  return chips.filter((chip) => !sameChip(chip, removed));
}

export function replaceChip(chips: readonly Chip[], old: Chip, replacement: Chip): Chip[] {
  return addChip(removeChip(chips, old), replacement);
}

/** A chip as text, for the address bar: `country=DE`, `path!~admin`. */
export function formatChip({ field, operator, value }: Chip): string {
  return field + operator + value;
}

const SYNTAX = /^([a-z_.]+)\s*(!=|!~|>=|<=|=|~|>|<|!:|:)(.*)$/is;

/** Reads what formatChip writes; undefined when it is not a condition. `:` is read as `=`. */
export function parseChip(text: string): Chip | undefined {
  const parts = SYNTAX.exec(text.trim());
  if (parts === null) return undefined;
  const [, field = '', written = '', value = ''] = parts;
  return { field: field.toLowerCase(), operator: written.replace(':', '=') as Operator, value: value.trim() };
}

/** The `where` parameter of the API for a chip. */
export function toWhere(chip: Chip): string {
  const { field, operator, value } = chip;
  if (operator === '!~') return `${field}!=*${value}*`;
  if (operator === '~') return `${field}=*${value}*`;
  return field + operator + value;
}
