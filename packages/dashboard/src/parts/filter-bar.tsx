import type { ParameterError } from '../api/client.ts';
import { useTotals, useUnfiltered } from '../api/queries.ts';
import { count } from '../api/traffic.ts';
import { type Chip, DEFAULT_CHIPS, invert, replaceChip } from '../model/chip.ts';
import { full, short } from '../model/format.ts';
import { chipLabel, chipValue } from '../model/labels.ts';
import { isDefault } from '../model/view.ts';
import { showToast } from '../state/toasts.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { FilterForm } from './filter-form.tsx';
import { HiddenRequests } from './hidden-requests.tsx';
import { Icon } from './icon.tsx';
import { Popover } from './ui/popover.tsx';

interface Props {
  /** What the hub has against them. */
  wrong: readonly ParameterError[];
  /** Of what time the counts are, where nothing else on the screen says it. */
  of?: string;
}

/** The conditions in force, each of which can be turned round or removed, and what they leave out. */
export function FilterBar({ wrong, of }: Props) {
  const { chips, setChips } = useView();
  const clear = () => {
    setChips(DEFAULT_CHIPS);
    showToast(text.filter.cleared, { undo: () => setChips(chips) });
  };
  return (
    <section className="filter-bar" aria-label={text.filter.label}>
      <ul className="chips">
        {chips.map((chip, place) => (
          <li key={chip.field + chip.operator + chip.value}>
            <ChipView chip={chip} wrong={wrong.find(({ index }) => index === place)} />
          </li>
        ))}
        <li>
          <Popover
            className="button ghost"
            label={text.filter.add}
            button={
              <>
                <Icon name="plus" />
                <span>{text.filter.add}</span>
              </>
            }
          >
            {(close) => <FilterForm onDone={close} />}
          </Popover>
        </li>
        {!isDefault(chips) && chips.length > 1 && (
          <li>
            <button type="button" className="button ghost quiet" onClick={clear}>
              {text.filter.clear}
            </button>
          </li>
        )}
      </ul>
      <Kept of={of} />
    </section>
  );
}

interface ChipProps {
  chip: Chip;
  /** What the hub has against it. */
  wrong: ParameterError | undefined;
}

function ChipView({ chip, wrong }: ChipProps) {
  const { chips, fields, setChips, removeChip } = useView();
  const opposite = invert(chip);
  const field = fields.find(({ name }) => name === chip.field);
  const label = chipLabel(chip, fields);
  const negated = chip.operator.startsWith('!');
  const invertText = text.filter.invert(label, chipLabel(opposite, fields));
  const words = (
    <>
      <span className="chip-field">{field?.title ?? chip.field}</span>{' '}
      <span className="chip-operator">{text.filter.is[chip.operator]}</span>{' '}
      <span className="chip-value">{chipValue(chip, field)}</span>
    </>
  );
  return (
    <span className={wrong !== undefined ? 'chip wrong' : negated ? 'chip negated' : 'chip'}>
      {wrong === undefined ? (
        <button
          type="button"
          className="chip-text"
          onClick={() => setChips(replaceChip(chips, chip, opposite))}
          title={invertText}
          aria-label={invertText}
        >
          {words}
        </button>
      ) : (
        // Turned round it would be as wrong.
        <span className="chip-text" title={wrong.reason}>
          <Icon name="warning" />
          <span className="visually-hidden">{text.filter.wrongChip(label)}</span>
          <span aria-hidden="true">{words}</span>
        </span>
      )}
      <button
        type="button"
        className="chip-remove"
        onClick={() => removeChip(chip)}
        title={text.filter.remove(label)}
        aria-label={text.filter.remove(label)}
      >
        <Icon name="cross" />
      </button>
    </span>
  );
}

function Kept({ of }: { of: string | undefined }) {
  const { chips } = useView();
  const totals = useTotals();
  const unfiltered = useUnfiltered();
  if (chips.length === 0) return <div className="kept">{text.filter.all}</div>;
  if (totals.data === undefined || unfiltered.data === undefined) return <div className="kept">&nbsp;</div>;
  const shown = count(totals.data.rows[0], 'requests');
  const all = Math.max(shown, count(unfiltered.data.rows[0], 'requests'));
  return (
    <div className="kept">
      <span title={`${full(shown)} / ${full(all)}`}>{text.filter.shown(short(shown), short(all))}</span>
      {of !== undefined && ` ${of}`}
      {all > shown && (
        <>
          {' · '}
          <Popover className="link" label={text.filter.hiddenTitle} button={text.filter.hidden(short(all - shown))}>
            {(close) => <HiddenRequests onDone={close} />}
          </Popover>
        </>
      )}
    </div>
  );
}
