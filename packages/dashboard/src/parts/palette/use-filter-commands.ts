import { useSuggestions } from '../../api/queries.ts';
import { type Chip, type FieldInfo, formatChip, plainValue } from '../../model/chip.ts';
import type { Command } from '../../model/commands.ts';
import { fuzzyScore } from '../../model/fuzzy.ts';
import { chipLabel, valueLabel } from '../../model/labels.ts';
import { objectionTo } from '../../model/objection.ts';
import { readTypedFilter, type TypedFilter } from '../../model/typed-filter.ts';
import { useView } from '../../state/view-context.ts';
import { palette as words } from '../../text.ts';

const MOST_VALUES = 8;

/**
 * What the typed words mean as a filter: `country=DE` is one, with the field's most frequent values to go on with; before
 * there is an operator, they are names of fields to go on with.
 */
export function useFilterCommands(typed: string): Command[] {
  const { fields, addChip } = useView();
  const filter = readTypedFilter(typed, fields);
  const values = useValues(filter);
  if (filter === null) return typed.trim() === '' ? [] : fields.map(fieldCommand);
  const command = (chip: Chip, refusal: string | null): Command => ({
    id: `filter:${formatChip(chip)}`,
    group: 'filters',
    label: words.filter(chipLabel(chip, fields)),
    note: formatChip(chip),
    typed: true,
    ...(refusal !== null && { refusal }),
    run: () => addChip(chip),
  });
  const { field, chip } = filter;
  const written = field.kind === 'flag' && chip.value === '' ? null : chip;
  const own = written === null ? [] : [command(written, objectionTo(field, chip.operator, chip.value))];
  const others = values.filter((value) => value !== chip.value).map((value) => command({ ...chip, value }, null));
  // Nothing is what nobody means while there are values to choose from.
  return chip.value === '' ? [...others, ...own] : [...own, ...others];
}

function fieldCommand({ name, title }: FieldInfo): Command {
  return {
    id: `field:${name}`,
    group: 'filters',
    label: title,
    note: name,
    completes: `${name}=`,
    run: () => undefined,
  };
}

/** The most frequent values of the field that fit what is typed of them. */
function useValues(filter: TypedFilter | null): string[] {
  const asked = filter !== null && (filter.field.kind === 'text' || filter.field.name === 'status');
  const suggestions = useSuggestions(asked ? filter.field.name : '');
  if (filter === null) return [];
  if (filter.field.kind === 'flag') return ['true', 'false'];
  // Of several with commas the last one is being typed; the others would have to stay.
  if (!asked || filter.chip.value.includes(',')) return [];
  const name = filter.field.name;
  const typed = plainValue(filter.chip);
  return (suggestions.data?.rows ?? [])
    .map((row) => String(row[name] ?? ''))
    .filter((value) => value !== '' && !/[,*"]/.test(value))
    .filter((value) => fuzzyScore(typed, `${value} ${valueLabel(name, value)}`) !== null)
    .slice(0, MOST_VALUES);
}
