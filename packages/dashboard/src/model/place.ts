/** Which screen an address names, and the address of a screen. */

export const SCREENS = [
  'overview',
  'interactions',
  'consent',
  'privacy',
  'integrations',
  'sources',
  'first-steps',
] as const;
export type Screen = (typeof SCREENS)[number];

/** The screens of the navigation, in its order; First steps is reached from what it helps with. */
export const NAMED_SCREENS = SCREENS.filter((screen) => screen !== 'first-steps');

/** Whether the figures of a screen are of a window of time that can be chosen. */
export function isWindowed(screen: Screen): screen is WindowedScreen {
  return screen === 'overview' || screen === 'interactions' || screen === 'consent';
}
export type WindowedScreen = 'overview' | 'interactions' | 'consent';

/** The screen of a path; the Overview for whatever is not known. */
export function screenOf(path: string): Screen {
  const name = path.replace(/^\/+|\/+$/g, '');
  return SCREENS.find((screen) => screen === name) ?? 'overview';
}

export function pathOf(screen: Screen): string {
  return screen === 'overview' ? '/' : `/${screen}`;
}

/** A query part with some parameters set, or taken out by null or ''; the others stay as they were. */
export function withParameters(search: string, changes: Readonly<Record<string, string | null>>): string {
  const parameters = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') parameters.delete(name);
    else parameters.set(name, value);
  }
  const query = parameters.toString();
  return query === '' ? '' : `?${query}`;
}
