import type { InteractionKind } from './interaction.ts';
import type { TrafficClass } from './request.ts';

export const INTERACTION_BY = ['kind', 'name', 'path', 'country', 'device_type', 'class', 'hour', 'day'] as const;
export type InteractionBy = (typeof INTERACTION_BY)[number];

/** A stretch of time, `from` inclusive and `to` exclusive, ms since the epoch. */
export interface Stretch {
  from: number;
  to: number;
}

/** A question about interactions; what is absent is not asked for. */
export interface InteractionQuery extends Stretch {
  by: InteractionBy;
  kind?: InteractionKind;
  name?: string;
  domain?: string;
  class?: TrafficClass;
  limit: number;
}

/** A stretch as an answer tells it, RFC 3339. */
export interface Window {
  from: string;
  to: string;
}

export function windowOf({ from, to }: Stretch): Window {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

export interface InteractionFigures {
  /** Widened to whole hours, which are what is counted. */
  window: Window;
  by: InteractionBy;
  total: { count: number; consented: number };
  rows: InteractionFigure[];
}

export interface InteractionFigure {
  key: string;
  count: number;
  /** Of people who granted. */
  consented: number;
  /** Different people who granted; null where their rows are past their retention. */
  visitors: number | null;
  /** Of the values that were told. */
  p50: number | null;
  p75: number | null;
  p95: number | null;
}

export interface WidgetQuery extends Stretch {
  domain?: string;
  limit: number;
}

export interface WidgetFigures {
  window: Window;
  widgets: {
    name: string;
    clicks: number;
    consented_clicks: number;
    visitors: number;
    page_visitors: number;
    rate: number | null;
  }[];
}

export interface FunnelStep {
  kind: 'page_view' | 'click' | 'outbound' | 'custom';
  /** Path of a page view, with * for anything; name of anything else. */
  match: string;
}

export interface FunnelQuery extends Stretch {
  domain?: string;
  /** From a person's first step to the last. */
  withinMs: number;
  steps: readonly FunnelStep[];
}

export interface FunnelFigures {
  window: Window;
  steps: (FunnelStep & { visitors: number; share: number | null })[];
}

export const SESSION_BY = ['day', 'entry', 'exit', 'country', 'device_type', 'referrer'] as const;
export type SessionBy = (typeof SESSION_BY)[number];

/** A question about sessions that began in the stretch. */
export interface SessionQuery extends Stretch {
  by: SessionBy;
  domain?: string;
  /** Of people who granted (known by their visitor id), or of the rest (known for a day). */
  consent?: 'granted' | 'unknown';
  limit: number;
}

export interface SessionFigure {
  key: string;
  sessions: number;
  visitors: number;
  daily_visitors: number;
  bounce_rate: number | null;
  pages_per_session: number | null;
  /** s */
  duration_p50: number | null;
}

export interface SessionFigures {
  window: Window;
  derived_until: string | null;
  by: SessionBy;
  total: SessionFigure;
  rows: SessionFigure[];
}
