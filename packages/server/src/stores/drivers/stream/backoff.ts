import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_MS = 200;
const MOST_MS = 10_000;

/** Waits longer after each failure, with some chance in it so that many do not come back at once. */
export interface Backoff {
  /** How long the next pause is at most, ms. */
  readonly ms: number;
  /** Resolves after the pause, or at once when the signal says so. */
  pause(signal: AbortSignal): Promise<void>;
  reset(): void;
}

export function createBackoff(): Backoff {
  let ms = FIRST_MS;
  return {
    get ms() {
      return ms;
    },
    async pause(signal) {
      const wait = ms * (0.5 + Math.random() / 2);
      ms = Math.min(ms * 2, MOST_MS);
      await sleep(wait, undefined, { ref: false, signal }).catch(() => undefined);
    },
    reset() {
      ms = FIRST_MS;
    },
  };
}

/** Resolves after `ms` without keeping the process alive. */
export function after(ms: number): Promise<void> {
  return sleep(ms, undefined, { ref: false });
}
