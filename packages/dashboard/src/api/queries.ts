import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { FieldsAnswer, Me, Status, Tenant, TrafficAnswer } from '@vedette/contract';
import type { Chip, FieldInfo } from '../model/chip.ts';
import { DEFAULT_CHIPS } from '../model/chip.ts';
import { isLive, stepsIn, type Window, windowBefore } from '../model/range.ts';
import { REFRESH_MS } from '../state/clock.ts';
import { useView } from '../state/view-context.ts';
import { getJson } from './client.ts';
import { type Row, type TrafficQuestion, trafficPath } from './traffic.ts';

export function useMe(): UseQueryResult<Me> {
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => getJson<Me>('/api/v1/me', signal),
    staleTime: Infinity,
  });
}

export function useFields(enabled: boolean): UseQueryResult<FieldInfo[]> {
  return useQuery({
    queryKey: ['fields'],
    queryFn: async ({ signal }) => (await getJson<FieldsAnswer>('/api/v1/fields', signal)).fields,
    enabled,
    staleTime: Infinity,
  });
}

function ask(question: TrafficQuestion, signal: AbortSignal): Promise<TrafficAnswer> {
  return getJson<TrafficAnswer>(trafficPath(question), signal);
}

/** Asks one question about the window and filters of the screen, and again every 10 seconds while it can change. */
function useTraffic(
  question: { metrics: readonly string[]; by?: string; limit?: number; window?: Window; chips?: readonly Chip[] },
  enabled = true,
): UseQueryResult<TrafficAnswer> {
  const view = useView();
  const whole = { tenant: view.tenant.id, window: view.window, chips: view.chips, ...question };
  return useQuery({
    queryKey: ['traffic', whole.tenant, trafficPath(whole)],
    queryFn: ({ signal }) => ask(whole, signal),
    // The answer before stands in for a new one, but never another tenant's.
    placeholderData: (before: TrafficAnswer | undefined, query) =>
      query?.queryKey[1] === whole.tenant ? before : undefined,
    refetchInterval: () => (view.live && isLive(whole.window, Date.now()) ? REFRESH_MS : false),
    enabled,
  });
}

const SPLIT = ['requests', 'people', 'bots', 'hosting'] as const;
const TOTALS = ['requests', 'people', 'bots', 'hosting', 'uniques', 'errors', 'error_rate', 'bytes_out'] as const;

/** The figures of the window. */
export function useTotals(): UseQueryResult<TrafficAnswer> {
  return useTraffic({ metrics: TOTALS });
}

/** The figures of the window of the same length before; not asked where the data begins later than that. */
export function useTotalsBefore(): UseQueryResult<TrafficAnswer> {
  const { window, span } = useView();
  const before = windowBefore(window);
  return useTraffic({ metrics: SPLIT, window: before }, span !== null && span.window.from <= before.from);
}

/** Latency percentiles of people's requests. */
export function useLatency(): UseQueryResult<TrafficAnswer> {
  const { chips } = useView();
  return useTraffic({ metrics: ['p50', 'p95'], chips: [...chips, { field: 'class', operator: '=', value: 'people' }] });
}

/** All requests of the window, whatever the filters say. */
export function useUnfiltered(): UseQueryResult<TrafficAnswer> {
  const { chips } = useView();
  return useTraffic({ metrics: ['requests'], chips: [] }, chips.length > 0);
}

/** How many requests of the window these conditions alone match. */
export function useMatching(chips: readonly Chip[]): UseQueryResult<TrafficAnswer> {
  return useTraffic({ metrics: ['requests'], chips });
}

export function useTimeline(): UseQueryResult<TrafficAnswer> {
  const { window, bin } = useView();
  return useTraffic({ metrics: SPLIT, by: bin.step, limit: stepsIn(window, bin) });
}

/** The largest groups by a field, with their split into classes. */
export function useTop(field: string, limit: number, enabled = true): UseQueryResult<TrafficAnswer> {
  const { chips } = useView();
  const only: Chip[] =
    field === 'bot_name' || field === 'bot_kind' ? [{ field: 'bot', operator: '=', value: 'true' }] : [];
  return useTraffic({ metrics: SPLIT, by: field, limit, chips: [...chips, ...only] }, enabled);
}

/** Values of a field to suggest, most frequent first, whatever the filters say. */
export function useSuggestions(field: string): UseQueryResult<TrafficAnswer> {
  return useTraffic({ metrics: ['requests'], by: field, limit: 30, chips: [] }, field !== '');
}

/** Where a tenant has requests at all, its own hub's aside, to the minute; and how many. */
export interface Span {
  window: Window;
  requests: number;
}

const DAY_MS = 86_400_000;

/** Answers null when there is nothing at all. */
export function useSpan(tenant: Tenant | undefined): UseQueryResult<Span | null> {
  return useQuery({
    queryKey: ['traffic', tenant?.id, 'span'],
    enabled: tenant !== undefined,
    refetchInterval: (query) => (query.state.data === null ? REFRESH_MS / 2 : 6 * REFRESH_MS),
    queryFn: async ({ signal }) => {
      const question = { tenant: tenant?.id ?? '', metrics: ['requests'], chips: DEFAULT_CHIPS };
      const path = `/api/v1/status?tenant=${encodeURIComponent(question.tenant)}`;
      const { first: firstEver, last: lastEver } = (await getJson<Status>(path, signal)).requests;
      if (firstEver === null || lastEver === null) return null;
      const everything = {
        from: Math.floor(Date.parse(firstEver) / DAY_MS) * DAY_MS,
        to: (Math.floor(Date.parse(lastEver) / DAY_MS) + 1) * DAY_MS,
      };
      const days = spanOf(
        (await ask({ ...question, window: everything, by: 'day', limit: 50_000 }, signal)).rows,
        'day',
      );
      if (days === null) return null;
      const minutesOf = async (day: number) => {
        const window = { from: day, to: day + DAY_MS };
        return spanOf((await ask({ ...question, window, by: 'minute', limit: 1440 }, signal)).rows, 'minute');
      };
      const [first, last] = await Promise.all([minutesOf(days.window.from), minutesOf(days.window.to)]);
      const from = first?.window.from ?? days.window.from;
      const to = (last?.window.to ?? days.window.to + DAY_MS) + 60_000 - 1;
      return { window: { from, to }, requests: days.requests };
    },
  });
}

/** First and last step of rows by that step, and the sum of their requests; null without any. */
export function spanOf(rows: readonly Row[], step: 'minute' | 'day'): Span | null {
  let span: Span | null = null;
  for (const row of rows) {
    const time = Date.parse(String(row[step]));
    const requests = Number(row.requests ?? 0);
    if (!(requests > 0) || Number.isNaN(time)) continue;
    span ??= { window: { from: time, to: time }, requests: 0 };
    span.requests += requests;
    span.window.from = Math.min(span.window.from, time);
    span.window.to = Math.max(span.window.to, time);
  }
  return span;
}
