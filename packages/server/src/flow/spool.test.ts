import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSpool as open, type Spool } from './spool.ts';

const MIB = 1024 * 1024;
let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-spool-'));
});
afterEach(async () => {
  // Closed only now: a killed process does not close either.
  for (const spool of opened.splice(0)) await spool.close();
  await rm(dir, { recursive: true, force: true });
});

const opened: Spool[] = [];
async function openSpool(path: string, maxBytes: number): Promise<Spool> {
  const spool = await open(path, maxBytes);
  opened.push(spool);
  return spool;
}

const segments = async () => (await readdir(dir)).filter((name) => name.endsWith('.spool'));
const contents = (spool: Spool) =>
  Promise.all(spool.recovered.map(async (record) => [record.meta.token, (await record.read()).toString()]));

test('gives back after a kill, in order, what was appended and not done', async () => {
  const spool = await openSpool(dir, MIB);
  for (const name of ['a', 'b', 'c']) await spool.append({ token: name, count: 1, more: [name] }, Buffer.from(name));
  // No close: the process is gone.
  const again = await openSpool(dir, MIB);
  expect(await contents(again)).toEqual([
    ['a', 'a'],
    ['b', 'b'],
    ['c', 'c'],
  ]);
  expect(again.recovered[1]?.meta).toEqual({ token: 'b', count: 1, more: ['b'] });
  expect(again.depth()).toEqual({ ...spool.depth(), records: 3 });
  for (const record of again.recovered) await again.done(record);
  expect(await segments()).toEqual([]);
});

test('forgets what is done as soon as nothing waits, also without being closed', async () => {
  const spool = await openSpool(dir, MIB);
  const first = await spool.append({ token: 'a', count: 1 }, Buffer.from('a'));
  const second = await spool.append({ token: 'b', count: 1 }, Buffer.from('b'));
  await spool.done(first);
  await spool.done(second);
  await spool.append({ token: 'c', count: 1 }, Buffer.from('c'));
  // No close: the process is gone.
  expect(await contents(await openSpool(dir, MIB))).toEqual([['c', 'c']]);
});

test('leaves nothing on disk when all is done and it is closed', async () => {
  const spool = await openSpool(dir, MIB);
  const record = await spool.append({ token: 'a', count: 1 }, Buffer.from('a'));
  await spool.done(record);
  await spool.done(record);
  await spool.close();
  expect(await segments()).toEqual([]);
  expect(spool.depth()).toEqual({ records: 0, bytes: 0 });
});

test.each<[string, (path: string) => Promise<void>, string[]]>([
  ['a torn record', async (path) => truncate(path, (await readFile(path)).length - 1), ['a']],
  ['rubbish after the last record', (path) => appendFile(path, 'rubbish that is longer than a header'), ['a', 'b']],
  [
    'a flipped byte in the last record',
    async (path) => {
      const bytes = await readFile(path);
      bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
      await writeFile(path, bytes);
    },
    ['a'],
  ],
])('%s hides no whole record before it', async (_name, damage, left) => {
  const spool = await openSpool(dir, MIB);
  await spool.append({ token: 'a', count: 1 }, Buffer.from('first'));
  await spool.append({ token: 'b', count: 1 }, Buffer.from('second'));
  const [segment] = await segments();
  await damage(join(dir, segment as string));
  const again = await openSpool(dir, MIB);
  expect(again.recovered.map((record) => record.meta.token)).toEqual(left);
});

test('a damaged record hides none behind it; it is told, and what is left of it is kept', async () => {
  const spool = await openSpool(dir, MIB);
  for (const token of ['a', 'b', 'c']) await spool.append({ token, count: 1 }, Buffer.from(`rows of ${token}`));
  const [segment] = (await segments()) as [string];
  const bytes = await readFile(join(dir, segment));
  bytes[bytes.indexOf('rows of b')] = 0;
  await writeFile(join(dir, segment), bytes);
  const told: string[] = [];
  const again = await open(dir, MIB, (detail) => told.push(detail));
  opened.push(again);
  expect(await contents(again)).toEqual([
    ['a', 'rows of a'],
    ['c', 'rows of c'],
  ]);
  expect(told).toEqual([expect.stringContaining('are damaged')]);
  const [kept] = await readdir(join(dir, 'dead'));
  expect((await readFile(join(dir, 'dead', kept as string))).includes('ows of b')).toBe(true);
});

