import type { TrafficAnswer } from '@vedette/contract';
import { useMemo, useState } from 'react';
import { isUnreachable } from '../api/client.ts';
import { useTimeline } from '../api/queries.ts';
import { around, binFor } from '../model/range.ts';
import { CLASSES, type TrafficClass, toSeries } from '../model/series.ts';
import { periodIn, width } from '../model/times.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Chart } from './chart.tsx';
import { Icon } from './icon.tsx';
import { TimelineTable } from './timeline-table.tsx';
import { ErrorState } from './ui/error-state.tsx';

/** Requests over time, stacked by class: hover for figures, drag to zoom, classes switched off and on in the legend. */
export function Timeline() {
  const { window, bin, mostBars, range, setRange } = useView();
  const { data, error, isPlaceholderData, refetch } = useTimeline();
  const [shown, setShown] = useState<ReadonlySet<TrafficClass>>(new Set(CLASSES));
  const [asTable, setAsTable] = useState(false);
  const answered = useMemo(() => data && cut(data, mostBars), [data, mostBars]);
  const zoom = ({ from, to }: { from: number; to: number }) => setRange({ kind: 'custom', from, to });
  return (
    <section className="panel" aria-label={text.timeline.title}>
      <header className="panel-head">
        <h2 title={periodIn(window.from, window.to)}>{text.timeline.title}</h2>
        <span className="muted">{text.timeline.per(width(bin.ms))}</span>
        {range.kind === 'custom' && (
          <button
            type="button"
            className="button small"
            onClick={() => setRange({ kind: 'custom', ...around(window, Date.now()) })}
          >
            {text.timeline.zoomOut}
          </button>
        )}
        <Legend shown={shown} onShown={setShown} asTable={asTable} onTable={setAsTable} />
      </header>
      {answered === undefined ? (
        <div className="timeline-space">
          {error && !isUnreachable(error) ? (
            <ErrorState error={error} onRetry={() => void refetch()} />
          ) : (
            <ChartSkeleton />
          )}
        </div>
      ) : asTable ? (
        <TimelineTable series={answered.series} bin={answered.bin} />
      ) : (
        <Chart {...answered} shown={shown} stale={isPlaceholderData} onZoom={zoom} />
      )}
    </section>
  );
}

/** The bars of an answer, by its own window: while the next answer is under way, the one before is still shown. */
function cut({ rows, window: { from, to } }: TrafficAnswer, mostBars: number) {
  const window = { from: Date.parse(from), to: Date.parse(to) };
  const bin = binFor(window, mostBars);
  return { series: toSeries(rows, window, bin), window, bin };
}

function ChartSkeleton() {
  const heights = [30, 42, 38, 55, 62, 48, 70, 66, 80, 58, 64, 45, 52, 74, 68, 60, 50, 36, 44, 57, 63, 72, 49, 40];
  return (
    <div className="chart-skeleton" aria-hidden="true">
      {heights.map((height, index) => (
        // The bars are all alike.
        // oxlint-disable-next-line react/no-array-index-key
        <i key={index} style={{ height: `${height}%` }} />
      ))}
    </div>
  );
}

interface LegendProps {
  shown: ReadonlySet<TrafficClass>;
  onShown: (shown: ReadonlySet<TrafficClass>) => void;
  asTable: boolean;
  onTable: (asTable: boolean) => void;
}

/** What the colours mean; pressing one hides and shows its class. Hiding the last shows all again. */
function Legend({ shown, onShown, asTable, onTable }: LegendProps) {
  const toggle = (name: TrafficClass) => {
    const next = new Set(shown);
    if (!next.delete(name)) next.add(name);
    onShown(next.size === 0 ? new Set(CLASSES) : next);
  };
  return (
    <div className="legend">
      {CLASSES.map((name) => (
        <button
          key={name}
          type="button"
          className={shown.has(name) ? 'legend-entry' : 'legend-entry off'}
          aria-pressed={shown.has(name)}
          title={text.timeline.toggle(text.classes[name])}
          onClick={() => toggle(name)}
        >
          <i className={`mark ${name}`} />
          {text.classes[name]}
        </button>
      ))}
      <button
        type="button"
        className="icon-button small"
        onClick={() => onTable(!asTable)}
        title={asTable ? text.timeline.chart : text.timeline.table}
        aria-label={asTable ? text.timeline.chart : text.timeline.table}
      >
        <Icon name={asTable ? 'bars' : 'table'} />
      </button>
    </div>
  );
}
