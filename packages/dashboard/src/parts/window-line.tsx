import { describeError, isUnreachable } from '../api/client.ts';
import { useTotals } from '../api/queries.ts';
import { clock, period } from '../model/format.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { OutsideLine } from './outside-line.tsx';

/** Names the window all figures are of, where they come from and how fresh they are. */
export function WindowLine() {
  const { window, preset } = useView();
  const { data, dataUpdatedAt, isError, error } = useTotals();
  return (
    <div className="window-line">
      <h1>{preset === null ? text.range.customTitle : text.range.long[preset]}</h1>
      <p>
        {period(window.from, window.to)} {text.range.utc}
        <span className="muted">
          {' · '}
          <span className={data === undefined ? 'skeleton' : undefined}>
            {text.footer.source[data?.source ?? 'roll-up'] ?? data?.source}
            {' · '}
            {text.footer.updated(clock(dataUpdatedAt))}
          </span>
        </span>
      </p>
      {isError && data !== undefined && !isUnreachable(error) && (
        <p className="stale-note" role="status">
          {text.error.stale(describeError(error).title)}
        </p>
      )}
      <OutsideLine />
    </div>
  );
}
