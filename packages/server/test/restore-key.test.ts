import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runVedette } from './support/serve.ts';

const OLD = join(import.meta.dirname, 'fixtures', 'backup', 'migration-0011.tar.gz');
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let dir: string;
let archive: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-restore-key-'));
  archive = join(dir, 'old.tar');
  await writeFile(archive, gunzipSync(await readFile(OLD)));
  await chmod(dir, 0o755);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test.each([
  ['a directory', '.', undefined, 'is a directory: name the file of the key in it'],
  ['no file', 'none.key', undefined, 'does not exist'],
  ['what is below a file', 'old.tar/own.key', undefined, 'does not exist'],
  ['another user’s file', 'closed.key', NOBODY, `cannot be read by this user (uid ${NOBODY}): EACCES`],
])('a master key that is %s is told to be that', async (_, name, uid, said) => {
  if (uid !== undefined && !isRoot) return;
  const given = join(dir, name);
  if (name === 'closed.key') await writeFile(given, Buffer.alloc(32, 7), { mode: 0o600 });
  const argv = ['restore', archive, '--data', join(dir, 'to'), '--master-key', given];
  const refused = await runVedette(argv, uid === undefined ? {} : { uid });
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain(`--master-key is ${given}, which ${said}`);
  expect(refused.stderr).not.toMatch(/\n +at /);
});

test('a setting that names a directory is told to', async () => {
  const env = { VEDETTE_MASTER_KEY_FILE: dir };
  const refused = await runVedette(['restore', archive, '--data', join(dir, 'to')], { env });
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain(`${dir} is a directory; name the file of the master key`);
  expect(refused.stderr).not.toMatch(/\n +at /);
});
