import type { ReactNode } from 'react';
import { describeError, isUnreachable } from '../api/client.ts';
import { useLatency, useTotals, useTotalsBefore } from '../api/queries.ts';
import { count, figure, type Row } from '../api/traffic.ts';
import { type Chip, sameChip } from '../model/chip.ts';
import { bytes, change, duration, full, percent, short } from '../model/format.ts';
import { CLASSES, type TrafficClass } from '../model/series.ts';
import { period, periodIn } from '../model/times.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { ErrorState } from './ui/error-state.tsx';

/** The figures of the window. Each names its window in its tooltip. */
export function Figures() {
  const { window } = useView();
  const totals = useTotals();
  const before = useTotalsBefore();
  if (totals.isError && totals.data === undefined && !isUnreachable(totals.error)) {
    return <ErrorState error={totals.error} onRetry={() => void totals.refetch()} />;
  }
  const row = totals.data?.rows[0] ?? (totals.data === undefined ? undefined : {});
  const earlier = before.isEnabled ? before.data?.rows[0] : undefined;
  const all = count(row, 'requests');
  const sent = figure(row, 'bytes_out');
  const rate = figure(row, 'error_rate') ?? (all > 0 ? count(row, 'errors') / all : null);
  const stale = totals.isPlaceholderData ? ' stale' : '';
  return (
    <dl
      className={`figures${stale}`}
      id="figures"
      tabIndex={-1}
      aria-label={text.figures.label}
      aria-description={period(window.from, window.to)}
    >
      <Figure name="requests" value={row && short(all)} exact={full(all)}>
        <Change now={all} before={earlier && count(earlier, 'requests')} />
      </Figure>
      {CLASSES.map((name) => (
        <ClassFigure key={name} name={name} row={row} before={earlier} />
      ))}
      <Figure
        name="uniques"
        value={row && short(count(row, 'uniques'))}
        exact={full(count(row, 'uniques'))}
        note={text.figures.visitorsHelp}
      />
      <Figure name="errors" value={row && (rate === null ? text.none : percent(rate))}>
        {text.figures.errorCount(short(count(row, 'errors')))}
      </Figure>
      <Latency />
      <Figure
        name="bytes"
        value={row && (sent === null ? text.none : bytes(sent))}
        exact={sent === null ? undefined : `${full(sent)} B`}
      >
        {sent === null || all === 0 ? text.figures.noBytes : text.figures.bytesEach(bytes(sent / all))}
      </Figure>
    </dl>
  );
}

interface FigureProps {
  name: keyof typeof text.figures.help;
  /** undefined while it is not known. */
  value: ReactNode;
  exact?: string;
  mark?: TrafficClass;
  /** What there is to say of it whatever it is: at once, as it may take more lines than what stands in for others. */
  note?: string;
  children?: ReactNode;
}

function Figure({ name, value, exact, mark, note, children }: FigureProps) {
  const { window } = useView();
  const title = `${exact === undefined ? '' : `${exact}\n`}${text.figures.help[name]}\n${periodIn(window.from, window.to)}`;
  return (
    <div className="figure" title={title}>
      <dt>
        {mark !== undefined && <i className={`mark ${mark}`} />}
        {text.figures[name]}
      </dt>
      <dd className="figure-value">{value ?? <span className="skeleton">0,000</span>}</dd>
      <dd className="figure-note">
        {note ?? (value === undefined ? <span className="skeleton">nothing yet</span> : children)}
      </dd>
    </div>
  );
}

/** The share of one class; pressing it shows only that class. */
function ClassFigure({ name, row, before }: { name: TrafficClass; row: Row | undefined; before: Row | undefined }) {
  const { chips, addChip, removeChip } = useView();
  const chip: Chip = { field: 'class', operator: '=', value: name };
  const on = chips.some((other) => sameChip(other, chip));
  const value = count(row, name);
  const all = count(row, 'requests');
  const label = on ? text.figures.filterOff(text.classes[name]) : text.figures.filterTo(text.classes[name]);
  return (
    <Figure
      name={name}
      mark={name}
      exact={full(value)}
      value={
        row && (
          <button
            type="button"
            className="figure-button"
            aria-pressed={on}
            aria-label={`${full(value)}. ${label}`}
            onClick={() => (on ? removeChip(chip) : addChip(chip))}
          >
            {short(value)}
          </button>
        )
      }
    >
      {text.figures.ofAll(all > 0 ? percent(value / all) : text.none)}{' '}
      <Change now={value} before={before && count(before, name)} />
    </Figure>
  );
}

function Change({ now, before }: { now: number; before: number | undefined }) {
  const { compared } = useView();
  const changed = before === undefined ? null : change(now, before);
  if (changed === null) return <span className="change">&nbsp;</span>;
  const sign = changed >= 0.0005 ? '▲' : changed <= -0.0005 ? '▼' : '=';
  const size = changed >= 10 ? `×${short(Math.round(changed + 1))}` : percent(Math.abs(changed));
  const title = `${text.range.before(periodIn(compared.from, compared.to))}: ${full(before ?? 0)}`;
  return (
    <span className="change" title={title}>
      {sign} {size}
    </span>
  );
}

function Latency() {
  const { data, isPending, error } = useLatency();
  const row = data?.rows[0];
  const p50 = figure(row, 'p50');
  const p95 = figure(row, 'p95');
  const timed = figure(row, 'timed');
  const requests = count(row, 'requests');
  const known = p50 !== null && p95 !== null && Number.isFinite(p50);
  const value =
    isPending || (isUnreachable(error) && data === undefined) ? undefined : known ? duration(p50) : text.none;
  return (
    <Figure name="latency" value={value}>
      {known ? (
        <>
          <span className="figure-part">{text.figures.p50} ·</span>{' '}
          <span className="figure-part">
            {duration(p95)} {text.figures.p95}
          </span>
          {timed !== null && timed < requests && (
            <span className="figure-base" title={text.figures.timedHelp(full(timed), full(requests))}>
              {text.figures.timed(short(timed), short(requests))}
            </span>
          )}
        </>
      ) : (
        (error && describeError(error).title) || text.figures.noDurations
      )}
    </Figure>
  );
}
