import { useSyncExternalStore } from 'react';
import { setZone, ZONE } from '../model/locale.ts';

/** `local`: the zone that the browser says it is in. */
export type ZoneChoice = 'local' | 'utc';

const KEY = 'vedette.zone';
const listeners = new Set<() => void>();
let choice: ZoneChoice = 'local';

/** The name of the browser's own zone; UTC where it says none. */
export function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC';
}

/** Puts the zone in force that was chosen in this browser. To be done before drawing. */
export function beginZone(): void {
  try {
    if (localStorage.getItem(KEY) === 'utc') choice = 'utc';
  } catch {
    // Storage is forbidden: the browser's zone it is.
  }
  setZone(choice === 'utc' ? 'UTC' : localZone());
}

/** Chooses the zone that times are shown and typed in, and remembers it in this browser. */
export function chooseZone(chosen: ZoneChoice): void {
  choice = chosen;
  setZone(chosen === 'utc' ? 'UTC' : localZone());
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Not remembered; it holds for this page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The zone that times are shown in, by its IANA name. */
export function useZone(): string {
  return useSyncExternalStore(subscribe, () => ZONE);
}

/** Which of the zones was chosen. */
export function useZoneChoice(): ZoneChoice {
  return useSyncExternalStore(subscribe, () => choice);
}
