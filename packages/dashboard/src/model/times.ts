import { text } from '../text.ts';
import { lapse } from './format.ts';
import { perLocale, ZONE } from './locale.ts';
import { DAY } from './range.ts';
import { isMidnight, offsetAt } from './zone.ts';

/**
 * Times in words, in the zone in force. The hub's days are days of UTC wherever the reader is: what stands for whole ones
 * is written in UTC and says so.
 */

const OPTIONS = {
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  dayOnly: { day: 'numeric', month: 'short' },
  weekday: { weekday: 'short', day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' },
  year: { year: 'numeric' },
  clock: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  second: { timeStyle: 'medium', hourCycle: 'h23' },
  zone: { timeZoneName: 'short' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
type Formats = Readonly<Record<keyof typeof OPTIONS, Intl.DateTimeFormat>>;

/** Each made when it is first used: all of them at once would keep a page busy that is being opened. */
function formatsOf(locale: string, timeZone: string): Formats {
  const made = new Map<string, Intl.DateTimeFormat>();
  const formats = {};
  for (const [name, options] of Object.entries(OPTIONS)) {
    Object.defineProperty(formats, name, {
      get() {
        const format = made.get(name) ?? new Intl.DateTimeFormat(locale, { timeZone, ...options });
        made.set(name, format);
        return format;
      },
    });
  }
  return formats as Formats;
}

const local = perLocale(formatsOf);
const utc = perLocale((locale) => formatsOf(locale, 'UTC'));

/** Marks what is written in UTC where the reader would take it for a time of their own zone. */
function markUtc(written: string): string {
  return ZONE === 'UTC' ? written : `${written} (UTC)`;
}

/** `12:30` */
export function clock(time: number): string {
  return local().clock.format(time);
}

/** `12:30:05` */
export function clockSeconds(time: number): string {
  return local().second.format(time);
}

/** `31 Jan, 12:30:05`, for rows of which many are of one day. */
export function rowTime(time: number): string {
  return `${local().dayOnly.format(time)}, ${clockSeconds(time)}`;
}

/** What the zone is called at a time: `UTC`, `CET`, `GMT-3:30`. */
function zoneAt(time: number): string {
  return (
    local()
      .zone.formatToParts(time)
      .find(({ type }) => type === 'timeZoneName')?.value ?? ZONE
  );
}

/** To the second: `31 Jan 2026, 12:30:05 UTC`. */
export function stamp(time: number): string {
  if (Number.isNaN(time) || time <= 0) return text.ago.never;
  return `${local().day.format(time)}, ${local().second.format(time)} ${zoneAt(time)}`;
}

/** `31 Jan 2026, 12:30` */
export function moment(time: number): string {
  return `${local().day.format(time)}, ${clock(time)}`;
}

/** `31 Jan 2026, 12:30 CET` */
export function momentIn(time: number): string {
  return `${moment(time)} ${zoneAt(time)}`;
}

/** The zone that times are told in, those of bars so many ms wide: `Europe/Berlin`, `America/St Johns`, `UTC`. */
export function zoneName(ms = 0): string {
  return ms >= DAY ? 'UTC' : ZONE.replaceAll('_', ' ');
}

/** How long ago a time was: `just now`, `12 s ago`, `3 d ago`. What lies ahead, by clocks that differ, is now. */
export function ago(time: number, now: number): string {
  if (Number.isNaN(time) || time <= 0) return text.ago.never;
  const seconds = Math.floor((now - time) / 1000);
  return seconds < 5 ? text.ago.now : text.ago.ago(lapse(seconds));
}

/** Days from the first to the last, without saying twice what both share: `1 Nov – 30 Nov 2026`. */
function days(first: number, last: number, formats: Formats): string {
  const { day } = formats;
  if (day.format(first) === day.format(last)) return day.format(first);
  const sameYear = formats.year.format(first) === formats.year.format(last);
  return `${(sameYear ? formats.dayOnly : day).format(first)} – ${day.format(last)}`;
}

/** `05:00–06:00`; where the clocks were put forward or back between, each with what the zone is called. */
function clocks(from: number, to: number): string {
  if (offsetAt(from) === offsetAt(to)) return `${clock(from)}–${clock(to)}`;
  return `${clock(from)} ${zoneAt(from)} – ${clock(to)} ${zoneAt(to)}`;
}

function isUtcDays(from: number, to: number): boolean {
  return from % DAY === 0 && to % DAY === 0;
}

/**
 * A window for people, without saying twice what both ends share: `22 Nov 2026, 05:00–06:00`. The end of a window of whole
 * days is its last day; whole days of UTC say so in another zone.
 */
export function period(from: number, to: number): string {
  if (isMidnight(from) && isMidnight(to)) return days(from, to - 1, local());
  if (isUtcDays(from, to)) return markUtc(days(from, to - 1, utc()));
  const { day } = local();
  if (day.format(from) === day.format(to)) return `${day.format(from)}, ${clocks(from, to)}`;
  return `${moment(from)} – ${moment(to)}`;
}

/** A window for people with the zone it is told in: `22 Nov 2026, 05:00–06:00 CET`. */
export function periodIn(from: number, to: number): string {
  const known = periods();
  const name = `${from}/${to}`;
  const told = known.get(name) ?? writePeriodIn(from, to);
  if (known.size > MOST_PERIODS) known.clear();
  known.set(name, told);
  return told;
}

/** A screen tells of the same window in each of its rows. */
const periods = perLocale(() => new Map<string, string>());
const MOST_PERIODS = 50;

function writePeriodIn(from: number, to: number): string {
  const zones = [...new Set([zoneAt(from), zoneAt(to)])];
  const told = isUtcDays(from, to) && !(isMidnight(from) && isMidnight(to));
  // Clocks that change within one day have been told with the zone already.
  const within = zones.length > 1 && local().day.format(from) === local().day.format(to);
  return told || within ? period(from, to) : `${period(from, to)} ${zones.join('/')}`;
}

/** A label on a time axis whose labels are `increment` ms apart, for bars that are `width` ms wide. */
export function axisTime(time: number, increment: number, width: number): string {
  const formats = width >= DAY ? utc() : local();
  if (increment >= 28 * DAY) return formats.month.format(time);
  if (increment >= DAY || isMidnight(time, width >= DAY ? 'UTC' : ZONE)) return formats.dayOnly.format(time);
  return formats.clock.format(time);
}

/** What a bar stands for: `Sun 22 Nov, 05:00–05:15`. */
export function barPeriod(time: number, ms: number): string {
  if (ms === DAY) return markUtc(utc().weekday.format(time));
  if (ms > DAY) return markUtc(days(time, time + ms - 1, utc()));
  return `${local().weekday.format(time)}, ${clocks(time, time + ms)}`;
}

/** Where a bar begins, in a table that names its zone: `31 Jan 2026, 12:30`; bars of days by their first. */
export function barStart(time: number, ms: number): string {
  return ms >= DAY ? utc().day.format(time) : moment(time);
}

/** The width of a bar in words: `15 minutes`; days that are not the reader’s own are called so: `7 UTC days`. */
export function width(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 60) return text.unit('minute', minutes);
  if (minutes < 1440) return text.unit('hour', minutes / 60);
  return text.unit(ZONE === 'UTC' ? 'day' : 'UTC day', minutes / 1440);
}
