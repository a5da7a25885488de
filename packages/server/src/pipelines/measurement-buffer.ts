import type { MeasuredPageView, MeasurementSink } from '../model/measurement.ts';
import { redactPath, redactQuery, trimReferrer } from '../privacy/redaction.ts';
import type { OutboxEvent } from '../stores/integrations.ts';
import type { Log, Records } from '../stores/records.ts';
import type { Tasks } from '../stores/tasks.ts';
import { sendSoon } from './integration-tasks.ts';

/** Google takes nothing that happened longer ago. */
export const OLDEST_MS = 72 * 3_600_000;
const FLUSH_MS = 1000;
/** Page views in memory before the database has them; more are let go. */
const MOST_BUFFERED = 50_000;
/** Page views of one tenant that wait for Google; more are let go. */
const MOST_WAITING = 100_000;
/** Rows of one statement. */
const CHUNK = 2000;

export interface MeasurementBufferTools {
  records: Pick<Records, 'integrations' | 'forTenant'>;
  tasks: Tasks;
  log: Log;
  now?: () => number;
  mostBuffered?: number;
}

export interface MeasurementBuffer extends MeasurementSink {
  /** Brings what is in memory to the database. */
  flush(): Promise<void>;
  /** Flushes, and takes nothing more. */
  close(): Promise<void>;
  /** Page views that were let go since the start, because too many waited or the database was away. */
  readonly lost: number;
}

/**
 * Takes page views from whoever stored them, in memory, and writes them into the outbox once a second: a second of them
 * may go with a process that dies. Only of people who granted, never of bots, and only where a tenant wants it. What is
 * noted is redacted once more, for it leaves the house.
 */
export function createMeasurementBuffer(tools: MeasurementBufferTools): MeasurementBuffer {
  const { records, tasks, log, now = Date.now, mostBuffered = MOST_BUFFERED } = tools;
  let waiting: MeasuredPageView[] = [];
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let closed = false;
  let lost = 0;

  function isWanted(view: MeasuredPageView): boolean {
    if (view.consent !== 'granted' || view.visitorId === '' || view.isBot) return false;
    return records.integrations.measures(view.tenantId) && now() - view.time < OLDEST_MS;
  }

  async function write(): Promise<void> {
    const views = waiting;
    waiting = [];
    const byTenant = Map.groupBy(views, ({ tenantId }) => tenantId);
    for (const [tenantId, own] of byTenant) {
      // A tenant may have gone, or changed its mind, since they were offered.
      if (!records.integrations.measures(tenantId)) continue;
      try {
        await addAll(tenantId, own);
        await sendSoon(tasks, tenantId, now());
      } catch (error) {
        log.warn({ err: error }, 'page views for an integration could not be noted; trying again');
        // What was noted is not noted twice, because it has an id.
        const room = Math.max(0, mostBuffered - waiting.length);
        lost += Math.max(0, own.length - room);
        waiting.unshift(...own.slice(0, room));
        schedule();
      }
    }
  }

  async function addAll(tenantId: string, views: readonly MeasuredPageView[]): Promise<void> {
    const { outbox } = records.forTenant(tenantId).integrations;
    for (let from = 0; from < views.length; from += CHUNK) {
      await outbox.add('ga4', views.slice(from, from + CHUNK).map(outgoing), MOST_WAITING);
    }
  }

  function flush(): Promise<void> {
    writing = writing.then(() => (waiting.length === 0 ? undefined : write()));
    return writing;
  }

  function schedule(): void {
    if (timer !== null || closed) return;
    timer = setTimeout(() => {
      timer = null;
      void flush();
    }, FLUSH_MS);
    timer.unref();
  }

  return {
    offer(views) {
      if (closed) return;
      for (const view of views) {
        if (!isWanted(view)) continue;
        if (waiting.length >= mostBuffered) lost++;
        else waiting.push(view);
      }
      if (waiting.length > 0) schedule();
    },
    flush,
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await flush();
    },
    get lost() {
      return lost;
    },
  };
}

function outgoing({ id, visitorId, time, host, path, query, referrer, marketing }: MeasuredPageView): OutboxEvent {
  const event = {
    host,
    path: redactPath(path),
    query: redactQuery(query),
    referrer: trimReferrer(referrer, 'full'),
    marketing,
  };
  return { id, visitorId, happenedAt: time, event };
}
