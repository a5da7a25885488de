import { useMatching } from '../api/queries.ts';
import { count } from '../api/traffic.ts';
import { type Chip, invert } from '../model/chip.ts';
import { full } from '../model/format.ts';
import { chipLabel } from '../model/labels.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';

/** What each filter leaves out of the window, and the way to see it. */
export function HiddenRequests({ onDone }: { onDone: () => void }) {
  const { chips } = useView();
  return (
    <div className="hidden-requests">
      <h3>{text.filter.hiddenTitle}</h3>
      <ul>
        {chips.map((chip) => (
          <HiddenBy key={chip.field + chip.operator + chip.value} chip={chip} onDone={onDone} />
        ))}
      </ul>
      <p className="muted">{text.filter.hiddenHelp}</p>
    </div>
  );
}

function HiddenBy({ chip, onDone }: { chip: Chip; onDone: () => void }) {
  const { fields, setChips } = useView();
  const opposite = invert(chip);
  const { data } = useMatching([opposite]);
  return (
    <li>
      <span>
        {chipLabel(chip, fields)}
        <small className="muted"> {text.filter.hides} </small>
        <b>{data === undefined ? '…' : full(count(data.rows[0], 'requests'))}</b>
      </span>
      <button
        type="button"
        className="button small"
        onClick={() => {
          setChips([opposite]);
          onDone();
        }}
      >
        {text.filter.showHidden}
      </button>
    </li>
  );
}
