import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTasks, type Tasks, type TasksOptions } from '../src/stores/tasks.ts';
import { scheduleChores } from '../src/work/schedule.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';

// Several of these wait for clocks, so they run side by side, each on a database of its own.
let postgres: TestPostgres;
const open = new Set<Tasks>();

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(async () => {
  await Promise.all([...open].map((tasks) => tasks.close(1_000)));
  await postgres?.stop();
});

async function openOn(url: string, more: Partial<TasksOptions> = {}): Promise<Tasks> {
  const tasks = await openTasks({ url, log: quietLog(), ...more });
  open.add(tasks);
  return tasks;
}

async function fresh(more: Partial<TasksOptions> = {}): Promise<Tasks> {
  return openOn(await postgres.emptyDatabase(), more);
}

async function close(tasks: Tasks, patienceMs: number): Promise<void> {
  open.delete(tasks);
  await tasks.close(patienceMs);
}

async function eventually(check: () => unknown, timeout = 20_000): Promise<void> {
  // Not `expect.poll`, which is of the one test under way.
  await vi.waitUntil(check, { timeout, interval: 20 });
}

/** State, queue and attempts of each task, and whether it waits for its time. */
async function standing(url: string): Promise<string[]> {
  const rows = await postgres.query(
    url,
    `SELECT concat_ws(' ', state, name, retry_count, CASE WHEN start_after > now() THEN 'later' END) AS told
     FROM pgboss.job WHERE name IN ('scheduled', 'high', 'normal', 'low') ORDER BY 1`,
  );
  return rows.map(({ told }) => String(told));
}

