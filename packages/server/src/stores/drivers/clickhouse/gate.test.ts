import { expect, test } from 'vitest';
import { createGate } from './gate.ts';

test('what is to be alone waits for what passed, holds back what comes, and lets it through after', async () => {
  const gate = createGate();
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  const passing = gate.pass(() => first.promise.then(() => void order.push('passed')));
  const alone = gate.alone(async () => {
    order.push('alone');
    await second.promise;
    order.push('alone ends');
  });
  const later = gate.pass(async () => void order.push('later'));
  const next = gate.alone(async () => void order.push('alone again'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual([]);
  first.resolve();
  await passing;
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual(['passed', 'alone']);
  second.resolve();
  await Promise.all([alone, later, next]);
  expect(order.slice(0, 3)).toEqual(['passed', 'alone', 'alone ends']);
  expect(order.slice(3).sort()).toEqual(['alone again', 'later']);
});

test('a failure opens the gate again', async () => {
  const gate = createGate();
  await expect(gate.alone(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(gate.pass(() => Promise.reject(new Error('neither')))).rejects.toThrow('neither');
  expect(await gate.alone(async () => 'open')).toBe('open');
});
