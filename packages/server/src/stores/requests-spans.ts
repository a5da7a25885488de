const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export type SpanSource = 'rows' | 'minute' | 'hour' | 'day';

/** A part of a window and what it is read from. `from` is inclusive, `to` exclusive, ms since the epoch. */
export interface Span {
  source: SpanSource;
  from: number;
  to: number;
  /** Of rows: whole hours, which rows have beside their time in a column that is far cheaper to read. */
  hours?: true;
}

export interface SpanLimits {
  /** Coarsest bucket that may be used: the step that the answer is grouped by. */
  coarsest: 'minute' | 'hour' | 'day';
  /** Minutes, and hours, older than this may have been dropped. */
  minutesSince: number;
  hoursSince: number;
}

const STEPS = [
  { source: 'day', size: DAY_MS },
  { source: 'hour', size: HOUR_MS },
  { source: 'minute', size: MINUTE_MS },
] as const;

/**
 * Cuts a window into whole days, hours and minutes, which are read from the roll-ups, and what is left over at its ends
 * (under a minute, or where finer roll-ups were dropped), which is read from rows. The spans do not overlap and
 * together are the window.
 */
export function cutWindow(from: number, to: number, limits: SpanLimits): Span[] {
  const first = STEPS.findIndex(({ source }) => source === limits.coarsest);
  return merge(cut(from, to, first, limits).sort((a, b) => a.from - b.from));
}

/** Windows of rows shorter than this are not cut: few rows are read, and each piece reads its own. */
const LEAST_CUT_MS = DAY_MS;

/** Cuts a window that is read from rows into its whole hours and what is left over at its ends. */
export function cutHours(from: number, to: number): Span[] {
  const [start, end] = [Math.ceil(from / HOUR_MS) * HOUR_MS, Math.floor(to / HOUR_MS) * HOUR_MS];
  if (end - start < LEAST_CUT_MS) return [{ source: 'rows', from, to }];
  const spans: Span[] = [
    { source: 'rows', from, to: start },
    { source: 'rows', from: start, to: end, hours: true },
    { source: 'rows', from: end, to },
  ];
  return spans.filter((span) => span.from < span.to);
}

function cut(from: number, to: number, level: number, limits: SpanLimits): Span[] {
  if (from >= to) return [];
  const step = STEPS[level];
  if (step === undefined) return [{ source: 'rows', from, to }];
  const since = step.source === 'day' ? -Infinity : sinceOf(step.source, limits);
  const start = Math.ceil(Math.max(from, since) / step.size) * step.size;
  const end = Math.floor(to / step.size) * step.size;
  if (start >= end) return cut(from, to, level + 1, limits);
  return [
    ...cut(from, start, level + 1, limits),
    { source: step.source, from: start, to: end },
    ...cut(end, to, level + 1, limits),
  ];
}

function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last !== undefined && last.source === span.source && last.to === span.from) last.to = span.to;
    else merged.push({ ...span });
  }
  return merged;
}

/** Start of the minute, hour or day that follows or is this time. */
export function ceilMinute(time: number): number {
  return Math.ceil(time / MINUTE_MS) * MINUTE_MS;
}

/**
 * How times of a window that starts at `from` come to stand beside those of one that starts at `onto`: what is added to
 * them (ms), and the coarsest buckets that can be moved so. Buckets are moved as a whole, so that the distance is
 * rounded to minutes, or to the finest buckets that are still there. Without a step nothing is moved.
 */
export function alignWindow(
  from: number,
  onto: number,
  step: SpanLimits['coarsest'] | undefined,
  limits: Omit<SpanLimits, 'coarsest'>,
): { shift: number; coarsest: SpanLimits['coarsest'] } {
  if (step === undefined) return { shift: 0, coarsest: 'day' };
  const usable = STEPS.slice(STEPS.findIndex(({ source }) => source === step));
  const there = usable.filter(({ source }) => source === 'day' || from >= sinceOf(source, limits));
  const unit = there.at(-1) ?? usable[0];
  const size = unit?.size ?? DAY_MS;
  const shift = Math.round((onto - from) / size) * size;
  return { shift, coarsest: usable.find((candidate) => shift % candidate.size === 0)?.source ?? 'minute' };
}

function sinceOf(source: 'minute' | 'hour', limits: Omit<SpanLimits, 'coarsest'>): number {
  return source === 'minute' ? limits.minutesSince : limits.hoursSince;
}
