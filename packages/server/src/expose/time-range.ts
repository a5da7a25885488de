import type { Refusal } from '../model/request.ts';

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const RFC3339 = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i;
const LATEST = 8.64e15;

/**
 * A point in time in ms since the epoch: RFC 3339 (UTC where it names no zone; a date alone is its midnight), ms since
 * the epoch, `now`, or `-24h` and `+90d` from `now` (units s, m, h, d, w). A refusal names `what` and the forms.
 */
export function parseTime(text: string, now: number, what: string): number | Refusal {
  const value = text.trim();
  if (/^now$/i.test(value)) return now;
  const relative = /^([+-])(\d{1,9})([smhdw])$/i.exec(value);
  if (relative) {
    const span = Number(relative[2]) * (UNITS[(relative[3] as string).toLowerCase()] as number);
    return relative[1] === '-' ? now - span : now + span;
  }
  if (/^-?\d{1,16}$/.test(value) && Math.abs(Number(value)) <= LATEST) return Number(value);
  const time = parseRfc3339(value);
  if (!Number.isNaN(time)) return time;
  return {
    refused: 'bad-time',
    detail: `${what} is "${value.slice(0, 60)}"; write RFC 3339 (2026-01-31T12:00:00Z), ms since the epoch, now, or -24h`,
  };
}

/** Ms since the epoch of RFC 3339 text, NaN for anything else. A time without zone is UTC. */
export function parseRfc3339(text: string): number {
  if (!RFC3339.test(text)) return Number.NaN;
  // A "+" in a query string that was not encoded arrives as a blank; only the date and the time are parted by one.
  let value = text.replace(',', '.').replace(' ', 'T').toUpperCase();
  if (value.length > 10 && !/(?:Z|[+-]\d\d:?\d\d)$/.test(value)) value += 'Z';
  return Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
}
