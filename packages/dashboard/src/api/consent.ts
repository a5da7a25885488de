import { useQuery } from '@tanstack/react-query';
import type { ConsentAnswer, ConsentProof, ConsentTextVersion } from '@vedette/contract';
import { useView } from '../state/view-context.ts';
import { addressOf, useWhole, useWindowAsked, windowParameters } from './asked.ts';
import { getJson } from './client.ts';

export function useConsent(domain: string) {
  return useWindowAsked<ConsentAnswer>('/api/v1/consent', { domain });
}

export function useTexts() {
  return useWhole<'texts', ConsentTextVersion>('/api/v1/consent/texts', 'texts');
}

/** Every choice under a proof id, the latest first; not asked while there is none. */
export function useProof(id: string | null) {
  const { tenant } = useView();
  return useQuery({
    queryKey: ['asked', tenant.id, 'proof', id],
    queryFn: ({ signal }) => getJson<ConsentProof>(addressOf(`/api/v1/consent/proofs/${id}`, tenant.id), signal),
    enabled: id !== null,
    // About a person: not kept longer than the page that asked.
    gcTime: 0,
  });
}

/** Where the evidence is had as a file: of the window of the screen, or all of it. */
export function useExportAddress(format: 'csv' | 'ndjson', domain: string, all: boolean): string {
  const { tenant, window } = useView();
  return addressOf('/api/v1/consent/export', tenant.id, {
    ...(all ? {} : windowParameters(window)),
    domain,
    format,
  });
}
