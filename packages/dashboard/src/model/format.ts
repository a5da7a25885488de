import { LOCALE, text } from '../text.ts';

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const milli = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 3 });
const compact = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumSignificantDigits: 3 });
const NARROW_SPACE = ' ';

/** Every digit: 1,234,567. */
export function full(count: number): string {
  return whole.format(count);
}

/** Every digit up to 99,999, then three significant ones: 1.23M. */
export function short(count: number): string {
  return Math.abs(count) < 100_000 ? whole.format(count) : tick(count);
}

/** For axes: 950, 1.2K, 15K. */
export function tick(count: number): string {
  // In small letters, as en-GB has them, a million looks like a minute.
  return compact.format(count).toUpperCase();
}

/** A share as per cent, with one decimal below ten; what is there but rounds to nothing shows as `<0.1%`. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return text.none;
  const value = share * 100;
  if (value > 0 && value < 0.1) return '<0.1%';
  if (value < 100 && value > 99.9) return '>99.9%';
  return `${value < 10 && value !== 0 ? trim(value.toFixed(1)) : value.toFixed(0)}%`;
}

/** Milliseconds as the unit that reads best: 850 µs, 4.2 ms, 950 ms, 1.25 s. */
export function duration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)}${NARROW_SPACE}µs`;
  if (ms < 1000) return `${ms < 10 ? trim(ms.toFixed(1)) : Math.round(ms)}${NARROW_SPACE}ms`;
  return `${trim((ms / 1000).toFixed(ms < 10_000 ? 2 : 1))}${NARROW_SPACE}s`;
}

/** Requests a second: 0, 0.4, 12.5, 1,204; what is there but rounds to nothing shows as `<0.1`. */
export function perSecond(rate: number): string {
  if (rate > 0 && rate < 0.1) return '<0.1';
  return rate < 100 ? trim(rate.toFixed(1)) : short(Math.round(rate));
}

const LONGER_UNITS = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3600 },
  { unit: 'min', seconds: 60 },
] as const;

/** A time span as short as it can be told: 250 ms, 4.2 s, 59 s, 3 min, 5 h, 3 d. Its sign is left to the caller. */
export function lapse(seconds: number): string {
  const size = Math.abs(seconds);
  const longer = LONGER_UNITS.find((candidate) => size >= candidate.seconds);
  if (longer !== undefined) return `${full(Math.floor(size / longer.seconds))}${NARROW_SPACE}${longer.unit}`;
  return size < 10 ? duration(Math.round(size * 1000)) : `${Math.floor(size)}${NARROW_SPACE}s`;
}

/** How long a session took: 0 s, 45 s, 3 min; nothing finer than a second is of interest. */
export function sessionLength(seconds: number): string {
  return seconds < 60 ? `${Math.round(seconds)}${NARROW_SPACE}s` : lapse(seconds);
}

/** To the millisecond, with its sign: −259,200 s, 0.021 s. */
export function exactSeconds(seconds: number): string {
  return `${milli.format(seconds).replace('-', '−')}${NARROW_SPACE}s`;
}

/** How long ago a time was: `just now`, `12 s ago`, `3 d ago`. What lies ahead, by clocks that differ, is now. */
export function ago(time: number, now: number): string {
  if (Number.isNaN(time) || time <= 0) return text.ago.never;
  const seconds = Math.floor((now - time) / 1000);
  return seconds < 5 ? text.ago.now : text.ago.ago(lapse(seconds));
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
  return `${trim(value.toFixed(digits))}${NARROW_SPACE}${UNITS[unit]}`;
}

function trim(number: string): string {
  return number.includes('.') ? number.replace(/\.?0+$/, '') : number;
}

const formats = {
  day: new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }),
  dayOnly: new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', day: 'numeric', month: 'short' }),
  weekday: new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' }),
  month: new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', month: 'short', year: 'numeric' }),
  clock: new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  second: new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', timeStyle: 'medium', hourCycle: 'h23' }),
};

function day(time: number): string {
  return formats.day.format(time);
}
export function clock(time: number): string {
  return formats.clock.format(time);
}
/** To the second: `31 Jan 2026, 12:30:05 UTC`. */
export function stamp(time: number): string {
  if (Number.isNaN(time) || time <= 0) return text.ago.never;
  return `${day(time)}, ${formats.second.format(time)} ${text.range.utc}`;
}
/** `31 Jan 2026, 12:30`, UTC; without the clock at midnight when `coarse`. */
export function moment(time: number, coarse = false): string {
  return coarse && time % 86_400_000 === 0 ? day(time) : `${day(time)}, ${clock(time)}`;
}

/**
 * A window for people, in UTC, without saying twice what both ends share: `22 Nov 2026, 05:00–06:00`. The end of a
 * window of whole days is its last day.
 */
export function period(from: number, to: number): string {
  const wholeDays = from % 86_400_000 === 0 && to % 86_400_000 === 0;
  if (wholeDays) {
    const last = to - 86_400_000;
    if (last <= from) return day(from);
    const sameYear = new Date(from).getUTCFullYear() === new Date(last).getUTCFullYear();
    return `${(sameYear ? formats.dayOnly : formats.day).format(from)} – ${day(last)}`;
  }
  if (day(from) === day(to)) return `${day(from)}, ${clock(from)}–${clock(to)}`;
  return `${moment(from)} – ${moment(to)}`;
}

/** A label on a time axis whose labels are `increment` ms apart. */
export function axisTime(time: number, increment: number): string {
  const midnight = time % 86_400_000 === 0;
  if (increment >= 28 * 86_400_000) return formats.month.format(time);
  if (increment >= 86_400_000 || midnight) return formats.dayOnly.format(time);
  return clock(time);
}

/** What a bar stands for: `Sun 22 Nov, 05:00–05:15`. */
export function barPeriod(time: number, ms: number): string {
  if (ms >= 86_400_000) return ms === 86_400_000 ? `${formats.weekday.format(time)}` : period(time, time + ms);
  return `${formats.weekday.format(time)}, ${clock(time)}–${clock(time + ms)}`;
}

/** The width of a bar in words: `15 minutes`. */
export function width(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 60) return text.unit('minute', minutes);
  if (minutes < 1440) return text.unit('hour', minutes / 60);
  return text.unit('day', minutes / 1440);
}

const countryNames = new Intl.DisplayNames([LOCALE], { type: 'region', fallback: 'code' });

/** The name of a country by its ISO code; the code itself when there is none. */
export function countryName(code: string): string {
  try {
    return countryNames.of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}

/** How much a figure changed: 0.12 for 12 % more; null when there was nothing to compare with. */
export function change(now: number, before: number): number | null {
  return before > 0 ? now / before - 1 : null;
}
