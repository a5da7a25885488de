import { lazy, Suspense, useState } from 'react';
import { isUnreachable } from '../api/client.ts';
import { useTop } from '../api/queries.ts';
import { count, type Row } from '../api/traffic.ts';
import { exactly, sameChip } from '../model/chip.ts';
import { short } from '../model/format.ts';
import { CLASSES, type TrafficClass } from '../model/series.ts';
import { periodIn } from '../model/times.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { CountryTable } from './country-table.tsx';
import { CrashBoundaryNote } from './crash-note.tsx';
import { Icon } from './icon.tsx';
import { Segments } from './segments.tsx';
import { ErrorState } from './ui/error-state.tsx';

// The outlines and the projection come only once the page stands.
const WorldMap = lazy(() => import('./world-map.tsx'));

export type MapFigure = 'requests' | TrafficClass;
const options = () => [
  { value: 'requests' as MapFigure, label: text.map.all },
  ...CLASSES.map((name) => ({ value: name as MapFigure, label: text.classes[name], mark: name })),
];
const EVERY_COUNTRY = 300;
const NO_ROWS: readonly Row[] = [];

/** Countries as a map or, with the same figures, as a table. */
export function Places() {
  const { chips, window, addChip, removeChip } = useView();
  const [shown, setShown] = useState<MapFigure>('requests');
  const [asTable, setAsTable] = useState(false);
  const { data, error, isPlaceholderData, refetch } = useTop('country', EVERY_COUNTRY);
  const rows: readonly Row[] = data?.rows ?? NO_ROWS;
  const unknown = rows.filter((row) => (row.country ?? '') === '').reduce((sum, row) => sum + count(row, shown), 0);
  const toggle = (country: string) => {
    const chip = exactly('country', country);
    if (chips.some((other) => sameChip(other, chip))) removeChip(chip);
    else addChip(chip);
  };
  return (
    <section className="panel places" aria-label={text.map.title}>
      <header className="panel-head">
        <h2 title={periodIn(window.from, window.to)}>{text.map.title}</h2>
        <Segments label={text.map.show} options={options()} value={shown} onChange={setShown} />
        <button
          type="button"
          className="icon-button small"
          onClick={() => setAsTable(!asTable)}
          title={asTable ? text.map.map : text.map.table}
          aria-label={asTable ? text.map.map : text.map.table}
        >
          <Icon name={asTable ? 'globe' : 'table'} />
        </button>
      </header>
      <div className={isPlaceholderData ? 'map-space stale' : 'map-space'} aria-busy={data === undefined}>
        {data === undefined && error && !isUnreachable(error) ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : asTable ? (
          <CountryTable rows={rows} onToggle={toggle} />
        ) : (
          <CrashBoundaryNote message={text.map.failed}>
            <Suspense fallback={<p className="visually-hidden">{text.map.loading}</p>}>
              <WorldMap rows={rows} shown={shown} onToggle={toggle} />
            </Suspense>
          </CrashBoundaryNote>
        )}
        {unknown > 0 && !asTable && <p className="map-note">{text.map.unknownPlace(short(unknown))}</p>}
      </div>
    </section>
  );
}
