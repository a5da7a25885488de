import { type IntegrationKind, secretPurpose } from '../model/integration.ts';
import type { Sealer } from '../privacy/sealing.ts';
import type { Records } from '../stores/records.ts';

export interface SecretTools {
  records: Pick<Records, 'forTenant'>;
  sealer: Sealer;
}

/** A secret of an integration as it was given; null where none is set. Fault `unsealing-failed`. */
export async function openSecret(
  { records, sealer }: SecretTools,
  tenantId: string,
  kind: IntegrationKind,
  name: string,
): Promise<string | null> {
  const sealed = await records.forTenant(tenantId).integrations.sealed(kind, name);
  return sealed === null ? null : sealer.open(sealed, secretPurpose(tenantId, kind, name)).toString('utf8');
}
