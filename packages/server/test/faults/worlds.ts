import { startEmbeddedWorld } from './embedded-world.ts';
import type { Mode } from './plan.ts';
import { startKafkaWorld, startSplitWorld } from './roles-world.ts';
import type { FaultWorld } from './world.ts';

const STARTS: Record<Mode, () => Promise<FaultWorld>> = {
  embedded: startEmbeddedWorld,
  split: startSplitWorld,
  kafka: startKafkaWorld,
};

/** Starts the world of a mode. */
export function startWorldOf(mode: Mode): Promise<FaultWorld> {
  return STARTS[mode]();
}
