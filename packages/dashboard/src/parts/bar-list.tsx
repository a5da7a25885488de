import type { ReactNode } from 'react';
import { full, short } from '../model/format.ts';
import { text } from '../text.ts';

export interface BarRow {
  key: string;
  label: ReactNode;
  value: number;
  /** Beside the value, smaller. */
  note?: string;
}

/** Rows with a bar as long as their value is large. `title` names the list, `unit` says what is counted. */
export function BarList({ title, unit, rows }: { title: string; unit: string; rows: readonly BarRow[] }) {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  if (rows.length === 0) return <p className="empty-note">{text.lists.empty}</p>;
  return (
    <ol className="bar-list" aria-label={title}>
      {rows.map(({ key, label, value, note }) => (
        <li key={key} title={`${typeof label === 'string' ? `${label}\n` : ''}${full(value)} ${unit}`}>
          <span className="bar-list-label">{label}</span>
          <span className="bar-list-value">
            {short(value)}
            <span className="visually-hidden"> {unit}</span>
            {note !== undefined && <small> {note}</small>}
          </span>
          <i aria-hidden="true" style={{ width: `${(value / most) * 100}%` }} />
        </li>
      ))}
    </ol>
  );
}
