import { useState } from 'react';
import { isUnreachable } from '../api/client.ts';
import { onlyFor, useTop } from '../api/queries.ts';
import { count, type Row } from '../api/traffic.ts';
import { exactly, sameChip } from '../model/chip.ts';
import { full, short } from '../model/format.ts';
import { valueCode, valueLabel } from '../model/labels.ts';
import { CLASSES } from '../model/series.ts';
import { periodIn } from '../model/times.ts';
import { useExploreAddress } from '../state/explore-address.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';
import { Link } from './link.tsx';
import { ErrorState } from './ui/error-state.tsx';

/** How many rows are shown, press by press. */
const LENGTHS = [8, 25, 100] as const;
const FIRST = LENGTHS[0];

/** The most frequent values of a field; pressing one shows only its requests. */
export function TopList({ field, enabled }: { field: string; enabled: boolean }) {
  const [step, setStep] = useState(0);
  const length = LENGTHS[step] ?? FIRST;
  // One more than is shown tells whether there are more.
  const { data, error, isPlaceholderData, refetch } = useTop(field, length + 1, enabled);
  const exploreAddress = useExploreAddress();
  if (data === undefined) {
    if (error && !isUnreachable(error)) return <ErrorState error={error} onRetry={() => void refetch()} />;
    return <ListSkeleton />;
  }
  const rows = data.rows.slice(0, length);
  const most = Math.max(1, ...rows.map((row) => count(row, 'requests')));
  const more = data.rows.length > length && step < LENGTHS.length - 1;
  return (
    <>
      <ol className={isPlaceholderData ? 'top-list stale' : 'top-list'}>
        {rows.map((row) => (
          <TopRow key={String(row[field] ?? '')} field={field} row={row} most={most} />
        ))}
        {rows.length === 0 && <li className="empty-note">{text.lists.empty}</li>}
      </ol>
      <div className="list-foot">
        {more && (
          <button type="button" className="link" onClick={() => setStep(step + 1)}>
            {text.lists.more}
          </button>
        )}
        {step > 0 && (
          <button type="button" className="link" onClick={() => setStep(0)}>
            {text.lists.less}
          </button>
        )}
        {rows.length > 0 && (
          <Link className="link" to={exploreAddress(field, onlyFor(field))}>
            {text.lists.explore}
            <span className="visually-hidden">: {text.lists.titles[field] ?? field}</span>
          </Link>
        )}
      </div>
    </>
  );
}

function TopRow({ field, row, most }: { field: string; row: Row; most: number }) {
  const { chips, window, addChip, removeChip } = useView();
  const value = String(row[field] ?? '');
  const label = valueLabel(field, value);
  const code = valueCode(field, value);
  const requests = count(row, 'requests');
  const shown = short(requests);
  const chip = exactly(field, value);
  const on = chips.some((other) => sameChip(other, chip));
  const named = code === null ? label : `${code} ${label}`;
  const split = text.lists.split(
    full(requests),
    full(count(row, 'people')),
    full(count(row, 'bots')),
    full(count(row, 'hosting')),
  );
  return (
    <li className={on ? 'top-row on' : 'top-row'}>
      <button
        type="button"
        className="top-row-main"
        onClick={() => (on ? removeChip(chip) : addChip(chip))}
        aria-pressed={on}
        aria-label={text.lists.filter(named, split.startsWith(`${shown} `) ? split : `${shown} – ${split}`)}
        title={`${named}\n${split}\n${periodIn(window.from, window.to)}`}
      >
        <span className={value === '' ? 'top-row-label unnamed' : 'top-row-label'}>
          {code !== null && (
            <span className={field === 'status' ? `code status-${value.charAt(0)}` : 'code'}>{code}</span>
          )}
          {code !== null && ' '}
          {label}
        </span>{' '}
        <span className="top-row-count">{shown}</span>
        <span className="split" style={{ width: `${Math.max((requests / most) * 100, 0.6)}%` }}>
          {CLASSES.map((name) => {
            const part = count(row, name);
            return part > 0 ? <i key={name} className={name} style={{ flexGrow: part }} /> : null;
          })}
        </span>
      </button>
      <button
        type="button"
        className="top-row-exclude"
        onClick={() => addChip(exactly(field, value, true))}
        title={text.lists.excludeTitle}
        aria-label={text.lists.exclude(named)}
      >
        <Icon name="exclude" />
      </button>
    </li>
  );
}

function ListSkeleton() {
  return (
    <>
      <ol className="top-list" aria-hidden="true">
        {Array.from({ length: FIRST }, (_, index) => (
          // The rows are all alike.
          // oxlint-disable-next-line react/no-array-index-key
          <li className="top-row" key={index}>
            <span className="top-row-main">
              <span className="top-row-label">
                <span className="skeleton">{'nothing yet'.repeat(1 + ((index * 7) % 3))}</span>
              </span>
              <span className="top-row-count">
                <span className="skeleton">000</span>
              </span>
              <span className="split skeleton" style={{ width: `${100 / (index + 1)}%` }} />
            </span>
          </li>
        ))}
      </ol>
      <div className="list-foot" />
    </>
  );
}
