import { useQuery } from '@tanstack/react-query';
import type { Status } from '@vedette/contract';
import { getJson } from './client.ts';

type Disk = NonNullable<Status['hub']>['disk'];

const REFRESH_MS = 30_000;

/**
 * How the disk guard of the hub stands; `good` while that is not known. An operator also gets the figures of the disk,
 * which are asked for only when something is to be said of it.
 */
export function useDisk(tenant: string, operator: boolean): { state: Disk['state']; disk: Disk | null } {
  const { data: state = 'good' } = useQuery({
    queryKey: ['disk'],
    queryFn: async ({ signal }) => (await getJson<{ disk?: Disk['state'] }>('/healthz', signal)).disk ?? 'good',
    refetchInterval: REFRESH_MS,
  });
  const { data: disk = null } = useQuery({
    queryKey: ['disk', 'figures', tenant],
    queryFn: async ({ signal }) => {
      const { hub } = await getJson<Status>(`/api/v1/status?tenant=${encodeURIComponent(tenant)}`, signal);
      return hub?.disk ?? null;
    },
    refetchInterval: REFRESH_MS,
    enabled: operator && state !== 'good',
  });
  return { state, disk };
}
