import { text } from '../text.ts';
import { perLocale } from './locale.ts';

const number = (options: Intl.NumberFormatOptions) =>
  perLocale((locale) => new Intl.NumberFormat(locale, { useGrouping: 'min2', ...options }));
const whole = number({ maximumFractionDigits: 0, useGrouping: true });
const upTo = [
  number({ maximumFractionDigits: 0 }),
  number({ maximumFractionDigits: 1 }),
  number({ maximumFractionDigits: 2 }),
] as const;
const twoPlaces = number({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const milli = number({ maximumFractionDigits: 3, useGrouping: true });
const shares = [
  number({ style: 'percent', maximumFractionDigits: 0 }),
  number({ style: 'percent', maximumFractionDigits: 1 }),
] as const;
const compact = number({ notation: 'compact', maximumSignificantDigits: 3 });

/** Every digit: 1,234,567. */
export function full(count: number): string {
  return whole().format(count);
}

/** Every digit up to 99,999, then three significant ones: 1.23M. */
export function short(count: number): string {
  return Math.abs(count) < 100_000 ? full(count) : tick(count);
}

/** For axes: 950, 1.2K, 15K. */
export function tick(count: number): string {
  const written = compact().format(count);
  // In small letters, as British English has them, a million looks like a minute. Other languages write words: Mio.
  return /\d[a-z]$/.test(written) ? written.toUpperCase() : written;
}

/** At most so many decimals: 4.2, 4, 0.85. */
export function decimal(value: number, digits: 0 | 1 | 2): string {
  return upTo[digits]().format(value);
}

/** With two decimals, whatever they are: 0.10. */
export function hundredths(value: number): string {
  return twoPlaces().format(value);
}

/** A share as per cent, with one decimal below ten; what is there but rounds to nothing shows as `<0.1%`. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return text.none;
  if (share > 0 && share < 0.001) return `<${shares[1]().format(0.001)}`;
  if (share < 1 && share > 0.999) return `>${shares[1]().format(0.999)}`;
  return shares[share < 0.1 ? 1 : 0]().format(share);
}

/** Milliseconds as the unit that reads best: 850 µs, 4.2 ms, 950 ms, 1.25 s. */
export function duration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 1000) return `${decimal(ms, ms < 10 ? 1 : 0)} ms`;
  return `${decimal(ms / 1000, ms < 10_000 ? 2 : 1)} s`;
}

/** Requests a second: 0, 0.4, 12.5, 1,204; what is there but rounds to nothing shows as `<0.1`. */
export function perSecond(rate: number): string {
  if (rate > 0 && rate < 0.1) return `<${decimal(0.1, 1)}`;
  return rate < 100 ? decimal(rate, 1) : short(Math.round(rate));
}

const LONGER_UNITS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
] as const;

/** A time span as short as it can be told: 250 ms, 4.2 s, 59 s, 3 min, 5 h, 3 d. Its sign is left to the caller. */
export function lapse(seconds: number): string {
  const size = Math.abs(seconds);
  const longer = LONGER_UNITS.find((candidate) => size >= candidate.seconds);
  if (longer !== undefined) {
    return `${full(Math.floor(size / longer.seconds))} ${text.units[longer.unit]}`;
  }
  return size < 10 ? duration(Math.round(size * 1000)) : `${Math.floor(size)} s`;
}

/** How long a session took: 0 s, 45 s, 3 min; nothing finer than a second is of interest. */
export function sessionLength(seconds: number): string {
  return seconds < 60 ? `${Math.round(seconds)} s` : lapse(seconds);
}

/** To the millisecond, with its sign: −259,200 s, 0.021 s. */
export function exactSeconds(seconds: number): string {
  return `${milli().format(seconds).replace('-', '−')} s`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes in decimal units with three significant digits: 1.23 GB. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${decimal(value, digits)} ${UNITS[unit]}`;
}

const countryNames = perLocale((locale) => new Intl.DisplayNames([locale], { type: 'region', fallback: 'code' }));

/** The name of a country by its ISO code; the code itself when there is none. */
export function countryName(code: string): string {
  try {
    return countryNames().of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}

/** How much a figure changed: 0.12 for 12 % more; null when there was nothing to compare with. */
export function change(now: number, before: number): number | null {
  return before > 0 ? now / before - 1 : null;
}
