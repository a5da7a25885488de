import { useEffect, useState } from 'react';

export const REFRESH_MS = 10_000;
/** Sources are watched more closely than figures: somebody may be setting one up. */
export const SOURCES_REFRESH_MS = 5000;

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
