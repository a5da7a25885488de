import { type Chip, type FieldInfo, operatorsFor, parseChip } from './chip.ts';

/** A condition as it is typed, `country=DE`: the field there is, and the chip so far; null: it is none. */
export interface TypedFilter {
  field: FieldInfo;
  chip: Chip;
}

/** Reads a condition of a field there is, with an operator it takes; null for other words. */
export function readTypedFilter(typed: string, fields: readonly FieldInfo[]): TypedFilter | null {
  const chip = parseChip(typed);
  const field = fields.find(({ name }) => name === chip?.field);
  if (chip === undefined || field === undefined || !operatorsFor(field.kind).includes(chip.operator)) return null;
  return { field, chip };
}
