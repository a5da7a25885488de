import type { WindowedScreen } from './place.ts';
import { offsetAt } from './zone.ts';

/** Time ranges: what is chosen, the window it stands for now, and how that window is cut into bars. All ms. */

export const PRESETS = ['1h', '24h', '7d', '30d', '12mo', 'all'] as const;
export type Preset = (typeof PRESETS)[number];

/** `auto`: nothing chosen; the last 24 hours, or everything if those are empty. */
export type Range =
  | { kind: 'auto' }
  | { kind: 'preset'; preset: Preset }
  | { kind: 'custom'; from: number; to: number };

/** `from` is inclusive, `to` exclusive. */
export interface Window {
  from: number;
  to: number;
}

/** The width of one bar, and the step the API is asked for, of which whole ones make up a bar. */
export interface Bin {
  ms: number;
  step: 'minute' | 'hour' | 'day';
}

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Presets that a screen offers, and the one that holds where none is chosen; null: `auto`, which looks for data. */
export const OFFERED: Record<WindowedScreen, { presets: readonly Preset[]; first: Preset | null }> = {
  overview: { presets: PRESETS, first: null },
  explore: { presets: PRESETS, first: null },
  live: { presets: [], first: '1h' },
  interactions: { presets: ['1h', '24h', '7d', '30d', '12mo'], first: '7d' },
  consent: { presets: ['7d', '30d', '12mo'], first: '30d' },
};

/** The range that holds on a screen for what its address says: what it does not offer is as if nothing was chosen. */
export function rangeOn(screen: WindowedScreen, range: Range): Range {
  const { presets, first } = OFFERED[screen];
  if (first === null || (range.kind === 'custom' && presets.length > 0)) return range;
  return range.kind === 'preset' && presets.includes(range.preset) ? range : { kind: 'preset', preset: first };
}

const SPANS: Record<Exclude<Preset, 'all'>, number> = {
  '1h': HOUR,
  '24h': DAY,
  '7d': 7 * DAY,
  '30d': 30 * DAY,
  '12mo': 364 * DAY,
};

// From a day on only whole weeks follow: anything between would beat against the week's rhythm.
const BIN_WIDTHS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 10_080, 20_160, 40_320].map(
  (minutes) => minutes * MINUTE,
);
/** Bars a chart may have on a wide screen. */
export const MOST_BARS = 180;

/** The narrowest bar that needs at most `most` of them for that window. */
export function binFor({ from, to }: Window, most = MOST_BARS): Bin {
  const ms = BIN_WIDTHS.find((width) => (to - from) / width <= most) ?? Math.ceil((to - from) / most / DAY) * DAY;
  return { ms, step: ms < HOUR ? 'minute' : ms < DAY ? 'hour' : 'day' };
}

export const STEP_MS: Record<Bin['step'], number> = { minute: MINUTE, hour: HOUR, day: DAY };

/** How many steps of the API one window has: the limit to ask for. */
export function stepsIn(window: Window, bin: Bin): number {
  return Math.ceil((window.to - window.from) / STEP_MS[bin.step]) + 1;
}

/**
 * The window a range stands for at `now`, in whole minutes, so that figures come from the roll-ups. It begins with a bar:
 * of a preset, the one that was under way that long ago, so that the window holds the whole of, say, the last 24 hours
 * and at most one bar more. It ends with the minute under way. `span` is where there is data at all, null for none.
 */
export function resolveRange(range: Range, now: number, span: Window | null): Window {
  if (range.kind === 'custom') return align({ from: range.from, to: Math.max(range.to, range.from + MINUTE) });
  const preset = range.kind === 'auto' ? autoPreset(now, span) : range.preset;
  if (preset !== 'all') return resolveSpan(SPANS[preset], now);
  if (span === null) return resolveSpan(DAY, now);
  const { from, to } = wholeBars({ from: span.from, to: span.to + 1 });
  return { from, to: Math.min(to, Math.max(endOfMinute(span.to), endOfMinute(now))) };
}

/** What `auto` means now: everything when the last day is empty but data is elsewhere. */
export function autoPreset(now: number, span: Window | null): Preset {
  return span !== null && (span.to < now - DAY || span.from > now) ? 'all' : '24h';
}

function resolveSpan(span: number, now: number): Window {
  return { from: cutBefore(now - span, binFor({ from: 0, to: span })), to: endOfMinute(now) };
}

/**
 * The last time not after `time` where a clock or calendar of the zone in force cuts into bars. The hub counts by hours and
 * days of UTC: days are cut there, and where a zone is half an hour off, hours are too.
 */
function cutBefore(time: number, { ms, step }: Bin): number {
  const width = Math.min(ms, DAY);
  const ahead = step === 'day' ? 0 : Math.floor(offsetAt(time) / STEP_MS[step]) * STEP_MS[step];
  return Math.floor((time + ahead) / width) * width - ahead;
}

function endOfMinute(time: number): number {
  return Math.floor(time / MINUTE) * MINUTE + MINUTE;
}

function align({ from, to }: Window): Window {
  const step = STEP_MS[binFor({ from, to }).step];
  return { from: Math.floor(from / step) * step, to: Math.ceil(to / step) * step };
}

// The whole bars that cover a window, beginning where a clock or calendar would cut. Covering more may ask for wider bars.
function wholeBars({ from, to }: Window): Window {
  let covered = { from, to };
  let width = 0;
  for (let bin = binFor(covered); bin.ms > width; bin = binFor(covered)) {
    width = bin.ms;
    const start = cutBefore(from, bin);
    covered = { from: start, to: start + Math.ceil((to - start) / width) * width };
  }
  return covered;
}

/** The parts of where there is data that lie before and after a window; null for none. */
export function partsOutside(data: Window, { from, to }: Window): { earlier: Window | null; later: Window | null } {
  const end = Math.floor(data.to / MINUTE) * MINUTE + MINUTE;
  return {
    earlier: data.from < from ? { from: data.from, to: Math.min(from, end) } : null,
    later: data.to >= to ? { from: Math.max(to, data.from), to: end } : null,
  };
}

/** The window of the same length just before. */
export function windowBefore({ from, to }: Window): Window {
  return { from: from - (to - from), to: from };
}

/** Three times the window, with it in the middle; it does not reach into the future unless the window did. */
export function around({ from, to }: Window, now: number): Window {
  return { from: Math.max(0, from - (to - from)), to: Math.max(to, Math.min(to + (to - from), now)) };
}

/** true while requests that arrive now can still fall into the window. */
export function isLive({ to }: Window, now: number): boolean {
  return to > now - MINUTE;
}
