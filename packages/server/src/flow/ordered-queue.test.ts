import { expect, test } from 'vitest';
import { OrderedQueue } from './ordered-queue.ts';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test('what follows runs in order, though the work ends out of order', async () => {
  const queue = new OrderedQueue(3);
  const order: number[] = [];
  for (const [index, ms] of [30, 5, 1, 10].entries()) {
    await queue.push(
      () => pause(ms),
      async () => void order.push(index),
    );
  }
  await queue.settle();
  queue.throwIfFailed();
  expect(order).toEqual([0, 1, 2, 3]);
});

test('no more than the most are under way', async () => {
  const queue = new OrderedQueue(2);
  let now = 0;
  let peak = 0;
  for (let index = 0; index < 6; index += 1) {
    await queue.push(
      async () => {
        now += 1;
        peak = Math.max(peak, now);
        await pause(2);
        now -= 1;
      },
      async () => undefined,
    );
  }
  await queue.settle();
  expect(peak).toBe(2);
});

test('after a failure nothing that follows runs, and the next push throws it', async () => {
  const queue = new OrderedQueue(2);
  const done: string[] = [];
  await queue.push(
    () => Promise.reject(new Error('no')),
    async () => void done.push('a'),
  );
  await queue.push(
    () => pause(1),
    async () => void done.push('b'),
  );
  await queue.settle();
  expect(done).toEqual([]);
  await expect(queue.push(pause.bind(null, 1), async () => undefined)).rejects.toThrow('no');
});
