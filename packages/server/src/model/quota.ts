/** What an operator allows a tenant; null: no bound. By the names that the API has for them. */
export interface Quota {
  /** Requests that are taken in on one UTC day. */
  requests_per_day: number | null;
  /** People who are members. */
  users: number | null;
  /** Days that anything of its traffic is kept at most, whatever its policy says. */
  retention_days: number | null;
}

export const NO_QUOTA: Quota = Object.freeze({ requests_per_day: null, users: null, retention_days: null });

const DAY_MS = 86_400_000;

/** The UTC day of a time, as in 2026-01-31. */
export function utcDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

/** When the UTC day of a time ends, ms since the epoch. */
export function endOfUtcDay(timeMs: number): number {
  return (Math.floor(timeMs / DAY_MS) + 1) * DAY_MS;
}

/** A quota as it is stored: what is no whole number from 0 on has no bound. Frozen. */
export function quotaOf(stored: Readonly<Record<string, unknown>>): Quota {
  const bound = (value: unknown) => (Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null);
  const { requests_per_day, users, retention_days } = stored;
  const quota: Quota = {
    requests_per_day: bound(requests_per_day),
    users: bound(users),
    retention_days: bound(retention_days),
  };
  return Object.values(quota).every((value) => value === null) ? NO_QUOTA : Object.freeze(quota);
}
