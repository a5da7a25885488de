import type { TenantArrivals } from '../stores/requests-arrivals.ts';
import { type Arrived, createTenantTail, type Listener, type TenantTail } from './live-tail.ts';

/** Who may watch one tenant's requests come in at once. */
export const MOST_LISTENERS = 20;

/** Requests of all tenants as they come in. */
export interface LiveTails {
  /** Begins behind that place; the result ends it. null: the tenant has as many listeners as there may be. */
  listen(tenantId: string, listener: Listener, behind: Arrived): (() => void) | null;
  close(): Promise<void>;
}

/** `onError` is told of failures to read. */
export function createLiveTails(
  arrivalsOf: (tenantId: string) => TenantArrivals,
  onError: (error: unknown) => void,
): LiveTails {
  const tails = new Map<string, TenantTail>();
  return {
    listen(tenantId, listener, behind) {
      const tail = tails.get(tenantId) ?? createTenantTail(arrivalsOf(tenantId), onError);
      if (tail.listeners >= MOST_LISTENERS) return null;
      tails.set(tenantId, tail);
      const leave = tail.listen(listener, behind);
      return () => {
        leave();
        if (tail.listeners === 0 && tails.get(tenantId) === tail) tails.delete(tenantId);
      };
    },
    async close() {
      await Promise.all([...tails.values()].map((tail) => tail.close()));
    },
  };
}
