import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BatcherOptions, createBatcher } from './batcher.ts';

interface Load {
  name: string;
  rows: number;
}

function gather(overrides: Partial<BatcherOptions<Load>> = {}) {
  const batches: Load[][] = [];
  const batcher = createBatcher<Load>({
    maxRows: 10,
    maxWaitMs: 5,
    maxPendingRows: 1000,
    maxInFlight: 2,
    write: async (items) => void batches.push(items),
    ...overrides,
  });
  return { batches, batcher };
}

test('cuts at the row limit at once, and the rest after the wait', async () => {
  const { batches, batcher } = gather();
  await Promise.all([4, 4, 4, 1].map((rows, index) => batcher.add({ name: `${index}`, rows }, rows)));
  expect(batches.map((batch) => batch.map((item) => item.rows))).toEqual([
    [4, 4],
    [4, 1],
  ]);
});

test('an item larger than a batch is written alone and whole', async () => {
  const { batches, batcher } = gather();
  await batcher.add({ name: 'big', rows: 25 }, 25);
  expect(batches).toEqual([[{ name: 'big', rows: 25 }]]);
});

test('a failed write reaches those in the batch and nobody else', async () => {
  const { batcher } = gather({
    write: async (items) => {
      if (items.some((item) => item.name === 'bad')) throw new Error('no');
    },
  });
  const bad = batcher.add({ name: 'bad', rows: 10 }, 10);
  const good = batcher.add({ name: 'good', rows: 10 }, 10);
  await expect(bad).rejects.toThrow('no');
  await good;
  expect(batcher.pendingRows()).toBe(0);
});

test('refuses over the bound, and takes again when there is room', async () => {
  let release = () => undefined as void;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { batcher } = gather({ maxPendingRows: 20, maxInFlight: 1, write: () => gate });
  const first = batcher.add({ name: 'a', rows: 20 }, 20);
  await expect(batcher.add({ name: 'b', rows: 1 }, 1)).rejects.toMatchObject({ code: 'overloaded' });
  release();
  await first;
  await batcher.add({ name: 'c', rows: 1 }, 1);
});

test('drain writes what waits and resolves when nothing is under way', async () => {
  const { batches, batcher } = gather({ maxWaitMs: 60_000 });
  const waiting = batcher.add({ name: 'a', rows: 1 }, 1);
  await batcher.drain();
  await waiting;
  expect(batches).toHaveLength(1);
  await batcher.drain();
});

test('every item is written exactly once, in order, in batches within the limit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 40 }), async (weights) => {
      const { batches, batcher } = gather({ maxWaitMs: 0, maxPendingRows: 1e6 });
      await Promise.all(weights.map((rows, index) => batcher.add({ name: `${index}`, rows }, rows)));
      expect(batches.flat().map((item) => item.name)).toEqual(weights.map((_, index) => `${index}`));
      for (const batch of batches) {
        expect(batch.length === 1 || batch.reduce((sum, item) => sum + item.rows, 0) <= 10).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});
