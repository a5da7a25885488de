import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { FieldsAnswer, Me, MyTenant, Status, Tenant, TrafficAnswer } from '@vedette/contract';
import { type Chip, DEFAULT_CHIPS, type FieldInfo, toWhere } from '../model/chip.ts';
import { isLive, partsOutside, STEP_MS, stepsIn, type Window } from '../model/range.ts';
import { REFRESH_MS } from '../state/clock.ts';
import { useView, type ViewState } from '../state/view-context.ts';
import { text } from '../text.ts';
import { getJson, wrongFilters } from './client.ts';
import { type Row, type TrafficQuestion, trafficPath } from './traffic.ts';

export function useMe(): UseQueryResult<Me> {
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => getJson<Me>('/api/v1/me', signal),
    staleTime: Infinity,
    // A page that shows nothing but why its tenant is shut asks nothing else that would tell when it is open again.
    refetchInterval: ({ state }) => (state.data?.tenants.some(isShut) ? REFRESH_MS : false),
  });
}

const isShut = ({ suspended, second_factor_missing: weak, permissions }: MyTenant) =>
  weak || (suspended && !permissions.includes('operate'));

export function useFields(enabled: boolean): UseQueryResult<FieldInfo[]> {
  return useQuery({
    queryKey: ['fields'],
    queryFn: async ({ signal }) => (await getJson<FieldsAnswer>('/api/v1/fields', signal)).fields,
    select: withTitles,
    enabled,
    staleTime: Infinity,
  });
}

/** The fields by their titles in the language in force, those the hub has where there are none. */
function withTitles(fields: FieldInfo[]): FieldInfo[] {
  return fields.map((field) => ({ ...field, title: text.fields[field.name] ?? field.title }));
}

function ask(question: TrafficQuestion, signal: AbortSignal): Promise<TrafficAnswer> {
  return getJson<TrafficAnswer>(trafficPath(question), signal);
}

export interface Question extends Pick<TrafficQuestion, 'metrics' | 'by' | 'limit' | 'order' | 'compare'> {
  chips?: readonly Chip[];
  /** A window other than the screen's. */
  window?: Window;
  /** Which answer stands in for one under way: any, or only that of the same window, before it moved with time. */
  standIn?: 'any' | 'moved';
}

/**
 * Asks one question about the window and filters of the screen, and again every 10 seconds while it can change. As the
 * window moves with time it stays the same question: its last answer is there until the next one, or for as long as
 * the hub gives none.
 */
export function useTraffic({ standIn = 'any', ...question }: Question, enabled = true): UseQueryResult<TrafficAnswer> {
  const view = useView();
  const whole = { tenant: view.tenant.id, window: view.window, chips: view.chips, exact: view.exact, ...question };
  const { metrics, limit, chips, window, order, compare, exact } = whole;
  const by = [whole.by ?? ''].flat();
  const most = by.some((name) => name in STEP_MS) ? null : limit;
  const about = [metrics.join(), by.join(), most, order, compare, exact];
  const asked = [...about, ...chips.map(toWhere), rangeName(view)].join('\n');
  return useQuery({
    queryKey: ['traffic', whole.tenant, asked, question.window === undefined ? '' : `${window.from}/${window.to}`],
    queryFn: ({ signal }) => ask(whole, signal),
    // The answer before stands in for a new one, but never another tenant's.
    placeholderData: (before: TrafficAnswer | undefined, query) =>
      query?.queryKey[1] === whole.tenant && (standIn === 'any' || query.queryKey[2] === asked) ? before : undefined,
    refetchInterval: ({ state }) =>
      view.live && isLive(window, Date.now()) && wrongFilters(state.error) === null ? REFRESH_MS : false,
    // Filters that were refused stay so: what is drawn about the refusal would ask again, and be drawn anew by it.
    retryOnMount: ({ state }) => wrongFilters(state.error) === null,
    enabled,
  });
}

