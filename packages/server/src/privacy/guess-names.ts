import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { SealedValues } from '../stores/sealed.ts';
import type { Sealer } from './sealing.ts';

const SECRET = 'guess bounds';

/**
 * Stands for what guesses are bounded by: 32 bytes of which nobody who reads the database alone can tell the account or
 * the network. The key is random, and sealed with the master key.
 */
export async function openGuessNames(
  sealed: SealedValues,
  sealer: Sealer,
): Promise<(kind: string, value: string) => Buffer> {
  const known = await sealed.secret(SECRET, (purpose) => sealer.seal(randomBytes(32), purpose));
  const key = createSecretKey(sealer.open(known.sealed, known.purpose));
  return (kind, value) => createHmac('sha256', key).update(`${kind}\n${value}`).digest();
}
