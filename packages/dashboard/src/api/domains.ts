import type { Domain, Ownership } from '@vedette/contract';
import { addressOf, useAsked, useWhole } from './asked.ts';
import { sendDelete, sendJson } from './client.ts';
import { useTenantChange } from './managed.ts';

const PATH = '/api/v1/domains';

const pathOf = (pattern: string) => `${PATH}/${encodeURIComponent(pattern)}`;

/** The domains of the tenant of the screen, claims among them. */
export function useDomains() {
  return useWhole<'domains', Domain>(PATH, 'domains');
}

/** What proves that a domain is the tenant's, and what was found of it. */
export function useOwnership(pattern: string) {
  return useAsked<Ownership>(`${pathOf(pattern)}/ownership`);
}

export const useAddDomain = () =>
  useTenantChange((tenant, domain: { pattern: string; verified?: boolean }) =>
    sendJson<Domain>('POST', addressOf(PATH, tenant), domain),
  );

export const useCheckDomain = () =>
  useTenantChange((tenant, pattern: string) =>
    sendJson<Ownership>('POST', addressOf(`${pathOf(pattern)}/check`, tenant), {}),
  );

export const useRemoveDomain = () =>
  useTenantChange((tenant, pattern: string) => sendDelete(addressOf(pathOf(pattern), tenant)));
