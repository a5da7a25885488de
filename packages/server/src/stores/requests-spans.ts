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

function cut(from: number, to: number, level: number, limits: SpanLimits): Span[] {
  if (from >= to) return [];
  const step = STEPS[level];
  if (step === undefined) return [{ source: 'rows', from, to }];
  const since = step.source === 'minute' ? limits.minutesSince : step.source === 'hour' ? limits.hoursSince : -Infinity;
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
