import { CLASSES } from '../../model/series.ts';
import { useView } from '../../state/view-context.ts';
import { text, live as words } from '../../text.ts';
import { Segments } from '../segments.tsx';

/** People, bots, hosting or everybody: a filter like any other, of which one holds. */
export function ClassSwitch() {
  const { chips, setChips } = useView();
  const own = chips.filter(({ field }) => field === 'class');
  const [only] = own;
  const one = CLASSES.find((name) => own.length === 1 && only?.operator === '=' && only.value === name);
  return (
    <Segments
      label={words.who}
      options={[
        { value: 'all', label: words.everybody },
        ...CLASSES.map((value) => ({ value, label: text.classes[value], mark: value })),
      ]}
      value={own.length === 0 ? 'all' : (one ?? null)}
      onChange={(value) =>
        setChips([
          ...chips.filter(({ field }) => field !== 'class'),
          ...(value === 'all' ? [] : [{ field: 'class', operator: '=' as const, value }]),
        ])
      }
    />
  );
}
