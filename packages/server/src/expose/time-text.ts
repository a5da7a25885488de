/** A time (ms since the epoch) as the API tells it, RFC 3339 in UTC; null where there is none. */
export function timeText(time: number | null | undefined): string | null {
  return time === null || time === undefined ? null : new Date(time).toISOString();
}
