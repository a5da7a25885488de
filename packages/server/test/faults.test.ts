import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmbeddedWorld } from './faults/embedded-world.ts';
import { compare, openLedger, type SentRow, STEPS } from './faults/ledger.ts';
import { MENU, MODES, planRound } from './faults/plan.ts';
import { startSplitWorld } from './faults/roles-world.ts';
import { audit, isGood, type RoundResult, runRound } from './faults/round.ts';

import type { FrontTrouble } from './support/clickhouse-front.ts';

type SplitWorld = Awaited<ReturnType<typeof startSplitWorld>>;

const EMBEDDED_SEEDS = [2, 3, 24];

test('a seed gives the same plan each time, and other seeds give other plans', () => {
  for (const mode of MODES) {
    const plans = Array.from({ length: 50 }, (_, seed) => planRound(seed, mode));
    expect(Array.from({ length: 50 }, (_, seed) => planRound(seed, mode))).toEqual(plans);
    expect(new Set(plans.map((plan) => JSON.stringify({ ...plan, seed: 0 }))).size).toBe(50);
  }
});

test('every fault of the menu comes up', () => {
  for (const mode of MODES) {
    const faults = Array.from({ length: 300 }, (_, seed) => planRound(seed, mode).faults).flat();
    const met = new Set(faults.map(({ target, kind }) => `${target} ${kind}`));
    const menu = Object.entries(MENU[mode]).flatMap(([target, kinds]) => kinds.map((kind) => `${target} ${kind}`));
    expect([...met].sort()).toEqual([...new Set(menu)].sort());
  }
});

describe('the comparison', () => {
  const row = (path: string, kept = true, id: string | null = null): SentRow => ({ path, id, kept });
  const counted = (kept: number, only: number) =>
    STEPS.flatMap((step) => [
      { step, kept: 1, requests: kept },
      { step, kept: 0, requests: only },
    ]);

  test('finds any row that is missing or there too often, whichever it is', () => {
    const trial = fc.array(fc.record({ acknowledged: fc.boolean(), times: fc.integer({ min: 0, max: 3 }) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(trial, (sent) => {
        const ledger = openLedger();
        const rows = sent.map((_, index) => row(`/${index}`));
        ledger.sent(rows);
        ledger.acknowledged(rows.filter((_, index) => sent[index]?.acknowledged));
        const stored = sent.flatMap(({ times }, index) =>
          times === 0 ? [] : [{ path: `/${index}`, id: 'x', n: times }],
        );
        const total = stored.reduce((sum, { n }) => sum + n, 0);
        const { lost, doubled } = compare(ledger, { rows: stored, counts: counted(total, 0) });
        expect(lost).toBe(sent.filter(({ acknowledged, times }) => acknowledged && times === 0).length);
        expect(doubled).toBe(sent.reduce((sum, { times }) => sum + Math.max(0, times - 1), 0));
      }),
    );
  });

  test('finds another id, rows of nobody, and roll-ups that differ from the rows', () => {
    const ledger = openLedger();
    const rows = [row('/a', true, 'id-a'), row('/b', false), row('/c', false)];
    ledger.sent(rows);
    ledger.acknowledged(rows.slice(0, 2));
    const find = (stored: { path: string; id: string; n: number }[], kept: number, only: number) => {
      const { lost, doubled } = compare(ledger, { rows: stored, counts: counted(kept, only) });
      return { lost, doubled };
    };
    const a = { path: '/a', id: 'id-a', n: 1 };
    expect(find([a], 1, 1)).toEqual({ lost: 0, doubled: 0 });
    // What was not acknowledged may be counted, and may be missing.
    expect(find([a], 1, 2)).toEqual({ lost: 0, doubled: 0 });
    expect(find([a], 1, 0)).toEqual({ lost: STEPS.length, doubled: 0 });
    expect(find([a], 1, 3)).toEqual({ lost: 0, doubled: STEPS.length });
    expect(find([a], 0, 1)).toEqual({ lost: STEPS.length, doubled: 0 });
    expect(find([a], 2, 1)).toEqual({ lost: 0, doubled: STEPS.length });
    expect(find([{ ...a, id: 'other' }], 1, 1)).toEqual({ lost: 1, doubled: 0 });
    expect(find([a, { path: '/d', id: 'x', n: 1 }], 2, 1)).toEqual({ lost: 0, doubled: 1 });
    expect(find([a, { path: '/b', id: 'x', n: 1 }], 2, 1)).toEqual({ lost: 0, doubled: 1 });
  });
});

test('a hub with embedded engines loses nothing and doubles nothing', async () => {
  const world = await startEmbeddedWorld();
  try {
    const results: RoundResult[] = [];
    // Between them: kill -9 of the hub and of PostgreSQL, both stopped, full disks, a silent line, a clock that is off.
    for (const seed of EMBEDDED_SEEDS) results.push(await runRound(world, planRound(seed, 'embedded')));
    expect(results.filter((result) => !isGood(result)).map(shown)).toEqual([]);
    expect((await audit(world, results)).map(shown)).toEqual([]);
  } finally {
    await world.close(false);
  }
}, 600_000);

describe('a store that breaks the promise is found out', () => {
  let world: SplitWorld;
  beforeAll(async () => {
    world = await startSplitWorld();
  });
  afterAll(() => world?.close(false));

  const round = (trouble?: FrontTrouble) =>
    runRound(world, { ...planRound(3, 'split'), faults: [] }, () => {
      if (trouble !== undefined) world.trouble(trouble, 1000);
    });

  test('one that acknowledges without storing', async () => {
    const result = await round('lie');
    expect(result).toMatchObject({ doubled: 0, unanswered: 0 });
    expect(result.lost).toBeGreaterThanOrEqual(result.acknowledged);
    expect(isGood(result)).toBe(false);
  });

  test('one that stores under a token of its own what it stored already', async () => {
    const result = await round('twice');
    expect(result).toMatchObject({ lost: 0, unanswered: 0 });
    expect(result.doubled).toBeGreaterThanOrEqual(result.acknowledged);
    expect(isGood(result)).toBe(false);
  });

  test('and one that keeps it is not', async () => {
    expect(shown(await round())).toMatchObject({ lost: 0, doubled: 0, unanswered: 0, wrong: [] });
  });
});

function shown({ seed, faults, lost, doubled, unanswered, wrong }: RoundResult) {
  return { seed, faults, lost, doubled, unanswered, wrong };
}
