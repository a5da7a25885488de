import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { GenerationCache } from '../flow/generation-cache.ts';
import type { ErasedId } from '../stores/records-erasures.ts';
import type { SealedValues } from '../stores/sealed.ts';
import type { Sealer } from './sealing.ts';

const SECRET = 'erased ids';
const HASH_BYTES = 16;
const CACHED = 50_000;

/** The ids whose data was erased, as keyed hashes, in memory. */
export interface ErasedIds {
  /** How many there are; while there are none, nothing has to be asked. */
  readonly size: number;
  /** When the data under an id was erased, ms since the epoch; null: it was not. */
  erasedAt(tenantId: string, id: string): number | null;
  /** Stands for an id in the list of erasures; whoever has the list alone cannot tell whose it is. */
  hash(tenantId: string, id: string): Buffer;
  refresh(): Promise<void>;
}

export interface ErasedIdStores {
  sealed: SealedValues;
  erasedIds(): Promise<ErasedId[]>;
}

/** Opens the list; the key of the hashes is random, and sealed with the master key. */
export async function openErasedIds({ sealed, erasedIds }: ErasedIdStores, sealer: Sealer): Promise<ErasedIds> {
  const known = await sealed.secret(SECRET, (purpose) => sealer.seal(randomBytes(32), purpose));
  const key: KeyObject = createSecretKey(sealer.open(known.sealed, known.purpose));
  const cache = new GenerationCache<string, number | null>(CACHED);
  let erased = new Map<string, number>();

  const hash = (tenantId: string, id: string) =>
    createHmac('sha256', key).update(`${tenantId} ${id}`).digest().subarray(0, HASH_BYTES);

  const list: ErasedIds = {
    get size() {
      return erased.size;
    },
    erasedAt(tenantId, id) {
      if (erased.size === 0) return null;
      const name = `${tenantId} ${id}`;
      let at = cache.get(name);
      if (at === undefined) {
        at = erased.get(hash(tenantId, id).toString('hex')) ?? null;
        cache.set(name, at);
      }
      return at;
    },
    hash,
    async refresh() {
      const rows = await erasedIds();
      erased = new Map(rows.map((row) => [row.hash.toString('hex'), row.erasedAt]));
      cache.clear();
    },
  };
  await list.refresh();
  return list;
}
