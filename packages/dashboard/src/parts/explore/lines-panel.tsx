import { useMemo } from 'react';
import { isUnreachable } from '../../api/client.ts';
import { useByClass, useLines } from '../../api/explore.ts';
import { figure } from '../../api/traffic.ts';
import { stepFor } from '../../model/explore.ts';
import { toLines } from '../../model/lines.ts';
import { STEP_MS } from '../../model/range.ts';
import { CLASSES } from '../../model/series.ts';
import { moment, period, periodIn, width } from '../../model/times.ts';
import { useScreenSearch } from '../../state/location.ts';
import { useView } from '../../state/view-context.ts';
import { text, explore as words } from '../../text.ts';
import { AnswerLine } from '../answer-line.tsx';
import { Panel } from '../panel.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Changed } from './changed.tsx';
import { formatMetric } from './format-metric.ts';
import { LinesChart } from './lines-chart.tsx';

/** One figure over time, people, bots and hosting each by a line of their own, what it is compared with dashed. */
export function LinesPanel() {
  const { window, span } = useView();
  const exploration = useScreenSearch('explore');
  const { metric, compare } = exploration;
  const step = stepFor(window, exploration.step);
  const { data, error, isPlaceholderData, refetch } = useLines(exploration);
  const totals = useByClass(exploration);
  const shown = useMemo(() => {
    if (data === undefined) return undefined;
    const own = { from: Date.parse(data.window.from), to: Date.parse(data.window.to) };
    return { lines: toLines(data.rows, metric, step, own, data.compared !== null), window: own };
  }, [data, metric, step]);
  const title = words.lines.over(words.metrics[metric]);
  const compared = compare === '' ? null : (data?.compared ?? null);
  const other = compared === null ? null : { from: Date.parse(compared.from), to: Date.parse(compared.to) };
  return (
    <Panel
      title={title}
      of={
        <span title={periodIn(window.from, window.to)}>
          {text.timeline.per(width(STEP_MS[step]))} · <AnswerLine answer={data} />
        </span>
      }
      actions={
        <div className="legend lines-legend">
          {CLASSES.map((name) => {
            const row = totals.data?.rows.find((one) => one.class === name);
            const value = figure(row, metric);
            const before = compared === null ? null : figure(row, `${metric}_before`);
            return (
              <span key={name} className="legend-entry plain">
                <i className={`mark ${name}`} />
                {text.classes[name]}{' '}
                <b>{totals.data === undefined ? '…' : value === null ? text.none : formatMetric(metric, value)}</b>
                {value !== null && before !== null && (
                  <Changed now={value} before={before} format={(one) => formatMetric(metric, one)} />
                )}
              </span>
            );
          })}
        </div>
      }
    >
      {shown === undefined ? (
        <div className="timeline-space">
          {error && !isUnreachable(error) && <ErrorState error={error} onRetry={() => void refetch()} />}
        </div>
      ) : (
        <LinesChart
          title={title}
          lines={shown.lines}
          window={shown.window}
          ms={STEP_MS[step]}
          stale={isPlaceholderData}
          format={(value) => formatMetric(metric, value)}
        />
      )}
      <p className="lines-note muted">
        {other !== null && (
          <>
            {words.compare.note(period(other.from, other.to))}
            {other.to - other.from !== window.to - window.from && <> {words.compare.longer}</>}
            {span !== null && span.window.from > other.from && <> {words.compare.partly(moment(span.window.from))}</>}
          </>
        )}
      </p>
    </Panel>
  );
}
