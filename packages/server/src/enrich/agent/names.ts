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

/** Macs tell their processor after Darwin's version, and no iPhone has one of these; Safari itself fetches on Macs. */
const MAC_DARWIN = /darwin\/\d.{0,40}\((?:x86_64|i386|power)|^safari[/%\d]/i;

/**
 * Operating system by the name of today.
 * @param family uap-core's family, empty if none of its rules matched
 */
export function systemName(userAgent: string, family: string): string {
  if (family === 'Android' && /harmonyos/i.test(userAgent)) return 'HarmonyOS';
  if (family === 'iOS' && MAC_DARWIN.test(userAgent)) return 'macOS';
  return Object.hasOwn(SYSTEMS, family) ? (SYSTEMS[family] as string) : family;
}

/** Browser, or the program that calls itself by this name; empty when the rules say nothing. */
export function browserName(family: string): string {
  return Object.hasOwn(BROWSERS, family) ? (BROWSERS[family] as string) : family;
}
