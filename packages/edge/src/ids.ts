import { randomBytes } from 'node:crypto';

const POOL_BYTES = 8192;
const DIGITS = 20;
const LOW = Array.from({ length: 4096 }, (_, i) => i.toString(16).padStart(3, '0'));

/**
 * Makes UUIDv7s (RFC 9562 §5.7) of whole ms. Ids of one ms share all but their last three digits, which count up from a
 * random start (§6.2, method 1): that costs next to nothing and compresses well.
 */
export function createIds(): (timeMs: number) => string {
  let pool = '';
  let at = 0;
  let time = -1;
  let prefix = '';
  let counter = 0;

  function restart(timeMs: number): void {
    if (at + DIGITS > pool.length) {
      pool = randomBytes(POOL_BYTES).toString('hex');
      at = 0;
    }
    const random = pool.slice(at, at + DIGITS);
    at += DIGITS;
    time = timeMs;
    const hex = Math.max(0, timeMs).toString(16).padStart(12, '0').slice(-12);
    const variant = '89ab'[random.charCodeAt(3) & 3] as string;
    prefix = `${hex.slice(0, 8)}-${hex.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 16)}`;
    counter = Number.parseInt(random.slice(16, 19), 16);
  }

  return (timeMs) => {
    if (timeMs !== time || counter === 4095) restart(timeMs);
    else counter += 1;
    return prefix + (LOW[counter] as string);
  };
}
