import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Me, SourcesAnswer } from '@vedette/contract';
import { useView } from '../state/view-context.ts';
import { getJson, Problem } from './client.ts';

/** What sends to the tenant of the screen, asked again every `everyMs` (false: not) while the page is visible. */
export function useSources(everyMs: number | false): UseQueryResult<SourcesAnswer> {
  const { tenant } = useView();
  return useQuery({
    queryKey: ['sources', tenant.id],
    queryFn: ({ signal }) => getJson<SourcesAnswer>(`/api/v1/sources?tenant=${encodeURIComponent(tenant.id)}`, signal),
    staleTime: 1000,
    refetchInterval: everyMs,
  });
}

/** What the hub says of a key that was pasted; null: it does not know it. Asked once it is not ''. */
export function useKey(key: string): UseQueryResult<Me | null> {
  return useQuery({
    queryKey: ['key', key],
    queryFn: async ({ signal }) => {
      try {
        return await getJson<Me>('/api/v1/me', signal, key);
      } catch (error) {
        // Here it says nothing of the session of the browser.
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
    enabled: key !== '',
    staleTime: 30_000,
    // A secret: not kept longer than the page that asked.
    gcTime: 0,
  });
}
