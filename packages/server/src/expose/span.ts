import type { TimeStep } from '../model/traffic-query.ts';
import type { TrafficReader } from './ports.ts';

const DAY_MS = 86_400_000;
/** Steps in the longest stretch that is asked for at once: all days since 1970 are fewer. */
const MOST_STEPS = 50_000;

/** The minutes of a tenant's first and last request, RFC 3339; null when there are none. */
export async function findSpan(
  reader: TrafficReader,
  now: number,
): Promise<{ first: string | null; last: string | null }> {
  const days = await edges(reader, 'day', 0, now + 2 * DAY_MS);
  if (days === null) return { first: null, last: null };
  const [first, last] = await Promise.all(
    [days.first, days.last].map((day) => edges(reader, 'minute', day, day + DAY_MS)),
  );
  const text = (time: number) => new Date(time).toISOString();
  return { first: text(first?.first ?? days.first), last: text(last?.last ?? days.last) };
}

async function edges(
  reader: TrafficReader,
  step: TimeStep,
  from: number,
  to: number,
): Promise<{ first: number; last: number } | null> {
  const { rows } = await reader.traffic({ from, to, metrics: ['requests'], by: [step], where: [], limit: MOST_STEPS });
  const times = rows.filter((row) => Number(row.requests) > 0).map((row) => Date.parse(String(row[step])));
  return times.length === 0 ? null : { first: Math.min(...times), last: Math.max(...times) };
}
