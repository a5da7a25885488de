import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let reached = true;

/** Whether the hub answers; told by every question to it. */
export function useReached(): boolean {
  return useSyncExternalStore(subscribe, () => reached);
}

export function tellReached(answered: boolean): void {
  if (answered === reached) return;
  reached = answered;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
