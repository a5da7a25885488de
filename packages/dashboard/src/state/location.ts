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

/** Goes to another query part, as a step that the back button undoes. */
export function goTo(search: string): void {
  if (search === window.location.search) return;
  window.history.pushState(null, '', window.location.pathname + search + window.location.hash);
  for (const listener of listeners) listener();
}
