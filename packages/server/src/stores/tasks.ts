export { openTasks, type TasksOptions } from './drivers/postgres/tasks.ts';

/** How soon a task is wanted: nothing `normal` is begun while `high` waits, nothing `low` while `normal` waits. */
export type Urgency = 'high' | 'normal' | 'low';

export interface Task<T = unknown> {
  id: string;
  name: string;
  data: T;
  /** 0 for the first attempt. */
  attempt: number;
  /** Aborted when the process stops or the lease is lost; the task is then done again elsewhere. */
  signal: AbortSignal;
}

/** Does a task. Resolves when its effects are committed; rejecting means that it is tried again later. */
export type TaskHandler<T = unknown> = (task: Task<T>) => Promise<unknown>;

export interface AddOptions {
  /** `normal` unless told otherwise. */
  urgency?: Urgency;
  /** A UUID of the caller's choosing: adding a task again under it does nothing. */
  id?: string;
  /** Not before this time, ms since the epoch. */
  notBefore?: number;
  /** Attempts after the first; 8 unless told otherwise. */
  retries?: number;
}

export interface ScheduleOptions {
  /** true: one run makes up for all that were missed while nothing ran. */
  catchUp?: boolean;
}

/** A task that failed for good. */
export interface DeadTask {
  /** To replay it by. */
  id: string;
  name: string;
  data: unknown;
  /** Where it came from; it goes back there. */
  queue: string;
  /** Message of the last failure. */
  error: string;
  /** Attempts it was given. */
  attempts: number;
  /** When it was added first, and when it was given up, ms since the epoch. */
  addedAt: number;
  diedAt: number;
}

export interface QueueDepth {
  queue: string;
  /** Ready or waiting for their time. */
  waiting: number;
  active: number;
}

/**
 * The task queue. A task is leased to one process, which renews the lease while it works; a task whose lease ran out
 * is given to another. Tasks must bear being done twice: a process can die between their effects and their end.
 */
export interface Tasks {
  /** Says what does the tasks of a name; before `start`. */
  handle<T = unknown>(name: string, handler: TaskHandler<T>): void;
  /** Adds a task; resolves to its id once it is durable, or null when a task of that id is known. */
  add(name: string, data: unknown, options?: AddOptions): Promise<string | null>;
  /**
   * Runs `handler` as the cron expression says (five fields, UTC), in one process of all; a run that lasts beyond the
   * next one's time swallows that. Before or after `start`. Throws a Fault `bad-schedule`.
   */
  schedule(name: string, cron: string, handler: TaskHandler, options?: ScheduleOptions): Promise<void>;
  /** Takes a schedule away that no longer exists in the code. */
  unschedule(name: string): Promise<void>;
  /** Names and expressions of the schedules. */
  schedules(): Promise<{ name: string; cron: string }[]>;
  /** Has a scheduled task run as soon as can be. False: it is queued or running already. Throws Fault `no-such-schedule`. */
  runNow(name: string): Promise<boolean>;
  /** Begins to take tasks. */
  start(): void;
  /** Tasks that failed for good, latest first. */
  dead(limit?: number): Promise<DeadTask[]>;
  /** Gives dead tasks back to their queues; returns how many there were. */
  replay(ids: readonly string[]): Promise<number>;
  depths(): Promise<QueueDepth[]>;
  /** How many tasks failed for good and were not replayed. */
  deadCount(): Promise<number>;
  /** Takes no more tasks, lets those in hand end for `patienceMs` (10 s), then aborts them; closes the connections. */
  close(patienceMs?: number): Promise<void>;
}
