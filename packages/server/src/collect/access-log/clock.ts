import { isDigit } from './text.ts';

const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec';

let knownDay = -1;
let knownMidnight = 0;

/** Midnight UTC of a calendar day as ms since the epoch, NaN when there is no such day. The last day is remembered. */
function midnight(year: number, month: number, day: number): number {
  const key = (year << 9) | (month << 5) | day;
  if (key === knownDay) return knownMidnight;
  if (month < 1 || month > 12 || day < 1 || day > 31) return Number.NaN;
  const at = Date.UTC(year, month - 1, day);
  const date = new Date(at);
  if (date.getUTCDate() !== day || date.getUTCFullYear() !== year) return Number.NaN;
  knownDay = key;
  knownMidnight = at;
  return at;
}

function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const units = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : -1;
}

function monthOf(text: string, at: number): number {
  const a = text.charCodeAt(at) | 32;
  const b = text.charCodeAt(at + 1) | 32;
  const c = text.charCodeAt(at + 2) | 32;
  for (let i = 0; i < 36; i += 3) {
    if (MONTHS.charCodeAt(i) === a && MONTHS.charCodeAt(i + 1) === b && MONTHS.charCodeAt(i + 2) === c)
      return i / 3 + 1;
  }
  return -1;
}

/**
 * The 26 characters `10/Oct/2000:13:55:36 -0700` at an offset, as Apache's %t and nginx's $time_local write them;
 * ms since the epoch, NaN when they are something else.
 */
export function commonLogTime(text: string, at: number): number {
  const local = commonLogLocal(text, at);
  const sign = text.charCodeAt(at + 21);
  const hours = two(text, at + 22);
  const minutes = two(text, at + 24);
  if ((sign !== 43 && sign !== 45) || hours < 0 || minutes < 0 || text.charCodeAt(at + 20) !== 32) return Number.NaN;
  const offset = hours * 60 + minutes;
  return local - (sign === 45 ? -offset : offset) * 60_000;
}

/** The 20 characters `10/Oct/2000:13:55:36` at an offset, read as UTC. */
function commonLogLocal(text: string, at: number): number {
  const day = two(text, at);
  const month = monthOf(text, at + 3);
  const century = two(text, at + 7);
  const years = two(text, at + 9);
  if (day < 0 || month < 0 || century < 0 || years < 0) return Number.NaN;
  if (text.charCodeAt(at + 2) !== 47 || text.charCodeAt(at + 6) !== 47 || text.charCodeAt(at + 11) !== 58) {
    return Number.NaN;
  }
  return midnight(century * 100 + years, month, day) + clockTime(text, at + 12);
}

/** `13:55:36` at an offset as ms, NaN when it is none. A leap second counts as the second after. */
function clockTime(text: string, at: number): number {
  const hour = two(text, at);
  const minute = two(text, at + 3);
  const second = two(text, at + 6);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return Number.NaN;
  if (text.charCodeAt(at + 2) !== 58 || text.charCodeAt(at + 5) !== 58) return Number.NaN;
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

/**
 * A time as logs write it: Common Log Format with or without a fraction and zone, ISO 8601 with `T` or a space, or
 * seconds, ms, µs or ns since the epoch. ms since the epoch, NaN otherwise. Without a zone it is read as UTC.
 */
export function anyTime(text: string): number {
  if (text.charCodeAt(2) === 47) return zoned(text, commonLogLocal(text, 0), 20);
  if (text.charCodeAt(4) === 45) return isoTime(text);
  return epochTime(text);
}

/** ISO 8601 `2025-10-09T16:00:00.123+02:00`; a space for the T and a missing zone (UTC) are accepted. */
export function isoTime(text: string): number {
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  const between = text.charCodeAt(10);
  if (year < 0 || month < 0 || day < 0 || text.charCodeAt(7) !== 45) return Number.NaN;
  if (between !== 84 && between !== 32 && between !== 116 && between !== 95) return Number.NaN;
  return zoned(text, midnight(year, month, day) + clockTime(text, 11), 19);
}

/** `2025-10-09` and `16:00:00` of a W3C log, UTC. */
export function dateAndTime(date: string, time: string): number {
  if (date.length !== 10 || time.length < 8) return Number.NaN;
  return isoTime(`${date}T${time}`);
}

/** Adds the fraction and zone that start at an offset to a local time. */
function zoned(text: string, local: number, at: number): number {
  let i = at;
  let millis = 0;
  const mark = text.charCodeAt(i);
  if (mark === 46 || mark === 44) {
    let scale = 100;
    for (i++; isDigit(text.charCodeAt(i)); i++) {
      millis += Math.floor(scale) * (text.charCodeAt(i) - 48);
      scale = scale / 10;
    }
  }
  while (text.charCodeAt(i) === 32) i++;
  const rest = text.length - i;
  const sign = text.charCodeAt(i);
  if (rest === 0 || (rest === 1 && (sign | 32) === 122)) return local + millis;
  if ((sign !== 43 && sign !== 45) || rest > 6) return Number.NaN;
  const hours = two(text, i + 1);
  const minutes = rest === 3 ? 0 : two(text, i + (text.charCodeAt(i + 3) === 58 ? 4 : 3));
  if (hours < 0 || minutes < 0) return Number.NaN;
  const offset = (hours * 60 + minutes) * 60_000;
  return local + millis - (sign === 45 ? -offset : offset);
}

/** Digits with an optional fraction; the unit follows from the size. */
function epochTime(text: string): number {
  if (text.length === 0 || text.length > 32) return Number.NaN;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) dots++;
    else if (!isDigit(code)) return Number.NaN;
  }
  return dots > 1 ? Number.NaN : epochNumber(Number(text));
}

/** Seconds (below 1e11), ms, µs or ns since the epoch as whole ms. NaN when negative or beyond what a Date can hold. */
export function epochNumber(value: number): number {
  if (!(value >= 0 && value < 8.64e21)) return Number.NaN;
  // A double of today's seconds carries an error below 0.0003 ms; without the nudge 0.668 s could become 667 ms.
  if (value < 1e11) return Math.floor(value * 1000 + 0.0005);
  if (value < 1e14) return Math.floor(value);
  if (value < 1e17) return Math.floor(value / 1000);
  return Math.floor(value / 1e6);
}
