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
  by?: string | readonly string[];
  chips: readonly Chip[];
  limit?: number;
  /** Metric that the largest groups are the largest by. */
  order?: string;
  /** `previous` or `FROM..TO`: the window to compare with; '' for none. */
  compare?: string;
  /** Whether a sample will not do. */
  exact?: boolean;
}

/** The address of a question; parameters always in the same order. */
export function trafficPath(question: TrafficQuestion): string {
  const parameters = trafficParameters(question);
  if (question.exact) parameters.set('sampling', 'none');
  return `/api/v1/traffic?${parameters}`;
}

/** The address of the same figures as a file, which are always exact; `ofPeople` are those of people alone beside them. */
export function trafficExportPath(
  question: TrafficQuestion & { ofPeople?: readonly string[] },
  format: 'csv' | 'ndjson',
): string {
  const parameters = trafficParameters(question);
  if (question.ofPeople !== undefined) parameters.set('people_metrics', question.ofPeople.join(','));
  parameters.set('format', format);
  return `/api/v1/traffic/export?${parameters}`;
}

function trafficParameters({ tenant, window, metrics, by, chips, limit, order, compare = '' }: TrafficQuestion) {
  const parameters = new URLSearchParams({
    tenant,
    from: new Date(window.from).toISOString(),
    to: new Date(window.to).toISOString(),
    metrics: metrics.join(','),
  });
  if (by !== undefined) parameters.set('by', [by].flat().join(','));
  for (const chip of chips) parameters.append('where', toWhere(chip));
  if (limit !== undefined) parameters.set('limit', String(limit));
  if (order !== undefined) parameters.set('order', order);
  if (compare !== '') parameters.set('compare', compare);
  return parameters;
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
