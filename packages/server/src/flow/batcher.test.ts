import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type BatcherOptions, createBatcher } from './batcher.ts';

interface Load {
  name: string;
  rows: number;
}

function gather(overrides: Partial<BatcherOptions<Load>> = {}) {
  const batches: Load[][] = [];
  const batcher = createBatcher<Load>({
    maxRows: 10,
    lingerMs: 5,
    maxWaitMs: 50,
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
  const { batches, batcher } = gather({ lingerMs: 60_000, maxWaitMs: 60_000 });
  const waiting = batcher.add({ name: 'a', rows: 1 }, 1);
  await batcher.drain();
  await waiting;
  expect(batches).toHaveLength(1);
  await batcher.drain();
});

test('every item is written exactly once, in order, in batches within the limit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 40 }), async (weights) => {
      const { batches, batcher } = gather({ lingerMs: 0, maxWaitMs: 0, maxPendingRows: 1e6 });
      await Promise.all(weights.map((rows, index) => batcher.add({ name: `${index}`, rows }, rows)));
      expect(batches.flat().map((item) => item.name)).toEqual(weights.map((_, index) => `${index}`));
      for (const batch of batches) {
        expect(batch.length === 1 || batch.reduce((sum, item) => sum + item.rows, 0) <= 10).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

describe('by the clock', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  test('while a batch is under way, the next fills until it is full', async () => {
    const gates: (() => void)[] = [];
    const { batches, batcher } = gather({
      maxInFlight: 3,
      write: async (items) => {
        batches.push(items);
        await new Promise<void>((resolve) => gates.push(resolve));
      },
    });
    const names = () => batches.map((batch) => batch.map(({ name }) => name).join(''));
    const added = [batcher.add({ name: 'a', rows: 10 }, 10)];
    for (const name of ['b', 'c', 'd']) {
      added.push(batcher.add({ name, rows: 3 }, 3));
      await vi.advanceTimersByTimeAsync(60);
    }
    expect(names()).toEqual(['a']);
    // The second is full now, and goes beside the first.
    added.push(batcher.add({ name: 'e', rows: 3 }, 3));
    expect(names()).toEqual(['a', 'bcd']);
    for (const open of gates.splice(0)) open();
    await vi.advanceTimersByTimeAsync(5);
    expect(names()).toEqual(['a', 'bcd', 'e']);
    for (const open of gates.splice(0)) open();
    await Promise.all(added);
  });

  test('a batch under way that hangs holds up the others only for a while', async () => {
    const { batches, batcher } = gather({
      write: async (items) => {
        batches.push(items);
        if (items.some(({ name }) => name === 'hangs')) await new Promise(() => undefined);
      },
    });
    void batcher.add({ name: 'hangs', rows: 10 }, 10);
    const other = batcher.add({ name: 'b', rows: 1 }, 1);
    await vi.advanceTimersByTimeAsync(999);
    expect(batches).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    await other;
    expect(batches).toHaveLength(2);
  });

  test('rows that keep coming are gathered for longer than rows that do not, but not for ever', async () => {
    const { batches, batcher } = gather({ lingerMs: 20, maxWaitMs: 150, maxRows: 1000 });
    for (let ms = 0; ms < 400; ms += 10) {
      void batcher.add({ name: 'x', rows: 1 }, 1);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(batches.map(({ length }) => length)).toEqual([15, 15]);
    await vi.advanceTimersByTimeAsync(20);
    expect(batches.map(({ length }) => length)).toEqual([15, 15, 10]);
    void batcher.add({ name: 'alone', rows: 1 }, 1);
    await vi.advanceTimersByTimeAsync(19);
    expect(batches).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(1);
    expect(batches).toHaveLength(4);
  });
});
