import { PgBoss } from 'pg-boss';
import { Fault } from '../../../model/fault.ts';
import type { DeadTask, TaskHandler, Tasks, Urgency } from '../../tasks.ts';
import { type Listener, listen } from './listener.ts';
import type { Log } from './log.ts';
import { type Attempt, createTaskLoop, doAgainNow, type Payload } from './task-loop.ts';

const SCHEMA = 'pgboss';
const SCHEDULED = 'scheduled';
const DEAD = 'dead';
const CHANNEL = 'vedette_tasks';
const QUEUES = [SCHEDULED, 'high', 'normal', 'low'] as const;
const DAY_SECONDS = 86_400;

export interface TasksOptions {
  /** Of the database's owner: the queue keeps a schema of its own beside the records. */
  url: string;
  log: Log;
  /** Tasks at once in this process; 4 unless told otherwise. One slot is kept for urgent ones. */
  concurrency?: number;
  /** How long a process may be silent before its tasks are given to others; 30, at least 10. */
  leaseSeconds?: number;
  /** How often expired leases are looked for; 15. */
  watchSeconds?: number;
  /** No other process has this queue: what is leased was left by one that is gone, and is done again at once. */
  alone?: boolean;
}

/** Opens the queue, making its schema and queues where they are missing. Several processes may do so at once. */
export async function openTasks(options: TasksOptions): Promise<Tasks> {
  const { url, log, leaseSeconds = 30, watchSeconds = 15 } = options;
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'vedette-tasks',
    schema: SCHEMA,
    max: 4,
    superviseIntervalSeconds: watchSeconds,
    monitorIntervalSeconds: watchSeconds,
    cronMonitorIntervalSeconds: 10,
    cronWorkerIntervalSeconds: 2,
    // Wakes are announced on a channel of ours, because tasks are fetched by a loop of ours.
    useListenNotify: false,
  });
  boss.on('error', (error) => log.warn({ err: error }, 'the task queue has trouble'));
  boss.on('warning', (warning) => log.warn({ warning }, 'the task queue warns'));
  await boss.start();
  const handlers = new Map<string, TaskHandler>();
  const loop = createTaskLoop({
    boss,
    log,
    queues: QUEUES,
    urgent: new Set([SCHEDULED, 'high']),
    handlers,
    concurrency: options.concurrency ?? 4,
    pollMs: 2_000,
    renewMs: (leaseSeconds * 1000) / 3,
  });
  try {
    await makeQueues(boss, leaseSeconds);
    if (options.alone === true) await takeBack(boss, log);
    const listener = await listen({
      url,
      log,
      channels: [CHANNEL],
      onMessage: () => loop.wake(),
      onConnect: async () => loop.wake(),
      onDisconnect: () => undefined,
    });
    return tasksOver(boss, loop, handlers, listener);
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }
}

async function makeQueues(boss: PgBoss, leaseSeconds: number): Promise<void> {
  // A dead task is kept for three months, for somebody to look at.
  await boss.createQueue(DEAD, { retentionSeconds: 90 * DAY_SECONDS });
  for (const name of QUEUES) {
    const settings = {
      retryLimit: 8,
      retryDelay: 5,
      retryBackoff: true,
      retryDelayMax: 1800,
      expireInSeconds: 6 * 3600,
      heartbeatSeconds: leaseSeconds,
      deleteAfterSeconds: 3 * DAY_SECONDS,
      retentionSeconds: 30 * DAY_SECONDS,
      deadLetter: DEAD,
    };
    // Exclusive: of a scheduled name there is one at most, waiting or running.
    await boss.createQueue(name, name === SCHEDULED ? { ...settings, policy: 'exclusive' } : settings);
    await boss.updateQueue(name, settings);
  }
}

/** Ends the leases of a process that is gone. The attempt counts, so that a task which ends processes is given up. */
async function takeBack(boss: PgBoss, log: Log): Promise<void> {
  for (const queue of QUEUES) {
    const { rows } = await boss
      .getDb()
      .executeSql(`SELECT id, retry_count AS "retryCount" FROM ${SCHEMA}.job WHERE name = $1 AND state = 'active'`, [
        queue,
      ]);
    for (const attempt of rows as Attempt[]) {
      await boss.fail(queue, attempt, { message: 'the process that did it has ended' });
      await doAgainNow(boss, queue, attempt.id);
    }
    if (rows.length > 0) log.info({ queue, tasks: rows.length }, 'tasks that a stop cut off are done again');
  }
}

