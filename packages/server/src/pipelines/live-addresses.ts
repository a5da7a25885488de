import type { LiveAddressRow } from '../stores/requests.ts';

const FLUSH_MS = 1000;
const MOST_WAITING = 100_000;

/**
 * Addresses on their way to `live_addresses`: gathered for a second, because an INSERT for each batch would cost as
 * much as the batch. They are in memory alone, never in a spool or a broker; what a kill or a store that is away loses
 * of them is seen again with the client's next request.
 */
export interface LiveAddresses {
  add(row: LiveAddressRow): void;
  /** Stores what waits. */
  close(): Promise<void>;
}

export function createLiveAddresses(
  insert: (rows: LiveAddressRow[]) => Promise<void>,
  onError: (error: unknown) => void,
): LiveAddresses {
  let waiting = new Map<string, LiveAddressRow>();
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
    if (waiting.size === 0) return;
    const rows = [...waiting.values()];
    waiting = new Map();
    flushing = insert(rows).catch(onError);
    await flushing;
    flushing = null;
    if (waiting.size > 0) plan();
  }

  return {
    add(row) {
      const name = `${row.tenantId} ${row.address}`;
      const known = waiting.get(name);
      if (known === undefined && waiting.size >= MOST_WAITING) return;
      if (known === undefined || known.lastSeen < row.lastSeen) waiting.set(name, row);
      plan();
    },
    async close() {
      await flushing;
      await flush();
    },
  };
}
