import { type Mode, planRound } from './plan.ts';
import { audit, isGood, type RoundResult, runRound } from './round.ts';
import type { FaultWorld } from './world.ts';
import { startWorldOf } from './worlds.ts';

export interface CampaignOptions {
  mode: Mode;
  rounds: number;
  /** Seed of the first round; each has the one after. */
  seed: number;
  /** Leaves data and logs of a world in which a round failed. */
  keep: boolean;
  /** No round begins after it. */
  signal: AbortSignal;
  /** Told of each round, and of one that is found to be worse at the end of its world. */
  onRound(result: RoundResult, late: boolean): void;
  /** Told of what else there is to know. */
  onNote(text: string): void;
}

export interface Totals {
  rounds: number;
  acknowledged: number;
  stored: number;
  lost: number;
  doubled: number;
  seconds: number;
  /** How often a program ended by itself. */
  crashes: number;
  /** Seeds of rounds in which a promise was broken, or that did not come to their end. */
  failed: number[];
}

/** A world is used for so many rounds, so that what is compared at its end stays in memory. */
const ROUNDS_A_WORLD = 50;

/** Runs rounds one after the other; a world that a round broke is given up for a new one. */
export async function runCampaign(options: CampaignOptions): Promise<Totals> {
  const totals: Totals = {
    rounds: 0,
    acknowledged: 0,
    stored: 0,
    lost: 0,
    doubled: 0,
    seconds: 0,
    crashes: 0,
    failed: [],
  };
  const { rounds, seed, mode, signal, onNote } = options;
  for (let next = 0; next < rounds && !signal.aborted; ) {
    const world = await startWorldOf(mode);
    let broken = true;
    try {
      const seeds = Array.from({ length: Math.min(ROUNDS_A_WORLD, rounds - next) }, (_, index) => seed + next + index);
      const { tried, good } = await runIn(world, seeds, options, totals);
      next += tried;
      broken = !good;
    } finally {
      totals.crashes += world.crashes().length;
      for (const crash of world.crashes()) onNote(`ended by itself: ${crash}`);
      await world.close(broken && options.keep);
      if (broken && options.keep) onNote(`data and logs are in ${world.dir}`);
    }
  }
  return totals;
}

/** Rounds in one world until one fails, and then the comparison of them all once more. */
async function runIn(
  world: FaultWorld,
  seeds: readonly number[],
  { mode, signal, onRound, onNote }: CampaignOptions,
  totals: Totals,
): Promise<{ tried: number; good: boolean }> {
  const results: RoundResult[] = [];
  const fail = (seed: number) => void (totals.failed.includes(seed) || totals.failed.push(seed));
  let tried = 0;
  for (const seed of seeds) {
    if (signal.aborted) break;
    tried += 1;
    totals.rounds += 1;
    const result = await runRound(world, planRound(seed, mode)).catch((error: unknown) => {
      onNote(`seed ${seed} did not come to its end: ${String(error)}`);
      return null;
    });
    if (result === null) {
      fail(seed);
      return { tried, good: false };
    }
    onRound(result, false);
    results.push(result);
    for (const figure of ['acknowledged', 'stored', 'lost', 'doubled', 'seconds'] as const) {
      totals[figure] += result[figure];
    }
    if (isGood(result)) continue;
    fail(seed);
    break;
  }
  for (const result of await audit(world, results)) {
    onRound(result, true);
    const before = results.find(({ seed }) => seed === result.seed);
    totals.lost += result.lost - (before?.lost ?? 0);
    totals.doubled += result.doubled - (before?.doubled ?? 0);
    fail(result.seed);
  }
  return { tried, good: totals.failed.every((seed) => !seeds.includes(seed)) };
}
