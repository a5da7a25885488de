import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { GenerationCache } from '../flow/generation-cache.ts';
import { Fault } from '../model/fault.ts';
import { type ClientKeys, NO_KEYS } from '../model/stored-request.ts';
import type { DayKeys } from '../stores/records.ts';
import { isOldSeal } from '../stores/sealed.ts';
import { dayOf } from './retention.ts';
import type { Sealer } from './sealing.ts';

const KEY_BYTES = 32;
const PURPOSE = 'day key';
const CACHE_SIZE = 200_000;

/** The address's network and site as text, e.g. `192.0.2.0/24`; '' where it has none. */
export interface AddressNetworks {
  netOf(address: string): string;
  siteOf(address: string): string;
}

/**
 * Client keys: the first 64 bits of HMAC-SHA-256(key of the received day, address), as unsigned decimal text; the
 * same for its /24 or /64 (`net`) and an IPv6 /48 (`site`). A day's key is random and sealed; once it is destroyed,
 * that day's rows are anonymous.
 */
export interface ClientKeyring {
  /**
   * The keys of an address on the day of `receivedMs`, the time by the hub's own clock. '' gives NO_KEYS with the day.
   * Throws Fault `no-day-key` where that day has none yet; it is made then, so that trying again soon helps.
   */
  keysFor(address: string, receivedMs: number): ClientKeys;
  /**
   * Makes sure that the keys of today, of tomorrow, and of yesterday (for a clock that is set back over midnight) are
   * there; call at start and well before midnight UTC.
   */
  prepare(nowMs: number): Promise<void>;
  /** Keys of an address for every day whose key is still there; a hunt looks these up. */
  everyDay(address: string): ClientKeys[];
  /** Destroys keys older than `keyDays`; their rows become anonymous. Returns the number destroyed. */
  rotate(nowMs: number, keyDays: number): Promise<number>;
  /** Days whose key is there, ascending. */
  days(): number[];
}

/** Opens the keyring over a store; keys are unsealed once and held in memory. */
export async function openClientKeyring(
  store: DayKeys,
  sealer: Sealer,
  networks: AddressNetworks,
  nowMs: number,
): Promise<ClientKeyring> {
  // Key objects, because a key as bytes is prepared anew for every hash, which takes five times as long as the hash.
  const keys = new Map<number, KeyObject>();
  const take = (day: number, sealed: Buffer) => {
    const bytes = sealer.open(sealed, `${PURPOSE} ${day}`);
    keys.set(day, createSecretKey(bytes));
    bytes.fill(0);
  };
  for (const { day, sealed } of await store.list()) take(day, sealed);

  async function ensure(day: number): Promise<void> {
    if (keys.has(day)) return;
    const candidate = () => sealer.seal(randomBytes(KEY_BYTES), `${PURPOSE} ${day}`);
    const sealed = await store.getOrCreate(day, candidate()).catch(async (error: unknown) => {
      if (!isOldSeal(error) || sealer.refresh === undefined) throw error;
      await sealer.refresh();
      return store.getOrCreate(day, candidate());
    });
    take(day, sealed);
  }

  function derive(key: KeyObject, text: string): string {
    return text === '' ? '0' : createHmac('sha256', key).update(text).digest().readBigUInt64BE(0).toString();
  }

  function deriveAll(address: string, day: number, key: KeyObject): ClientKeys {
    return Object.freeze({
      client: derive(key, address),
      net: derive(key, networks.netOf(address)),
      site: derive(key, networks.siteOf(address)),
      day,
    });
  }

  // One day at a time, because nearly all requests are received today.
  let cacheDay = -1;
  const cache = new GenerationCache<string, ClientKeys>(CACHE_SIZE);

  const keyring: ClientKeyring = {
    keysFor(address, receivedMs) {
      const day = dayOf(receivedMs);
      if (day !== cacheDay) {
        cacheDay = day;
        cache.clear();
      }
      const cached = cache.get(address);
      if (cached !== undefined) return cached;
      const key = keys.get(day);
      if (key === undefined) {
        // A clock that jumped by days: making the key takes the database, which this call cannot wait for.
        void ensure(day).catch(() => undefined);
        throw new Fault('no-day-key', `there is no client key for day ${day} yet`);
      }
      const derived = address === '' ? Object.freeze({ ...NO_KEYS, day }) : deriveAll(address, day, key);
      cache.set(address, derived);
      return derived;
    },
    async prepare(now) {
      const today = dayOf(now);
      for (const day of [today, today + 1, today - 1]) await ensure(day);
    },
    everyDay(address) {
      return [...keys].sort(([a], [b]) => a - b).map(([day, key]) => deriveAll(address, day, key));
    },
    async rotate(now, keyDays) {
      await keyring.prepare(now);
      const oldest = dayOf(now) - keyDays;
      for (const day of keys.keys()) if (day < oldest) keys.delete(day);
      return store.destroyBefore(oldest);
    },
    days: () => [...keys.keys()].sort((a, b) => a - b),
  };
  await keyring.prepare(nowMs);
  return keyring;
}
