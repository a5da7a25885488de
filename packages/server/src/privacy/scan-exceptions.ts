import type { Detection } from './detector.ts';

/** Where something was found: a column of a table, a part of a file. */
export interface ScanPlace {
  /** `ClickHouse`, `PostgreSQL`, `spool`, `Kafka`, `file`. */
  source: string;
  /** Table, file or topic. */
  name: string;
  /** '' where there are none. */
  column: string;
  /** Rows of a table that are apart from the others; '' for all. */
  part: string;
}

interface Exception {
  kinds: readonly Detection['kind'][];
  covers(place: ScanPlace, detection: Detection): boolean;
  why: string;
}

const STORES = new Set(['ClickHouse', 'PostgreSQL', 'spool', 'Kafka']);
/** What was asked for, and from where. */
const URL_COLUMNS = new Set(['path', 'template', 'route', 'query', 'referrer', 'headers', 'target', 'entry', 'exit']);
const tableOf = ({ name }: ScanPlace) => name.slice(name.lastIndexOf('.') + 1);

/** What may be where it is, and why; all of it is stated in docs/privacy.md. */
const EXCEPTIONS: readonly Exception[] = [
  {
    kinds: ['address'],
    covers: ({ source, name, part }) => source === 'ClickHouse' && name === 'live_addresses' && part === 'fresh',
    why: 'an address of a session that is still going on; dropped within an hour and 40 minutes',
  },
  {
    kinds: ['address', 'email'],
    covers: (place) => STORES.has(place.source) && /^indicators?(?:_|$)/.test(tableOf(place)),
    why: 'an indicator: held to be hostile by a source, and known by its address',
  },
  {
    kinds: ['address'],
    covers: (place) => STORES.has(place.source) && /^decisions?(?:_|$)/.test(tableOf(place)),
    why: 'a decision of the edge about an address; it expires',
  },
  {
    kinds: ['address'],
    covers: ({ source, name, column }) => source === 'PostgreSQL' && name.endsWith('audit_log') && column === 'address',
    why: 'the audit log of log-ins, which says where from',
  },
  {
    kinds: ['email'],
    covers: (place) =>
      place.source === 'PostgreSQL' &&
      tableOf(place) === 'audit_log' &&
      ['actor_name', 'target', 'detail'].includes(place.column),
    why: 'a person who works with the hub: who did something, or to whom it was done',
  },
  {
    kinds: ['address'],
    covers: ({ source, column }) => STORES.has(source) && /^(?:domain|pattern)$/.test(column),
    why: 'a server of the tenant that was called by its address instead of a name',
  },
  {
    kinds: ['address'],
    covers: ({ source, column }, { host }) => host && STORES.has(source) && URL_COLUMNS.has(column),
    why: 'a server named in a URL that was asked for, not who asked',
  },
  {
    kinds: ['email', 'address'],
    covers: ({ source, column }, { kind, host }) =>
      STORES.has(source) && column === 'user_agent' && (kind === 'email' || host),
    why: 'what a program says of itself in its user agent',
  },
  {
    kinds: ['email'],
    covers: (place) =>
      place.source === 'PostgreSQL' && /^(?:users|invitations|email_changes|oidc_identities)$/.test(tableOf(place)),
    why: 'the address of somebody who has an account here, or is invited to have one',
  },
  {
    kinds: ['email'],
    covers: (place) => place.source === 'PostgreSQL' && /^(?:tenants|consent_texts)$/.test(tableOf(place)),
    why: 'a contact that the tenant publishes in its banner',
  },
];

/** Why something may be where it was found; null: it may not. */
export function exceptionOf(place: ScanPlace, detection: Detection): string | null {
  const found = EXCEPTIONS.find(({ kinds, covers }) => kinds.includes(detection.kind) && covers(place, detection));
  return found?.why ?? null;
}
