import type { ComponentProps, MouseEvent } from 'react';
import { goTo } from '../state/location.ts';

interface Props extends Omit<ComponentProps<'a'>, 'href'> {
  /** Path and query of a screen. */
  to: string;
  current?: 'page' | 'true' | undefined;
  /** Called as it is followed within the page. */
  onFollow?: () => void;
}

/** A link to another screen, without loading the page anew; in a new tab or window if so pressed. */
export function Link({ to, current, onFollow, onClick, children, ...anchor }: Props) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onFollow?.();
    goTo(to);
  };
  return (
    <a {...anchor} href={to} aria-current={current} onClick={follow}>
      {children}
    </a>
  );
}
