import { randomBytes } from 'node:crypto';

const COUNTERS = 2 ** 48;

/**
 * Makes UUIDv7s (RFC 9562 §5.7) of whole ms. All but the time is random once, and its last 48 bits count up by one from
 * request to request (§6.2, method 1): who knows an id and the time of the next request knows its id too, so that the
 * next need not be sent.
 */
export interface Ids {
  /** Goes on to the next id. */
  next(timeMs: number): void;
  /** The ms of the id. */
  readonly time: number;
  /** The last 48 bits as a number. */
  readonly counter: number;
  /** The id. */
  text(): string;
}

export function createIds(): Ids {
  const random = randomBytes(9).toString('hex');
  const variant = '89ab'[random.charCodeAt(0) & 3] as string;
  const middle = `7${random.slice(0, 3)}-${variant}${random.slice(3, 6)}`;
  const ids = {
    time: 0,
    counter: Number.parseInt(random.slice(6), 16),
    next(timeMs: number): void {
      ids.time = timeMs;
      ids.counter = following(ids.counter);
    },
    text: () => idOf(ids.time, middle, ids.counter),
  };
  return ids;
}

/** The counter after this one. */
export function following(counter: number): number {
  return counter + 1 < COUNTERS ? counter + 1 : 0;
}

/** The id that comes after an id, of a request at `timeMs`. */
export function idAfter(id: string, timeMs: number): string {
  return idOf(timeMs, id.slice(14, 23), following(Number.parseInt(id.slice(24), 16)));
}

function idOf(timeMs: number, middle: string, counter: number): string {
  const time = Math.max(0, timeMs).toString(16).padStart(12, '0').slice(-12);
  return `${time.slice(0, 8)}-${time.slice(8)}-${middle}-${counter.toString(16).padStart(12, '0')}`;
}
