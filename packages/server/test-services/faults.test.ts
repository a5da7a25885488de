import { describe, expect, test } from 'vitest';
import { type Mode, planRound } from '../test/faults/plan.ts';
import { audit, isGood, type RoundResult, runRound } from '../test/faults/round.ts';
import { startWorldOf } from '../test/faults/worlds.ts';
import { kafkaMissing } from './support/kafka.ts';

/** Runs the rounds of those seeds in one world, and the comparison once more at its end. */
async function expectGood(mode: Mode, seeds: readonly number[]): Promise<void> {
  const world = await startWorldOf(mode);
  try {
    const results: RoundResult[] = [];
    for (const seed of seeds) results.push(await runRound(world, planRound(seed, mode)));
    expect(results.filter((result) => !isGood(result)).map(shown)).toEqual([]);
    expect((await audit(world, results)).map(shown)).toEqual([]);
  } finally {
    await world.close(false);
  }
}

function shown({ seed, faults, lost, doubled, unanswered, wrong }: RoundResult) {
  return { seed, faults, lost, doubled, unanswered, wrong };
}

test('a hub over engines of their own loses nothing and doubles nothing', async () => {
  // Answers of the store that are lost, INSERTs that are refused, engines that are killed, lines that break.
  await expectGood('split', [2, 3, 9, 10]);
}, 300_000);

describe.skipIf(kafkaMissing)('around a broker', () => {
  test('collectors and processors lose nothing and double nothing', async () => {
    // Collectors, processors, the broker and the store are killed, some of them several times in a row.
    await expectGood('kafka', [2, 3, 7, 11]);
  }, 420_000);
});
