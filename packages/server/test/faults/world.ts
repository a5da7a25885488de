import { setTimeout as sleep } from 'node:timers/promises';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import type { KeyedTenant } from '../support/tenant.ts';
import type { FaultKind, PlannedFault } from './plan.ts';
import type { Program } from './program.ts';

/** A hub with its engines, that stands for many rounds, and what can be done to it. */
export interface FaultWorld {
  dir: string;
  /** Whether what is acknowledged may be on its way to the store for a while. */
  async: boolean;
  /** Where senders send. */
  urls: readonly string[];
  tenant(slug: string): Promise<KeyedTenant>;
  /** Resolves when the fault is over; false: it cannot be made here, for want of root. */
  inject(fault: PlannedFault): Promise<boolean>;
  /** Ends what faults leave behind: clocks that are off, trouble that did not come up. */
  calm(): Promise<void>;
  /** Resolves when every program answers and nothing that was taken waits. */
  settled(): Promise<void>;
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Programs that ended without having been killed, with what they said last. */
  crashes(): readonly string[];
  /** Stops everything. Data and logs go as well, unless they are to be kept in `dir`. */
  close(keep: boolean): Promise<void>;
}

/** How a world makes each fault. */
export type Means = Record<string, Partial<Record<FaultKind, (fault: PlannedFault) => Promise<unknown> | null>>>;

/** Makes faults by their names; those of one target one after the other. */
export function injector(means: Means): FaultWorld['inject'] {
  const turns = new Map<string, Promise<unknown>>();
  return async (fault) => {
    const way = means[fault.target]?.[fault.kind];
    if (way === undefined) throw new Error(`no way to ${fault.kind} ${fault.target}`);
    const turn = (turns.get(fault.target) ?? Promise.resolve()).then(async () => {
      const work = way(fault);
      await work;
      return work !== null;
    });
    turns.set(
      fault.target,
      turn.catch(() => undefined),
    );
    return turn;
  };
}

export function meansOfProgram(program: Program): Means[string] {
  return {
    kill: ({ count, ms }) => program.kill(count, ms),
    pause: ({ ms }) => program.pause(ms),
    clock: async ({ ms }) => program.setClock(ms),
  };
}

export function meansOfLine(line: TcpProxy): Means[string] {
  return {
    silence: ({ ms }) => line.silence(ms),
    slow: ({ ms }) => line.slow(ms),
    cut: async ({ count }) => line.cut(count),
  };
}

// Recovery after kill -9 on a busy machine takes its time; what takes longer than that does not recover.
const PATIENCE_MS = 180_000;

/** Tries until it works; throws what was wrong the last time once patience is over. */
export async function insist<Result>(
  doing: string,
  work: () => Promise<Result>,
  patienceMs = PATIENCE_MS,
): Promise<Result> {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > end) throw new Error(`${doing}: ${String(error)}`, { cause: error });
      await sleep(25);
    }
  }
}

/** Resolves when the hub at the URL is ready and holds nothing that waits for the store, or for the broker. */
export async function settledAt(url: string, gauges: readonly string[]): Promise<void> {
  await insist(`waiting for ${url} to settle`, async () => {
    const get = async (path: string) => {
      const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000) });
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}: ${text}`);
      return text;
    };
    await get('/readyz');
    const metrics = await get('/metrics');
    for (const gauge of gauges) {
      const value = new RegExp(`^${gauge} (\\S+)$`, 'm').exec(metrics)?.[1];
      if (value !== '0') throw new Error(`${gauge} is ${value}`);
    }
  });
}

export const WAITING = ['vedette_rows_waiting', 'vedette_spool_batches'];
