import type { ConsentChoice } from '../model/request.ts';

export const DAY_MS = 86_400_000;

/** Days that a tenant's rows are kept, by the class they were stored under. */
export type RetentionDays = Record<ConsentChoice, number>;

/** 13 months for people who granted (the usual limit for analytics), a month for everything pseudonymous. */
export const DEFAULT_RETENTION_DAYS: RetentionDays = Object.freeze({ granted: 396, unknown: 30, refused: 30 });

/** Days since the epoch of a time in ms. */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS);
}

/**
 * The day on which a row may be dropped: the later of event and received day plus the retention of its class, so that
 * an old log that is imported today is kept as long as today's requests.
 */
export function expiresOn(eventMs: number, receivedMs: number, days: number): number {
  return dayOf(Math.max(eventMs, receivedMs)) + days;
}
