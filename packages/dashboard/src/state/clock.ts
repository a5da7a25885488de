import { useEffect, useState } from 'react';
import { isFiltered, type Screen } from '../model/place.ts';

export const REFRESH_MS = 10_000;
/** Sources are watched more closely than figures: somebody may be setting one up. */
export const SOURCES_REFRESH_MS = 5000;
/** What is derived or chosen changes slowly, and there is much to ask. */
export const SLOW_REFRESH_MS = 30_000;

/** How often a screen asks anew. */
export function refreshMsOf(screen: Screen | null): number {
  if (screen === 'sources') return SOURCES_REFRESH_MS;
  return isFiltered(screen) ? REFRESH_MS : SLOW_REFRESH_MS;
}

/** The time now, moving on every `everyMs` while the page is visible and `running`; at once when it becomes so. */
export function useNow(running: boolean, everyMs = REFRESH_MS): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    const advance = () => {
      if (document.visibilityState === 'visible') setNow(Date.now());
    };
    const timer = setInterval(advance, everyMs);
    document.addEventListener('visibilitychange', advance);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', advance);
    };
  }, [running, everyMs]);
  return now;
}
