import { pbkdf2 } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOutbox, type Outbox } from './outbox.ts';
import { gzip } from './pack.ts';
import { readLines } from './receiver.fixture.ts';
import { openSpool, type Spool } from './spool.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-outbox-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

interface Setting {
  outbox: Outbox;
  lost: number[];
  recycled: number;
}

function setUp(room: number, spool: Promise<Spool | null> = Promise.resolve(null)): Setting {
  const setting: Setting = { lost: [], recycled: 0, outbox: null as unknown as Outbox };
  setting.outbox = createOutbox({
    room,
    pack: gzip,
    spool,
    onReady: () => undefined,
    lose: (requests) => setting.lost.push(requests),
    onError: (error) => expect.unreachable(String(error)),
  });
  return setting;
}

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const add = (setting: Setting, n: number, count = 1) =>
  setting.outbox.add({ id: id(n), count, bytes: Buffer.from(`{"n":${n}}\n`.repeat(count)) }, () => {
    setting.recycled += 1;
  });

test('keeps to its bound also while nothing can be packed, and the oldest go', async () => {
  // libuv has four threads; packing waits for one.
  const busy = Array.from(
    { length: 8 },
    () => new Promise((resolve) => pbkdf2('x', 'y', 200_000, 64, 'sha512', resolve)),
  );
  const setting = setUp(100);
  await new Promise((resolve) => setImmediate(resolve));
  for (let n = 0; n < 500; n += 1) {
    add(setting, n);
    expect(setting.outbox.waiting).toBeLessThanOrEqual(101);
  }
  await Promise.all(busy);
  await setting.outbox.packed();
  const left: string[] = [];
  for (let batch = await setting.outbox.next(); batch !== null; batch = await setting.outbox.next()) {
    left.push(gunzipSync(batch.body).toString());
  }
  expect(left.at(-1)).toBe('{"n":499}\n');
  expect(left.length + setting.lost.length).toBe(500);
  expect(setting.recycled).toBe(500);
  expect(setting.outbox.waiting).toBe(0);
});

test('what is more than it may hold goes to the spool, and comes first when it is brought', async () => {
  const setting = setUp(12, openSpool(dir, 'key', 1e9));
  for (let n = 0; n < 8; n += 1) {
    add(setting, n, 2);
    await setting.outbox.packed();
  }
  await expect.poll(() => setting.outbox.spooled).toBe(4);
  expect(setting.outbox.waiting).toBe(12);
  const order: string[] = [];
  for (let batch = await setting.outbox.next(); batch !== null; batch = await setting.outbox.next()) {
    order.push(batch.id);
    await setting.outbox.done(batch);
  }
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map(id));
  expect(setting.lost).toEqual([]);
});

test('halves are brought in its place, each once, in memory and in the spool', async () => {
  for (const spool of [Promise.resolve(null), openSpool(dir, 'key', 1e9)]) {
    const setting = setUp(100, spool);
    add(setting, 1, 5);
    add(setting, 2, 1);
    await setting.outbox.packed();
    if ((await spool) !== null) await setting.outbox.park(null);
    const whole = await setting.outbox.next();
    if (whole === null) throw new Error('nothing waits');
    expect(await setting.outbox.split(whole)).toBe(true);
    const counts: number[] = [];
    for (let batch = await setting.outbox.next(); batch !== null; batch = await setting.outbox.next()) {
      expect(gunzipSync(batch.body).toString().split('\n')).toHaveLength(batch.count + 1);
      counts.push(batch.count);
      await setting.outbox.done(batch);
    }
    expect(counts.sort()).toEqual([1, 2, 3]);
    expect(setting.outbox.waiting + setting.outbox.spooled).toBe(0);
  }
  expect(await readdir(dir)).toEqual([]);
});

test('a half that would begin with a repetition begins with the whole request', async () => {
  const setting = setUp(100);
  const field = 'http.server.request.duration';
  const lines = [
    `{"time":1,"id":"${id(1)}","${field}":1,"url.path":"/ü"}`,
    '[1,2]',
    `{"time":3,"id":"${id(3)}","${field}":3,"url.path":"/b"}`,
    ...[4, 5, 6, 7].map((n) => `[1,${n}000000]`),
  ];
  setting.outbox.add({ id: id(9), count: 7, bytes: Buffer.from(`${lines.join('\n')}\n`) }, () => undefined);
  const told: object[] = [];
  /** Each by itself in the end. */
  const bring = async (): Promise<void> => {
    await setting.outbox.packed();
    for (let batch = await setting.outbox.next(); batch !== null; batch = await setting.outbox.next()) {
      if (await setting.outbox.split(batch)) continue;
      told.push(...readLines(gunzipSync(batch.body).toString().trimEnd().split('\n')));
    }
  };
  await bring();
  expect(told).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map((n) => ({
      time: n,
      id: n === 1 || n === 3 ? id(n) : id(n).replace('-0000-', `-000${n}-`),
      [field]: n === 2 ? 0.000002 : n,
      'url.path': n < 3 ? '/ü' : '/b',
    })),
  );
});

test('what waits when the process ends is in the spool, or is counted as lost', async () => {
  const kept = setUp(100, openSpool(dir, 'key', 1e9));
  const gone = setUp(100);
  for (const setting of [kept, gone]) {
    add(setting, 1, 3);
    add(setting, 2, 4);
    await setting.outbox.park(null);
  }
  expect([kept.outbox.waiting, kept.outbox.spooled, kept.lost]).toEqual([0, 7, []]);
  expect([gone.outbox.waiting, gone.outbox.spooled, gone.lost]).toEqual([0, 0, [3, 4]]);
});
