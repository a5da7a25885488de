import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

/** The query part of the address, followed as it changes. */
export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => window.location.search);
}

/** The path of the address, followed as it changes. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

/**
 * Goes to another path and query of the page, as a step that the back button undoes; `replace`: in place of the present
 * step, for what changes with every key.
 */
export function goTo(address: string, { replace = false } = {}): void {
  const { pathname, search } = window.location;
  if (address === pathname + search) return;
  if (replace) window.history.replaceState(null, '', address);
  else window.history.pushState(null, '', address);
  if (new URL(address, window.location.href).pathname !== pathname) window.scrollTo(0, 0);
  for (const listener of listeners) listener();
}
