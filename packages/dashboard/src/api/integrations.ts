import { useMutation, useQueryClient } from '@tanstack/react-query';
import type {
  Integration,
  IntegrationChange,
  IntegrationFigures,
  IntegrationKind,
  IntegrationsAnswer,
  IntegrationTest,
} from '@vedette/contract';
import { useView } from '../state/view-context.ts';
import { addressOf, useAsked } from './asked.ts';
import { sendDelete, sendJson } from './client.ts';

const PATH = '/api/v1/integrations';
const STATE_MS = 15_000;

export function useIntegrations() {
  return useAsked<IntegrationsAnswer>(PATH, {}, STATE_MS);
}

/** The provider's figures beside the hub's own. */
export function useIntegrationFigures(kind: IntegrationKind) {
  return useAsked<IntegrationFigures>(`${PATH}/${kind}/figures`);
}

export function useChangeIntegration(kind: IntegrationKind) {
  const { tenant } = useView();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: IntegrationChange) =>
      sendJson<Integration>('PUT', addressOf(`${PATH}/${kind}`, tenant.id), change),
    // Secrets are in what was sent: not kept longer than the sending.
    gcTime: 0,
    onSuccess: (changed) => {
      const key = ['asked', tenant.id, PATH, addressOf(PATH, tenant.id)];
      queries.setQueryData(key, (before: IntegrationsAnswer | undefined) =>
        before === undefined
          ? before
          : { integrations: before.integrations.map((other) => (other.kind === kind ? changed : other)) },
      );
      return queries.invalidateQueries({ queryKey: ['asked', tenant.id, `${PATH}/${kind}/figures`] });
    },
  });
}

export function useRemoveIntegration(kind: IntegrationKind) {
  const { tenant } = useView();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => sendDelete(addressOf(`${PATH}/${kind}`, tenant.id)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['asked', tenant.id] }),
  });
}

export function useTestIntegration(kind: IntegrationKind) {
  const { tenant } = useView();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => sendJson<IntegrationTest>('POST', addressOf(`${PATH}/${kind}/test`, tenant.id), {}),
    // It may have used a call, or changed the last error.
    onSettled: () => queries.invalidateQueries({ queryKey: ['asked', tenant.id, PATH] }),
  });
}
