import { isUnreachable } from '../../api/client.ts';
import { useInteractions } from '../../api/interactions.ts';
import { binColumns, type Column } from '../../model/columns.ts';
import { binFor, DAY } from '../../model/range.ts';
import { width } from '../../model/times.ts';
import { useView } from '../../state/view-context.ts';
import { interactions as words } from '../../text.ts';
import { ColumnsPanel } from '../columns.tsx';
import { ErrorState } from '../ui/error-state.tsx';

const KINDS = ['granted', 'others'] as const;
const HOUR = 3_600_000;
const MOST_ROWS = 10_000;

/** Page views over time: those of people who granted, and all others above them. */
export function ViewsChart() {
  const { window, mostBars } = useView();
  // They are counted by the hour at the finest.
  const from = Math.floor(window.from / HOUR) * HOUR;
  const bin = binFor({ from, to: window.to }, mostBars);
  const ms = Math.max(bin.ms, HOUR);
  const step = ms < DAY ? 'hour' : 'day';
  const query = useInteractions(step, 'page_view', MOST_ROWS);
  const columns: readonly Column[] | undefined = query.data?.rows.map(({ key, count, consented }) => ({
    time: Date.parse(key),
    values: [consented, Math.max(0, count - consented)],
  }));
  const begin = step === 'day' ? Math.floor(from / DAY) * DAY : from;
  const whole = { from: begin, to: window.to };
  return (
    <ColumnsPanel
      title={words.views.title}
      of={words.views.of(width(ms))}
      kinds={KINDS.map((name) => ({ name, label: words.views[name] }))}
      columns={columns && binColumns(columns, whole, { ms, step }, KINDS.length)}
      window={whole}
      ms={ms}
      instead={
        query.error !== null && query.data === undefined && !isUnreachable(query.error) ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : undefined
      }
    />
  );
}
