/** What came of it: refused, because whoever asked may not; failed, by a fault, so that part of it may be done. */
export type AuditOutcome = 'done' | 'refused' | 'failed';

/** Whoever did it. `hub`: the hub by itself. `nobody`: somebody who showed no credential that is known. */
export interface AuditActor {
  kind: 'user' | 'key' | 'link' | 'socket' | 'hub' | 'nobody';
  id: string | null;
  /** What people call it, at that time. */
  name: string;
}

/** What is told of one act. */
export interface AuditNote {
  actor: AuditActor;
  /** `noun.verb`, in kebab-case; what belongs together begins alike. */
  action: string;
  /** What it was done to, in words that people know it by. */
  target: string | null;
  /** Further facts; kept as `cleanDetail` leaves them. */
  detail: Readonly<Record<string, unknown>>;
  outcome: AuditOutcome;
  /** Canonical address of the client, where it is a log-in; else null. */
  address: string | null;
  /** Browser and system; null: none. */
  agent: string | null;
}

/** What the hub did by itself. */
export function byHub(action: string, target: string | null, detail: AuditNote['detail']): AuditNote {
  const actor: AuditActor = { kind: 'hub', id: null, name: 'hub' };
  return { actor, action, target, detail, outcome: 'done', address: null, agent: null };
}

/** An entry of a tenant's log. */
export interface AuditEntry extends AuditNote {
  id: string;
  tenantId: string;
  /** Place in the tenant's chain, from 1. */
  number: number;
  /** ms since the epoch. */
  time: number;
  /** Hash of the entry before, zeros for the first; and this one's. */
  previous: Buffer;
  hash: Buffer;
}

/** The keyed hash of an entry's content. */
export type AuditSeal = (content: string) => Buffer;

/** What the first entry has for the hash of the one before. */
export const NO_HASH: Buffer = Buffer.alloc(32);
/** What the hub notes when it removes entries past their retention; `detail.through` is the last that went. */
export const RETENTION_ACTION = 'audit.retention';

const LONGEST_TEXT = 300;
const MOST_ITEMS = 50;
const DEEPEST = 5;
const LONGEST_DETAIL = 8000;
// Names of what is never to be read, whatever it is; and how our own tokens, PHC strings and private keys begin.
const SECRET_NAME =
  /pass(?:word|phrase)|secret|token|cookie|authorization|credential|private|recovery|otp|api_?key$|^code$/i;
const SECRET_TEXT = /vd[a-z]_[\w-]{8,}|\$argon2[a-z]+\$|-----BEGIN [A-Z ]*PRIVATE KEY|\botpauth:\/\/|\bBearer +\S+/i;
const HIDDEN = '(secret)';

/**
 * What is kept of the facts: JSON of at most 8,000 characters, texts of at most 300, without what is named like a secret
 * or looks like one. What had to go is said in `shortened`.
 */
export function cleanDetail(detail: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const cleaned = cleanObject(detail, 0);
  if (JSON.stringify(cleaned).length <= LONGEST_DETAIL) return cleaned;
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(cleaned)) {
    const longer = { ...kept, [name]: value };
    if (JSON.stringify(longer).length <= LONGEST_DETAIL - 100) kept[name] = value;
  }
  return { ...kept, shortened: true };
}

function cleanObject(object: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined && typeof value !== 'function');
  const kept = entries
    .slice(0, MOST_ITEMS)
    .map(([name, value]) => [
      cleanText(name),
      SECRET_NAME.test(name) && isTelling(value) ? HIDDEN : clean(value, depth),
    ]);
  return { ...Object.fromEntries(kept), ...(entries.length > MOST_ITEMS ? { shortened: true } : {}) };
}

/** Whether a value could be the secret its name speaks of; that there is one, or how many there are, may be told. */
function isTelling(value: unknown): boolean {
  return typeof value !== 'boolean' && typeof value !== 'number' && value !== null;
}

function clean(value: unknown, depth: number): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object') return cleanText(String(value));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (depth >= DEEPEST) return '…';
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST_ITEMS).map((item) => clean(item, depth + 1));
    return value.length > MOST_ITEMS ? [...items, '…'] : items;
  }
  return cleanObject(value, depth + 1);
}

/** A text as it may be kept: well-formed, without zeros, which PostgreSQL does not take, short, and no secret. */
export function cleanText(text: string, longest = LONGEST_TEXT): string {
  if (SECRET_TEXT.test(text)) return HIDDEN;
  const whole = text.toWellFormed().replaceAll('\0', '');
  return whole.length <= longest ? whole : `${whole.slice(0, longest - 1).toWellFormed()}…`;
}

/**
 * What an entry's hash is of: its fields in order, as JSON whose names are sorted, so that the database may write them in
 * any order.
 */
export function auditContent(entry: Omit<AuditEntry, 'hash'>): string {
  const { kind, id, name } = entry.actor;
  return JSON.stringify([
    'vedette audit 1',
    entry.tenantId,
    entry.number,
    entry.id,
    entry.time,
    [kind, id, name],
    entry.action,
    entry.target,
    sorted(entry.detail),
    entry.outcome,
    entry.address,
    entry.agent,
    entry.previous.toString('hex'),
  ]);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, item]) => [name, sorted(item)]);
}

/** One thing that is wrong with a chain. */
export interface ChainFault {
  /** The entry at which it shows. */
  number: number;
  reason: string;
}

/** Walks a chain, entry by entry in ascending order, and finds where it does not hold. */
export function createChainWalk(seal: AuditSeal) {
  const faults: ChainFault[] = [];
  let entries = 0;
  let first: AuditEntry | null = null;
  let last: AuditEntry | null = null;
  /** Up to where the hub itself has removed entries, by the last entry that says so. */
  let through = 0;
  const wrong = (number: number, reason: string) => void (faults.length < 20 && faults.push({ number, reason }));
  return {
    add(entry: AuditEntry): void {
      if (last !== null && entry.number !== last.number + 1) {
        wrong(entry.number, `entries ${last.number + 1} to ${entry.number - 1} are missing`);
      } else if (last !== null && !entry.previous.equals(last.hash)) {
        wrong(entry.number, 'it does not follow the entry before it');
      }
      if (!seal(auditContent(entry)).equals(entry.hash)) wrong(entry.number, 'it is not as it was written');
      else if (entry.action === RETENTION_ACTION && entry.actor.kind === 'hub') {
        through = Math.max(through, Number(entry.detail.through) || 0);
      }
      first ??= entry;
      last = entry;
      entries += 1;
    },
    end() {
      if (first !== null && first.number !== through + 1) {
        wrong(first.number, `entries ${through + 1} to ${first.number - 1} are missing, and no retention removed them`);
      }
      if (first?.number === 1 && !first.previous.equals(NO_HASH)) wrong(1, 'it does not begin the chain');
      return { entries, first, last, faults };
    },
  };
}
