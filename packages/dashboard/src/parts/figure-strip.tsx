import type { ReactNode } from 'react';

export interface StripFigure {
  title: string;
  /** Shown as the pointer rests on it. */
  help: string;
  /** undefined while it is not known. */
  value: ReactNode;
  /** What it is of; as long as it will be while the value is not known, which has the room of it. */
  note: ReactNode;
}

/** Figures beside each other, each with what it is of. */
export function FigureStrip({ label, figures }: { label: string; figures: readonly StripFigure[] }) {
  return (
    <dl className="figures strip" aria-label={label} data-count={figures.length}>
      {figures.map(({ title, help, value, note }) => (
        <div key={title} className="figure" title={help}>
          <dt>{title}</dt>
          <dd className="figure-value">{value ?? <span className="skeleton">0,000</span>}</dd>
          <dd className="figure-note">
            {value === undefined ? (
              // Not said: its figures are none yet.
              <span className="skeleton" aria-hidden="true">
                {note}
              </span>
            ) : (
              note
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
