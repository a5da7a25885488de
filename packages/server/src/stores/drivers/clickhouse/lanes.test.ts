import { expect, test } from 'vitest';
import { createLanes } from './lanes.ts';

test('a connection takes one piece of work at a time, first come, first served, and survives a failure', async () => {
  const busy = new Set<string>();
  const order: number[] = [];
  const lanes = createLanes(['a', 'b']);
  const work = (number: number) =>
    lanes.run(async (connection) => {
      expect(busy.has(connection)).toBe(false);
      busy.add(connection);
      order.push(number);
      await new Promise((resolve) => setImmediate(resolve));
      busy.delete(connection);
      if (number === 2) throw new Error('two');
    });
  const all = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(work));
  expect(all.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true, true]);
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
});

test('closing waits for what was taken and refuses the rest', async () => {
  const lanes = createLanes(['only']);
  const done: string[] = [];
  const first = lanes.run(async () => void done.push('first'));
  const second = lanes.run(async () => void done.push('second'));
  const closing = lanes.close().then(() => done.push('closed'));
  await expect(lanes.run(async () => undefined)).rejects.toMatchObject({ code: 'store-unreachable' });
  await Promise.all([first, second, closing]);
  expect(done).toEqual(['first', 'second', 'closed']);
  await createLanes([1]).close();
});
