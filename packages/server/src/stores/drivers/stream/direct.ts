import { Fault } from '../../../model/fault.ts';
import type { Stream, StreamBatch, StreamHandler, StreamSpoolRecord, StreamTools } from '../../stream.ts';
import { createBacklog } from './backlog.ts';

/**
 * The stream without a broker: a batch goes to disk and then straight to the handler. `append` resolves when the
 * handler has stored it, or, while the handler fails, when it is on disk; what waits there is brought in later, oldest
 * first. What a kill leaves on disk is stored at the next opening, and the batch's token drops what was stored already.
 */
export function openDirectStream(tools: StreamTools): Stream {
  const { spool, onError } = tools;
  const now = tools.now ?? Date.now;
  const figures = { appended: 0, stored: 0, dead: 0, lastStored: null as number | null };
  let handler: StreamHandler | null = null;
  let retries = 0;
  let underWay = 0;
  let closed = false;

  const backlog = createBacklog(tools, settle);

  async function settle(record: StreamSpoolRecord, batch: StreamBatch): Promise<void> {
    if (handler === null) throw new Fault('no-handler', 'nobody stores what is appended');
    const refusal = await handler({ ...batch, copy: null });
    if (refusal === null) {
      await spool.done(record);
      figures.stored += 1;
      figures.lastStored = now();
      return;
    }
    await spool.bury(record, refusal.detail);
    figures.dead += 1;
    onError(new Fault(refusal.refused, refusal.detail), `batch ${batch.token} was set aside as a dead letter`);
  }

  return {
    async append(batch) {
      if (closed) throw new Fault('stream-closed', 'the stream is closed');
      underWay += 1;
      try {
        const record = await backlog.write(batch);
        figures.appended += 1;
        if (!backlog.clear) return backlog.hold(record);
        await settle(record, batch).catch((error: unknown) => {
          retries += 1;
          onError(error, 'the store did not take a batch; it waits in the spool');
          backlog.hold(record);
        });
      } finally {
        underWay -= 1;
      }
    },
    consume(next) {
      if (handler !== null) throw new Fault('two-handlers', 'the stream has a handler already');
      handler = next;
      backlog.begin();
    },
    caughtUp: (ms) => backlog.caughtUp(ms),
    receiptOf: (tenantId, key) => backlog.receiptOf(tenantId, key),
    figures() {
      const depth = spool.depth();
      const reachable = backlog.clear;
      return {
        ...figures,
        dead: figures.dead + backlog.dead,
        retries: retries + backlog.retries,
        lag: Math.max(depth.records, underWay),
        spool: depth,
        reachable,
        storing: reachable,
      };
    },
    async close(ms) {
      closed = true;
      await backlog.close(ms);
      await spool.close();
    },
  };
}
