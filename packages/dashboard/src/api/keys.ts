import type { ApiKey, KeyScope, MadeKey, RotatedKey } from '@vedette/contract';
import { addressOf, useWhole } from './asked.ts';
import { sendDelete, sendJson } from './client.ts';
import { useTenantChange } from './managed.ts';

const PATH = '/api/v1/keys';

/** The keys of the tenant of the screen, revoked and expired ones too. */
export function useKeys() {
  return useWhole<'keys', ApiKey>(PATH, 'keys');
}

export const useMakeKey = () =>
  useTenantChange((tenant, key: { scope: KeyScope; name: string; expires?: string }) =>
    sendJson<MadeKey>('POST', addressOf(PATH, tenant), key),
  );

/** Makes a key that follows another, which stays good for the overlap: `24h`, `7d`. */
export const useRotateKey = () =>
  useTenantChange((tenant, { id, overlap }: { id: string; overlap: string }) =>
    sendJson<RotatedKey>('POST', addressOf(`${PATH}/${id}/rotate`, tenant), { overlap }),
  );

export const useRevokeKey = () =>
  useTenantChange((tenant, id: string) => sendDelete(addressOf(`${PATH}/${id}`, tenant)));
