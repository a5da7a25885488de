import type { Log } from './log.ts';

/** Something kept in memory that is read anew when told to. */
export interface Refreshed {
  /** Resolves when a reading that began after the call is done. */
  refresh(): Promise<void>;
  /** Starts one without waiting for it; several at once become one. */
  reload(): void;
}

/** `doing`: what is said in the log when a reading fails that nobody waits for. */
export function refreshed(load: () => Promise<void>, log: Log, doing: string): Refreshed {
  let running: Promise<void> | null = null;
  let queued: Promise<void> | null = null;

  /** One that runs already may have read too early. */
  function refresh(): Promise<void> {
    if (running === null) {
      running = load().finally(() => {
        running = null;
      });
      return running;
    }
    queued ??= running
      .catch(() => undefined)
      .then(() => {
        queued = null;
        return refresh();
      });
    return queued;
  }

  return { refresh, reload: () => void refresh().catch((error: unknown) => log.warn({ err: error }, doing)) };
}
