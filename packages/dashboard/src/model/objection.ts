import { text } from '../text.ts';
import type { FieldInfo, Operator } from './chip.ts';

const NUMBER = /^(AS)?\d*(\.\d+)?(\.\.\d*(\.\d+)?)?$/i;

/** What is wrong with a value for a field, or null. Lists of alternatives are looked at one by one. */
export function objectionTo(field: FieldInfo, operator: Operator, value: string): string | null {
  if (field.kind === 'text') return operator.endsWith('~') && value === '' ? text.filter.needsValue : null;
  if (field.kind === 'flag') return null;
  const pieces = operator.endsWith('=') && operator.length <= 2 ? value.split(',') : [value];
  const good = pieces.every((piece) => {
    const trimmed = piece.trim();
    return trimmed !== '' && (NUMBER.test(trimmed) || (field.name === 'status' && /^[1-9]xx$/i.test(trimmed)));
  });
  return good ? null : text.filter.needsNumber;
}
