import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openKeyRing, parseKeyRing } from './key-ring.ts';

const KEY = randomBytes(32);
const OTHER = randomBytes(32);
const HEX = KEY.toString('hex');
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-ring-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test.each<[string, string | Buffer, Record<number, Buffer> | null]>([
  ['32 bytes', KEY, { 1: KEY }],
  ['hex', `${HEX}\n`, { 1: KEY }],
  ['base64', KEY.toString('base64'), { 1: KEY }],
  ['base64url', KEY.toString('base64url'), { 1: KEY }],
  ['a line a version', `# mine\n1 ${HEX}\n\n2\t${OTHER.toString('base64')}\r\n`, { 1: KEY, 2: OTHER }],
  ['a version that is not the first', `7 ${HEX}`, { 7: KEY }],
  ['nothing', '', null],
  ['comments only', '# nothing\n', null],
  ['a version twice', `1 ${HEX}\n1 ${HEX}`, null],
  ['version 0', `0 ${HEX}`, null],
  ['a version beyond 31 bits', `2147483648 ${HEX}`, null],
  ['a key too short', `1 ${HEX.slice(2)}`, null],
  ['a word more', `1 ${HEX} sealing`, null],
  ['31 bytes', KEY.subarray(1), null],
])('%s', (_name, bytes, keys) => {
  const found = parseKeyRing(Buffer.from(bytes));
  expect(found === null ? null : Object.fromEntries(found)).toEqual(keys);
});

test('whatever the bytes, the keys found are 32 bytes long, or none are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      for (const key of parseKeyRing(Buffer.from(bytes))?.values() ?? []) expect(key.length).toBe(32);
    }),
  );
});

test('a change is one step on disk, for the owner only, and keeps what another process wrote', async () => {
  const file = join(dir, 'a.key');
  await writeFile(file, KEY);
  const [one, two] = [openKeyRing(file), openKeyRing(file)];
  await one.change({ add: new Map([[2, OTHER]]) });
  expect(two.versions()).toEqual([1]);
  expect(two.key(2)).toEqual(OTHER);
  await two.change({ add: new Map([[3, KEY]]), remove: [1] });
  one.reload();
  expect(one.versions()).toEqual([2, 3]);
  expect(one.key(1)).toBeUndefined();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).not.toContain(`1 ${HEX}`);
  expect((await readdir(dir)).filter((name) => name.endsWith('.new'))).toEqual([]);
});

test('a link to the file stays a link', async () => {
  await writeFile(join(dir, 'real.key'), KEY);
  await symlink(join(dir, 'real.key'), join(dir, 'link.key'));
  await openKeyRing(join(dir, 'link.key')).change({ add: new Map([[2, OTHER]]) });
  expect(openKeyRing(join(dir, 'real.key')).versions()).toEqual([1, 2]);
});

test('a file that cannot be written is told, and stays as it is', async () => {
  const folder = await mkdtemp(join(dir, 'locked-'));
  const file = join(folder, 'a.key');
  await writeFile(file, KEY);
  const ring = openKeyRing(file);
  // Root may write anywhere, so a folder takes the place of the draft instead.
  await chmod(folder, 0o500);
  await writeFile(`${file}.${process.pid}.new`, '').catch(() => undefined);
  await expect(ring.change({ add: new Map([[2, OTHER]]) })).rejects.toMatchObject({ code: 'key-file-read-only' });
  expect(ring.versions()).toEqual([1]);
  expect(await readFile(file)).toEqual(KEY);
  await chmod(folder, 0o700);
});
