import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useView } from '../state/view-context.ts';
import { addressOf, type Parameters } from './asked.ts';
import { getJson } from './client.ts';

/**
 * Does something about the tenant of the screen; what was asked about it before is asked anew. `mine`: it may have been
 * about what the viewer sees of it, so that is asked anew, too.
 */
export function useTenantChange<Sent, Answer>(
  send: (tenant: string, sent: Sent) => Promise<Answer>,
  { mine = false } = {},
) {
  const { tenant } = useView();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (sent: Sent) => send(tenant.id, sent),
    // An answer may hold what is shown once.
    gcTime: 0,
    onSuccess: () => {
      if (mine) void queries.invalidateQueries({ queryKey: ['me'] });
      return queries.invalidateQueries({ queryKey: ['asked', tenant.id] });
    },
  });
}

/** A list of the tenant of the screen that comes by pages; further ones are asked for when they are wanted. */
export function usePages<Page extends { next: string | null }>(path: string, parameters: Parameters = {}) {
  const { tenant } = useView();
  return useInfiniteQuery({
    queryKey: ['asked', tenant.id, path, addressOf(path, tenant.id, parameters)],
    queryFn: ({ pageParam, signal }) =>
      getJson<Page>(addressOf(path, tenant.id, { ...parameters, cursor: pageParam }), signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
}
