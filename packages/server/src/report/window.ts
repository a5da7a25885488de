import { UsageFault } from '../model/fault.ts';

/** Requests from `from` (inclusive) to `to` (exclusive), ms since the epoch; infinite at an open end. */
export interface Window {
  from: number;
  to: number;
}

const UNITS: Record<string, number> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * A point in time as people write it: RFC 3339, or a date with or without a time of day (UTC unless it has an
 * offset), or epoch seconds or milliseconds. Throws UsageFault naming the option.
 */
export function parseTime(text: string, option: string): number {
  const trimmed = text.trim();
  if (/^\d{9,10}$/.test(trimmed)) return Number(trimmed) * 1000;
  if (/^\d{12,14}$/.test(trimmed)) return Number(trimmed);
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(trimmed);
  const day = parts?.[1] ?? '';
  const time = parts === null ? NaN : Date.parse(`${day}T${parts[2] ?? '00:00'}${zone(parts[3])}`);
  // Date.parse takes 31 February as 3 March; a date that does not come back as itself is refused.
  const real = !Number.isNaN(Date.parse(`${day}T00:00Z`)) && new Date(`${day}T00:00Z`).toISOString().startsWith(day);
  if (Number.isNaN(time) || !real) {
    throw new UsageFault(
      `${option} "${text}" is not a time (such as 2026-03-01, 2026-03-01T12:00 or 2026-03-01T12:00:00+01:00)`,
    );
  }
  return time;
}

function zone(text: string | undefined): string {
  if (text === undefined || text.toUpperCase() === 'Z') return 'Z';
  return text.includes(':') ? text : `${text.slice(0, 3)}:${text.slice(3)}`;
}

/** A length of time such as `24h`, `30m`, `7d` in ms. Throws UsageFault naming the option. */
export function parseSpan(text: string, option: string): number {
  const parts = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|d|w)$/i.exec(text.trim());
  const span = parts === null ? 0 : Number(parts[1]) * (UNITS[(parts[2] as string).toLowerCase()] as number);
  if (!(span > 0)) throw new UsageFault(`${option} "${text}" is not a length of time (such as 30m, 24h or 7d)`);
  return span;
}

/** The window asked for. `last` ends now (or at `to`) and cannot stand beside `from`. */
export function parseWindow(asked: { from?: string; to?: string; last?: string }, now: number): Window {
  const to = asked.to === undefined ? Infinity : parseTime(asked.to, '--to');
  if (asked.last !== undefined) {
    if (asked.from !== undefined) throw new UsageFault('--last and --from exclude each other');
    return { from: (to === Infinity ? now : to) - parseSpan(asked.last, '--last'), to };
  }
  const from = asked.from === undefined ? -Infinity : parseTime(asked.from, '--from');
  if (from >= to) throw new UsageFault('--from is not before --to');
  return { from, to };
}
