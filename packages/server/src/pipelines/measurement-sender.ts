import { randomUUID } from 'node:crypto';
import { Fault } from '../model/fault.ts';
import type { Ga4Settings } from '../model/integration.ts';
import type { Sealer } from '../privacy/sealing.ts';
import { type Ga4Batch, type Ga4Visit, packPageViews } from '../respond/ga4-events.ts';
import type { Ga4Measurement, Ga4Target } from '../respond/ga4-measurement.ts';
import type { OutboxEvent, TenantIntegrations } from '../stores/integrations.ts';
import type { Records } from '../stores/records.ts';
import type { Task, Tasks } from '../stores/tasks.ts';
import { openSecret } from './integration-secret.ts';
import { sendAt, sendSoon } from './integration-tasks.ts';
import { OLDEST_MS } from './measurement-buffer.ts';

/** Read from the outbox at once. */
const PAGE = 500;
/** Bodies that are under way at once. */
const AT_ONCE = 8;
/** A task sends for so long; then others have their turn. */
const TURN_MS = 45_000;
/** Longer than a turn with a last call that hangs. */
const HOLD_MS = 120_000;
/** What Google refused so often (any answer but 2xx, 429 and 5xx) is removed. */
const MOST_REFUSALS = 5;
/** Later than anything that can wait. */
const FAR_MS = Date.UTC(9999, 0);
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 30 * 60_000;

export interface MeasurementSenderTools {
  records: Pick<Records, 'integrations' | 'forTenant'>;
  sealer: Sealer;
  measurement: Ga4Measurement;
  tasks: Tasks;
  now?: () => number;
}

/**
 * Does the task that sends a tenant's page views: the oldest first, in one process at a time. When Google does not take
 * them it notes why and comes back later, ever more rarely; what is older than 72 hours is dropped, because Google takes
 * nothing older. A process that dies between Google's answer and the note of it sends those few once more.
 */
export function createMeasurementSender(
  tools: MeasurementSenderTools,
): (task: Pick<Task<{ tenantId: string }>, 'data' | 'signal'>) => Promise<void> {
  const { records, now = Date.now } = tools;
  return async ({ data: { tenantId }, signal }) => {
    const own = records.forTenant(tenantId).integrations;
    const record = await own.find('ga4');
    if (record === null) return;
    if (!record.enabled || !(record.settings as Ga4Settings).measurement) {
      // Off means that nothing leaves, also not later.
      await own.outbox.dropBefore('ga4', FAR_MS);
      return;
    }
    if (!records.integrations.measures(tenantId)) return;
    if (record.retryAt !== null && record.retryAt > now()) return;
    const holder = randomUUID();
    if (!(await own.outbox.hold('ga4', holder, HOLD_MS))) return;
    try {
      const turn = new Turn(tools, own, { tenantId, holder, failures: record.failures, signal });
      await turn.run(record.settings as Ga4Settings);
    } finally {
      await own.outbox.release('ga4', holder);
    }
  };
}

interface TurnState {
  tenantId: string;
  holder: string;
  failures: number;
  signal: AbortSignal;
}

/** One turn of sending. */
class Turn {
  readonly #tools: MeasurementSenderTools;
  readonly #own: TenantIntegrations;
  readonly #state: TurnState;
  readonly #now: () => number;

  constructor(tools: MeasurementSenderTools, own: TenantIntegrations, state: TurnState) {
    this.#tools = tools;
    this.#own = own;
    this.#state = state;
    this.#now = tools.now ?? Date.now;
  }

