import { type KeyFile, type MasterKeyring, openMasterKeys } from './privacy/rotation.ts';
import type { Log, Records } from './stores/records.ts';

/** The master key's versions, which follow a rotation that another process does. */
export async function watchMasterKeys(ring: KeyFile, records: Records, log: Log): Promise<MasterKeyring> {
  const keys = await openMasterKeys(ring, records.unscoped.sealed);
  records.watch('master-keys', () => {
    keys.refresh().catch((error: unknown) => log.error({ err: error }, 'the master key was rotated elsewhere'));
  });
  return keys;
}
