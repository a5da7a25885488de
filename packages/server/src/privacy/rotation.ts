import { randomBytes } from 'node:crypto';
import { Fault } from '../model/fault.ts';
import type { Rotation } from '../model/rotation.ts';
import type { MasterKeyVersion, SealedValues } from '../stores/sealed.ts';
import { createSealer, fingerprintOf, MASTER_KEY_BYTES, type MasterKeys, versionOf } from './sealing.ts';

/** Values that are sealed anew in one transaction. */
const PAGE = 100;
const BRING_BACK = 'put the key of this installation back from its copy';

/** The file that holds the master key: one key as it is, which is version 1, or a line for each version. */
export interface KeyFile {
  readonly file: string;
  /** Ascending. */
  versions(): number[];
  /** Reads the file again where the version is not known: another process may have made it. */
  key(version: number): Buffer | undefined;
  /** Reads the file again. Fault `bad-master-key`. */
  reload(): void;
  /** Adds versions and takes others away, in one step on disk. Fault `key-file-read-only`. */
  change(change: { add?: ReadonlyMap<number, Buffer>; remove?: readonly number[] }): Promise<void>;
}

/** The master key's versions, kept in step with the database. */
export interface MasterKeyring extends MasterKeys {
  refresh(): Promise<void>;
  /**
   * Makes a new version, seals everything anew under it, checks that all opens, and destroys the ones before; what is
   * interrupted is ended by the next call. Faults: `rotation-running`, `key-file-read-only`, `unsealing-failed`.
   */
  rotate(): Promise<Rotation>;
}

/**
 * Opens the versions of the master key: those in the file, of which the database says which one seals. Throws a Fault
 * `bad-master-key` when the file lacks a version that is in use, or has another key under its number.
 */
export async function openMasterKeys(file: KeyFile, sealed: SealedValues): Promise<MasterKeyring> {
  let sealing = 0;

  async function refresh(): Promise<void> {
    const known = await sealed.versions();
    refuseOtherKey(file, known);
    sealing = known.find(({ state }) => state === 'sealing')?.version ?? 0;
  }

  await refresh();
  if (sealing === 0) {
    const newest = file.versions().at(-1) as number;
    await sealed.begin(newest, fingerprintOf(file.key(newest) as Buffer));
    await refresh();
  }
  const keys: MasterKeyring = {
    sealing: () => sealing,
    key: (version) => file.key(version),
    refresh,
    async rotate() {
      const done = await sealed.alone(async () => {
        file.reload();
        await refresh();
        return rotate(file, sealed, keys);
      });
      if (done === null) throw new Fault('rotation-running', 'another process is rotating the master key just now');
      return done;
    },
  };
  return keys;
}

/** Throws a Fault `bad-master-key` unless the file has the key of each version that the database's secrets are sealed with. */
export function refuseOtherKey(
  file: Pick<KeyFile, 'file' | 'key'>,
  known: readonly Pick<MasterKeyVersion, 'version' | 'state' | 'fingerprint'>[],
): void {
  for (const { version, state, fingerprint } of known) {
    if (state === 'retired') continue;
    const key = file.key(version);
    if (key === undefined) {
      throw new Fault(
        'bad-master-key',
        `${file.file} lacks version ${version} of the master key, which is in use; ${BRING_BACK}`,
      );
    }
    if (fingerprintOf(key).equals(fingerprint)) continue;
    throw new Fault(
      'bad-master-key',
      `version ${version} in ${file.file} is not the master key that this database’s secrets are sealed with; ${BRING_BACK}`,
    );
  }
}

async function rotate(file: KeyFile, sealed: SealedValues, keys: MasterKeyring): Promise<Rotation> {
  const opening = async () =>
    (await sealed.versions()).filter(({ state }) => state === 'opening').map(({ version }) => version);
  const resumed = (await opening()).length > 0;
  if (!resumed) {
    const version = await nextVersion(file, keys.sealing());
    await sealed.supersede(version, fingerprintOf(file.key(version) as Buffer));
    await keys.refresh();
  }
  const version = keys.sealing();
  const resealed = await resealAll(sealed, keys, version);
  const verified = await verifyAll(sealed, keys, version);
  await sealed.compact();
  const old = await opening();
  await sealed.retire(old);
  const retired = (await sealed.versions()).filter(({ state }) => state === 'retired').map((known) => known.version);
  const left = await destroy(file, retired);
  return { version, resumed, resealed, verified, retired: old, left };
}

/** The version to go on with: one that the operator has put into the file, or a new one. */
async function nextVersion(file: KeyFile, sealing: number): Promise<number> {
  const newest = file.versions().at(-1) ?? 0;
  if (newest > sealing) return newest;
  const version = sealing + 1;
  const key = randomBytes(MASTER_KEY_BYTES);
  try {
    await file.change({ add: new Map([[version, key]]) });
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'key-file-read-only') throw error;
    const how =
      `put both versions into it by hand, a line each ("VERSION KEY"): ${sealing} with the key as it is, and ${version} ` +
      'with what "openssl rand -hex 32" prints, wherever a hub of this database reads it; then run this again';
    throw new Fault(error.code, `${error.message}; ${how}`, { cause: error });
  }
  return version;
}

async function resealAll(sealed: SealedValues, keys: MasterKeys, version: number): Promise<Rotation['resealed']> {
  const sealer = createSealer(keys);
  const resealed: Rotation['resealed'] = [];
  for (const place of sealed.places) {
    let values = 0;
    for (let page = PAGE; page === PAGE; values += page) {
      page = await sealed.reseal(
        place,
        version,
        (value, purpose) => {
          const secret = sealer.open(value, purpose);
          const again = sealer.seal(secret, purpose);
          secret.fill(0);
          return again;
        },
        PAGE,
      );
    }
    resealed.push({ place, values });
  }
  return resealed;
}

/** Opens every value; throws where one does not open, or is sealed under an older version. */
async function verifyAll(sealed: SealedValues, keys: MasterKeys, version: number): Promise<number> {
  const sealer = createSealer(keys);
  let verified = 0;
  for (const place of sealed.places) {
    verified += await sealed.each(place, (value, purpose) => {
      sealer.open(value, purpose).fill(0);
      if (versionOf(value) >= version) return;
      throw new Fault('unsealing-failed', `a value in ${place} is still sealed under version ${versionOf(value)}`);
    });
  }
  return verified;
}

/** Takes destroyed versions out of the file; what to do by hand where that cannot be. */
async function destroy(file: KeyFile, retired: readonly number[]): Promise<string | null> {
  const there = file.versions().filter((version) => retired.includes(version));
  if (there.length === 0) return null;
  try {
    await file.change({ remove: there });
    return null;
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'key-file-read-only') throw error;
    return `${error.message}; take version ${there.join(', ')} out of it: nothing is sealed under it any more`;
  }
}
