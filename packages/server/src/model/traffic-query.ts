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

/** Metrics that are 0 where there is no request; the others are unknown there. */
export const COUNTED: readonly Metric[] = METRICS.slice(0, METRICS.indexOf('uniques') + 1).concat(
  'errors',
  'timed',
  'kept',
);

/** `from` is inclusive, `to` exclusive; both ms since the epoch. */
export interface TimeWindow {
  from: number;
  to: number;
}

/** A question to the traffic store. */
export interface TrafficQuery extends TimeWindow {
  metrics: readonly Metric[];
  by: readonly (FieldName | TimeStep)[];
  where: readonly Filter[];
  limit: number;
  /** Sorted by this metric, largest first; rows grouped by time are in time order. */
  order?: Metric;
  /**
   * The window to compare with: every row also has `<metric>_before`. Rows grouped by time are matched by their distance
   * from the start of their window.
   */
  compare?: TimeWindow | null;
  /** Whether questions that need many rows may be answered from a sample of them; `none`, and by default: never. */
  sampling?: 'auto' | 'none';
}

/** One row per group: the `by` values (text, numbers, booleans, RFC 3339 for time) and the metrics (null: unknown). */
export type TrafficRow = Record<string, string | number | boolean | null>;

export interface TrafficAnswer {
  window: WrittenWindow;
  compared: WrittenWindow | null;
  rows: TrafficRow[];
  /** Whether the answer came from the roll-ups or from the kept rows. */
  source: 'roll-up' | 'rows';
  /** The share of the rows that was looked at; 1 is all of them, which makes the figures exact. */
  sampling: number;
  /** All requests of the window and those of which a row is kept, without any filter; null when roll-ups answered. */
  coverage: { requests: number; kept: number } | null;
}

interface WrittenWindow {
  /** RFC 3339. */
  from: string;
  to: string;
}
