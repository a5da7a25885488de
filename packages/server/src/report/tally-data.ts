import { DurationSketch, type SketchData } from './duration-sketch.ts';
import { mergeSeries, type SeriesData } from './time-series.ts';
import { mergeTables, type TableData } from './top-table.ts';
import { VisitorCount, type VisitorData } from './visitor-count.ts';

/** Plain counters; those by class are in the order of CLASSES. */
export interface Counts {
  requests: number[];
  bytes: number[];
  /** Status 400–499. */
  clientErrors: number[];
  /** Status 500 and above. */
  serverErrors: number[];
  /** Parsed, but outside the window asked for. */
  outside: number;
  /** In the window, but kept out by a filter. */
  filtered: number;
  /** Event times of the requests counted, ms; Infinity and -Infinity when there are none. */
  first: number;
  last: number;
  /** Event times of all requests parsed. */
  oldest: number;
  newest: number;
}

export const TABLES = [
  'paths',
  'hosts',
  'referrers',
  'places',
  'networks',
  'agents',
  'userAgents',
  'methods',
  'protocols',
  'addresses',
] as const;
export type TableName = (typeof TABLES)[number];

/** A tally as plain data, to be sent between threads and merged. */
export interface TallyData {
  counts: Counts;
  series: SeriesData;
  /** CELLS counters a status; 0 for unknown ones. */
  statuses: Float64Array;
  durations: SketchData[];
  visitors: VisitorData[];
  tables: Record<TableName, TableData>;
}

/** Counters of nothing. */
export function countsOf(): Counts {
  return {
    requests: [0, 0, 0],
    bytes: [0, 0, 0],
    clientErrors: [0, 0, 0],
    serverErrors: [0, 0, 0],
    outside: 0,
    filtered: 0,
    first: Infinity,
    last: -Infinity,
    oldest: Infinity,
    newest: -Infinity,
  };
}

/** What both tallies counted. Associative, and commutative but for the order of keys within tables. */
export function mergeTallies(a: TallyData, b: TallyData): TallyData {
  const tables = {} as Record<TableName, TableData>;
  for (const name of TABLES) tables[name] = mergeTables(a.tables[name], b.tables[name]);
  return {
    counts: mergeCounts(a.counts, b.counts),
    series: mergeSeries(a.series, b.series),
    statuses: a.statuses.map((n, i) => n + (b.statuses[i] as number)),
    durations: a.durations.map((sketch, i) => mergeSketches(sketch, b.durations[i] as SketchData)),
    visitors: a.visitors.map((visitors, i) => mergeVisitors(visitors, b.visitors[i] as VisitorData)),
    tables,
  };
}

function mergeCounts(a: Counts, b: Counts): Counts {
  return {
    requests: sum(a.requests, b.requests),
    bytes: sum(a.bytes, b.bytes),
    clientErrors: sum(a.clientErrors, b.clientErrors),
    serverErrors: sum(a.serverErrors, b.serverErrors),
    outside: a.outside + b.outside,
    filtered: a.filtered + b.filtered,
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
    oldest: Math.min(a.oldest, b.oldest),
    newest: Math.max(a.newest, b.newest),
  };
}

function sum(a: readonly number[], b: readonly number[]): number[] {
  return a.map((n, i) => n + (b[i] as number));
}

function mergeSketches(a: SketchData, b: SketchData): SketchData {
  const merged = new DurationSketch({ ...a, bins: a.bins.slice() });
  merged.merge(b);
  return merged.data;
}

function mergeVisitors(a: VisitorData, b: VisitorData): VisitorData {
  const merged = VisitorCount.from(a);
  merged.merge(b);
  return merged.data();
}
