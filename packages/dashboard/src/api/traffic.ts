import type { TrafficRow } from '@vedette/contract';
import { type Chip, toWhere } from '../model/chip.ts';
import type { Window } from '../model/range.ts';

export type Row = TrafficRow;

/** A question to GET /api/v1/traffic. */
export interface TrafficQuestion {
  /** Id of the tenant. */
  tenant: string;
  window: Window;
  metrics: readonly string[];
  by?: string;
  chips: readonly Chip[];
  limit?: number;
}

/** The address of a question; parameters always in the same order. */
export function trafficPath({ tenant, window, metrics, by, chips, limit }: TrafficQuestion): string {
  const parameters = new URLSearchParams({
    tenant,
    from: new Date(window.from).toISOString(),
    to: new Date(window.to).toISOString(),
    metrics: metrics.join(','),
  });
  if (by !== undefined) parameters.set('by', by);
  for (const chip of chips) parameters.append('where', toWhere(chip));
  if (limit !== undefined) parameters.set('limit', String(limit));
  return `/api/v1/traffic?${parameters}`;
}

/** A figure of a row; null when the hub does not know it. */
export function figure(row: Row | undefined, name: string): number | null {
  const value = row?.[name];
  return typeof value === 'number' ? value : value === undefined || value === null ? null : Number(value);
}

/** A figure of a row, 0 when unknown. */
export function count(row: Row | undefined, name: string): number {
  return figure(row, name) ?? 0;
}
