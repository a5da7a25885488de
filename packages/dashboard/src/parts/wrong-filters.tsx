import type { ParameterError } from '../api/client.ts';
import { chipLabel } from '../model/labels.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';

/** What the hub says of the filters it cannot apply, once, in place of figures that there cannot be; and the way out. */
export function WrongFilters({ errors }: { errors: readonly ParameterError[] }) {
  const { chips, fields, setChips } = useView();
  const wrong = new Set(errors.map(({ index }) => index));
  const rest = chips.filter((_, index) => !wrong.has(index));
  const only = errors.length === 1 ? chips[errors[0]?.index ?? -1] : undefined;
  return (
    <div className="error-note" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{text.filter.wrong(errors.length)}</strong>
        {errors.map(({ reason }) => (
          <p key={reason} lang="en">
            {reason}
          </p>
        ))}
        {rest.length < chips.length && (
          <button type="button" className="button small" onClick={() => setChips(rest)}>
            {only === undefined ? text.filter.removeWrong : text.filter.remove(chipLabel(only, fields))}
          </button>
        )}
      </div>
    </div>
  );
}
