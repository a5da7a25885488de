import { describeError, isUnreachable } from '../api/client.ts';
import { useTotals } from '../api/queries.ts';
import { clock, periodIn } from '../model/times.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { AnswerLine } from './answer-line.tsx';
import { OutsideLine } from './outside-line.tsx';

/** Names the window all figures are of, where they come from and how fresh they are. */
export function WindowLine({ heading: Heading = 'h1' }: { heading?: 'h1' | 'h2' }) {
  const { window, preset } = useView();
  const { data, dataUpdatedAt, isError, error } = useTotals();
  return (
    <div className="window-line">
      <Heading>{preset === null ? text.range.customTitle : text.range.long[preset]}</Heading>
      <p>
        {periodIn(window.from, window.to)}
        <span className="muted">
          {' · '}
          <AnswerLine answer={data} />
          {' · '}
          <span className={data === undefined ? 'skeleton' : undefined}>
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
