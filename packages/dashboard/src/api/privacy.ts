import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  ErasureAnswer,
  PersonQuestion,
  PrivacyAnswer,
  PrivacyPolicy,
  PrivacyPreview,
  ScanAnswer,
} from '@vedette/contract';
import { useView } from '../state/view-context.ts';
import { addressOf, useAsked, useWhole } from './asked.ts';
import { getJson, postForFile, sendJson } from './client.ts';

const POLICY = '/api/v1/privacy/policy';
const SCAN = '/api/v1/privacy/scan';
const SCAN_MS = 2000;

export function usePolicy() {
  return useAsked<PrivacyAnswer>(POLICY);
}

/** What a policy would change, in sentences; not asked while there is none. */
export function usePreview(policy: PrivacyPolicy | null) {
  const { tenant } = useView();
  return useQuery({
    queryKey: ['asked', tenant.id, 'preview', JSON.stringify(policy)],
    queryFn: ({ signal }) =>
      sendJson<PrivacyPreview>('POST', addressOf('/api/v1/privacy/preview', tenant.id), policy, signal),
    enabled: policy !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

/** Saves a policy; what was asked about it before is asked anew. */
export function useSavePolicy() {
  const { tenant } = useView();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (policy: PrivacyPolicy) => sendJson<PrivacyAnswer>('PUT', addressOf(POLICY, tenant.id), policy),
    onSuccess: (answer) => {
      queries.setQueryData(['asked', tenant.id, POLICY, addressOf(POLICY, tenant.id)], answer);
      void queries.invalidateQueries({ queryKey: ['asked', tenant.id, 'preview'] });
      void queries.invalidateQueries({ queryKey: ['asked', tenant.id, '/api/v1/consent/texts'] });
    },
  });
}

export function useExportPerson() {
  const { tenant } = useView();
  return useMutation({
    mutationFn: (who: PersonQuestion) => postForFile(addressOf('/api/v1/privacy/export', tenant.id), who),
  });
}

export function useErasePerson() {
  const { tenant } = useView();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (who: PersonQuestion) =>
      sendJson<ErasureAnswer>('POST', addressOf('/api/v1/privacy/erase', tenant.id), who),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['asked', tenant.id] }),
  });
}

export function useErasures() {
  return useWhole<'erasures', ErasureAnswer>('/api/v1/privacy/erasures', 'erasures');
}

/** The last scan of the installation, asked again while one is running. */
export function useScan() {
  return useQuery({
    queryKey: ['scan'],
    queryFn: ({ signal }) => getJson<ScanAnswer>(SCAN, signal),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? SCAN_MS : false),
  });
}

export function useStartScan() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => sendJson<ScanAnswer>('POST', SCAN, {}),
    onSuccess: (answer) => queries.setQueryData(['scan'], answer),
  });
}
