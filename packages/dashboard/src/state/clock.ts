import { useEffect, useState } from 'react';

export const REFRESH_MS = 10_000;

/** The time now, moving on every 10 seconds while the page is visible and `running`; at once when it becomes so. */
export function useNow(running: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    const advance = () => {
      if (document.visibilityState === 'visible') setNow(Date.now());
    };
    const timer = setInterval(advance, REFRESH_MS);
    document.addEventListener('visibilitychange', advance);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', advance);
    };
  }, [running]);
  return now;
}
