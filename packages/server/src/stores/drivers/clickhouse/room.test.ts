import { afterEach, expect, test, vi } from 'vitest';
import { type Room, watchRoom } from './room.ts';

const MIB = 1024 * 1024;
let room: Room;
let free = 0;
let asked: boolean[] = [];

function watch(holdMerges = async (hold: boolean) => void asked.push(hold)): void {
  asked = [];
  room = watchRoom({ path: '/data', reserveBytes: 100 * MIB, free: async () => free, holdMerges });
}

afterEach(async () => {
  await room.close();
  vi.useRealTimers();
});

test('inserts are refused while the reserve is not free', async () => {
  watch();
  free = 100 * MIB;
  await room.check();
  free = 100 * MIB - 1;
  await expect(room.check()).rejects.toMatchObject({ code: 'disk-full', message: expect.stringContaining('100 MiB') });
  free = 200 * MIB;
  await room.check();
});

test('merges are stopped for as long, again and again, and go on once', async () => {
  vi.useFakeTimers();
  watch();
  free = 500 * MIB;
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual([]);
  free = 50 * MIB;
  await vi.advanceTimersByTimeAsync(750);
  expect(asked).toEqual([true, true, true]);
  free = 500 * MIB;
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual([true, true, true, false]);
});

test('what fails is tried again', async () => {
  vi.useFakeTimers();
  const tried: boolean[] = [];
  watch(async (hold) => {
    tried.push(hold);
    if (tried.length === 2) throw new Error('busy');
  });
  free = 50 * MIB;
  await vi.advanceTimersByTimeAsync(250);
  free = 500 * MIB;
  await vi.advanceTimersByTimeAsync(1000);
  expect(tried).toEqual([true, false, false]);
});
