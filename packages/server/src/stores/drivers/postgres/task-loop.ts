import type { Job, PgBoss } from 'pg-boss';
import { Fault } from '../../../model/fault.ts';
import type { TaskHandler } from '../../tasks.ts';
import type { Log } from './log.ts';

/** What a job carries: several kinds of tasks share a queue, so that order between them is by urgency alone. */
export interface Payload {
  task: string;
  data: unknown;
}

/** One attempt at a task: what is said of it does not touch a later one. */
export interface Attempt {
  id: string;
  retryCount: number;
}

export interface LoopOptions {
  boss: PgBoss;
  log: Log;
  /** Most wanted first. */
  queues: readonly string[];
  /** Queues for which one slot is kept free. */
  urgent: ReadonlySet<string>;
  handlers: ReadonlyMap<string, TaskHandler>;
  concurrency: number;
  pollMs: number;
  renewMs: number;
}

interface Running {
  queue: string;
  job: Job<Payload>;
  abort: AbortController;
  done: Promise<void>;
}

export interface TaskLoop {
  start(): void;
  /** Something was added: look now. */
  wake(): void;
  stop(patienceMs: number): Promise<void>;
}

/** Has a task that waits to be tried again tried as soon as can be; one that is given up stays so. */
export async function doAgainNow(boss: PgBoss, queue: string, id: string): Promise<void> {
  await boss.update(queue, undefined, { id, startAfter: 0 });
}

/** Takes tasks in strict order of urgency, as many at once as there are slots, and keeps their leases. */
export function createTaskLoop(options: LoopOptions): TaskLoop {
  const { boss, log, queues, urgent, handlers, concurrency } = options;
  const running = new Set<Running>();
  let stopping = false;
  let looping: Promise<void> = Promise.resolve();
  let woken = false;
  let nudge: () => void = () => undefined;

  function wake(): void {
    woken = true;
    nudge();
  }

  /** Sleeps until woken or until it is time to look anyway. */
  async function sleep(): Promise<void> {
    if (!woken && !stopping) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, options.pollMs);
        nudge = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    woken = false;
  }

  async function loop(): Promise<void> {
    for (;;) {
      if (stopping) return;
      // Before looking, so that what is added meanwhile is looked for again.
      woken = false;
      const found = await fetchMore().catch((error: unknown) => {
        log.warn({ err: error }, 'cannot fetch tasks');
        return false;
      });
      if (!found) await sleep();
    }
  }

  /** Fetches for the most wanted queue that has something; then it is time to begin again at the top. */
  async function fetchMore(): Promise<boolean> {
    for (const queue of queues) {
      const kept = urgent.has(queue) || concurrency === 1 ? 0 : 1;
      const room = concurrency - running.size - kept;
      if (room <= 0) return false;
      const jobs = await boss.fetch<Payload>(queue, { batchSize: room });
      for (const job of jobs) begin(queue, job);
      if (jobs.length > 0) return true;
    }
    return false;
  }

  function begin(queue: string, job: Job<Payload>): void {
    const abort = new AbortController();
    const entry: Running = { queue, job, abort, done: Promise.resolve() };
    running.add(entry);
    entry.done = work(entry).finally(() => {
      running.delete(entry);
      wake();
    });
  }

  async function work({ queue, job, abort }: Running): Promise<void> {
    const { task: name, data } = job.data;
    const attempt: Attempt = { id: job.id, retryCount: job.retryCount };
    const lease = setInterval(() => void renew(queue, attempt, abort), options.renewMs);
    try {
      const handler = handlers.get(name);
      if (handler === undefined) throw new Fault('no-handler', `nothing here does tasks named ${JSON.stringify(name)}`);
      await handler({ id: job.id, name, data, attempt: job.retryCount, signal: abort.signal });
      await boss.complete(queue, attempt);
    } catch (error) {
      const { message, code } = error as Error & { code?: string };
      log.warn({ err: error, task: name, id: job.id, attempt: job.retryCount }, 'a task failed');
      await boss.fail(queue, attempt, { message, code }).catch((cause: unknown) => {
        // The lease runs out, and the task is done again.
        log.warn({ err: cause, task: name, id: job.id }, 'cannot note that a task failed');
      });
      // It did not fail by itself: the next process, or another one, need not wait as after a failure.
      if (stopping && abort.signal.aborted) await doAgainNow(boss, queue, job.id).catch(() => undefined);
    } finally {
      clearInterval(lease);
    }
  }

  async function renew(queue: string, attempt: Attempt, abort: AbortController) {
    try {
      const { affected } = (await boss.touch(queue, attempt)) as { affected?: number };
      if (affected === 0) abort.abort(new Fault('lease-lost', 'the task was given to another process'));
    } catch (error) {
      log.warn({ err: error }, 'cannot renew the lease of a task');
    }
  }

  return {
    start() {
      looping = loop();
    },
    wake,
    async stop(patienceMs) {
      stopping = true;
      wake();
      await looping;
      const all = Promise.all([...running].map((entry) => entry.done));
      const timer = setTimeout(() => {
        for (const entry of running) entry.abort.abort(new Fault('stopping', 'the process stops'));
      }, patienceMs);
      // A handler that does not heed its signal is left behind; its lease runs out.
      const enough = new Promise<void>((resolve) => setTimeout(resolve, patienceMs + 2_000).unref());
      await Promise.race([all, enough]);
      clearTimeout(timer);
    },
  };
}
