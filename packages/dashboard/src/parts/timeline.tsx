import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type UPlot from 'uplot';
import { useTimeline } from '../api/queries.ts';
import { barPeriod, full, period, short, width } from '../model/format.ts';
import { around } from '../model/range.ts';
import { CLASSES, type Series, stack, type TrafficClass, toSeries } from '../model/series.ts';
import { onThemeChange } from '../state/theme.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { ErrorNote } from './error-note.tsx';
import { Icon } from './icon.tsx';
import { createPlot, type PlotOwner } from './plot.ts';
import { TimelineTable } from './timeline-table.tsx';

/** Requests over time, stacked by class: hover for figures, drag to zoom, classes switched off and on in the legend. */
export function Timeline() {
  const { window, bin, range, setRange } = useView();
  const { data, error, isPlaceholderData, refetch } = useTimeline();
  const [shown, setShown] = useState<ReadonlySet<TrafficClass>>(new Set(CLASSES));
  const [asTable, setAsTable] = useState(false);
  const series = useMemo(() => data && toSeries(data.rows, window, bin), [data, window, bin]);
  const zoom = ({ from, to }: { from: number; to: number }) => setRange({ kind: 'custom', from, to });
  const toggle = (name: TrafficClass) => {
    const next = new Set(shown);
    if (!next.delete(name)) next.add(name);
    setShown(next.size === 0 ? new Set(CLASSES) : next);
  };
  return (
    <section className="panel" aria-label={text.timeline.title}>
      <header className="panel-head">
        <h2>{text.timeline.title}</h2>
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
            onClick={() => setAsTable(!asTable)}
            title={asTable ? text.timeline.chart : text.timeline.table}
            aria-label={asTable ? text.timeline.chart : text.timeline.table}
          >
            <Icon name={asTable ? 'bars' : 'table'} />
          </button>
        </div>
      </header>
      {series === undefined ? (
        <div className="timeline-space">
          {error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <ChartSkeleton />}
        </div>
      ) : asTable ? (
        <TimelineTable series={series} bin={bin} />
      ) : (
        <Chart series={series} shown={shown} stale={isPlaceholderData} onZoom={zoom} />
      )}
    </section>
  );
}

function ChartSkeleton() {
  const heights = [30, 42, 38, 55, 62, 48, 70, 66, 80, 58, 64, 45, 52, 74, 68, 60, 50, 36, 44, 57, 63, 72, 49, 40];
  return (
    <div className="chart-skeleton" aria-hidden="true">
      {heights.map((height, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike
        <i key={index} style={{ height: `${height}%` }} />
      ))}
    </div>
  );
}

interface ChartProps {
  series: Series;
  shown: ReadonlySet<TrafficClass>;
  stale: boolean;
  onZoom: (window: { from: number; to: number }) => void;
}

function Chart({ series, shown, stale, onZoom }: ChartProps) {
  const { window, bin } = useView();
  const element = useRef<HTMLDivElement>(null);
  const [plot, setPlot] = useState<UPlot | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  const owner = useRef<PlotOwner>({ window, binMs: bin.ms, onHover: setHover, onZoom });

  const data = useMemo<UPlot.AlignedData>(() => {
    const sums = stack(series, shown);
    return [series.times.map((time) => time / 1000), ...sums.reverse()] as UPlot.AlignedData;
  }, [series, shown]);

  useEffect(() => {
    if (element.current === null) return;
    const node = element.current;
    const made = createPlot(node, owner.current);
    const watcher = new ResizeObserver(() => made.setSize({ width: node.clientWidth, height: node.clientHeight }));
    watcher.observe(node);
    setPlot(made);
    return () => {
      watcher.disconnect();
      made.destroy();
      setPlot(null);
    };
  }, []);
  useEffect(() => onThemeChange(() => plot?.redraw(false)), [plot]);
  useEffect(() => {
    Object.assign(owner.current, { window, binMs: bin.ms, onZoom });
    plot?.setData(data);
  }, [plot, data, window, bin.ms, onZoom]);

  const move = (event: KeyboardEvent) => {
    const last = series.times.length - 1;
    const steps: Record<string, number> = {
      ArrowLeft: (hover ?? last + 1) - 1,
      ArrowRight: (hover ?? -1) + 1,
      Home: 0,
      End: last,
    };
    if (event.key === 'Escape') return setHover(null);
    const time = series.times[hover ?? -1];
    if (event.key === 'Enter' && time !== undefined && bin.ms > 60_000)
      return onZoom({ from: time, to: time + bin.ms });
    const target = steps[event.key];
    if (target === undefined) return;
    event.preventDefault();
    setHover(Math.min(Math.max(target, 0), last));
  };

  const total = (index: number) => CLASSES.reduce((sum, name) => sum + (series.counts[name][index] ?? 0), 0);
  const totals = series.times.map((_, index) => total(index));
  const peak = Math.max(...totals);
  const peakAt = series.times[totals.indexOf(peak)] ?? window.from;
  const summary = text.timeline.summary(
    full(totals.reduce((sum, value) => sum + value, 0)),
    period(window.from, window.to),
    full(peak),
    barPeriod(peakAt, bin.ms),
  );
  return (
    <div
      className={stale ? 'timeline-space stale' : 'timeline-space'}
      role="application"
      aria-label={summary}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk over the bars
      tabIndex={0}
      onKeyDown={move}
      onBlur={() => setHover(null)}
    >
      <div ref={element} className="plot" />
      {hover !== null && plot !== null && (
        <Hover plot={plot} series={series} index={hover} binMs={bin.ms} window={window} />
      )}
      <span className="chart-hint" aria-hidden="true">
        {text.timeline.hint}
      </span>
    </div>
  );
}

interface HoverProps {
  plot: UPlot;
  series: Series;
  index: number;
  binMs: number;
  window: { from: number; to: number };
}

/** The bar looked at, lit up, and its figures beside it. */
function Hover({ plot, series, index, binMs, window }: HoverProps) {
  const time = series.times[index];
  if (time === undefined) return null;
  const left = plot.over.offsetLeft + plot.valToPos(Math.max(time, window.from) / 1000, 'x');
  const right = plot.over.offsetLeft + plot.valToPos(Math.min(time + binMs, window.to) / 1000, 'x');
  const flip = right > plot.width * 0.62;
  const side = flip ? { right: `${plot.width - left + 8}px` } : { left: `${right + 8}px` };
  const all = CLASSES.reduce((sum, name) => sum + (series.counts[name][index] ?? 0), 0);
  return (
    <>
      <div
        className="bar-light"
        style={{
          left: `${left}px`,
          width: `${right - left}px`,
          height: `${plot.over.offsetHeight}px`,
          top: `${plot.over.offsetTop}px`,
        }}
      />
      <div className="tooltip" style={side} aria-live="polite">
        <strong>{barPeriod(time, binMs)}</strong>
        <table>
          <tbody>
            {[...CLASSES].reverse().map((name) => (
              <tr key={name}>
                <th scope="row">
                  <i className={`mark ${name}`} />
                  {text.classes[name]}
                </th>
                <td>{short(series.counts[name][index] ?? 0)}</td>
              </tr>
            ))}
            <tr className="sum">
              <th scope="row">{text.timeline.total}</th>
              <td>{short(all)}</td>
            </tr>
          </tbody>
        </table>
      </div>
    </>
  );
}
