import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { AuditSeal } from '../model/audit-entry.ts';
import type { SealedValues } from '../stores/sealed.ts';
import type { Sealer } from './sealing.ts';

const SECRET = 'audit log';

/**
 * The keyed hash of the audit log's chain. Its key is random and sealed with the master key: who has the database alone
 * cannot make entries that hold.
 */
export async function openAuditSeal(sealed: SealedValues, sealer: Sealer): Promise<AuditSeal> {
  const known = await sealed.secret(SECRET, (purpose) => sealer.seal(randomBytes(32), purpose));
  const key = createSecretKey(sealer.open(known.sealed, known.purpose));
  return (content) => createHmac('sha256', key).update(content).digest();
}