/** What stays the same of the range of the screen as time goes by. */
export function rangeName({ preset, window }: ViewState): string {
  if (preset === null) return `${window.from}/${window.to}`;
  return preset === 'all' ? `all since ${window.from}` : preset;
}

const SPLIT = ['requests', 'people', 'bots', 'hosting'] as const;
const TOTALS = ['requests', 'people', 'bots', 'hosting', 'uniques', 'errors', 'error_rate', 'bytes_out'] as const;

/** The figures of the window. */
export function useTotals(): UseQueryResult<TrafficAnswer> {
  return useTraffic({ metrics: TOTALS });
}

/** The figures of the window compared with; not asked where the data begins later than that. */
export function useTotalsBefore(): UseQueryResult<TrafficAnswer> {
  const { compared, span } = useView();
  return useTraffic(
    { metrics: SPLIT, window: compared, standIn: 'moved' },
    span !== null && span.window.from <= compared.from,
  );
}

/** Latency percentiles of people's requests, and how many of those they are from. */
export function useLatency(): UseQueryResult<TrafficAnswer> {
  const { chips } = useView();
  return useTraffic({
    metrics: ['requests', 'timed', 'p50', 'p95'],
    chips: [...chips, { field: 'class', operator: '=', value: 'people' }],
  });
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

/** What the list of a field is of, beside what the filters say: names of bots are those of bots alone. */
export function onlyFor(field: string): readonly Chip[] {
  return field === 'bot_name' || field === 'bot_kind' ? [{ field: 'bot', operator: '=', value: 'true' }] : [];
}

/** The largest groups by a field, with their split into classes. */
export function useTop(field: string, limit: number, enabled = true): UseQueryResult<TrafficAnswer> {
  const { chips } = useView();
  return useTraffic({ metrics: SPLIT, by: field, limit, chips: [...chips, ...onlyFor(field)] }, enabled);
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

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The most rows an answer may have: all days of more than a century. */
const MOST_DAYS = 50_000;

/** How many requests there were on each day of a window, filters aside; null: not asked. */
function useDays(window: Window | null): UseQueryResult<TrafficAnswer> {
  const question = { metrics: ['requests'], by: 'day', limit: MOST_DAYS, chips: DEFAULT_CHIPS };
  return useTraffic({ ...question, window: window ?? { from: 0, to: 0 } }, window !== null);
}

/**
 * Where the tenant has requests outside the window of the screen, by whole days, and how many, filters aside; null for
 * none, undefined while it is not known.
 */
export function useOutside(): Span | null | undefined {
  const { window, preset, span } = useView();
  // What arrives between two ticks of the clock is not outside of a window that moves.
  const shown = preset === null ? window : { from: window.from, to: window.to + MINUTE_MS };
  const parts = span === null ? null : partsOutside(span.window, shown);
  const earlier = useDays(parts?.earlier ?? null);
  const later = useDays(parts?.later ?? null);
  if (parts === null) return undefined;
  const answers = [parts.earlier && earlier.data, parts.later && later.data].filter((data) => data !== null);
  const known = answers.filter((data) => data !== undefined);
  if (known.length < answers.length) return undefined;
  return spanOf(
    known.flatMap(({ rows }) => rows),
    'day',
  );
}

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
        (await ask({ ...question, window: everything, by: 'day', limit: MOST_DAYS }, signal)).rows,
        'day',
      );
      if (days === null) return null;
      const minutesOf = async (day: number) => {
        const window = { from: day, to: day + DAY_MS };
        return spanOf((await ask({ ...question, window, by: 'minute', limit: 1440 }, signal)).rows, 'minute');
      };
      const [first, last] = await Promise.all([minutesOf(days.window.from), minutesOf(days.window.to)]);
      const from = first?.window.from ?? days.window.from;
      const to = (last?.window.to ?? days.window.to + DAY_MS) + MINUTE_MS - 1;
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
