import { randomBytes } from 'node:crypto';

const POOL_BYTES = 8192;
const DIGITS = 20;
const LOW = Array.from({ length: 4096 }, (_, i) => i.toString(16).padStart(3, '0'));

/** Digits of an id, hyphens with them, before the last three. */
export const PREFIX_LENGTH = 33;

/**
 * Makes UUIDv7s (RFC 9562 §5.7) of whole ms. Ids of one ms share all but their last three digits, which count up from a
 * random start (§6.2, method 1): that costs next to nothing and compresses well.
 */
export interface Ids {
  /** Goes on to the next id. */
  next(timeMs: number): void;
  /** The ms of the id. */
  readonly time: number;
  /** All of it but the last three digits; and how often that has changed. */
  readonly prefix: string;
  readonly changes: number;
  /** The last three digits as a number. */
  readonly counter: number;
  /** The id. */
  text(): string;
}

export function createIds(): Ids {
  let pool = '';
  let at = 0;
  const ids = {
    time: -1,
    prefix: '',
    changes: 0,
    counter: 0,
    next(timeMs: number): void {
      if (timeMs !== ids.time || ids.counter === 4095) restart(timeMs);
      else ids.counter += 1;
    },
    text: () => ids.prefix + (LOW[ids.counter] as string),
  };

  function restart(timeMs: number): void {
    if (at + DIGITS > pool.length) {
      pool = randomBytes(POOL_BYTES).toString('hex');
      at = 0;
    }
    const random = pool.slice(at, at + DIGITS);
    at += DIGITS;
    const hex = Math.max(0, timeMs).toString(16).padStart(12, '0').slice(-12);
    const variant = '89ab'[random.charCodeAt(3) & 3] as string;
    ids.time = timeMs;
    ids.prefix = `${hex.slice(0, 8)}-${hex.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 16)}`;
    ids.changes += 1;
    ids.counter = Number.parseInt(random.slice(16, 19), 16);
  }

  return ids;
}
