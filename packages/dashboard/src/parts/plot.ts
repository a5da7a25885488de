import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { tick } from '../model/format.ts';
import { ZONE } from '../model/locale.ts';
import { DAY, type Window } from '../model/range.ts';
import { axisTime } from '../model/times.ts';

/** What the plot asks of the component around it; read anew at each use. */
export interface PlotOwner {
  window: Window;
  binMs: number;
  /** The bar under the cursor, or null; and the pixels of its edges within the drawing area. */
  onHover(index: number | null): void;
  onZoom(window: Window): void;
}

const WHOLE_STEPS = [1, 2, 5]
  .flatMap((digit) => Array.from({ length: 13 }, (_, power) => digit * 10 ** power))
  .sort((a, b) => a - b);

/** Stacked bars over time: draws the sums given, topmost series first. Colours come from the element's CSS. */
export function createPlot(element: HTMLElement, owner: PlotOwner): UPlot {
  const style = getComputedStyle(element);
  // Read at each drawing, because the theme may have changed.
  const colour = (name: string) => () => style.getPropertyValue(name).trim();
  const font = `11px ${style.fontFamily}`;
  const bars = UPlot.paths.bars?.({ align: 1, size: [0.84, 64, 1] });
  const series = ['--hosting', '--bots', '--people'].map((name) => ({
    fill: colour(name),
    stroke: colour(name),
    width: 0,
    paths: bars,
    points: { show: false },
  }));
  return new UPlot(
    {
      width: Math.max(element.clientWidth, 100),
      height: element.clientHeight,
      // Bars of days are days of UTC, as the hub counts them.
      tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), owner.binMs >= DAY ? 'UTC' : ZONE),
      padding: [10, 20, 0, 0],
      legend: { show: false },
      cursor: {
        x: false,
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: 5 },
        bind: { dblclick: () => null },
        // The bar whose span holds the cursor, not the one whose beginning is nearest.
        dataIdx: (plot) => barAt(plot, owner.binMs),
      },
      scales: {
        x: { time: true, range: () => [owner.window.from / 1000, owner.window.to / 1000] },
        y: { range: (_plot, _min, max) => [0, Math.max(max * 1.06, 1)] },
      },
      series: [{}, ...series],
      axes: axesOf(owner, colour, font),
      hooks: {
        setCursor: [(plot) => owner.onHover((plot.cursor.left ?? -1) < 0 ? null : barAt(plot, owner.binMs))],
        setSelect: [
          (plot) => {
            if (plot.select.width > 5) owner.onZoom(selected(plot, owner.binMs));
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
      },
    },
    [[], [], [], []],
    element,
  );
}

function barAt(plot: UPlot, binMs: number): number | null {
  const times = plot.data[0];
  const first = times?.[0];
  if (times === undefined || first === undefined) return null;
  const index = Math.floor(((plot.posToVal(plot.cursor.left ?? 0, 'x') - first) * 1000) / binMs);
  return index >= 0 && index < times.length ? index : null;
}

// Whole bars: from the beginning of the first one touched to the end of the last.
function selected(plot: UPlot, binMs: number): Window {
  const start = Number(plot.data[0]?.[0] ?? 0) * 1000;
  const at = (pixel: number) => (plot.posToVal(pixel, 'x') * 1000 - start) / binMs;
  return {
    from: start + Math.floor(at(plot.select.left)) * binMs,
    to: start + Math.ceil(at(plot.select.left + plot.select.width)) * binMs,
  };
}

/** Time below, counts to the left. */
function axesOf(owner: PlotOwner, colour: (name: string) => () => string, font: string): UPlot.Axis[] {
  const axis = { stroke: colour('--ink-muted'), font, ticks: { show: false } };
  return [
    {
      ...axis,
      grid: { show: false },
      size: 30,
      space: 72,
      values: (_plot, splits, _axis, _space, increment) =>
        splits.map((at) => axisTime(at * 1000, increment * 1000, owner.binMs)),
    },
    {
      ...axis,
      // German writes `120 Mio.` where English has `120M`.
      size: (_plot, values) => Math.max(48, 14 + 6 * Math.max(0, ...(values ?? []).map(({ length }) => length))),
      gap: 6,
      incrs: WHOLE_STEPS,
      grid: { stroke: colour('--line'), width: 1 },
      values: (_plot, splits) => splits.map((at) => (Number.isInteger(at) ? tick(at) : '')),
    },
  ];
}
