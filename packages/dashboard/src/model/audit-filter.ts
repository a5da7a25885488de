import type { AuditFilter } from '../api/audit.ts';
import { ZONE } from './locale.ts';
import { fromInput } from './zone.ts';

const DAY_MS = 86_400_000;

/** Which entries an address asks for: days as `2026-11-26`, a part of a name, the beginning of an action. */
export function readFilter(search: string): AuditFilter {
  const parameters = new URLSearchParams(search);
  const day = (name: string) => {
    const written = parameters.get(name) ?? '';
    return /^\d{4}-\d{2}-\d{2}$/.test(written) && !Number.isNaN(Date.parse(written)) ? written : '';
  };
  return {
    from: day('from'),
    to: day('to'),
    actor: parameters.get('actor') ?? '',
    action: parameters.get('action') ?? '',
  };
}

/** Whether the days are in order, or one of them is open. */
export function isInOrder({ from, to }: AuditFilter): boolean {
  return from === '' || to === '' || from <= to;
}

/** The filter as the hub takes it: both days belong to it, by the clocks of the viewer's zone. */
export function asAsked({ from, to, actor, action }: AuditFilter, zone = ZONE): AuditFilter {
  const startOf = (day: string) => new Date(fromInput(`${day}T00:00`, zone)?.time ?? Number.NaN).toISOString();
  return {
    from: from === '' ? '' : startOf(from),
    to: to === '' ? '' : startOf(new Date(Date.parse(to) + DAY_MS).toISOString().slice(0, 10)),
    actor: actor.trim(),
    action: action.trim(),
  };
}

export const NO_FILTER: AuditFilter = { from: '', to: '', actor: '', action: '' };

/** Whether it lets everything through. */
export function isOpen(filter: AuditFilter): boolean {
  return Object.values(filter).every((value) => value === '');
}
