import { BYTES_CELL, CELLS, ERRORS_CELL } from './cells.ts';
import { DurationSketch, type SketchData } from './duration-sketch.ts';
import { makeLists } from './lists.ts';
import type { ByClass, LineCounts, Percentiles, Point, RejectReason, Report, ReportedFile, Span } from './report.ts';
import type { TallyData } from './tally-data.ts';
import { bucketOf, bucketStart, coarser, type SeriesData, STEPS, stepFor } from './time-series.ts';
import { VisitorCount } from './visitor-count.ts';
import type { Window } from './window.ts';

export interface Reading {
  tally: TallyData;
  files: ReportedFile[];
  rejected: RejectReason[];
  attributions: string[];
}

export interface Asked {
  window: Window;
  /** Filters as they were written. */
  where: readonly string[];
  /** Most rows of a list. */
  top: number;
}

/** Empty steps between two points are filled in while there are no more points than this. */
const MOST_FILLED = 2000;

/** The report on what was read. Nothing in it depends on the clock, the machine or the number of threads. */
export function buildReport({ tally, files, rejected, attributions }: Reading, asked: Asked): Report {
  const { counts } = tally;
  const requests = byClass(counts.requests);
  return {
    lines: totalLines(files),
    window: span(counts.first, counts.last),
    requests: { ...requests, outside_window: counts.outside, filtered_out: counts.filtered },
    asked: { from: rfc3339(asked.window.from), to: rfc3339(asked.window.to), where: [...asked.where] },
    log: span(counts.oldest, counts.newest),
    visitors: visitorsOf(tally.visitors.map((data) => VisitorCount.from(data))),
    bytes: byClass(counts.bytes),
    client_errors: byClass(counts.clientErrors),
    server_errors: byClass(counts.serverErrors),
    latency: latency(tally.durations),
    over_time: overTime(tally.series, counts.first, counts.last),
    top: makeLists(tally, requests.total, asked.top),
    rejected,
    files,
    attributions,
  };
}

function visitorsOf(counts: readonly VisitorCount[]): Report['visitors'] {
  const visitors = byClass(counts.map((count) => count.value));
  return visitors.total === 0 ? null : { ...visitors, exact: counts.every((count) => count.exact) };
}

function byClass([people = 0, bots = 0, hosting = 0]: readonly number[]): ByClass {
  return { total: people + bots + hosting, people, bots, hosting };
}

function totalLines(files: readonly ReportedFile[]): LineCounts {
  const total = { read: 0, accepted: 0, rejected: 0, skipped: 0 };
  for (const { lines } of files) {
    total.read += lines.read;
    total.accepted += lines.accepted;
    total.rejected += lines.rejected;
    total.skipped += lines.skipped;
  }
  return total;
}

function rfc3339(time: number): string | null {
  return Number.isFinite(time) ? new Date(time).toISOString() : null;
}

function span(from: number, to: number): Span {
  return { from: rfc3339(from), to: rfc3339(to) };
}

function latency(sketches: readonly SketchData[]): Report['latency'] {
  const merged = new DurationSketch();
  for (const sketch of sketches) merged.merge(sketch);
  const all = percentiles(merged.data);
  if (all === null) return null;
  const [people = null, bots = null, hosting = null] = sketches.map(percentiles);
  return { all, people, bots, hosting };
}

function percentiles(data: SketchData): Percentiles | null {
  const sketch = new DurationSketch(data);
  const { count } = sketch;
  if (count === 0) return null;
  const at = (q: number) => milliseconds(sketch.quantile(q) ?? 0);
  return {
    count,
    mean: milliseconds(data.sum / count),
    p50: at(0.5),
    p75: at(0.75),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    max: milliseconds(data.max),
  };
}

function milliseconds(us: number): number {
  return Math.round(us) / 1000;
}

function overTime(series: SeriesData, first: number, last: number): Report['over_time'] {
  if (series.buckets.length === 0) return { step: 'minute', points: [] };
  const step = stepFor(last - first, series.step);
  const shown = coarser(series, step);
  const slots = new Map(Array.from(shown.buckets, (bucket, slot) => [bucket, slot] as const));
  const firstBucket = bucketOf(first, step);
  const lastBucket = bucketOf(last, step);
  const buckets =
    lastBucket - firstBucket < MOST_FILLED
      ? Array.from({ length: lastBucket - firstBucket + 1 }, (_, i) => firstBucket + i)
      : [...shown.buckets].sort((a, b) => a - b);
  const points = buckets.map((bucket): Point => {
    const slot = slots.get(bucket);
    const at = (slot ?? 0) * CELLS;
    const cell = (offset: number) => (slot === undefined ? 0 : (shown.cells[at + offset] as number));
    const [people, bots, hosting] = [cell(0), cell(1), cell(2)];
    return {
      time: new Date(bucketStart(bucket, step)).toISOString(),
      requests: people + bots + hosting,
      people,
      bots,
      hosting,
      bytes: cell(BYTES_CELL),
      errors: cell(ERRORS_CELL),
    };
  });
  return { step: STEPS[step] as (typeof STEPS)[number], points };
}
