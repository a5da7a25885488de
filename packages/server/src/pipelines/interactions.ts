import { randomUUID } from 'node:crypto';
import { createBatcher } from '../flow/batcher.ts';
import { Fault } from '../model/fault.ts';
import type { InteractionIntake, RawBeacon, RawInteraction, StoredInteraction } from '../model/interaction.ts';
import type { MeasuredPageView, MeasurementSink } from '../model/measurement.ts';
import { settled } from '../model/settled.ts';
import type { KeptAnswer } from '../model/ways-in.ts';
import type { InteractionPolicy } from '../privacy/interaction-policy.ts';
import type { KeptReceipt, Stream } from '../stores/stream.ts';
import type { PrepareInteractions } from './prepare-interaction.ts';

const MAX_BATCH_ROWS = 10_000;
// Nobody waits for the answer to a beacon: larger batches cost less.
const LINGER_MS = 50;
const MAX_WAIT_MS = 300;
const MAX_PENDING_ROWS = 100_000;
const MAX_IN_FLIGHT = 2;
/** Events whose repetition is known from memory. */
const MOST_REMEMBERED = 100_000;
const EVENT_PREFIX = '\u0001event:';
const TAKEN: KeptAnswer = Object.freeze({ accepted: 1, refused: [] });

export interface InteractionWayStages {
  prepare: PrepareInteractions;
  encode(rows: readonly StoredInteraction[]): Buffer;
  /** Shared with the requests; whoever consumes it stores these batches too. */
  stream: Pick<Stream, 'append'>;
  policyOf(tenantId: string): InteractionPolicy;
  /** Is told of page views of people who granted, once they are durable. */
  measurements?: MeasurementSink;
  /** Throws while nothing more is to be taken in, for want of room on a disk. */
  refuse?: (way: string) => void;
  now?: () => number;
}

export interface InteractionPipeline extends InteractionIntake {
  /** Writes what waits. The stream stays open. */
  close(): Promise<void>;
}

/**
 * The way of an interaction from a beacon to its row, beside that of the requests and over the same stream:
 *
 *     deliver → prepare (enrich, decide, redact) → batch (cut once) → stream (durable) → store
 *
 * An event that is sent again is stored once: this process knows it from memory, and each event's id travels with its
 * batch as a receipt, so that a copy that came through another process, or before a restart, loses its row when it is
 * about to be stored. That holds for the 24 hours that receipts are kept, longer than a page tries again.
 */
export function openInteractionPipeline(stages: InteractionWayStages): InteractionPipeline {
  const { prepare, encode, stream, policyOf } = stages;
  const now = stages.now ?? Date.now;
  const figures = { accepted: 0, repeated: 0, batches: 0 };
  const stored = new Set<string>();
  const underWay = new Map<string, Promise<void>>();
  let closed = false;

  const batcher = createBatcher<readonly StoredInteraction[]>({
    maxRows: MAX_BATCH_ROWS,
    lingerMs: LINGER_MS,
    maxWaitMs: MAX_WAIT_MS,
    maxPendingRows: MAX_PENDING_ROWS,
    maxInFlight: MAX_IN_FLIGHT,
    async write(items) {
      const rows = items.flat();
      const receipts = rows.map(receiptOf);
      await stream.append({
        kind: 'interactions',
        token: randomUUID(),
        count: rows.length,
        bytes: encode(rows),
        receipts,
      });
      figures.batches += 1;
    },
  });

  function remember(names: readonly string[]): void {
    for (const name of names) stored.add(name);
    for (const name of stored) {
      if (stored.size <= MOST_REMEMBERED) break;
      stored.delete(name);
    }
  }

  /** Stores events that are new here; their repetitions wait for the same. */
  async function storeNew(beacon: RawBeacon, names: readonly string[]): Promise<void> {
    const rows = prepare(beacon, now(), policyOf(beacon.tenantId));
    const work = batcher.add(rows, rows.length).catch((error: unknown) => {
      if (!(error instanceof Fault) || (error.code !== 'spool-full' && error.code !== 'disk-full')) throw error;
      throw new Fault('overloaded', error.message, { cause: error });
    });
    for (const name of names) underWay.set(name, work);
    try {
      await work;
      remember(names);
      stages.measurements?.offer(rows.filter(isPageView).map((row) => measured(row, beacon.marketing === true)));
    } finally {
      for (const name of names) underWay.delete(name);
    }
  }

  return {
    async deliver(beacon) {
      if (closed) throw new Fault('overloaded', 'the hub is stopping');
      const fresh: RawInteraction[] = [];
      const names: string[] = [];
      const twins: Promise<void>[] = [];
      const own = new Set<string>();
      for (const event of beacon.events) {
        const name = `${beacon.tenantId} ${event.id}`;
        const twin = underWay.get(name);
        if (twin !== undefined) twins.push(twin);
        else if (!stored.has(name) && !own.has(name)) {
          own.add(name);
          fresh.push(event);
          names.push(name);
        }
      }
      if (fresh.length > 0) stages.refuse?.('interactions');
      if (fresh.length > 0) twins.push(storeNew({ ...beacon, events: fresh }, names));
      // All are awaited, so that nothing of a beacon is under way when it is answered.
      await settled(twins);
      figures.accepted += fresh.length;
      figures.repeated += beacon.events.length - fresh.length;
      return { accepted: beacon.events.length };
    },
    figures: () => ({ ...figures, pendingRows: batcher.pendingRows() }),
    async close() {
      closed = true;
      await batcher.drain();
    },
  };
}

function isPageView({ kind, kept }: StoredInteraction): boolean {
  return kind === 'page_view' && kept;
}

function measured(row: StoredInteraction, marketing: boolean): MeasuredPageView {
  const { id, tenantId, time, domain: host, path, query, referrer, visitorId, agent } = row;
  return {
    id,
    tenantId,
    time,
    host,
    path,
    query,
    referrer,
    visitorId,
    marketing,
    consent: 'granted',
    isBot: agent.isBot,
  };
}

function receiptOf({ tenantId, id }: StoredInteraction, row: number): KeptReceipt {
  return { tenantId, key: `${EVENT_PREFIX}${id}`, receipt: TAKEN, start: row, rows: 1 };
}
