import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { EndedSessions, Quota, QuotaAnswer, Tenant, TenantDeletion, TenantDetail } from '@vedette/contract';
import { useEffect, useRef } from 'react';
import { addressOf, getWhole, useAsked } from './asked.ts';
import { sendJson } from './client.ts';
import { useTenantChange } from './managed.ts';

const PATH = '/api/v1/tenants';
const DELETION_MS = 2000;

/** All tenants, for operators. */
export function useTenants() {
  return useQuery({
    queryKey: ['tenants'],
    queryFn: ({ signal }) => getWhole<'tenants', TenantDetail>(PATH, {}, 'tenants', signal),
    // One that is being deleted goes by itself.
    refetchInterval: ({ state }) =>
      state.data?.tenants.some(({ deleting }) => deleting !== null) ? DELETION_MS : false,
  });
}

/** Deletions of whole tenants with their proofs, the newest first; asked again while one runs. */
export function useDeletions() {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['tenants', 'deletions'],
    queryFn: ({ signal }) => getWhole<'deletions', TenantDeletion>('/api/v1/tenant-deletions', {}, 'deletions', signal),
    refetchInterval: ({ state }) =>
      state.data?.deletions.some((deletion) => deletion.state === 'running') ? DELETION_MS : false,
  });
  const running = query.data?.deletions.some(({ state }) => state === 'running') ?? false;
  const ran = useRef(false);
  useEffect(() => {
    // A tenant has gone, which the viewer was offered so far.
    if (ran.current && !running) void queries.invalidateQueries({ queryKey: ['me'] });
    ran.current = running;
  }, [running, queries]);
  return query;
}

/** Changes a tenant; who may see which tenants is asked anew, too. */
function useChange<Sent, Answer>(send: (sent: Sent) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['me'] });
      return queries.invalidateQueries({ queryKey: ['tenants'] });
    },
  });
}

export const useCreateTenant = () =>
  useChange((tenant: { slug: string; name?: string }) => sendJson<TenantDetail>('POST', PATH, tenant));

export const useRenameTenant = () =>
  useChange(({ id, name }: { id: string; name: string }) => sendJson<TenantDetail>('PATCH', `${PATH}/${id}`, { name }));

export const useSuspend = () =>
  useChange(({ id, suspend }: { id: string; suspend: boolean }) =>
    sendJson<TenantDetail>('POST', `${PATH}/${id}/${suspend ? 'suspend' : 'resume'}`, {}),
  );

export const useSetQuota = () =>
  useChange(({ id, quota }: { id: string; quota: Quota }) =>
    sendJson<TenantDetail>('PUT', `${PATH}/${id}/quota`, quota),
  );

export const useDeleteTenant = () =>
  useChange(({ id, confirm }: { id: string; confirm: string }) =>
    sendJson<TenantDeletion>('DELETE', `${PATH}/${id}`, { confirm }),
  );

/** Ends the sessions of everybody but this one, for operators. */
export const useEndAllSessions = () =>
  useMutation({ mutationFn: () => sendJson<EndedSessions>('DELETE', '/api/v1/people/sessions', {}) });

/** What the tenant of the screen may use, and uses. */
export function useQuota() {
  return useAsked<QuotaAnswer>('/api/v1/quota');
}

/** Whether everybody in the tenant of the screen needs a second factor, by its own people. */
export const useSetSecondFactor = () =>
  useTenantChange(
    (tenant, rule: Tenant['second_factor']) =>
      sendJson<Tenant>('PATCH', addressOf('/api/v1/tenant', tenant), { second_factor: rule }),
    { mine: true },
  );

/** The name of the tenant of the screen, by its own people. */
export const useRenameOwn = () =>
  useTenantChange(
    (tenant, name: string) => sendJson<{ name: string }>('PATCH', addressOf('/api/v1/tenant', tenant), { name }),
    { mine: true },
  );
