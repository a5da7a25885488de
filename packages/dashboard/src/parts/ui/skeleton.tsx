import { text } from '../../text.ts';

/** Lines where words will be: as many as are likely, so that what is below does not move. */
export function Skeleton({ lines = 4 }: { lines?: number }) {
  return (
    <div className="skeleton-lines" aria-busy="true">
      <p className="visually-hidden">{text.loading}</p>
      {Array.from({ length: lines }, (_, index) => (
        // The lines are all alike.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={index} className="skeleton" aria-hidden="true" style={{ width: `${92 - ((index * 23) % 45)}%` }} />
      ))}
    </div>
  );
}
