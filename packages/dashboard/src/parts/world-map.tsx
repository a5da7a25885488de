import { type PointerEvent, useMemo, useState } from 'react';
import { count, type Row } from '../api/traffic.ts';
import { plainValue } from '../model/chip.ts';
import { countryName, full, percent, tick } from '../model/format.ts';
import { CLASSES, levelOf, logLimits } from '../model/series.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import type { MapFigure } from './places.tsx';
import world from './world-outlines.json';

// Drawn beforehand, by world-outlines.test.ts: the outlines do not depend on the figures.
const { width: WIDTH, height: HEIGHT, graticule: GRATICULE, outlines: OUTLINES, points: POINTS } = world;
const LEVELS = 6;

interface Props {
  rows: readonly Row[];
  shown: MapFigure;
  onToggle: (country: string) => void;
}

/** A choropleth on a logarithmic scale; hover for figures, press to filter. The table is its accessible counterpart. */
export default function WorldMap({ rows, shown, onToggle }: Props) {
  const { chips } = useView();
  const [hover, setHover] = useState<{ country: string; x: number; y: number; flip: boolean } | null>(null);
  const byCountry = useMemo(() => new Map(rows.map((row) => [String(row.country ?? ''), row])), [rows]);
  const limits = useMemo(
    () =>
      logLimits(
        rows.filter((row) => row.country).map((row) => count(row, shown)),
        LEVELS,
      ),
    [rows, shown],
  );
  const chosen = new Set(
    chips
      .filter(({ field, operator }) => field === 'country' && operator === '=')
      .flatMap((chip) => plainValue(chip).split(',')),
  );
  const look = (country: string | null, base: string) => {
    const level = country === null ? 0 : levelOf(count(byCountry.get(country), shown), limits);
    return `${base} level-${level}${country !== null && chosen.has(country) ? ' chosen' : ''}${country !== null && country === hover?.country ? ' hovered' : ''}`;
  };
  const countryAt = (event: PointerEvent) => (event.target as SVGElement).dataset.country;
  const follow = (event: PointerEvent<SVGSVGElement>) => {
    const country = countryAt(event);
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (country === undefined || box === undefined) return setHover(null);
    const x = event.clientX - box.left;
    setHover({ country, x, y: event.clientY - box.top, flip: x > box.width * 0.6 });
  };
  return (
    <div className={`map ${shown}`}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={text.map.describe(rows.filter((row) => row.country).length)}
        onPointerMove={follow}
        onPointerLeave={() => setHover(null)}
        onClick={(event) => {
          const country = (event.target as SVGElement).dataset.country;
          if (country !== undefined) onToggle(country);
        }}
      >
        <path d={GRATICULE} className="graticule" />
        {OUTLINES.map(({ country, path }) => (
          <path key={path} d={path} className={look(country, 'land')} data-country={country ?? undefined} />
        ))}
        {POINTS.filter(({ country }) => count(byCountry.get(country), shown) > 0).map(({ country, x, y }) => (
          <circle key={country} cx={x} cy={y} r={4} className={look(country, 'land point')} data-country={country} />
        ))}
      </svg>
      {hover !== null && <MapTooltip {...hover} row={byCountry.get(hover.country)} rows={rows} />}
      <MapScale limits={limits} />
    </div>
  );
}

interface TooltipProps {
  country: string;
  x: number;
  y: number;
  flip: boolean;
  row: Row | undefined;
  rows: readonly Row[];
}

function MapTooltip({ country, x, y, flip, row, rows }: TooltipProps) {
  const all = rows.reduce((sum, other) => sum + count(other, 'requests'), 0);
  const requests = count(row, 'requests');
  return (
    <div
      className={flip ? 'tooltip map-tooltip flip' : 'tooltip map-tooltip'}
      style={{ left: `${x}px`, top: `${y}px` }}
    >
      <strong>{countryName(country)}</strong>
      <table>
        <tbody>
          {CLASSES.map((name) => (
            <tr key={name}>
              <th scope="row">
                <i className={`mark ${name}`} />
                {text.classes[name]}
              </th>
              <td>{full(count(row, name))}</td>
            </tr>
          ))}
          <tr className="sum">
            <th scope="row">{text.timeline.total}</th>
            <td>
              {full(requests)} · {percent(all > 0 ? requests / all : 0)}
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

/** What the shades mean. */
function MapScale({ limits }: { limits: readonly number[] }) {
  if (limits.length === 0) return null;
  return (
    <ol className="map-scale" aria-hidden="true">
      {[1, ...limits].map((from, index) => (
        <li key={from} className={`level-${index + 1}`}>
          <i />
          {tick(from)}
        </li>
      ))}
    </ol>
  );
}
