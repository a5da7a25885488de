import { FIELDS, type FieldName, findField } from './field.ts';
import type { Refusal } from './request.ts';

/** One alternative a filter accepts. Ranges are inclusive at both ends. */
export type Match =
  | { is: 'equal'; value: string }
  | { is: 'range'; from: number; to: number }
  | { is: 'glob'; pattern: string };

/** A condition on one field: any of the matches, or none of them when negated. Filters in a list are all required. */
export interface Filter {
  field: FieldName;
  negated: boolean;
  any: readonly Match[];
  /** As it was written, for messages and chips. */
  text: string;
}

const SYNTAX = /^([a-z_.]+)\s*(!=|!:|!~|>=|<=|=|:|>|<|~)(.*)$/is;
const MAX_FILTER_LENGTH = 2048;

/**
 * Reads one filter: `country=DE`, `status=5xx`, `bot:false`, `path=/api/*`, `country!=DE,AT`, `duration>500`,
 * `status=400..499`, `browser~fire` (contains), `city=` (unknown), `network="Amazon.com, Inc."` (exactly that text,
 * commas and asterisks included). `:` and `=` are the same.
 * Anything else is refused with the reason and, for an unknown field, the fields there are.
 */
export function parseFilter(text: string): Filter | Refusal {
  if (text.length > MAX_FILTER_LENGTH) return refuse(text, `is longer than ${MAX_FILTER_LENGTH} characters`);
  const parts = SYNTAX.exec(text.trim());
  if (parts === null) return refuse(text, 'is not of the form field=value (such as country=DE or status=5xx)');
  const [, name = '', operator = '', rawValue = ''] = parts;
  const field = findField(name);
  if (field === undefined) {
    return refuse(text, `names the unknown field "${name}"; fields are ${FIELDS.map((f) => f.name).join(', ')}`);
  }
  const negated = operator.startsWith('!');
  const value = rawValue.trim();
  const any: Match[] = [];
  if (operator === '~' || operator === '!~') {
    any.push({ is: 'glob', pattern: `*${value}*` });
  } else if (operator === '>' || operator === '<' || operator === '>=' || operator === '<=') {
    const range = field.kind === 'number' ? compareRange(operator, Number(value)) : undefined;
    if (range === undefined || value === '') return refuse(text, `needs a number after ${operator} on a numeric field`);
    any.push(range);
  } else {
    const pieces = splitAlternatives(value);
    if (pieces === null) return refuse(text, 'has a quote that is not closed, or text after a closing quote');
    for (const { text: piece, quoted } of pieces) {
      const match: Match | undefined =
        quoted && field.kind === 'text' ? { is: 'equal', value: piece } : parseMatch(field.name, field.kind, piece);
      if (match === undefined) return refuse(text, `has "${piece}", which is not a ${expected(field.kind)}`);
      any.push(match);
    }
  }
  return { field: field.name, negated, any, text: text.trim() };
}

/** Pieces between commas. A piece in double quotes is taken as it stands; a quote inside it is written twice. */
function splitAlternatives(value: string): { text: string; quoted: boolean }[] | null {
  const pieces: { text: string; quoted: boolean }[] = [];
  for (let from = 0; from <= value.length; ) {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*(?:,|$)/.exec(value.slice(from));
    if (quoted !== null) {
      pieces.push({ text: (quoted[1] as string).replaceAll('""', '"'), quoted: true });
      from += quoted[0].length;
      if (!quoted[0].endsWith(',')) return pieces;
      continue;
    }
    const comma = value.indexOf(',', from);
    const end = comma < 0 ? value.length : comma;
    const text = value.slice(from, end).trim();
    if (text.startsWith('"')) return null;
    pieces.push({ text, quoted: false });
    from = end + 1;
  }
  return pieces;
}

function parseMatch(name: FieldName, kind: 'text' | 'number' | 'flag', value: string): Match | undefined {
  if (kind === 'flag') {
    const flag = /^(true|yes|1)$/i.test(value) ? 'true' : /^(false|no|0)$/i.test(value) ? 'false' : undefined;
    return flag === undefined ? undefined : { is: 'equal', value: flag };
  }
  if (kind === 'text') {
    if (name === 'status_class' && /^[1-5]$/.test(value)) return { is: 'equal', value: `${value}xx` };
    return value.includes('*') ? { is: 'glob', pattern: value } : { is: 'equal', value };
  }
  const statusClass = name === 'status' ? /^([1-5])xx$/i.exec(value) : null;
  if (statusClass !== null) {
    const from = Number(statusClass[1]) * 100;
    return { is: 'range', from, to: from + 99 };
  }
  if (value === '') return undefined;
  const [from = '', to, more] = value.replace(/^AS(?=\d)/i, '').split('..');
  if (more !== undefined) return undefined;
  const low = from === '' ? -Infinity : Number(from);
  const high = to === undefined ? low : to === '' ? Infinity : Number(to);
  return low <= high ? { is: 'range', from: low, to: high } : undefined;
}

function compareRange(operator: string, bound: number): Match | undefined {
  if (Number.isNaN(bound)) return undefined;
  // Every numeric field is a whole number but the duration, whose resolution is a microsecond (0.001 ms).
  const step = 0.0005;
  switch (operator) {
    case '>':
      return { is: 'range', from: bound + step, to: Infinity };
    case '>=':
      return { is: 'range', from: bound, to: Infinity };
    case '<':
      return { is: 'range', from: -Infinity, to: bound - step };
    default:
      return { is: 'range', from: -Infinity, to: bound };
  }
}

function expected(kind: 'text' | 'number' | 'flag'): string {
  return kind === 'flag'
    ? 'flag (true or false)'
    : kind === 'number'
      ? 'number or range (400, 400..499; 5xx for a status)'
      : 'value';
}

function refuse(text: string, why: string): Refusal {
  return { refused: 'bad-filter', detail: `filter "${text.slice(0, 80)}" ${why}` };
}

/**
 * A filter as a predicate over that field's value: text for text fields, a number for numeric ones, 'true'/'false'
 * for flags. An unknown number is NaN or negative and matches no range but one open below.
 */
export function matcher(filter: Filter): (value: string | number) => boolean {
  const anyCase = findField(filter.field)?.anyCase === true;
  const equal = new Set<string>();
  const ranges: { from: number; to: number }[] = [];
  const globs: ((value: string) => boolean)[] = [];
  for (const match of filter.any) {
    if (match.is === 'equal') equal.add(anyCase ? match.value.toLowerCase() : match.value);
    else if (match.is === 'range') ranges.push(match);
    else globs.push(globMatcher(anyCase ? match.pattern.toLowerCase() : match.pattern));
  }
  return (value) => {
    let hit: boolean;
    if (typeof value === 'number') hit = value >= 0 && ranges.some(({ from, to }) => value >= from && value <= to);
    else {
      const text = anyCase ? value.toLowerCase() : value;
      hit = equal.has(text) || globs.some((glob) => glob(text));
    }
    return hit !== filter.negated;
  };
}

/** `*` stands for any run of characters. Linear: each literal piece is searched once, left to right. */
export function globMatcher(pattern: string): (text: string) => boolean {
  const pieces = pattern.split('*');
  const first = pieces.shift() ?? '';
  const last = pieces.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    const end = text.length - last.length;
    for (const piece of pieces) {
      const found = text.indexOf(piece, at);
      if (found < 0 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  };
}
