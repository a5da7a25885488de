/**
 * Today's product names for uap-core's families, where those are dated. Browser names stay as uap-core has them
 * ("Chrome Mobile", "Mobile Safari"), since they are what other tools show, too.
 */
const SYSTEMS: Readonly<Record<string, string>> = {
  'Mac OS X': 'macOS',
  MacOS: 'macOS',
  'Chrome OS': 'ChromeOS',
  'ATV OS X': 'tvOS',
  WatchOS: 'watchOS',
  Web0S: 'webOS',
  Other: '',
};

const BROWSERS: Readonly<Record<string, string>> = { Other: '', Spider: '' };

/** Operating system by the name of today. */
export function systemName(family: string): string {
  return Object.hasOwn(SYSTEMS, family) ? (SYSTEMS[family] as string) : family;
}

/** Browser, or the program that calls itself by this name; empty when the rules say nothing. */
export function browserName(family: string): string {
  return Object.hasOwn(BROWSERS, family) ? (BROWSERS[family] as string) : family;
}