  async run(settings: Ga4Settings): Promise<void> {
    const { tenantId, holder, signal } = this.#state;
    const { outbox } = this.#own;
    await this.#dropOld();
    const target = await this.#target(settings.measurement_id).catch((error: unknown) => this.#pause(error));
    if (target === undefined || target === null) return;
    const until = this.#now() + TURN_MS;
    while (!signal.aborted) {
      const events = await outbox.next('ga4', PAGE);
      if (events.length === 0) return;
      if (this.#now() > until || !(await outbox.hold('ga4', holder, HOLD_MS))) {
        await sendSoon(this.#tools.tasks, tenantId, this.#now());
        return;
      }
      const visitors = [...new Set(events.map(({ visitorId }) => visitorId))];
      const visits = new Map((await outbox.visits('ga4', visitors)).map((visit) => [visit.visitorId, visit]));
      const batches = packPageViews(events.map(pageViewOf), settings.measurement_id, visits);
      if (!(await this.#sendAll(target, batches, events, visits))) return;
    }
  }

  async #dropOld(): Promise<void> {
    const dropped = await this.#own.outbox.dropBefore('ga4', this.#now() - OLDEST_MS);
    if (dropped === 0) return;
    const text = `${dropped} page views were dropped: they waited for 72 hours, and Google takes nothing older`;
    await this.#own.failed('ga4', { at: this.#now(), text });
  }

  async #target(measurementId: string): Promise<Ga4Target | null> {
    const { tenantId, signal } = this.#state;
    const apiSecret = await openSecret(this.#tools, tenantId, 'ga4', 'api_secret');
    if (apiSecret === null) return null;
    return { tenantId, measurementId, apiSecret, signal };
  }

  /** false when it is no use going on now. */
  async #sendAll(
    target: Ga4Target,
    batches: readonly Ga4Batch[],
    events: readonly OutboxEvent[],
    visits: Map<string, Ga4Visit>,
  ): Promise<boolean> {
    const visitorOf = new Map(events.map(({ id, visitorId }) => [id, visitorId]));
    for (let from = 0; from < batches.length; from += AT_ONCE) {
      const some = batches.slice(from, from + AT_ONCE);
      const outcomes = await Promise.allSettled(some.map(({ body }) => this.#tools.measurement.send(target, body)));
      const sent = some.filter((_, i) => outcomes[i]?.status === 'fulfilled').flatMap(({ ids }) => ids);
      if (sent.length > 0) await this.#noteSent(sent, visitorOf, visits);
      const failed = outcomes.findIndex(({ status }) => status === 'rejected');
      if (failed < 0) continue;
      const refusedIds = some
        .filter((_, i) => isRefused(outcomes[i] as PromiseSettledResult<void>))
        .flatMap(({ ids }) => ids);
      if (refusedIds.length > 0) await this.#own.outbox.refused('ga4', refusedIds, MOST_REFUSALS);
      await this.#pause((outcomes[failed] as PromiseRejectedResult).reason);
      return false;
    }
    return true;
  }

  async #noteSent(
    ids: readonly string[],
    visitorOf: ReadonlyMap<string, string>,
    visits: ReadonlyMap<string, Ga4Visit>,
  ): Promise<void> {
    await this.#own.outbox.done('ga4', ids);
    const visitors = new Set(ids.map((id) => visitorOf.get(id) ?? ''));
    const changed = [...visitors].map((visitor) => visits.get(visitor)).filter((visit) => visit !== undefined);
    await this.#own.outbox.saveVisits('ga4', changed);
    await this.#own.succeeded('ga4', this.#now(), ids.length);
    this.#state.failures = 0;
  }

  /** Notes a failure and comes back later. That this process stops is none. */
  async #pause(reason: unknown): Promise<void> {
    const { tenantId, failures, signal } = this.#state;
    if (signal.aborted) throw signal.reason;
    const now = this.#now();
    const retryAt = now + pauseOf(failures + 1);
    await this.#own.failed('ga4', { at: now, text: (reason as Error).message, retryAt });
    await sendAt(this.#tools.tasks, tenantId, retryAt + 1);
  }
}

/** How long to wait after so many failures in a row, in ms: doubling, spread by a fifth, half an hour at most. */
export function pauseOf(failures: number): number {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10), LONGEST_PAUSE_MS);
  return Math.round(pause * (0.8 + 0.2 * Math.random()));
}

function isRefused(outcome: PromiseSettledResult<void>): boolean {
  return outcome.status === 'rejected' && outcome.reason instanceof Fault && outcome.reason.code === 'provider-refused';
}

function pageViewOf({ id, visitorId, happenedAt, event }: OutboxEvent): Parameters<typeof packPageViews>[0][number] {
  return { id, visitorId, time: happenedAt, ...event };
}
