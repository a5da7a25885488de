import { MOST_BARS, STEP_MS, type Window, windowBefore } from './range.ts';

/** What the explorer shows beside the window and the filters; all of it is in the address. */
export interface Exploration {
  /** The field that requests are broken down by. */
  by: string;
  metric: ChartMetric;
  /** What is compared with: `previous`, or `FROM..TO` by RFC 3339; '' for nothing. */
  compare: string;
  /** The step that was chosen for the chart; '' for one that fits. */
  step: Step | '';
  /** Which column the breakdown is sorted by, as tables write it. */
  order: string;
  show: Shown;
  /** The saved view that was opened; '' for none. */
  view: string;
  /** Id of the single request that is open; '' for none. */
  request: string;
}

/** What can be drawn over time. Other than requests they cannot be summed, so that they are asked for by step and class. */
export const CHART_METRICS = ['requests', 'uniques', 'error_rate', 'p50', 'p95', 'p99', 'bytes_out'] as const;
export type ChartMetric = (typeof CHART_METRICS)[number];

export const STEPS = ['minute', 'hour', 'day'] as const;
export type Step = (typeof STEPS)[number];

export const SHOWN = ['breakdown', 'requests'] as const;
export type Shown = (typeof SHOWN)[number];

export const DEFAULT_ORDER = '-requests';
const FIRST_FIELD = 'path';
/** Points a line may have: more of them are no line any longer, and slow to draw. */
const MOST_POINTS = 1500;

/** Reads the query part of an address; what it does not understand is as if it were not there. */
export function parseExploration(search: string): Exploration {
  const parameters = new URLSearchParams(search);
  const one = <T extends string>(name: string, of: readonly T[]) => of.find((value) => value === parameters.get(name));
  const compare = parameters.get('compare') ?? '';
  return {
    by: /^[a-z_]+$/.exec(parameters.get('by') ?? '')?.[0] ?? FIRST_FIELD,
    metric: one('metric', CHART_METRICS) ?? 'requests',
    compare: compare === 'previous' || readCompared(compare) !== null ? compare : '',
    step: one('step', STEPS) ?? '',
    order: parameters.get('order') ?? DEFAULT_ORDER,
    show: one('show', SHOWN) ?? 'breakdown',
    view: parameters.get('view') ?? '',
    request: parameters.get('request') ?? '',
  };
}

function readCompared(compare: string): Window | null {
  const [first = '', last = ''] = compare.split('..');
  const [from, to] = [Date.parse(first), Date.parse(last)];
  return from < to ? { from, to } : null;
}

/** `FROM..TO` of a window. */
export function formatCompared({ from, to }: Window): string {
  return [from, to].map((time) => new Date(time).toISOString().replace('.000Z', 'Z')).join('..');
}

/** The window compared with; null for none. */
export function comparedWindow(compare: string, window: Window): Window | null {
  return compare === 'previous' ? windowBefore(window) : readCompared(compare);
}

/** The steps that a line over a window may have. */
export function stepsFor(window: Window): Step[] {
  return STEPS.filter((step) => pointsOf(window, step) <= MOST_POINTS || step === 'day');
}

/** The step in force: the one that was chosen where it can be, else the finest that a chart has room for. */
export function stepFor(window: Window, chosen: Step | ''): Step {
  const possible = stepsFor(window);
  if (chosen !== '' && possible.includes(chosen)) return chosen;
  return possible.find((step) => pointsOf(window, step) <= MOST_BARS) ?? 'day';
}

function pointsOf({ from, to }: Window, step: Step): number {
  return Math.ceil((to - from) / STEP_MS[step]);
}

/** The query of an address as a saved view keeps it: without tenant, which view it is, and what is open over it. */
export function savedQuery(search: string): string {
  const parameters = new URLSearchParams(search);
  for (const name of ['tenant', 'view', 'request']) parameters.delete(name);
  return parameters.toString();
}

/** Whether two queries say the same, in whatever order. */
export function sameQuery(a: string, b: string): boolean {
  const told = (query: string) =>
    [...new URLSearchParams(savedQuery(query))]
      .map(([name, value]) => `${name}=${value}`)
      .sort()
      .join('&');
  return told(a) === told(b);
}
