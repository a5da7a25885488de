import type { PointerEvent } from 'react';
import { type Lines, pieces } from '../../model/lines.ts';
import type { Window } from '../../model/range.ts';
import { CLASSES } from '../../model/series.ts';
import { axisTime, barPeriod, periodIn } from '../../model/times.ts';
import { useWalk } from '../../state/walk.ts';
import { text, explore as words } from '../../text.ts';

interface Props {
  title: string;
  lines: Lines;
  window: Window;
  /** Width of a step. */
  ms: number;
  stale: boolean;
  format: (value: number) => string;
}

const LABELS = [0, 0.25, 0.5, 0.75];

/** The lines. Arrow keys walk over the steps, Escape lets go. */
export function LinesChart({ title, lines, window, ms, stale, format }: Props) {
  const { times, now, before } = lines;
  const all = CLASSES.flatMap((name) => [...now[name], ...(before?.[name] ?? [])]).filter((value) => value !== null);
  const top = niceTop(Math.max(0, ...all));
  const last = times.length - 1;
  const { lit, setLit, press } = useWalk(last);
  const point = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setLit(Math.min(last, Math.max(0, Math.floor(((event.clientX - left) / width) * times.length))));
  };
  return (
    <div
      className={stale ? 'timeline-space lines stale' : 'timeline-space lines'}
      role="application"
      aria-label={words.lines.summary(title, periodIn(window.from, window.to), format(Math.max(0, ...all)))}
      tabIndex={0}
      onKeyDown={press}
      onBlur={() => setLit(null)}
      onPointerLeave={() => setLit(null)}
    >
      <div className="lines-marks" aria-hidden="true">
        {[1, 0.5, 0].map((share) => (
          <span key={share} style={{ bottom: `${share * 100}%` }}>
            {top > 0 ? format(top * share) : ''}
          </span>
        ))}
      </div>
      <div className="lines-plot" aria-hidden="true" onPointerMove={point} onPointerDown={point}>
        <svg viewBox="0 0 1000 1000" preserveAspectRatio="none">
          {CLASSES.map((name) => (
            <g key={name} className={`line-${name}`}>
              {before !== null && <Line values={before[name]} top={top} dashed />}
              <Line values={now[name]} top={top} />
            </g>
          ))}
        </svg>
        {lit !== null && <i className="lines-light" style={{ left: `${((lit + 0.5) / times.length) * 100}%` }} />}
        {all.length === 0 && <p className="muted lines-none">{words.lines.unknown}</p>}
      </div>
      <div className="lines-times" aria-hidden="true">
        {LABELS.map((share) => {
          const time = times[Math.floor(share * times.length)] ?? window.from;
          return (
            <span key={share} style={{ left: `${share * 100}%` }}>
              {axisTime(time, ms * Math.max(1, Math.floor(times.length / LABELS.length)), ms)}
            </span>
          );
        })}
      </div>
      {lit !== null && <Tip lines={lines} index={lit} ms={ms} format={format} />}
    </div>
  );
}

function Line({ values, top, dashed = false }: { values: (number | null)[]; top: number; dashed?: boolean }) {
  return pieces(values, top).map((piece, place) => {
    const [first] = piece;
    // One value alone is a short stroke, or nobody would see it.
    const points =
      piece.length === 1 && first
        ? [
            { ...first, x: first.x - 0.003 },
            { ...first, x: first.x + 0.003 },
          ]
        : piece;
    return (
      <polyline
        // A piece has no name but its place.
        // oxlint-disable-next-line react/no-array-index-key
        key={place}
        className={dashed ? 'dashed' : undefined}
        points={points.map(({ x, y }) => `${(x * 1000).toFixed(1)},${((1 - y) * 1000).toFixed(1)}`).join(' ')}
        vectorEffect="non-scaling-stroke"
      />
    );
  });
}

function Tip({ lines, index, ms, format }: { lines: Lines; index: number; ms: number; format: Props['format'] }) {
  const { times, now, before } = lines;
  const at = (index + 0.5) / times.length;
  const side = `calc(60px + (100% - 76px) * ${at > 0.6 ? 1 - at : at})`;
  const told = (value: number | null | undefined) => (typeof value === 'number' ? format(value) : text.none);
  return (
    <div className="tooltip" style={at > 0.6 ? { right: side } : { left: side }} aria-live="polite">
      <strong>{barPeriod(times[index] ?? 0, ms)}</strong>
      <table>
        <tbody>
          {CLASSES.map((name) => (
            <tr key={name}>
              <th scope="row">
                <i className={`mark ${name}`} />
                {text.classes[name]}
              </th>
              <td>{told(now[name][index])}</td>
              {before !== null && (
                <td className="muted">
                  {words.compare.before} {told(before[name][index])}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A round number that all values are below. */
function niceTop(most: number): number {
  if (most <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((digit) => digit * power >= most) ?? 10) * power;
}
