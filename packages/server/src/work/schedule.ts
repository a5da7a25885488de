import type { TaskHandler, Tasks } from '../stores/tasks.ts';

/** What the hub does by the clock. Each is given the task, whose signal ends it early. */
export interface Chores {
  /** Makes the next days' client keys and destroys those past their time. */
  rotateKeys: TaskHandler;
  /** Drops what is past its retention. */
  applyRetention: TaskHandler;
  /** Fetches newer geo data. */
  updateGeo: TaskHandler;
  /** Drops raw addresses of sessions that have ended. */
  dropLiveAddresses: TaskHandler;
  /** Derives the sessions that are due, and again those of days whose rows have changed. */
  deriveSessions: TaskHandler;
  /** Deletes tenants with everything of them, as operators asked. */
  deleteTenants: TaskHandler;
  /** Looks again for proofs that domains are whose they are said to be. */
  checkDomains: TaskHandler;
  /** Removes expired idempotency keys, links and sessions. */
  pruneExpired: TaskHandler;
  /** Has sent what waits for analytics services, and drops what waited too long. */
  sweepIntegrations: TaskHandler;
  /** Fetches the figures of analytics services. */
  fetchFigures: TaskHandler;
  /** Has mails sent whose task was lost. */
  sweepMails: TaskHandler;
}

export type ChoreName = keyof typeof CHORES;

interface Chore {
  does: keyof Chores;
  cron: string;
  catchUp: boolean;
}

/**
 * When what is done, UTC. Keys are rotated early in the day, and in the evening for the day to come, so that neither
 * hangs on one run. Off the full hour, when everybody's schedules run. Geo data is not caught up on: it is downloaded
 * from elsewhere, and another week does no harm; what has promised deletion is.
 */
const CHORES = {
  'rotate-keys': { does: 'rotateKeys', cron: '7 0,20 * * *', catchUp: true },
  retention: { does: 'applyRetention', cron: '23 1 * * *', catchUp: true },
  'geo-update': { does: 'updateGeo', cron: '41 3 * * 3', catchUp: false },
  'drop-live-addresses': { does: 'dropLiveAddresses', cron: '*/10 * * * *', catchUp: true },
  'derive-sessions': { does: 'deriveSessions', cron: '4-59/10 * * * *', catchUp: true },
  // At once when it is asked for; by the clock what a stop or a fault has interrupted.
  'delete-tenants': { does: 'deleteTenants', cron: '*/5 * * * *', catchUp: true },
  'check-domains': { does: 'checkDomains', cron: '37 4 * * *', catchUp: true },
  prune: { does: 'pruneExpired', cron: '17 * * * *', catchUp: false },
  integrations: { does: 'sweepIntegrations', cron: '3-59/10 * * * *', catchUp: true },
  mails: { does: 'sweepMails', cron: '6-59/10 * * * *', catchUp: true },
  // Four times a day: Clarity allows ten calls, and leaves room for retries and for people who try the connection.
  'integration-figures': { does: 'fetchFigures', cron: '29 */6 * * *', catchUp: false },
} as const satisfies Record<string, Chore>;

export interface Schedule {
  /** Has a chore run as soon as can be; false when it is queued or running already. */
  runNow(name: ChoreName): Promise<boolean>;
  readonly names: readonly ChoreName[];
}

/** Puts the chores on the schedule, and takes off what an older version had there. A chore left out is not run. */
export async function scheduleChores(tasks: Tasks, chores: Partial<Chores>): Promise<Schedule> {
  const names: ChoreName[] = [];
  for (const [name, chore] of Object.entries(CHORES) as [ChoreName, Chore][]) {
    const handler = chores[chore.does];
    if (handler === undefined) continue;
    await tasks.schedule(name, chore.cron, handler, { catchUp: chore.catchUp });
    names.push(name);
  }
  for (const { name } of await tasks.schedules()) {
    if (!(name in CHORES)) await tasks.unschedule(name);
  }
  return { names, runNow: (name) => tasks.runNow(name) };
}
