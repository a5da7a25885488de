import type UPlot from 'uplot';
import { short } from '../model/format.ts';
import type { Window } from '../model/range.ts';
import { CLASSES, type Series } from '../model/series.ts';
import { barPeriod } from '../model/times.ts';
import { text } from '../text.ts';

interface Props {
  plot: UPlot;
  series: Series;
  index: number;
  binMs: number;
  window: Window;
}

/** The bar looked at, lit up, and its figures beside it. */
export function ChartHover({ plot, series, index, binMs, window }: Props) {
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
