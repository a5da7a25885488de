import type { MouseEvent, ReactNode } from 'react';
import { goTo } from '../state/location.ts';

interface Props {
  /** Path and query of a screen. */
  to: string;
  className?: string;
  current?: 'page' | 'true' | undefined;
  /** Called as it is followed within the page. */
  onFollow?: () => void;
  children: ReactNode;
}

/** A link to another screen, without loading the page anew; in a new tab or window if so pressed. */
export function Link({ to, className, current, onFollow, children }: Props) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onFollow?.();
    goTo(to);
  };
  return (
    <a href={to} className={className} aria-current={current} onClick={follow}>
      {children}
    </a>
  );
}
