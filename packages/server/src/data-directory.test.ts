import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { explainPath, openDataDirectory } from './data-directory.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-data-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

test('makes directory and key for its owner alone, and keeps the key', async () => {
  const path = join(dir, 'a', 'b');
  const first = await openDataDirectory(path);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  expect((await stat(join(path, 'master.key'))).mode & 0o777).toBe(0o600);
  expect(first.keyRing.key(1)).toHaveLength(32);
  await first.close();
  const second = await openDataDirectory(path);
  expect(second.keyRing.key(1)).toEqual(first.keyRing.key(1));
  await second.close();
});

test('a lock of a live process refuses, saying who and since when', async () => {
  const { close } = await openDataDirectory(dir);
  const lock = JSON.parse(await readFile(join(dir, 'hub.lock'), 'utf8')) as Record<string, unknown>;
  await close();
  // The parent of this process is alive and is not this process.
  const birth = await readFile(`/proc/${process.ppid}/stat`, 'latin1').then(
    (text) => text.slice(text.lastIndexOf(')') + 2).split(' ')[19],
    () => null,
  );
  if (birth === null) return;
  await writeFile(join(dir, 'hub.lock'), JSON.stringify({ ...lock, pid: process.ppid, birth }));
  await expect(openDataDirectory(dir)).rejects.toMatchObject({
    code: 'already-running',
    message: expect.stringMatching(new RegExp(`process ${process.ppid}, since ${String(lock.since)}`)),
  });
});

test.each([
  ['a process that is gone', { pid: 2 ** 22 + 1 }],
  ['a process that was given the id later', { pid: process.ppid, birth: '1' }],
])('a lock of %s is taken over', async (_, change) => {
  const first = await openDataDirectory(dir);
  const lock = JSON.parse(await readFile(join(dir, 'hub.lock'), 'utf8')) as Record<string, unknown>;
  await first.close();
  await writeFile(join(dir, 'hub.lock'), JSON.stringify({ ...lock, ...change }));
  await (await openDataDirectory(dir)).close();
});

test.each(['', '{"pid":', 'null'])('a lock file that holds %j is taken over', async (text) => {
  await writeFile(join(dir, 'hub.lock'), text);
  await (await openDataDirectory(dir)).close();
});

test('a directory of a newer layout is left alone', async () => {
  await writeFile(join(dir, 'layout.json'), '{"layout":99}');
  await expect(openDataDirectory(dir)).rejects.toMatchObject({ code: 'data-newer' });
});

test('a file in the way is named', async () => {
  await writeFile(join(dir, 'file'), '');
  await expect(openDataDirectory(join(dir, 'file', 'data'))).rejects.toMatchObject({ code: 'unreachable-directory' });
});

test.each([
  ['postgres', undefined],
  ['postgres', '/nope'],
  // As with a PostgreSQL elsewhere.
  ['clickhouse', undefined],
  ['clickhouse', '/nope'],
])('data in %s without its master key is not given a new one, nor advised to (own file: %s)', async (engine, own) => {
  await mkdir(join(dir, engine));
  await expect(openDataDirectory(dir, own)).rejects.toMatchObject({
    code: 'bad-master-key',
    message: expect.stringMatching(/^(?!.*openssl).*put the key of this installation back from its copy/),
  });
});

test.each([
  ['as it is', Buffer.alloc(32, 7)],
  ['in hex', Buffer.from(`${'07'.repeat(32)}\n`)],
  ['in base64', Buffer.from(`${Buffer.alloc(32, 7).toString('base64')}\n`)],
])('an operator’s own key %s', async (_, text) => {
  await writeFile(join(dir, 'own'), text);
  const data = await openDataDirectory(join(dir, 'data'), join(dir, 'own'));
  expect(data.keyRing.key(1)).toEqual(Buffer.alloc(32, 7));
  await data.close();
});

test.each(['short', 'x'.repeat(64)])('an operator’s key that is none: %s', async (text) => {
  await writeFile(join(dir, 'own'), text);
  await expect(openDataDirectory(join(dir, 'data'), join(dir, 'own'))).rejects.toMatchObject({
    code: 'bad-master-key',
  });
});

test.runIf(process.getuid?.() !== 0)('a directory of somebody else is named', async () => {
  await chmod(dir, 0o500);
  await expect(openDataDirectory(join(dir, 'data'))).rejects.toMatchObject({ code: 'permission' });
});

test.each([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EACCES', 'permission'],
  ['EROFS', 'permission'],
  ['ENOTDIR', 'unreachable-directory'],
  ['ENAMETOOLONG', 'unreachable-directory'],
])('%s is told as %s', (code, fault) => {
  expect(explainPath('/x', Object.assign(new Error(code), { code }))).toMatchObject({ code: fault });
});
