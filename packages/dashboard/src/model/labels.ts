import { text } from '../text.ts';
import { type Chip, type FieldInfo, plainValue } from './chip.ts';
import { countryName } from './format.ts';
import { perLocale } from './locale.ts';

const or = perLocale((locale) => new Intl.ListFormat(locale, { type: 'disjunction' }));

/** How one value of a field is shown: countries by name, unknown ones by a word. */
export function valueLabel(field: string, value: string): string {
  if (value === '' || (field === 'status' && value === '0')) return named(text.lists.unnamed, field) ?? text.unknown;
  if (field === 'country') return countryName(value);
  if (field === 'asn') return value === '0' ? text.unknown : `AS${value}`;
  if (field === 'network_kind' || field === 'bot_kind' || field === 'class') return named(text.kinds, value) ?? value;
  if (field === 'status') return named(text.reasons, value) ?? named(text.status, value.charAt(0)) ?? value;
  return value;
}

// Values come from outside: `constructor` must not find what every object inherits.
function named(names: Record<string, string>, key: string): string | undefined {
  return Object.hasOwn(names, key) ? names[key] : undefined;
}

/** What stands in front of a value in lists, when a short code says more: the country's, the status. */
export function valueCode(field: string, value: string): string | null {
  if (value === '') return null;
  return field === 'country' || (field === 'status' && value !== '0') ? value : null;
}

/** A condition in words: `Country is Germany or Austria`. */
export function chipLabel(chip: Chip, fields: readonly FieldInfo[]): string {
  const field = fields.find(({ name }) => name === chip.field);
  return `${field?.title ?? chip.field} ${text.filter.is[chip.operator]} ${chipValue(chip, field)}`;
}

/** The value of a condition in words. */
export function chipValue(chip: Chip, field: FieldInfo | undefined): string {
  const value = plainValue(chip);
  if (value === '') return text.filter.empty;
  if (field?.kind === 'flag') return /^(true|yes|1)$/i.test(value) ? text.filter.yes : text.filter.no;
  const values = value === chip.value ? value.split(',').map((piece) => piece.trim()) : [value];
  return or().format(values.map((piece) => (chip.field === 'status' ? piece : valueLabel(chip.field, piece))));
}
