/** Which screen an address names, and the address of a screen. */

export const SCREENS = ['overview', 'sources', 'first-steps'] as const;
export type Screen = (typeof SCREENS)[number];

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
