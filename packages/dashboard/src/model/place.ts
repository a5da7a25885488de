/** The screens, in the order of the navigation, and the addresses they have. */

export const SCREENS = [
  'overview',
  'explore',
  'live',
  'interactions',
  'sources',
  'consent',
  'privacy',
  'integrations',
  'domains',
  'keys',
  'first-steps',
  'people',
  'settings',
  'audit',
  'tenants',
  'account',
] as const;
export type Screen = (typeof SCREENS)[number];

/** Whether the figures of a screen are of a window of time. */
export function isWindowed(screen: Screen | null): screen is WindowedScreen {
  return isFiltered(screen) || screen === 'interactions' || screen === 'consent';
}
export type WindowedScreen = FilteredScreen | 'interactions' | 'consent';

/** Whether that window can be chosen. */
export function isRanged(screen: Screen | null): screen is RangedScreen {
  return isWindowed(screen) && screen !== 'live';
}
export type RangedScreen = Exclude<WindowedScreen, 'live'>;

/** Whether a screen shows requests by filters. */
export function isFiltered(screen: Screen | null): screen is FilteredScreen {
  return screen === 'overview' || screen === 'explore' || screen === 'live';
}
export type FilteredScreen = 'overview' | 'explore' | 'live';

export function pathOf(screen: Screen): string {
  return screen === 'overview' ? '/' : `/${screen}`;
}

/** A query part with some parameters set, or taken out by null or ''; the others stay as they were. */
export function withParameters(search: string, changes: Readonly<Record<string, string | null | undefined>>): string {
  const parameters = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) continue;
    if (value === null || value === '') parameters.delete(name);
    else parameters.set(name, value);
  }
  const query = parameters.toString();
  return query === '' ? '' : `?${query}`;
}
