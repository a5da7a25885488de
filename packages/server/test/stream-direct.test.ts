import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSpool } from '../src/flow/spool.ts';
import { batchOf, describeStream, openShelf } from '../src/stores/conformance/stream.ts';
import { openDirectStream } from '../src/stores/stream.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-stream-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const open = async (name: string, { spoolBytes = 64 * 1024 * 1024 } = {}) => {
  await mkdir(join(dir, name), { recursive: true });
  const errors: string[] = [];
  const spool = await openSpool(join(dir, name), spoolBytes);
  const stream = openDirectStream({ spool, onError: (error, doing) => void errors.push(`${doing}: ${String(error)}`) });
  return { stream, errors };
};

describeStream('direct', {
  open,
  patienceMs: 10_000,
  async deadReasons(name) {
    const dead = join(dir, name, 'dead');
    const letters = await Promise.all((await readdir(dead)).map((file) => readFile(join(dead, file), 'utf8')));
    return letters.map((letter) => (JSON.parse(letter) as { reason: string }).reason);
  },
});

test('with the store away, a full spool refuses', async () => {
  const { stream } = await open('full', { spoolBytes: 500 });
  stream.consume(() => Promise.reject(new Error('the store is away')));
  await stream.append(batchOf(0));
  await stream.append(batchOf(1));
  await expect(stream.append(batchOf(2))).rejects.toMatchObject({ code: 'spool-full' });
  expect(stream.figures().spool.records).toBe(2);
  await stream.close(100);
});

test('a batch that is damaged on disk is set aside, and those behind it are stored', async () => {
  const { stream, errors } = await open('damaged');
  const shelf = openShelf();
  let away = true;
  stream.consume(async (batch) => {
    if (away) throw new Error('the store is away');
    return shelf.handler(batch);
  });
  for (let number = 0; number < 3; number += 1) await stream.append(batchOf(number));
  const [segment] = (await readdir(join(dir, 'damaged'))).filter((name) => name.endsWith('.spool'));
  const path = join(dir, 'damaged', segment as string);
  const bytes = await readFile(path);
  const at = bytes.indexOf(batchOf(1).bytes);
  bytes[at] = (bytes[at] as number) ^ 1;
  await writeFile(path, bytes);
  away = false;
  await expect.poll(() => shelf.batches.length).toBe(2);
  expect(shelf.batches.map(({ token }) => token)).toEqual(['token-0', 'token-2']);
  expect(stream.figures()).toMatchObject({ dead: 1, spool: { records: 0 } });
  expect(errors.join('\n')).toContain('token-1 was set aside as a dead letter');
  await stream.close(100);
});

test('what waits is handed on in the order in which it came', async () => {
  const { stream } = await open('order');
  const shelf = openShelf();
  let away = true;
  stream.consume(async (batch) => {
    if (away) throw new Error('the store is away');
    return shelf.handler(batch);
  });
  for (let number = 0; number < 6; number += 1) await stream.append(batchOf(number));
  away = false;
  await stream.append(batchOf(6));
  await expect.poll(() => shelf.batches.length).toBe(7);
  expect(shelf.batches.map(({ token }) => token)).toEqual([0, 1, 2, 3, 4, 5, 6].map((number) => `token-${number}`));
  await stream.close(100);
});
