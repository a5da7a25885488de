import { expect, test } from 'vitest';
import { createOutbox } from './outbox.ts';

/** A hub whose answers are given by the test, and a clock that the test turns. */
function world(answers: number[], beacons = true) {
  const arrived: string[] = [];
  const left: string[] = [];
  const plans: { run: () => void; ms: number }[] = [];
  const outbox = createOutbox({
    async ask({ text }) {
      const status = answers.shift() ?? 202;
      if (status === 0) throw new TypeError('no network');
      if (status < 300) arrived.push(text());
      return status;
    },
    leave: ({ text }) => beacons && left.push(text()) > 0,
    later: (run, ms) => void plans.push({ run, ms }),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { arrived, left, plans, outbox, settle, post: (text: string) => outbox.post({ path: '/', text: () => text }) };
}

test.each([
  ['taken', 202, 1, 0],
  ['refused for good', 404, 0, 0],
  ['limited', 429, 0, 1],
  ['failed', 503, 0, 1],
  ['unanswered', 0, 0, 1],
])('a letter that was %s', async (_, status, arrived, waiting) => {
  const hub = world([status]);
  hub.post('a');
  await hub.settle();
  expect(hub.arrived).toHaveLength(arrived);
  expect(hub.outbox.waiting()).toBe(waiting);
  expect(hub.plans).toHaveLength(waiting);
});

test('what failed is sent again, later each time, in its order and once', async () => {
  const hub = world([0, 503, 0]);
  hub.post('a');
  hub.post('b');
  for (let i = 0; i < 3; i++) {
    await hub.settle();
    hub.plans[i]?.run();
  }
  await hub.settle();
  expect(hub.arrived).toEqual(['a', 'b']);
  const waits = hub.plans.map(({ ms }) => ms);
  expect(waits[0]).toBeGreaterThanOrEqual(1000);
  expect(waits[2]).toBeGreaterThanOrEqual(4000);
  for (const { run } of hub.plans) run();
  await hub.settle();
  expect(hub.arrived).toEqual(['a', 'b']);
});

test('the page that goes hands over what waits, and keeps it too while the hub does not answer', async () => {
  const hub = world([0]);
  hub.post('a');
  await hub.settle();
  hub.post('b');
  hub.outbox.leave();
  expect(hub.left).toEqual(['a', 'b']);
  hub.outbox.retry();
  await hub.settle();
  expect(hub.arrived).toEqual(['a', 'b']);
  expect(hub.outbox.waiting()).toBe(0);
});

test('what waits is bounded, the oldest goes', async () => {
  const hub = world([0]);
  for (let i = 0; i < 100; i++) hub.post(String(i));
  await hub.settle();
  expect(hub.outbox.waiting()).toBe(40);
  hub.outbox.retry();
  await hub.settle();
  expect(hub.arrived.at(-1)).toBe('99');
});