test('a batch that is damaged on disk is never handed out, but can be buried', async () => {
  const spool = await openSpool(dir, MIB);
  const record = await spool.append({ token: 'a', count: 1 }, Buffer.from('rows'));
  const [segment] = (await segments()) as [string];
  await truncate(join(dir, segment), (await readFile(join(dir, segment))).length - 2);
  await expect(record.read()).rejects.toMatchObject({ code: 'spool-damaged' });
  await spool.bury(record, 'damaged');
  const [name] = await readdir(join(dir, 'dead'));
  expect(JSON.parse(await readFile(join(dir, 'dead', name as string), 'utf8'))).toMatchObject({ body: 'cm8=' });
});

// Only root may mount, and only here is a disk full by the byte: the last write takes a part, which is no error yet.
test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'a disk that takes only a part of a record is full; nothing that was acknowledged is lost',
  async (context) => {
    const disk = join(dir, 'disk');
    await mkdir(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status !== 0) {
      context.skip('this machine lets nobody mount a file system');
    }
    try {
      const spool = await open(join(disk, 'spool'), MIB);
      const acknowledged: string[] = [];
      const refused: unknown[] = [];
      for (let index = 0; index < 12; index += 1) {
        const bytes = Buffer.alloc(30_000 + index, index);
        await spool.append({ token: `${index}`, count: 1 }, bytes).then(
          () => acknowledged.push(`${index}`),
          (error: unknown) => refused.push((error as { code?: unknown }).code),
        );
      }
      expect(new Set(refused)).toEqual(new Set(['disk-full']));
      const again = await open(join(disk, 'spool'), MIB);
      expect(again.recovered.map(({ meta }) => meta.token)).toEqual(acknowledged);
      for (const record of again.recovered) await record.read();
      await Promise.all([spool.close(), again.close()]);
    } finally {
      spawnSync('umount', [disk]);
    }
  },
);

test('refuses over its bound and takes again once there is room', async () => {
  const spool = await openSpool(dir, 1000);
  // What is said of a batch counts like the batch.
  const meta = { token: 'a', count: 1, receipts: 'x'.repeat(500) };
  const first = await spool.append(meta, Buffer.alloc(80));
  expect(spool.depth().bytes).toBeGreaterThan(600);
  await expect(spool.append(meta, Buffer.alloc(80))).rejects.toMatchObject({ code: 'spool-full' });
  await spool.done(first);
  expect(spool.depth()).toEqual({ records: 0, bytes: 0 });
  await spool.append(meta, Buffer.alloc(80));
  const { bytes } = spool.depth();
  await spool.close();
  expect((await openSpool(dir, 1000)).depth()).toEqual({ records: 1, bytes });
});

test('starts a new segment after 500 records and drops each when its records are done', async () => {
  const spool = await openSpool(dir, MIB);
  const records = [];
  for (let index = 0; index < 501; index += 1) {
    records.push(await spool.append({ token: `${index}`, count: 1 }, Buffer.from('x')));
  }
  expect(await segments()).toHaveLength(2);
  for (const record of records.slice(0, 500)) await spool.done(record);
  expect(await segments()).toHaveLength(1);
});

test('buries a record with its reason and its bytes', async () => {
  const spool = await openSpool(dir, MIB);
  const record = await spool.append({ token: 'a/../b', count: 2 }, Buffer.from('rows'));
  await spool.bury(record, 'cannot be parsed');
  const [name] = await readdir(join(dir, 'dead'));
  const grave = JSON.parse(await readFile(join(dir, 'dead', name as string), 'utf8'));
  expect(grave).toEqual({ reason: 'cannot be parsed', meta: { token: 'a/../b', count: 2 }, body: 'cm93cw==' });
  expect(spool.depth().records).toBe(0);
});
