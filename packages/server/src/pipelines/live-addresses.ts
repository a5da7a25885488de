import type { LiveAddressRow } from '../stores/requests.ts';

const FLUSH_MS = 5000;
const MOST_WAITING = 100_000;

/**
 * Addresses on their way to `live_addresses`: gathered for five seconds, because an INSERT for each batch would cost as
 * much as the batch. They are in memory alone, never in a spool or a broker; what a kill or a store that is away loses
 * of them is seen again with the client's next request.
 */
export interface LiveAddresses {
  /** `lastSeen` in ms since the epoch. */
  add(tenantId: string, address: string, clientKey: string, lastSeen: number): void;
  /** Stores what waits. */
  close(): Promise<void>;
}

export function createLiveAddresses(
  insert: (rows: LiveAddressRow[]) => Promise<void>,
  onError: (error: unknown) => void,
): LiveAddresses {
  /** By tenant and address. */
  let waiting = new Map<string, Map<string, LiveAddressRow>>();
  let count = 0;
  let timer: NodeJS.Timeout | null = null;
  let flushing: Promise<void> | null = null;

  function plan(): void {
    if (timer !== null || flushing !== null) return;
    timer = setTimeout(() => void flush(), FLUSH_MS);
    timer.unref();
  }

  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (count === 0) return;
    const rows = [...waiting.values()].flatMap((own) => [...own.values()]);
    waiting = new Map();
    count = 0;
    flushing = insert(rows).catch(onError);
    await flushing;
    flushing = null;
    if (count > 0) plan();
  }

  return {
    add(tenantId, address, clientKey, lastSeen) {
      let own = waiting.get(tenantId);
      if (own === undefined) {
        own = new Map();
        waiting.set(tenantId, own);
      }
      const known = own.get(address);
      if (known !== undefined) {
        if (known.lastSeen < lastSeen) known.lastSeen = lastSeen;
        return;
      }
      if (count >= MOST_WAITING) return;
      count += 1;
      own.set(address, { tenantId, address, clientKey, lastSeen });
      plan();
    },
    async close() {
      await flushing;
      await flush();
    },
  };
}
