import type { ReactNode } from 'react';

interface Props {
  title: string;
  /** What the screen is about, or what its figures are of. */
  lead: ReactNode;
  /** Beside them, where there is room. */
  children?: ReactNode;
}

export function ScreenHead({ title, lead, children }: Props) {
  return (
    <div className="screen-head">
      <div>
        <h1>{title}</h1>
        <p className="muted">{lead}</p>
      </div>
      {children}
    </div>
  );
}
