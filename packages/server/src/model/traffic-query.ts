import type { FieldName } from './field.ts';
import type { Filter } from './filter.ts';

/**
 * What a traffic figure can be. Percentiles are of the duration in milliseconds; `timed` is the number of requests that
 * have one, which the percentiles are made of.
 */
export const METRICS = [
  'requests',
  'people',
  'bots',
  'hosting',
  'uniques',
  'bytes_in',
  'bytes_out',
  'errors',
  'error_rate',
  'timed',
  'p50',
  'p75',
  'p90',
  'p95',
  'p99',
  'kept',
] as const;
export type Metric = (typeof METRICS)[number];

/** Groupings by time beside the fields. */
export const TIME_STEPS = ['minute', 'hour', 'day'] as const;
export type TimeStep = (typeof TIME_STEPS)[number];

/** A question to the traffic store. `from` is inclusive, `to` exclusive; both ms since the epoch. */
export interface TrafficQuery {
  from: number;
  to: number;
  metrics: readonly Metric[];
  by: readonly (FieldName | TimeStep)[];
  where: readonly Filter[];
  limit: number;
  /** Sorted by this metric, largest first; rows grouped by time are in time order. */
  order?: Metric;
}

/** One row per group: the `by` values (text, numbers, booleans, RFC 3339 for time) and the metrics (null: unknown). */
export type TrafficRow = Record<string, string | number | boolean | null>;

export interface TrafficAnswer {
  window: { from: string; to: string };
  rows: TrafficRow[];
  /** Whether the answer came from the roll-ups or from the kept rows. */
  source: 'roll-up' | 'rows';
}
