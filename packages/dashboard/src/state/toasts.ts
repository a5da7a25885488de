import { useSyncExternalStore } from 'react';

export interface Toast {
  id: number;
  message: string;
  /** `bad`: it was not done; said at once rather than when the screen reader is free. */
  tone: 'plain' | 'bad';
  /** Takes back what was done; what it throws is shown. */
  undo: (() => unknown) | null;
  /** What is likely to be done next. */
  next: { label: string; run: () => void } | null;
}

const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let counter = 0;

function set(changed: readonly Toast[]): void {
  toasts = changed;
  for (const listener of listeners) listener();
}

/** Says in a corner of the page what was done, for a few seconds; with `undo`, offers to take it back; with `next`, to go on. */
export function showToast(
  message: string,
  { tone = 'plain', undo = null, next = null }: Partial<Omit<Toast, 'id' | 'message'>> = {},
): void {
  set([...toasts, { id: counter++, message, tone, undo, next }]);
}

export function dismissToast(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}
