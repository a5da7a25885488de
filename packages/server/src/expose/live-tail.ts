import type { Filter } from '../model/filter.ts';
import type { RequestRecord } from '../stores/requests.ts';
import type { Arrival, ArrivalsQuery, TenantArrivals } from '../stores/requests-arrivals.ts';

/** How often the store is asked. */
const POLL_MS = 1000;
/** Rows that one listener gets of one poll; the latest, where there are more. */
const MOST_SHOWN = 200;
/** Arrivals of all listeners that are looked at one by one, each poll; of more only the number is found out. */
const MOST_LISTED = 1000;
/** A batch is stored a while after it was received: for so long, what comes late is shown after what came on time. */
const OVERLAP_MS = 10_000;
/** What happened longer before it was received is no news, as in an imported file; and so far ahead clocks may be. */
const NEWS_MS = 15 * 60_000;
/** Failures in a row after which listeners hear that nothing can be read. */
const PATIENCE = 3;
const SLOWEST_POLL_MS = 8000;

/** Where a request stands among those that arrive: by when it was received, then by its id. */
export interface Arrived {
  /** ms since the epoch. */
  received: number;
  id: string;
}

/** Somebody who watches requests come in. Its methods must not throw. */
export interface Listener {
  where: readonly Filter[];
  /** What came in since the last call, the earliest first; `skipped`: how many more there were. */
  arrived(rows: readonly RequestRecord[], skipped: number): void;
  /** All that was received before then (ms since the epoch) has been told; told after each look into the store. */
  settled(until: number): void;
  /** Whether the store can be read; told when it changes. */
  readable(can: boolean): void;
}

/** One tenant's requests as they come in: the store is asked once a second for all listeners, and not without any. */
export interface TenantTail {
  readonly listeners: number;
  /** Begins behind that place; the result ends it. */
  listen(listener: Listener, behind: Arrived): () => void;
  /** Asks nothing any more; resolves when what is under way has ended. */
  close(): Promise<void>;
}

/** A listener with what it has got. */
interface Heard {
  listener: Listener;
  behind: Arrived;
  /** Nothing received before this is looked for any more. */
  since: number;
  /** How many it was told of that were received since then. */
  told: number;
  /** When those that were listed since then were received, by id. */
  has: Map<string, number>;
}

/** `onError` is told of failures to read. */
export function createTenantTail(arrivals: TenantArrivals, onError: (error: unknown) => void): TenantTail {
  const heard = new Set<Heard>();
  let timer: NodeJS.Timeout | undefined;
  let turning: Promise<void> | null = null;
  let closed = false;
  let failures = 0;

  function schedule(ms: number): void {
    if (closed || heard.size === 0 || timer !== undefined || turning !== null) return;
    timer = setTimeout(() => {
      timer = undefined;
      turning = turn();
    }, ms);
  }

  async function turn(): Promise<void> {
    const began = performance.now();
    try {
      await poll(arrivals, [...heard], (one) => heard.has(one));
      if (failures >= PATIENCE) for (const { listener } of heard) listener.readable(true);
      failures = 0;
    } catch (error) {
      failures += 1;
      onError(error);
      if (failures === PATIENCE) for (const { listener } of heard) listener.readable(false);
    }
    turning = null;
    const every = Math.min(SLOWEST_POLL_MS, POLL_MS * 2 ** failures);
    schedule(Math.max(0, every - (performance.now() - began)));
  }

  return {
    get listeners() {
      return heard.size;
    },
    listen(listener, behind) {
      const one: Heard = { listener, behind, since: behind.received, told: 0, has: new Map() };
      heard.add(one);
      schedule(0);
      return () => heard.delete(one);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await turning;
    },
  };
}

/** Asks for all listeners at once, and tells each what is its own. */
async function poll(
  arrivals: TenantArrivals,
  listeners: readonly Heard[],
  isHeard: (one: Heard) => boolean,
): Promise<void> {
  if (listeners.length === 0) return;
  const now = Date.now();
  const questions = listeners.map(({ since, behind, listener }) => ({
    since,
    behindId: since === behind.received ? behind.id : '',
    where: listener.where,
  }));
  const from = Math.min(...questions.map(({ since }) => since), now) - NEWS_MS;
  const query: ArrivalsQuery = { from, to: now + NEWS_MS, questions };
  const later = now - OVERLAP_MS;
  const { latest, counts } = await arrivals.look(
    query,
    later,
    Math.max(MOST_SHOWN, Math.floor(MOST_LISTED / listeners.length)),
  );
  const shares = listeners.map((one, i) => {
    const own = latest.filter(({ asked }) => (asked & (2 ** i)) !== 0);
    return { one, ...shareOf(one, own, counts[i] ?? { all: 0, later: 0 }, later) };
  });
  const wanted = new Map(shares.flatMap(({ shown }) => shown.map((arrival) => [arrival.id, arrival] as const)));
  const rows = await arrivals.rows(query, [...wanted.values()]);
  for (const { one, shown, skipped, ...next } of shares) {
    Object.assign(one, next);
    const own = shown.map(({ id }) => rows.get(id)).filter((row) => row !== undefined);
    if (!isHeard(one)) continue;
    if (own.length > 0 || skipped > 0) one.listener.arrived(own, skipped);
    one.listener.settled(one.since);
  }
}

/**
 * What a listener gets of those that are its own: the latest of those it has not, the earliest first; how many others came;
 * and where the next poll begins.
 */
function shareOf(
  { since, told, has }: Heard,
  own: readonly Arrival[],
  counts: { all: number; later: number },
  later: number,
) {
  const untold = Math.max(0, counts.all - told);
  const fresh = own.filter(({ id }) => !has.has(id)).sort(byArrival);
  const shown = fresh.slice(Math.max(0, fresh.length - Math.min(MOST_SHOWN, untold)));
  const next = Math.max(since, later);
  const kept = [...has, ...own.map(({ id, received }) => [id, received] as const)];
  return {
    shown,
    skipped: untold - shown.length,
    since: next,
    // All there is was told now, or told of.
    told: counts.later,
    has: new Map(kept.filter(([, received]) => received >= next)),
  };
}

function byArrival(a: Arrived, b: Arrived): number {
  return a.received - b.received || Number(a.id > b.id) - Number(a.id < b.id);
}

/** Whether it came after another. */
export function isBehind(arrival: Arrived, place: Arrived): boolean {
  return byArrival(arrival, place) > 0;
}
