const FIRST_MS = 500;
const LONGEST_MS = 60_000;
/** A hub may ask for patience, but not for good. */
const LONGEST_ASKED_MS = 600_000;

/**
 * How long to wait before the next attempt, ms: twice as long after each, up to a minute, of which a random half to
 * whole is taken, so that many edges do not come back at once. A hub's Retry-After is the least.
 */
export function waitBefore(
  attempt: number,
  retryAfter: string | undefined,
  now: number,
  random = Math.random(),
): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 20));
  const jittered = ceiling / 2 + (random * ceiling) / 2;
  const asked = retryAfterMs(retryAfter, now);
  return asked === 0 ? jittered : Math.min(LONGEST_ASKED_MS, asked) + (random * ceiling) / 4;
}

/** Retry-After in either form (RFC 9110 §10.2.3), ms; 0 when there is none that makes sense. */
function retryAfterMs(value: string | undefined, now: number): number {
  if (value === undefined) return 0;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  // The language would take `-5` for a date.
  const date = /^[A-Z][a-z]{2}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
