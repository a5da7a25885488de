import { useCallback, useSyncExternalStore } from 'react';

const phone = window.matchMedia('(max-width: 640px)');
const tooNarrowForTables = window.matchMedia('(max-width: 1100px)');

function useMatch(list: MediaQueryList): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [list],
  );
  return useSyncExternalStore(subscribe, () => list.matches);
}

/** Whether the page is as narrow as a phone. */
export function useNarrow(): boolean {
  return useMatch(phone);
}

/** Whether a table of ten columns would have to be scrolled sideways. */
export function useTooNarrowForTables(): boolean {
  return useMatch(tooNarrowForTables);
}
