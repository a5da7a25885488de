import type { FieldName } from '../model/field.ts';
import type { Step } from './time-series.ts';

/** Counts by class; the three add up to the total. */
export interface ByClass {
  total: number;
  people: number;
  bots: number;
  hosting: number;
}

/** A span of event times, RFC 3339, both ends inclusive; null when there was no request. */
export interface Span {
  from: string | null;
  to: string | null;
}

export interface LineCounts {
  /** Lines that should hold a request: accepted + rejected. */
  read: number;
  accepted: number;
  rejected: number;
  /** Directives, comments, blank lines and the server's own messages, which hold none. */
  skipped: number;
}

export interface ReportedFile {
  name: string;
  /** Name of the format, as `--format` takes it; null when the file was empty. */
  format: string | null;
  title: string | null;
  /** Decompressed bytes read. */
  bytes: number;
  lines: LineCounts;
  /** Why the file ended early; null when it did not. */
  truncated: string | null;
  /** Why nothing of it could be read; null when it was. */
  error: string | null;
}

export interface Point {
  /** Beginning of the step, RFC 3339. */
  time: string;
  requests: number;
  people: number;
  bots: number;
  hosting: number;
  bytes: number;
  errors: number;
}

export interface Row {
  /** What `--where` takes as the value of the list's field; '' when unknown. */
  key: string;
  /** What people read, where that differs. */
  label?: string;
  requests: number;
  people: number;
  bots: number;
  hosting: number;
  /** Response bytes. */
  bytes: number;
  /** Answers of status 400 and above. */
  errors: number;
  /** Present when the figures are lower bounds: so many more requests there may have been. */
  unseen_at_most?: number;
}

export interface List {
  title: string;
  /** The field to filter by; null where none has the same values. */
  field: FieldName | null;
  /** Number of different keys; a lower bound unless `exact`. */
  distinct: number;
  /** false: there were more keys than are held; a key that is not listed had at most `missed_at_most` requests. */
  exact: boolean;
  missed_at_most: number;
  /** Most frequent first; equals in the order of their keys. */
  rows: Row[];
}

/** Milliseconds; percentiles within 1 % of the true value. */
export interface Percentiles {
  count: number;
  mean: number;
  p50: number;
  p75: number;
  p90: number;
  p95: number;
  p99: number;
  max: number;
}

export interface RejectExample {
  file: string;
  /** 1-based. */
  line: number;
  detail: string;
  excerpt: string;
}

export interface RejectReason {
  reason: string;
  lines: number;
  examples: RejectExample[];
}

export const LISTS = [
  'paths',
  'hosts',
  'countries',
  'regions',
  'cities',
  'networks',
  'network_kinds',
  'statuses',
  'status_classes',
  'referrers',
  'referring_hosts',
  'browsers',
  'systems',
  'devices',
  'bots',
  'bot_kinds',
  'user_agents',
  'methods',
  'protocols',
  'clients',
] as const;
export type ListName = (typeof LISTS)[number];

/** Everything `vedette report --json` says, in this order. The shape is stable: fields may be added, none changes its meaning. */
export interface Report {
  lines: LineCounts;
  /** Event times of the requests counted below. */
  window: Span;
  requests: ByClass & {
    /** Accepted lines outside the window asked for. */
    outside_window: number;
    /** Accepted lines in the window that a filter kept out. */
    filtered_out: number;
  };
  /** What was asked for: the window (null: open) and the filters as written. */
  asked: { from: string | null; to: string | null; where: string[] };
  /** Event times of all accepted lines, before window and filters. */
  log: Span;
  /**
   * Different pairs of client address and user agent; an estimate (0.8 %) unless `exact`. null when no request names an
   * address. Those that name none are in no pair.
   */
  visitors: (ByClass & { exact: boolean }) | null;
  /** Response bytes. */
  bytes: ByClass;
  /** Answers of status 400–499. */
  client_errors: ByClass;
  /** Answers of status 500 and above. */
  server_errors: ByClass;
  /** null when the log has no durations. Classes without any are null. */
  latency: {
    all: Percentiles;
    people: Percentiles | null;
    bots: Percentiles | null;
    hosting: Percentiles | null;
  } | null;
  over_time: { step: Step; points: Point[] };
  top: Record<ListName, List>;
  /** Lines that could not be read, by reason, most frequent first. */
  rejected: RejectReason[];
  files: ReportedFile[];
  /** What the licences of the data on places and networks ask to be said. */
  attributions: string[];
}
