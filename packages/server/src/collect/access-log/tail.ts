import type { RawRequest } from '../../model/request.ts';
import { decimal, digits, splitFields } from './text.ts';

/** What the tail held, as bits beside those of the scanner. */
export const HAS_TAIL = 4;
export const HAS_ROUTER = 8;

const MOST_FIELDS = 32;

/**
 * Reads what people append to Combined lines, from the offset after the last known field, into the record; the HAS_…
 * bits of what was understood. Unknown fields are passed over. A number's meaning follows from its form:
 *
 * - `rt=0.123`, `request_time=0.123`, `duration_us=…` and the like: the unit of the name, seconds without one;
 * - one decimal number, quoted or not (`$request_time`): seconds;
 * - one whole number (`%D`): µs;
 * - `%T/%D`: the second number in µs;
 * - two whole numbers: `%T %D` when the first is the second in seconds, else `%I %O` (Apache's combinedio);
 * - a whole and a decimal number (ingress-nginx: `$request_length $request_time`): request bytes, seconds;
 * - `123 "router" "url" 45ms`: Traefik's; `45ms` alone: ms.
 */
export function readTail(line: string, from: number, record: RawRequest): number {
  const fields = splitFields(line, MOST_FIELDS, false, from);
  if (fields.length === 0) return 0;
  for (const field of fields) {
    const equals = field.indexOf('=');
    if (equals > 0 && readNamed(field.slice(0, equals), field.slice(equals + 1), record)) return HAS_TAIL;
  }
  const last = fields[fields.length - 1] as string;
  if (last.endsWith('ms') && decimal(last.slice(0, -2)) >= 0) {
    record.durationUs = Math.round(decimal(last.slice(0, -2)) * 1000);
    return fields.length >= 4 ? HAS_TAIL | HAS_ROUTER : HAS_TAIL;
  }
  const pair = fields.find((field) => /^\d{1,7}\/\d{1,13}$/.test(field));
  if (pair !== undefined) {
    record.durationUs = Number(pair.slice(pair.indexOf('/') + 1));
    return HAS_TAIL;
  }
  return readNumbers(fields, record) ? HAS_TAIL : 0;
}

function readNumbers(fields: string[], record: RawRequest): boolean {
  const [first, second] = numbersAtEitherEnd(fields);
  if (first === undefined) return false;
  if (second === undefined) {
    record.durationUs = isWhole(first) ? decimal(first) : Math.round(decimal(first) * 1e6);
    return true;
  }
  const a = decimal(first);
  const b = decimal(second);
  if (isWhole(first) && isWhole(second)) {
    if (Math.floor(b / 1e6) === a) record.durationUs = b;
    else record.bytesIn = a;
  } else if (isWhole(first)) {
    record.bytesIn = a;
    record.durationUs = Math.round(b * 1e6);
  } else record.durationUs = Math.round(a * 1e6);
  return true;
}

/** The numbers that begin the tail; if none does, those that end it (after fields such as X-Forwarded-For). */
function numbersAtEitherEnd(fields: string[]): string[] {
  let end = 0;
  while (end < fields.length && decimal(fields[end] as string) >= 0) end++;
  if (end > 0) return fields.slice(0, 2).slice(0, end);
  let start = fields.length;
  while (start > 0 && decimal(fields[start - 1] as string) >= 0) start--;
  return fields.slice(start, start + 2);
}

function isWhole(text: string): boolean {
  return digits(text, 0, text.length) >= 0;
}

const NAMED = new Map([
  ['rt', 1e6],
  ['request_time', 1e6],
  ['duration', 1e6],
  ['response_time', 1e6],
  ['time', 1e6],
  ['us', 1],
  ['duration_us', 1],
  ['request_time_us', 1],
  ['ms', 1000],
  ['duration_ms', 1000],
  ['request_time_ms', 1000],
]);

function readNamed(name: string, text: string, record: RawRequest): boolean {
  const scale = NAMED.get(name.toLowerCase());
  if (scale === undefined) return false;
  const value = decimal(text.replaceAll('"', ''));
  if (value < 0) return false;
  record.durationUs = Math.round(value * scale);
  return true;
}
