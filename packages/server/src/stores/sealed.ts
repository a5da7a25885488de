/** A version of the master key as the database knows it; the key itself is in a file elsewhere. */
export interface MasterKeyVersion {
  version: number;
  /** 16 bytes that tell the key from another under the same number. */
  fingerprint: Buffer;
  /** sealing: what is sealed now is sealed under it. opening: being replaced. retired: destroyed. */
  state: 'sealing' | 'opening' | 'retired';
  /** ms since the epoch. */
  madeAt: number;
}

/** SQLSTATE of a value that was turned away because a newer version of the master key seals by now. */
export const OLD_SEAL = 'VD001';

/** Whether a statement was turned away for that reason: seal it again, and try once more. */
export function isOldSeal(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === OLD_SEAL;
}

/** One value under its purpose; what comes back takes its place. */
export type Reseal = (sealed: Buffer, purpose: string) => Buffer;

/** What PostgreSQL holds sealed, and which version of the master key seals. */
export interface SealedValues {
  /** Every column that holds sealed values, as `table.column`. */
  readonly places: readonly string[];
  versions(): Promise<MasterKeyVersion[]>;
  /** Notes the first version; whoever comes first wins. */
  begin(version: number, fingerprint: Buffer): Promise<void>;
  /**
   * From now on this version seals, and the one before only opens. Waits for transactions that are storing something
   * sealed under the one before; later ones are turned away (OLD_SEAL).
   */
  supersede(version: number, fingerprint: Buffer): Promise<void>;
  /** Notes that these versions are destroyed. */
  retire(versions: readonly number[]): Promise<void>;
  /** Replaces at most `limit` values that are sealed under an older version, in one transaction; answers how many. */
  reseal(place: string, version: number, reseal: Reseal, limit: number): Promise<number>;
  /** Hands over every value in turn; answers how many there were. */
  each(place: string, look: (sealed: Buffer, purpose: string) => void): Promise<number>;
  /** Writes the places anew, so that the values that were replaced are not on the disk any more. */
  compact(): Promise<void>;
  /** Runs `work` unless it is running in any process on this database; null when it is. */
  alone<T>(work: () => Promise<T>): Promise<T | null>;
  /** A secret of the installation; the first candidate wins for everybody. */
  secret(name: string, candidate: (purpose: string) => Buffer): Promise<{ sealed: Buffer; purpose: string }>;
}
