import { type BatchKind, batchKindOf } from '../../../model/batch-kind.ts';
import { Fault } from '../../../model/fault.ts';
import type { KeptAnswer } from '../../../model/ways-in.ts';
import type { KeptReceipt, StreamBatch, StreamSpoolRecord, StreamTools } from '../../stream.ts';
import { after, createBackoff } from './backoff.ts';

/** What waits on disk because the next hop is away, handed on oldest first. */
export interface Backlog {
  /** true: nothing waits, so that a new batch may go past the backlog. */
  readonly clear: boolean;
  /** Puts a batch on disk; does not hand it on. */
  write(batch: StreamBatch): Promise<StreamSpoolRecord>;
  /** Leaves a record to be handed on in its turn. */
  hold(record: StreamSpoolRecord): void;
  /** Begins to hand on what the last process left. */
  begin(): void;
  caughtUp(ms: number): Promise<void>;
  receiptOf(tenantId: string, key: string): KeptAnswer | undefined;
  readonly retries: number;
  /** Records that could not be read any more and were set aside. */
  readonly dead: number;
  close(ms: number): Promise<void>;
}

/** `handOn` gives one record to the next hop and strikes it off the spool; it throws when that is to be tried again. */
export function createBacklog(
  { spool, onError }: StreamTools,
  handOn: (record: StreamSpoolRecord, batch: StreamBatch) => Promise<void>,
): Backlog {
  const records: StreamSpoolRecord[] = [...spool.recovered];
  // Answers whose batch waits: a retry must find them before the receipt book has them.
  const answers = new Map<string, KeptAnswer>();
  const stopping = new AbortController();
  let draining: Promise<void> | null = null;
  let retries = 0;
  let dead = 0;

  for (const record of records) remember(record);

  function remember(record: StreamSpoolRecord): void {
    // Events of pages are known by their pipeline; nobody asks for the answer to one.
    if (batchKindOf(record.meta.kind) !== 'requests') return;
    for (const { tenantId, key, receipt } of receiptsOf(record)) answers.set(nameOf(tenantId, key), receipt);
  }

  async function drain(): Promise<void> {
    const backoff = createBackoff();
    while (records.length > 0 && !stopping.signal.aborted) {
      const record = records[0] as StreamSpoolRecord;
      try {
        await handOnOrBury(record);
        records.shift();
        for (const { tenantId, key } of receiptsOf(record)) answers.delete(nameOf(tenantId, key));
        backoff.reset();
      } catch (error) {
        retries += 1;
        onError(error, `handing on a waiting batch; trying again in ${backoff.ms} ms`);
        await backoff.pause(stopping.signal);
      }
    }
    draining = null;
  }

  /** A record that is damaged on disk can never be handed on; those behind it can. */
  async function handOnOrBury(record: StreamSpoolRecord): Promise<void> {
    let batch: StreamBatch;
    try {
      batch = await batchOf(record);
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'spool-damaged') throw error;
      await spool.bury(record, error.message);
      dead += 1;
      onError(error, `batch ${record.meta.token} was set aside as a dead letter`);
      return;
    }
    await handOn(record, batch);
  }

  return {
    get clear() {
      return records.length === 0;
    },
    get retries() {
      return retries;
    },
    get dead() {
      return dead;
    },
    write: ({ kind, token, count, receipts, bytes }) => spool.append({ kind, token, count, receipts }, bytes),
    hold(record) {
      remember(record);
      records.push(record);
      draining ??= drain();
    },
    begin() {
      if (records.length > 0) draining ??= drain();
    },
    async caughtUp(ms) {
      if (draining !== null) await Promise.race([draining, after(ms)]);
    },
    receiptOf: (tenantId, key) => answers.get(nameOf(tenantId, key)),
    async close(ms) {
      stopping.abort();
      // A batch that is just being handed on may end; one that hangs is on disk.
      if (draining !== null) await Promise.race([draining, after(ms)]);
    },
  };
}

/** Names an answer in memory. */
export function nameOf(tenantId: string, key: string): string {
  return `${tenantId} ${key}`;
}

async function batchOf(record: StreamSpoolRecord): Promise<StreamBatch> {
  const { token, count } = record.meta;
  return { kind: kindOf(record), token, count, receipts: receiptsOf(record), bytes: await record.read() };
}

function kindOf({ meta: { kind, token } }: StreamSpoolRecord): BatchKind {
  const known = batchKindOf(kind);
  if (known !== null) return known;
  throw new Fault('spool-damaged', `the batch ${token} is of a kind that this version does not know: ${String(kind)}`);
}

function receiptsOf(record: StreamSpoolRecord): readonly KeptReceipt[] {
  return (record.meta.receipts as KeptReceipt[] | undefined) ?? [];
}
