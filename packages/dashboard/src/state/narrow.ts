import { useCallback, useSyncExternalStore } from 'react';

const phone = window.matchMedia('(max-width: 640px)');
// As in styles/shell.css.
const noSidebar = window.matchMedia('(max-width: 1199px)');
// The sidebar takes 208 of it.
const tooNarrowForTables = window.matchMedia('(max-width: 1100px), (min-width: 1200px) and (max-width: 1308px)');

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

/** Whether there is no room for the navigation beside the screen. */
export function useNoSidebar(): boolean {
  return useMatch(noSidebar);
}

/** Whether a table of ten columns would have to be scrolled sideways. */
export function useTooNarrowForTables(): boolean {
  return useMatch(tooNarrowForTables);
}