function tasksOver(
  boss: PgBoss,
  loop: ReturnType<typeof createTaskLoop>,
  handlers: Map<string, TaskHandler>,
  listener: Listener,
): Tasks {
  const announce = () => boss.getDb().executeSql(`SELECT pg_notify('${CHANNEL}', '')`);
  const payload = (task: string, data: unknown): Payload => ({ task, data });
  return {
    handle: (name, handler) => void handlers.set(name, handler as TaskHandler),
    async add(name, data, options = {}) {
      const queue: Urgency = options.urgency ?? 'normal';
      const id = await boss.send(queue, payload(name, data), {
        ...(options.id === undefined ? {} : { id: options.id }),
        ...(options.notBefore === undefined ? {} : { startAfter: new Date(options.notBefore) }),
        ...(options.retries === undefined ? {} : { retryLimit: options.retries }),
      });
      if (id !== null) await announce();
      return id;
    },
    async schedule(name, cron, handler, options = {}) {
      handlers.set(name, handler);
      try {
        await boss.schedule(SCHEDULED, cron, payload(name, null), {
          key: name,
          singletonKey: name,
          tz: 'UTC',
          missed: options.catchUp ? 'once' : 'skip',
        });
      } catch (cause) {
        const text = `${JSON.stringify(cron)} is no schedule for ${name}: ${(cause as Error).message}`;
        throw new Fault('bad-schedule', text, { cause });
      }
    },
    unschedule: (name) => boss.unschedule(SCHEDULED, name),
    async schedules() {
      const all = await boss.getSchedules(SCHEDULED);
      return all.map(({ key, cron }) => ({ name: key, cron })).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async runNow(name) {
      if ((await boss.getSchedule(SCHEDULED, name)) === null) {
        throw new Fault('no-such-schedule', `nothing is scheduled as ${JSON.stringify(name)}`);
      }
      const id = await boss.send(SCHEDULED, payload(name, null), { singletonKey: name });
      // One that waits after a failure waits no longer.
      if (id === null) await boss.update(SCHEDULED, undefined, { singletonKey: name, startAfter: 0 });
      await announce();
      return id !== null;
    },
    start: () => loop.start(),
    dead: (limit) => listDead(boss, limit),
    async replay(ids) {
      if (ids.length === 0) return 0;
      const moved = await boss.redrive(DEAD, { ids: [...ids], limit: ids.length });
      await announce();
      return moved;
    },
    async depths() {
      const stats = await Promise.all(QUEUES.map((queue) => boss.getQueueStats(queue)));
      return QUEUES.map((queue, index) => {
        const now = stats[index]?.[0];
        return { queue, waiting: now?.queuedCount ?? 0, active: now?.activeCount ?? 0 };
      });
    },
    async deadCount() {
      const [now] = await boss.getQueueStats(DEAD);
      return now?.queuedCount ?? 0;
    },
    async close(patienceMs = 10_000) {
      await loop.stop(patienceMs);
      await listener.close();
      await boss.stop({ graceful: true, timeout: 5_000 });
    },
  };
}

async function listDead(boss: PgBoss, limit = 1000): Promise<DeadTask[]> {
  const jobs = await boss.findJobs<Payload>(DEAD);
  return jobs
    .map((job) => ({
      id: job.id,
      name: job.data.task,
      data: job.data.data,
      queue: job.sourceName ?? '',
      error: String((job.sourceOutput as { message?: unknown } | null)?.message ?? ''),
      attempts: (job.sourceRetryCount ?? 0) + 1,
      addedAt: (job.sourceCreatedOn ?? job.createdOn).getTime(),
      diedAt: job.createdOn.getTime(),
    }))
    .sort((a, b) => b.diedAt - a.diedAt)
    .slice(0, limit);
}
