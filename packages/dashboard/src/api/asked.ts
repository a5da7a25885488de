import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { isLive, type Window } from '../model/range.ts';
import { SLOW_REFRESH_MS } from '../state/clock.ts';
import { useView } from '../state/view-context.ts';
import { getJson, isUnreachable, Problem } from './client.ts';
import { rangeName } from './queries.ts';

/** Parameters of a question; what is null or '' is left out. */
export type Parameters = Readonly<Record<string, string | number | null>>;

/** The address of a question of a tenant; parameters in the order given. */
export function addressOf(path: string, tenant: string, parameters: Parameters = {}): string {
  return `${path}?${writtenOf({ tenant, ...parameters })}`;
}

function writtenOf(parameters: Parameters): URLSearchParams {
  const told = Object.entries(parameters).filter(([, value]) => value !== null && value !== '');
  return new URLSearchParams(told.map(([name, value]) => [name, String(value)]));
}

/** `from` and `to` as the API takes them. */
export function windowParameters({ from, to }: Window): { from: string; to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** Asks a question of the tenant of the screen that has nothing to do with a window of time. */
export function useAsked<T>(path: string, parameters: Parameters = {}, everyMs: number | false = false) {
  const { tenant } = useView();
  const address = addressOf(path, tenant.id, parameters);
  return useQuery({
    queryKey: ['asked', tenant.id, path, address],
    queryFn: ({ signal }) => getJson<T>(address, signal),
    refetchInterval: everyMs,
  });
}

/** The most that the hub puts on a page of any list. */
const PAGE = 1000;

/**
 * The rows of a list that comes by pages, all of them, under the name they have in an answer: what a screen sorts, counts
 * or searches it has to have whole.
 */
export async function getWhole<Name extends string, Row>(
  path: string,
  parameters: Parameters,
  name: Name,
  signal: AbortSignal,
): Promise<Record<Name, Row[]>> {
  const rows: Row[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = writtenOf({ ...parameters, limit: PAGE, cursor });
    const page: Record<Name, Row[]> & { next: string | null } = await getJson(`${path}?${query}`, signal);
    rows.push(...page[name]);
    cursor = page.next;
  }
  return { [name]: rows } as Record<Name, Row[]>;
}

/** Asks for a whole list of the tenant of the screen. */
export function useWhole<Name extends string, Row>(path: string, name: Name) {
  const { tenant } = useView();
  return useQuery({
    queryKey: ['asked', tenant.id, path],
    queryFn: ({ signal }) => getWhole<Name, Row>(path, { tenant: tenant.id }, name, signal),
  });
}

/**
 * Asks a question about the window of the screen, and again while it can change. As the window moves with time it stays
 * the same question, whose last answer stands until the next.
 */
export function useWindowAsked<T extends object>(
  path: string,
  parameters: Parameters = {},
  enabled = true,
): UseQueryResult<T> {
  const view = useView();
  const { tenant, window, live } = view;
  const asked = JSON.stringify(parameters);
  const query = useQuery<object>({
    queryKey: ['asked', tenant.id, path, asked, rangeName(view)],
    queryFn: ({ signal }) =>
      getJson<T>(addressOf(path, tenant.id, { ...windowParameters(window), ...parameters }), signal),
    // The answer before stands in for a new one, but never that of another tenant or question.
    placeholderData: (before, query) =>
      query?.queryKey[1] === tenant.id && query.queryKey[3] === asked ? before : undefined,
    refetchInterval: ({ state }) =>
      live && isLive(window, Date.now()) && !isRefused(state.error) ? SLOW_REFRESH_MS : false,
    enabled,
  });
  return query as UseQueryResult<T>;
}

/** Whether asking again would be of no use. */
function isRefused(error: unknown): boolean {
  return error instanceof Problem && !isUnreachable(error) && error.status >= 400 && error.status < 500;
}
