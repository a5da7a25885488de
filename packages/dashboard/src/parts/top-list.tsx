import { useState } from 'react';
import { isUnreachable } from '../api/client.ts';
import { useTop } from '../api/queries.ts';
import { count, type Row } from '../api/traffic.ts';
import { exactly, sameChip } from '../model/chip.ts';
import { full, period, short } from '../model/format.ts';
import { valueCode, valueLabel } from '../model/labels.ts';
import { CLASSES } from '../model/series.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { ErrorNote } from './error-note.tsx';
import { Icon } from './icon.tsx';

/** How many rows are shown, press by press. */
const LENGTHS = [8, 25, 100] as const;
const FIRST = LENGTHS[0];

/** The most frequent values of a field; pressing one shows only its requests. */
export function TopList({ field, enabled }: { field: string; enabled: boolean }) {
  const [step, setStep] = useState(0);
  const length = LENGTHS[step] ?? FIRST;
  // One more than is shown tells whether there are more.
  const { data, error, isPlaceholderData, refetch } = useTop(field, length + 1, enabled);
  if (data === undefined) {
    if (error && !isUnreachable(error)) return <ErrorNote error={error} onRetry={() => void refetch()} />;
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
        aria-label={text.lists.filter(named, split)}
        title={`${named}\n${split}\n${period(window.from, window.to)} ${text.range.utc}`}
      >
        <span className={value === '' ? 'top-row-label unnamed' : 'top-row-label'}>
          {code !== null && (
            <span className={field === 'status' ? `code status-${value.charAt(0)}` : 'code'}>{code}</span>
          )}
          {label}
        </span>
        <span className="top-row-count">{short(requests)}</span>
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
