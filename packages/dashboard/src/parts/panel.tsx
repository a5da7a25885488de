import { type ReactNode, useId } from 'react';

interface Props {
  title: string;
  /** What its figures are of. */
  of?: ReactNode;
  /** At the right of the head. */
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A panel with a heading, which names it for screen readers too. */
export function Panel({ title, of, actions, className = '', children }: Props) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {of !== undefined && <span className="panel-of muted">{of}</span>}
        {actions}
      </header>
      {children}
    </section>
  );
}
