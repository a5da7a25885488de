import { Fragment, type ReactNode } from 'react';
import { useLanguage } from '../state/language.ts';
import { useZone } from '../state/zone.ts';

/** To be called after a choice that has all drawn anew: whatever had the focus is gone, so it goes to the content. */
export function focusContent(): void {
  requestAnimationFrame(() => document.getElementById('main')?.focus({ preventScroll: true }));
}

/**
 * Draws all within anew, from nothing, when the language or the zone changes: words and times are read while drawing,
 * and charts and whatever else was remembered would keep the old ones.
 */
export function InLocale({ children }: { children: ReactNode }) {
  return <Fragment key={`${useLanguage()} ${useZone()}`}>{children}</Fragment>;
}