describe.concurrent('tasks', () => {
  it('are done in strict order of urgency', async () => {
    const tasks = await fresh({ concurrency: 1 });
    const done: unknown[] = [];
    tasks.handle('note', async (task) => done.push(task.data));
    for (const urgency of ['low', 'normal', 'high'] as const) {
      for (const n of [1, 2]) await tasks.add('note', `${urgency} ${n}`, { urgency });
    }
    tasks.start();
    await eventually(() => done.length === 6);
    expect(done).toEqual(['high 1', 'high 2', 'normal 1', 'normal 2', 'low 1', 'low 2']);
  });

  it('are each done by one process', async () => {
    const done: unknown[] = [];
    const url = await postgres.emptyDatabase();
    const all = await Promise.all([openOn(url), openOn(url), openOn(url)]);
    for (const tasks of all) {
      tasks.handle('note', async (task) => done.push(task.data));
      tasks.start();
    }
    const wanted = Array.from({ length: 60 }, (_, n) => n);
    await Promise.all(wanted.map((n) => all[n % 3]?.add('note', n)));
    await eventually(() => done.length >= 60);
    expect([...done].sort((a, b) => Number(a) - Number(b))).toEqual(wanted);
  });

  it('added twice under one id are one', async () => {
    const tasks = await fresh();
    const id = '0193d4b8-0000-7000-8000-000000000001';
    expect(await tasks.add('note', 1, { id })).toBe(id);
    expect(await tasks.add('note', 1, { id })).toBeNull();
    expect((await tasks.depths()).find((depth) => depth.queue === 'normal')).toMatchObject({ waiting: 1, active: 0 });
  });

  it('that fail are tried again, then listed as dead and replayed', async () => {
    const tasks = await fresh();
    const attempts: number[] = [];
    let broken = true;
    tasks.handle('flaky', async (task) => {
      attempts.push(task.attempt);
      if (broken) throw new Error('the other side is away');
    });
    await tasks.add('flaky', { n: 1 }, { retries: 0, urgency: 'high' });
    tasks.start();
    await eventually(async () => (await tasks.dead()).length === 1);
    const [dead] = await tasks.dead();
    expect(await tasks.deadCount()).toBe(1);
    expect(dead).toMatchObject({ name: 'flaky', data: { n: 1 }, queue: 'high', error: 'the other side is away' });
    expect(dead?.attempts).toBe(1);
    broken = false;
    expect(await tasks.replay([dead?.id ?? ''])).toBe(1);
    await eventually(() => attempts.length === 2);
    await eventually(async () => (await tasks.dead()).length === 0);
    expect(await tasks.replay([])).toBe(0);
  });

  it('that fail once succeed later', async () => {
    const tasks = await fresh();
    const attempts: number[] = [];
    tasks.handle('flaky', async (task) => {
      attempts.push(task.attempt);
      if (task.attempt === 0) throw new Error('once');
    });
    tasks.start();
    await tasks.add('flaky', null);
    await eventually(() => attempts.length === 2, 40_000);
    expect(attempts).toEqual([0, 1]);
  });

  it('nothing does go to the dead with the reason', async () => {
    const tasks = await fresh();
    tasks.start();
    await tasks.add('unheard-of', null, { retries: 0 });
    await eventually(async () => (await tasks.dead())[0]?.error.includes('unheard-of'));
  });

  it('of a process that died are done by another when the lease runs out', async () => {
    // As a killed process leaves it: taken, and never heard of again.
    const url = await postgres.emptyDatabase();
    const killed = await openOn(url, { leaseSeconds: 10, watchSeconds: 1 });
    const id = await killed.add('note', 'orphan', { retries: 3 });
    const taken = await postgres.query(
      url,
      "UPDATE pgboss.job SET state = 'active', started_on = now(), heartbeat_on = now() WHERE id = $1 RETURNING id",
      [id],
    );
    expect(taken).toHaveLength(1);
    const other = await openOn(url, { leaseSeconds: 10, watchSeconds: 1 });
    const done: unknown[] = [];
    other.handle('note', async (task) => done.push(task.data));
    other.start();
    await eventually(() => done.length === 1, 55_000);
    expect(done).toEqual(['orphan']);
  });

  it('of a process that died are done again at once by one that is alone', async () => {
    const url = await postgres.emptyDatabase();
    const killed = await openOn(url, { leaseSeconds: 3600 });
    await scheduleChores(killed, { applyRetention: async () => undefined });
    await killed.runNow('retention');
    await killed.add('note', 'orphan');
    await killed.add('note', 'waits', { urgency: 'low', notBefore: Date.now() + 3_600_000 });
    await postgres.query(
      url,
      "UPDATE pgboss.job SET state = 'active', started_on = now(), heartbeat_on = now() WHERE name IN ('normal', 'scheduled')",
    );
    await openOn(url, { leaseSeconds: 3600 });
    expect(await standing(url)).toEqual(['active normal 0', 'active scheduled 0', 'created low 0 later']);
    const other = await openOn(url, { leaseSeconds: 3600, alone: true });
    expect(await standing(url)).toEqual(['created low 0 later', 'retry normal 0', 'retry scheduled 0']);
    const done: unknown[] = [];
    other.handle('note', async ({ data, attempt }) => done.push([data, attempt]));
    await scheduleChores(other, { applyRetention: async ({ attempt }) => done.push(['retention', attempt]) });
    other.start();
    await eventually(() => done.length === 2);
    expect(done).toEqual([
      ['retention', 1],
      ['orphan', 1],
    ]);
  });

  it('that a stop cuts off are done again at once, those that failed only when it is time', async () => {
    const url = await postgres.emptyDatabase();
    const tasks = await openOn(url);
    let begun = 0;
    tasks.handle('long', ({ signal }) => {
      begun += 1;
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    tasks.handle('broken', async () => Promise.reject(new Error('broken')));
    tasks.start();
    await tasks.add('broken', null, { urgency: 'high' });
    await tasks.add('long', null);
    await eventually(() => begun === 1);
    await eventually(async () => (await standing(url)).some((line) => line.startsWith('retry high')));
    await close(tasks, 10);
    expect(await standing(url)).toEqual([expect.stringMatching(/^retry high \d later$/), 'retry normal 0']);
  });

  it('in hand are let end when the process stops, and aborted when they take too long', async () => {
    const tasks = await fresh();
    const ends: string[] = [];
    let begun = 0;
    tasks.handle('short', async () => {
      begun += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
      ends.push('short');
    });
    tasks.handle('long', (task) => {
      begun += 1;
      return new Promise((_, reject) => {
        task.signal.addEventListener('abort', () => {
          ends.push('long aborted');
          reject(task.signal.reason);
        });
      });
    });
    tasks.start();
    await tasks.add('short', null);
    await tasks.add('long', null);
    await eventually(() => begun === 2);
    await close(tasks, 500);
    expect(ends).toEqual(['short', 'long aborted']);
  });
});

describe.concurrent('the schedule', () => {
  it('runs a chore at once when asked, in one process only', async () => {
    const runs: string[] = [];
    const url = await postgres.emptyDatabase();
    const [one, two] = [await openOn(url), await openOn(url)];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const chores = {
      applyRetention: async () => {
        runs.push('retention');
        await held;
      },
    };
    const first = await scheduleChores(one, chores);
    await scheduleChores(two, chores);
    expect(first.names).toEqual(['retention']);
    one.start();
    two.start();
    expect(await first.runNow('retention')).toBe(true);
    expect(await first.runNow('retention')).toBe(false);
    await eventually(() => runs.length === 1);
    expect(await first.runNow('retention')).toBe(false);
    release();
    await eventually(() => first.runNow('retention'));
    await eventually(() => runs.length === 2);
    await expect(first.runNow('prune')).rejects.toMatchObject({ code: 'no-such-schedule' });
  });

  it('runs a chore at once when asked, though it waits after a failure', async () => {
    const url = await postgres.emptyDatabase();
    const tasks = await openOn(url);
    const { runNow } = await scheduleChores(tasks, { applyRetention: async () => undefined });
    expect(await runNow('retention')).toBe(true);
    await postgres.query(url, "UPDATE pgboss.job SET state = 'retry', start_after = now() + interval '1 hour'");
    expect(await standing(url)).toEqual(['retry scheduled 0 later']);
    expect(await runNow('retention')).toBe(false);
    expect(await standing(url)).toEqual(['retry scheduled 0']);
  });

  it('runs by the clock, once for all processes', async () => {
    const runs: string[] = [];
    const url = await postgres.emptyDatabase();
    const all = [await openOn(url), await openOn(url)];
    for (const tasks of all) {
      await tasks.schedule('each-minute', '* * * * *', async () => runs.push('run'));
      tasks.start();
    }
    await eventually(() => runs.length > 0, 100_000);
    const [jobs] = await postgres.query(
      url,
      "SELECT count(*) AS jobs, count(DISTINCT date_trunc('minute', created_on)) AS minutes FROM pgboss.job WHERE name = 'scheduled'",
    );
    expect(jobs?.jobs).toBe(jobs?.minutes);
  });

  it('makes up for runs that were missed', async () => {
    const runs: string[] = [];
    const url = await postgres.emptyDatabase();
    const before = await openOn(url);
    const daily = '30 4 * * *';
    await before.schedule('kept', daily, async () => undefined, { catchUp: true });
    await before.schedule('let-go', daily, async () => undefined);
    await close(before, 1_000);
    // As if the hub had been away for two days.
    const [version] = await postgres.query(
      url,
      "UPDATE pgboss.version SET cron_on = now() - interval '2 days' RETURNING 1",
    );
    expect(version).toBeDefined();
    await postgres.query(
      url,
      "UPDATE pgboss.schedule SET created_on = now() - interval '9 days', updated_on = now() - interval '9 days'",
    );
    const after = await openOn(url);
    after.handle('kept', async () => runs.push('kept'));
    after.handle('let-go', async () => runs.push('let-go'));
    after.start();
    await eventually(() => runs.length > 0, 55_000);
    expect(runs).toEqual(['kept']);
  });

  it('lists what is on it, and forgets what the code no longer has', async () => {
    const tasks = await fresh();
    await tasks.schedule('of-old', '0 0 * * *', async () => undefined);
    const nothing = async () => undefined;
    const { names } = await scheduleChores(tasks, {
      rotateKeys: nothing,
      applyRetention: nothing,
      updateGeo: nothing,
      dropLiveAddresses: nothing,
      pruneExpired: nothing,
      sweepIntegrations: nothing,
      fetchFigures: nothing,
    });
    expect((await tasks.schedules()).map((each) => each.name)).toEqual([...names].sort());
    expect(names).toHaveLength(7);
    await expect(tasks.schedule('odd', 'every day', nothing)).rejects.toMatchObject({ code: 'bad-schedule' });
  });
});
