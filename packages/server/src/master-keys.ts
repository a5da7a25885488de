import { type KeyFile, type MasterKeyring, openMasterKeys } from './privacy/rotation.ts';
import type { Log, Records } from './stores/records.ts';
import type { MasterKeyVersion } from './stores/sealed.ts';

/**
 * The master key's versions, which follow a rotation that another process does. `note`: is told those that the database
 * knows, now and whenever they change.
 */
export async function watchMasterKeys(
  ring: KeyFile,
  records: Records,
  log: Log,
  note?: (known: readonly MasterKeyVersion[]) => Promise<void>,
): Promise<MasterKeyring> {
  const { sealed } = records.unscoped;
  const keys = await openMasterKeys(ring, sealed);
  const tell = async () => note?.(await sealed.versions());
  await tell();
  records.watch('master-keys', () => {
    keys
      .refresh()
      .then(tell)
      .catch((error: unknown) => log.error({ err: error }, 'the master key was rotated elsewhere'));
  });
  return keys;
}
