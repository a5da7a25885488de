import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type UPlot from 'uplot';
import { full } from '../model/format.ts';
import type { Bin, Window } from '../model/range.ts';
import { CLASSES, type Series, stack, type TrafficClass } from '../model/series.ts';
import { stepTo } from '../model/steps.ts';
import { barPeriod, periodIn } from '../model/times.ts';
import { onThemeChange } from '../state/theme.ts';
import { text } from '../text.ts';
import { ChartHover } from './chart-hover.tsx';
import { createPlot, type PlotOwner } from './plot.ts';

interface Props {
  series: Series;
  window: Window;
  bin: Bin;
  shown: ReadonlySet<TrafficClass>;
  stale: boolean;
  onZoom: (window: Window) => void;
}

/** The bars. Arrow keys walk over them, Enter zooms into one, Escape lets go. */
export function Chart({ series, window, bin, shown, stale, onZoom }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<number | null>(null);
  const data = useMemo<UPlot.AlignedData>(() => {
    const sums = stack(series, shown);
    return [series.times.map((time) => time / 1000), ...sums.reverse()] as UPlot.AlignedData;
  }, [series, shown]);
  const plot = usePlot(element, data, { window, binMs: bin.ms, onHover: setHover, onZoom });

  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return setHover(null);
    const time = series.times[hover ?? -1];
    if (event.key === 'Enter' && time !== undefined && bin.ms > 60_000) {
      return onZoom({ from: time, to: time + bin.ms });
    }
    const target = stepTo(event.key, hover, series.times.length - 1);
    if (target === null) return;
    event.preventDefault();
    setHover(target);
  };
  return (
    <div
      className={stale ? 'timeline-space stale' : 'timeline-space'}
      role="application"
      aria-label={summarise(series, window, bin)}
      tabIndex={0}
      onKeyDown={press}
      onBlur={() => setHover(null)}
    >
      <div ref={element} className="plot" />
      {hover !== null && plot !== null && (
        <ChartHover plot={plot} series={series} index={hover} binMs={bin.ms} window={window} />
      )}
      <span className="chart-hint" aria-hidden="true">
        {text.timeline.hint}
      </span>
    </div>
  );
}

function summarise(series: Series, window: Window, bin: Bin): string {
  const totals = series.times.map((_, index) =>
    CLASSES.reduce((sum, name) => sum + (series.counts[name][index] ?? 0), 0),
  );
  const peak = Math.max(...totals);
  const peakAt = series.times[totals.indexOf(peak)] ?? window.from;
  const all = totals.reduce((sum, value) => sum + value, 0);
  return text.timeline.summary(full(all), periodIn(window.from, window.to), full(peak), barPeriod(peakAt, bin.ms));
}

/** Keeps a plot in the element, of its size, with the latest data, in the colours of the theme. */
function usePlot(element: RefObject<HTMLDivElement | null>, data: UPlot.AlignedData, latest: PlotOwner): UPlot | null {
  const [plot, setPlot] = useState<UPlot | null>(null);
  const owner = useRef(latest);
  const { window, binMs, onHover, onZoom } = latest;
  useEffect(() => {
    const node = element.current;
    if (node === null) return;
    const made = createPlot(node, owner.current);
    const watcher = new ResizeObserver(() => made.setSize({ width: node.clientWidth, height: node.clientHeight }));
    watcher.observe(node);
    setPlot(made);
    return () => {
      watcher.disconnect();
      made.destroy();
      setPlot(null);
    };
  }, [element]);
  useEffect(() => onThemeChange(() => plot?.redraw(false)), [plot]);
  useEffect(() => {
    Object.assign(owner.current, { window, binMs, onHover, onZoom });
    plot?.setData(data);
  }, [plot, data, window, binMs, onHover, onZoom]);
  return plot;
}
