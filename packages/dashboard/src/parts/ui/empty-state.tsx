import type { ReactNode } from 'react';

interface Props {
  /** That there is nothing, and of what. */
  title: string;
  /** Why, or what would be here. */
  children?: ReactNode;
  /** What to do about it: buttons, the likeliest one primary. */
  actions?: ReactNode;
}

/** Stands where nothing is: says so, why, and what to do about it. */
export function EmptyState({ title, children, actions }: Props) {
  return (
    <section className="panel nothing">
      <h2>{title}</h2>
      {children !== undefined && <p className="muted">{children}</p>}
      {actions !== undefined && <div className="button-row">{actions}</div>}
    </section>
  );
}
