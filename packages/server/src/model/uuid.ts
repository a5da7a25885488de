/** A random UUIDv7 (RFC 9562 §5.7): 48 bits of Unix time in ms, then 74 random bits. */
export function uuidv7(timeMs: number = Date.now()): string {
  return assemble(timeMs, crypto.getRandomValues(new Uint8Array(10)));
}

/** UUIDv7s that ascend in the order they are asked for. */
export interface IdSequence {
  next(timeMs: number): string;
  /** The first of so many ids that differ in their last ten hexadecimal digits only, which count up by one. */
  reserve(timeMs: number, count: number): string;
}

/** The last 40 bits of an id count. */
const COUNTERS = 2 ** 40;

/**
 * Makes a sequence of UUIDv7s (RFC 9562 §6.2, method 1: a counter). The upper random bits are drawn anew each
 * millisecond, the lower 40 count up, so that ids of neighbours share most of their bytes: they compress well and cost
 * no randomness each.
 */
export function createIdSequence(): IdSequence {
  let time = -1;
  let prefix = '';
  let counter = 0;
  function reserve(timeMs: number, count: number): string {
    if (timeMs !== time || counter + count >= COUNTERS) {
      time = timeMs;
      const random = crypto.getRandomValues(new Uint8Array(10));
      prefix = assemble(timeMs, random).slice(0, 26);
      counter = ((random[6] ?? 0) << 16) | ((random[7] ?? 0) << 8) | (random[8] ?? 0);
    }
    const first = counter + 1;
    counter += count;
    return prefix + first.toString(16).padStart(10, '0');
  }
  return { next: (timeMs) => reserve(timeMs, 1), reserve };
}

function assemble(timeMs: number, random: Uint8Array): string {
  const time = Math.max(0, Math.floor(timeMs)).toString(16).padStart(12, '0').slice(-12);
  const tail = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = ((Number.parseInt(tail[3] ?? '0', 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-${variant}${tail.slice(4, 7)}-${tail.slice(7, 19).padEnd(12, '0')}`;
}

/**
 * The id after a UUIDv7, of something at another time: with that time, and its last 48 bits counted up by one. Senders
 * whose ids count so need not send each.
 */
export function uuidAfter(id: string, timeMs: number): string {
  const time = Math.max(0, timeMs).toString(16).padStart(12, '0').slice(-12);
  const counter = (Number.parseInt(id.slice(24), 16) + 1) % 2 ** 48;
  return `${time.slice(0, 8)}-${time.slice(8)}-${id.slice(14, 23)}-${counter.toString(16).padStart(12, '0')}`;
}

/** The time in a UUIDv7, ms since the epoch; null for any other one. */
export function timeOfUuid(id: string): number | null {
  return /^.{14}7/.test(id) && isUuid(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : null;
}

/** Whether the text is a UUID in its usual spelling. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
