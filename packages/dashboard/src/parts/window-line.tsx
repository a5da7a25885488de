import { useTotals } from '../api/queries.ts';
import { clock, period } from '../model/format.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';

/** Names the window all figures are of, where they come from and how fresh they are. */
export function WindowLine() {
  const { window, preset } = useView();
  const { data, dataUpdatedAt, isError } = useTotals();
  return (
    <div className="window-line">
      <h1>{preset === null ? text.range.customTitle : text.range.long[preset]}</h1>
      <p>
        {period(window.from, window.to)} {text.range.utc}
        {data !== undefined && (
          <span className="muted">
            {' · '}
            {text.footer.source[data.source] ?? data.source}
            {' · '}
            {text.footer.updated(clock(dataUpdatedAt))}
          </span>
        )}
      </p>
      {isError && data !== undefined && (
        <p className="stale-note" role="status">
          {text.error.stale}
        </p>
      )}
    </div>
  );
}
