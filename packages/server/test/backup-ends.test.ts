import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runVedette, VEDETTE } from './support/serve.ts';
import { startWorld, type World } from './support/world.ts';

// How backups and restores end that somebody ends early, or that nobody reads.

const SLOW = { timeout: 300_000 };
let world: World;
let data: string;
let dir: string;
let archive: string;

beforeAll(async () => {
  world = await startWorld();
  data = join(world.dir, 'data');
  dir = await mkdtemp(join(tmpdir(), 'vedette-backup-ends-'));
  archive = join(dir, 'whole.tar');
});
afterAll(async () => {
  await world?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Asks the hub for a backup and leaves after so many ms. */
function leaveAfter(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const asked = request({
      socketPath: world.running.socketPath,
      path: '/api/v1/backups',
      method: 'POST',
      headers: { host: 'localhost', 'content-type': 'application/json' },
    });
    asked.on('error', () => undefined);
    asked.on('response', (answer) => answer.on('error', () => undefined).resume());
    asked.on('close', () => resolve());
    asked.end('{}', () => setTimeout(() => asked.destroy(), ms));
  });
}

test('a client that leaves while a backup begins holds up no other', SLOW, async () => {
  for (const ms of [0, 2, 10, 30, 80]) await leaveAfter(ms);
  await expect
    .poll(() => runVedette(['backup', archive, '--data', data, '--json']), { interval: 500 })
    .toMatchObject({ code: 0, stderr: '' });
  expect(await readdir(join(data, 'backup'))).toEqual([]);
});

test.each([
  ['| head -c 100 > /dev/null', /standard output takes no more: .*EPIPE/],
  ['> /dev/full', /standard output takes no more: .*ENOSPC/],
])('backup - %s is no backup, and says so', SLOW, async (to, said) => {
  const script = `set -o pipefail; "${process.execPath}" "${VEDETTE}" backup - --data "${data}" --no-progress ${to}`;
  const run = promisify(execFile)('bash', ['-c', script]);
  await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(said) });
});

test('another command whose output goes nowhere says so without more words', async () => {
  const run = promisify(execFile)('bash', ['-c', `"${process.execPath}" "${VEDETTE}" help > /dev/full`]);
  await expect(run).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^vedette: standard output takes no more: .*ENOSPC.*\n$/),
  });
});

test('one that was ended just before it got its name gets it by --resume', SLOW, async () => {
  const whole = join(dir, 'late.tar');
  const taken = await runVedette(['backup', whole, '--data', data, '--json']);
  const { size } = await stat(whole);
  expect(JSON.parse(taken.stdout)).toMatchObject({ archive_bytes: size });
  await rename(whole, `${whole}.part`);
  const resumed = await runVedette(['backup', whole, '--resume', '--data', data, '--json']);
  expect(resumed).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(resumed.stdout)).toMatchObject({ resumed: true, archive_bytes: size });
  const verified = await runVedette(['backup', '--verify', whole, '--json']);
  expect(JSON.parse(verified.stdout)).toMatchObject({ verified: true, archive_bytes: size });
});

test('one without requests says so, when it is taken and when it is restored', SLOW, async () => {
  const bare = join(dir, 'bare.tar');
  const taken = await runVedette(['backup', bare, '--without-requests', '--data', data]);
  expect(taken).toMatchObject({ code: 0, stdout: expect.stringContaining('holds everything but the requests') });
  const key = ['--master-key', join(data, 'master.key')];
  const restored = await runVedette(['restore', bare, '--data', join(dir, 'bare'), ...key]);
  expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining('were not in the backup') });
  const again = await runVedette(['restore', bare, '--data', join(dir, 'bare'), ...key]);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('has a hub’s data already') });
});

test('a restore that is killed while it makes its engines, then interrupted, goes on at once', SLOW, async () => {
  const to = join(dir, 'restored');
  const words = ['restore', archive, '--data', to, '--master-key', join(data, 'master.key')];
  const home = join(to, 'postgres');
  const drafts = () => (existsSync(home) ? readdirSync(home).filter((name) => name.startsWith('cluster.new-')) : []);
  expect(await runVedette(words, { killWhen: () => drafts().length > 0 })).toMatchObject({ code: null });
  const left = drafts();
  let told = false;
  const interrupted = await runVedette([...words, '--resume'], {
    killWhen: (child) => {
      if (!told && drafts().some((name) => !left.includes(name))) told = child.kill('SIGINT');
      return false;
    },
  });
  expect(interrupted).toMatchObject({ code: 1, stderr: expect.stringContaining('interrupted: go on with --resume') });
  expect(await runVedette([...words, '--resume'])).toMatchObject({ code: 0, stderr: '' });
});
