import { type UseQueryResult, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RequestRow, RequestRows, TrafficAnswer } from '@vedette/contract';
import { type Chip, toWhere } from '../model/chip.ts';
import { type Exploration, stepFor } from '../model/explore.ts';
import { STEP_MS, type Window } from '../model/range.ts';
import { useView, type ViewState } from '../state/view-context.ts';
import { addressOf } from './asked.ts';
import { getJson } from './client.ts';
import { rangeName, useTraffic } from './queries.ts';
import { trafficExportPath } from './traffic.ts';

/** Groups that a breakdown asks for; one more tells whether there are others. */
export const MOST_GROUPS = 500;
const MOST_PEOPLE_GROUPS = 5000;

const SPLIT = ['requests', 'people', 'bots', 'hosting'] as const;
const BREAKDOWN = [...SPLIT, 'uniques', 'errors', 'bytes_out'] as const;
const OF_PEOPLE = ['requests', 'timed', 'error_rate', 'p50', 'p95', 'p99'] as const;
const PEOPLE: Chip = { field: 'class', operator: '=', value: 'people' };

/** The metric that the hub chooses the largest groups by, for a table sorted so. */
function orderOf(order: string): string {
  const column = order.replace(/^-/, '');
  return order.startsWith('-') && BREAKDOWN.some((name) => name === column) ? column : 'requests';
}

/** The largest groups by a field, with the figures of everybody, and those of the window compared with. */
export function useBreakdown({ by, compare, order }: Exploration): UseQueryResult<TrafficAnswer> {
  return useTraffic({ metrics: BREAKDOWN, by, compare, order: orderOf(order), limit: MOST_GROUPS + 1 });
}

/** How people fared, by the same field: errors and latency without bots and hosting. */
export function useBreakdownOfPeople({ by, compare }: Exploration): UseQueryResult<TrafficAnswer> {
  const { chips } = useView();
  return useTraffic({ metrics: OF_PEOPLE, by, compare, limit: MOST_PEOPLE_GROUPS, chips: [...chips, PEOPLE] });
}

/** A metric over time, by class. */
export function useLines({ metric, compare, step }: Exploration): UseQueryResult<TrafficAnswer> {
  const { window } = useView();
  const by = stepFor(window, step);
  const limit = 3 * (Math.ceil((window.to - window.from) / STEP_MS[by]) + 2);
  return useTraffic({ metrics: [metric], by: [by, 'class'], compare, limit });
}

/** A metric of the whole window, by class. */
export function useByClass({ metric, compare }: Exploration): UseQueryResult<TrafficAnswer> {
  return useTraffic({ metrics: [metric], by: 'class', compare });
}

/** Addresses of the breakdown as a file: everybody's figures and people's, as the table has them. */
export function useBreakdownExport({ by, compare, order }: Exploration): (format: 'csv' | 'ndjson') => string {
  const { tenant, window, chips } = useView();
  const question = { tenant: tenant.id, window, chips, metrics: BREAKDOWN, ofPeople: OF_PEOPLE };
  return (format) => trafficExportPath({ ...question, by, compare, order: orderOf(order), limit: 50_000 }, format);
}

const PAGE = 200;

function requestsPath(tenant: string, window: Window, chips: readonly Chip[], end = ''): URLSearchParams {
  const parameters = new URLSearchParams({
    tenant,
    from: new Date(window.from).toISOString(),
    to: new Date(window.to).toISOString(),
  });
  for (const chip of chips) parameters.append('where', toWhere(chip));
  if (end !== '') parameters.set('cursor', end);
  return parameters;
}

/** What a list of requests is of, whatever time it is. */
function keyOf(view: ViewState) {
  return ['traffic', view.tenant.id, 'requests', rangeName(view), view.chips.map(toWhere).join('\n')];
}

/**
 * Single requests of the window, the latest first, by pages. The list stands still, as of when it was asked for: what
 * arrives since is there after `again`.
 */
export function useRequests() {
  const view = useView();
  const queries = useQueryClient();
  const queryKey = keyOf(view);
  const query = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam, signal }) => {
      const { window, cursor } = pageParam ?? { window: view.window, cursor: '' };
      const parameters = requestsPath(view.tenant.id, window, view.chips, cursor);
      parameters.set('limit', String(PAGE));
      const page = await getJson<RequestRows>(`/api/v1/requests?${parameters}`, signal);
      return { ...page, window, asOf: Date.now() };
    },
    initialPageParam: null as { window: Window; cursor: string } | null,
    getNextPageParam: ({ next, window }) => (next === null ? undefined : { window, cursor: next }),
    staleTime: Infinity,
    retry: false,
    enabled: view.may('export'),
  });
  return { query, again: () => void queries.resetQueries({ queryKey }) };
}

/** One request by its id, as far as its row is kept. */
export function useRequest(id: string): UseQueryResult<RequestRow> {
  const { tenant, may } = useView();
  return useQuery({
    queryKey: ['traffic', tenant.id, 'request', id],
    queryFn: ({ signal }) =>
      getJson<RequestRow>(addressOf(`/api/v1/requests/${encodeURIComponent(id)}`, tenant.id), signal),
    staleTime: Infinity,
    enabled: may('export'),
  });
}

/** Addresses of the single requests as a file: all of the window that are kept. */
export function useRequestsExport(): (format: 'csv' | 'ndjson') => string {
  const { tenant, window, chips } = useView();
  return (format) => {
    const parameters = requestsPath(tenant.id, window, chips);
    parameters.set('format', format);
    return `/api/v1/requests/export?${parameters}`;
  };
}
