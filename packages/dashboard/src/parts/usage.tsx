import { full } from '../model/format.ts';
import { usageOf } from '../model/quota.ts';
import { settings as words } from '../text.ts';

interface Props {
  label: string;
  used: number;
  /** null: no bound. */
  limit: number | null;
  note?: string;
}

/** How much of a limit is used up, as a bar and in words. */
export function Usage({ label, used, limit, note }: Props) {
  const state = usageOf(used, limit);
  return (
    <div className={`usage ${state}`}>
      <div className="usage-head">
        <span>{label}</span>
        <strong>
          {limit === null ? `${full(used)}, ${words.quota.unbounded}` : words.quota.used(full(used), full(limit))}
        </strong>
      </div>
      {limit !== null && <progress value={Math.min(used, limit)} max={Math.max(limit, 1)} aria-label={label} />}
      {state !== 'free' && <p className="warning-text">{state === 'full' ? words.quota.full : words.quota.near}</p>}
      {note !== undefined && <small className="muted">{note}</small>}
    </div>
  );
}
