import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyedTenant } from '../support/tenant.ts';
import { type Comparison, compareAll, type Ledger, openLedger } from './ledger.ts';
import { sendLoad } from './load.ts';
import { describeFault, type Plan } from './plan.ts';
import type { FaultWorld } from './world.ts';

export interface RoundResult extends Comparison {
  seed: number;
  faults: string[];
  /** Faults that could not be made on this machine, or that came after the last acknowledgement. */
  leftOut: string[];
  /** Deliveries that were never acknowledged although they were sent until the end. */
  unanswered: number;
  seconds: number;
  /** For the audit at the end of the world. */
  tenant: KeyedTenant;
  ledger: Ledger;
}

// As long as something is acknowledged now and then, a busy machine may take its time.
const STALL_MS = 120_000;
/** How long an acknowledged row may be on its way through a broker. */
const ARRIVAL_MS = 90_000;
let rounds = 0;

/**
 * One round: a new tenant, the plan's load, its faults as the load goes on, and then the comparison. `beforeLoad` is for
 * faults that no plan has.
 */
export async function runRound(world: FaultWorld, plan: Plan, beforeLoad?: () => void): Promise<RoundResult> {
  const started = performance.now();
  rounds += 1;
  await world.calm();
  const tenant = await world.tenant(`round-${rounds}-${plan.seed}`);
  beforeLoad?.();
  const ledger = openLedger();
  const leftOut: string[] = [];
  const stalled = new AbortController();
  const waiting = [...plan.faults];
  const underWay: Promise<void>[] = [];
  let timer = setTimeout(() => stalled.abort(), STALL_MS);
  const acknowledged = await sendLoad({
    plan,
    urls: world.urls,
    key: tenant.key,
    domain: tenant.domain,
    ledger,
    now: Date.now(),
    signal: stalled.signal,
    onAcknowledged(count) {
      clearTimeout(timer);
      timer = setTimeout(() => stalled.abort(), STALL_MS);
      while (waiting.length > 0 && (waiting[0]?.after ?? 0) <= count) {
        const fault = waiting.shift() as Plan['faults'][number];
        const work = world.inject(fault).then((made) => void (made || leftOut.push(describeFault(fault))));
        underWay.push(work);
      }
    },
  });
  clearTimeout(timer);
  await Promise.all(underWay);
  leftOut.push(...waiting.map(describeFault));
  await world.calm();
  await world.settled();
  const comparison = await compareSettled(world, tenant, ledger);
  const unkeyed = plan.deliveries.filter((delivery) => delivery.kind === 'batch' && delivery.key === null).length;
  const keyed = plan.deliveries.length - unkeyed;
  return {
    ...comparison,
    wrong: [...comparison.wrong, ...ledger.complaints],
    seed: plan.seed,
    faults: plan.faults.map(describeFault),
    leftOut,
    unanswered: stalled.signal.aborted ? Math.max(1, keyed - acknowledged) : 0,
    seconds: (performance.now() - started) / 1000,
    tenant,
    ledger,
  };
}

/** What a broker holds may still be on its way; what is missing after that is lost. */
async function compareSettled(world: FaultWorld, tenant: KeyedTenant, ledger: Ledger): Promise<Comparison> {
  const end = performance.now() + (world.async ? ARRIVAL_MS : 0);
  for (let pause = 25; ; pause = Math.min(pause * 2, 1000)) {
    const comparison = await compareAll(ledger, world.query, tenant.id);
    if (comparison.lost === 0 || performance.now() > end) return comparison;
    await sleep(pause);
  }
}

/** The comparison once more for every round of a world, after all of them: nothing may have come late. */
export async function audit(world: FaultWorld, results: readonly RoundResult[]): Promise<RoundResult[]> {
  const wrong: RoundResult[] = [];
  for (const result of results) {
    const comparison = await compareAll(result.ledger, world.query, result.tenant.id);
    const worse = comparison.lost > result.lost || comparison.doubled > result.doubled;
    if (worse) wrong.push({ ...result, ...comparison });
  }
  return wrong;
}

/** Whether the promise was kept. */
export function isGood({ lost, doubled, unanswered, wrong }: RoundResult): boolean {
  return lost === 0 && doubled === 0 && unanswered === 0 && wrong.length === 0;
}
