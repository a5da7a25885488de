import { type ChildProcess, execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeArchive } from '../src/backup/archive-writer.ts';
import { endPlan } from '../src/backup/plan.ts';
import { openBackupFile } from '../src/cli/backup-file.ts';
import { openSupply } from '../src/cli/backup-supply.ts';
import { readConfig } from '../src/config.ts';
import { mountDisk } from './faults/ground.ts';
import { type Run, runVedette, type Served, startServe } from './support/serve.ts';
import { callUrl, startWorld, type WorldTenant } from './support/world.ts';

const run = promisify(execFile);
const SLOW = { timeout: 300_000 };
const ORDER = { client_keys: false, geo: false, requests: true, resumable: true };
let dir: string;
let data: string;
let archive: string;
let tenant: WorldTenant;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-broken-'));
  data = join(dir, 'data');
  const world = await startWorld({}, data);
  try {
    tenant = await world.tenant('acme');
    const body = Array.from({ length: 400 }, (_, index) => ({
      time: Date.now() - index * 1000,
      'client.address': `203.0.113.${index % 200}`,
      'server.address': 'shop.example',
      'url.path': `/${index % 7}`,
    }));
    const sent = await world.call('/api/v1/requests', { key: tenant.keys.ingest, body });
    expect(sent.json).toMatchObject({ accepted: body.length });
    archive = join(dir, 'whole.tar');
    expect(await runVedette(['backup', archive, '--data', data])).toMatchObject({ code: 0, stderr: '' });
  } finally {
    await world.stop();
  }
}, SLOW.timeout);
afterAll(() => rm(dir, { recursive: true, force: true }));

function restore(to: string, more: string[] = [], killWhen?: (child: ChildProcess) => boolean): Promise<Run> {
  const argv = ['restore', archive, '--data', to, '--master-key', join(data, 'master.key'), ...more];
  return runVedette(argv, killWhen === undefined ? {} : { killWhen });
}

/** Starts a hub there, and stops it: it has all that was backed up. */
async function expectWhole(to: string): Promise<void> {
  const served = await startServe(to);
  try {
    const question = '/api/v1/traffic?metrics=requests&from=-2h&to=now';
    const { json } = await callUrl(`${served.url}${question}`, { key: tenant.keys.read });
    expect(json.rows).toMatchObject([{ requests: 400 }]);
    expect(readdirSync(to)).not.toContain('restore');
  } finally {
    await stop(served, 'SIGTERM');
  }
}

async function stop({ child, ended }: Served, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await ended;
}

const held = () => readdirSync(join(data, 'backup'));
const frozen = () => {
  const shadow = join(data, 'clickhouse', 'shadow');
  return existsSync(shadow) ? readdirSync(shadow).filter((name) => name.startsWith('vedette')) : [];
};

test('a restore that is killed, again and again, goes on; until it is done no hub starts there', SLOW, async () => {
  const to = join(dir, 'killed');
  const unpacked = join(to, 'restore', 'clickhouse', 'requests', 'parts');
  let filled = false;
  const isMoving = () => {
    const parts = existsSync(unpacked) ? readdirSync(unpacked).length : 0;
    filled ||= parts > 0;
    return filled && parts === 0;
  };
  const moments: (() => boolean)[] = [
    () => existsSync(join(to, 'restore', 'state.json')),
    () => existsSync(join(to, 'postgres', 'cluster', 'postmaster.pid')),
    isMoving,
  ];
  for (const [index, moment] of moments.entries()) {
    const killed = await restore(to, index === 0 ? [] : ['--resume'], moment);
    expect([index, killed.code, killed.stderr]).toEqual([index, null, '']);
    await expect(startServe(to)).rejects.toThrow(/was interrupted.*--resume/);
  }
  expect(await restore(to)).toMatchObject({ code: 1, stderr: expect.stringContaining('--resume') });
  expect(await restore(to, ['--resume'])).toMatchObject({ code: 0, stderr: '' });
  await expectWhole(to);
});

describe('a backup whose hub is killed', () => {
  /** As the command does it; `each` sees every piece before it is written. */
  async function backup(name: string, each: (inFiles: boolean) => Promise<void>): Promise<void> {
    const file = await openBackupFile(join(dir, name), false, { stdout: process.stdout } as never);
    const supply = await openSupply(readConfig({ data }, {}), file, ORDER);
    const sink = async (piece: Buffer) => {
      await each(file.written.sums.has('postgres.json'));
      await file.sink(piece);
    };
    try {
      await writeArchive(supply.parts, sink, file.written, () => undefined);
      await file.finish();
      await supply.done();
    } finally {
      await supply.close();
      await file.close();
    }
  }

  test('while the files are copied is whole nevertheless; the next hub gives up what was held', SLOW, async () => {
    const hub = await startServe(data);
    let killed = false;
    await backup('orphaned.tar', async (inFiles) => {
      if (!inFiles || killed) return;
      killed = true;
      await stop(hub, 'SIGKILL');
    });
    expect(killed).toBe(true);
    expect(await runVedette(['backup', '--verify', join(dir, 'orphaned.tar')])).toMatchObject({ code: 0 });
    expect([held().length, frozen().length]).toEqual([1, 1]);
    await stop(await startServe(data), 'SIGTERM');
    expect([held(), frozen()]).toEqual([[], []]);
  });

  test('and that ended with it goes on, of the same moment', SLOW, async () => {
    const hub = await startServe(data);
    await expect(
      backup('cut.tar', async (inFiles) => {
        if (!inFiles) return;
        await stop(hub, 'SIGKILL');
        throw new Error('killed as well');
      }),
    ).rejects.toThrow('killed as well');
    const cut = join(dir, 'cut.tar');
    expect(await runVedette(['backup', '--verify', `${cut}.part`])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not written to its end'),
    });
    await stop(await startServe(data), 'SIGTERM');
    expect([held().length, frozen().length]).toEqual([1, 1]);
    const resumed = await runVedette(['backup', cut, '--resume', '--data', data, '--json']);
    expect(resumed.stderr).toBe('');
    expect(JSON.parse(resumed.stdout)).toMatchObject({ resumed: true, id: expect.any(String) });
    expect(await runVedette(['backup', '--verify', cut])).toMatchObject({ code: 0 });
    expect([held(), frozen()]).toEqual([[], []]);
  });

  test('before PostgreSQL was read to its end begins anew; the next hub gives up what was held', SLOW, async () => {
    const hub = await startServe(data);
    await expect(
      backup('early.tar', async () => {
        await stop(hub, 'SIGKILL');
        // What is there only after the records.
        for (const id of held()) await endPlan(join(data, 'backup', id));
        throw new Error('killed as well');
      }),
    ).rejects.toThrow('killed as well');
    expect([held().length, frozen().length]).toEqual([1, 1]);
    const next = await startServe(data);
    expect([held(), frozen()]).toEqual([[], []]);
    // Of the first one nothing was written, so that there is no part to go on with.
    const again = await runVedette(['backup', join(dir, 'early.tar'), '--data', data, '--json']);
    await stop(next, 'SIGTERM');
    expect(again.stderr).toBe('');
    expect(JSON.parse(again.stdout)).toMatchObject({ resumed: false });
    expect(await runVedette(['backup', '--verify', join(dir, 'early.tar')])).toMatchObject({ code: 0 });
  });
});

describe('a full disk', () => {
  test('under the archive: the backup goes on once there is room', SLOW, async (context) => {
    const place = join(dir, 'small');
    const disk = await mountDisk(place, 1);
    if (disk === null) return context.skip('no disk can be mounted here');
    try {
      const kilobytes = Math.floor(((await stat(archive)).size * 0.6) / 1024);
      await run('mount', ['-o', `remount,size=${kilobytes}k`, place]);
      const file = join(place, 'backup.tar');
      const full = await runVedette(['backup', file, '--data', data]);
      expect(full).toMatchObject({ code: 1, stderr: expect.stringMatching(/is full.*--resume/) });
      expect(await readdir(place)).toEqual(['backup.tar.part']);
      await run('mount', ['-o', 'remount,size=64m', place]);
      const resumed = await runVedette(['backup', file, '--resume', '--data', data]);
      expect(resumed).toMatchObject({ code: 0, stderr: '' });
      expect(await runVedette(['backup', '--verify', file])).toMatchObject({ code: 0 });
    } finally {
      await disk.close(false);
    }
  });

  test('under what is restored: it is refused before, or goes on once there is room', SLOW, async (context) => {
    const place = join(dir, 'disk');
    const disk = await mountDisk(place, 128);
    if (disk === null) return context.skip('no disk can be mounted here');
    try {
      const to = join(place, 'data');
      const refused = await restore(to);
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/takes about \d+ MB.*only \d+ MB free/) });
      expect(readdirSync(to)).not.toContain('restore');
      await run('mount', ['-o', 'remount,size=512m', place]);
      let filled: Promise<unknown> | null = null;
      const full = await restore(to, [], (child) => {
        if (filled !== null || !existsSync(join(to, 'postgres', 'cluster'))) return false;
        // It stands still meanwhile: otherwise it may be done before.
        child.kill('SIGSTOP');
        filled = leaveNothing(place).finally(() => child.kill('SIGCONT'));
        return false;
      });
      await filled;
      expect(full).toMatchObject({ code: 1, stderr: expect.stringMatching(/is full.*--resume/) });
      await expect(startServe(to)).rejects.toThrow(/MiB free|was interrupted/);
      await rm(join(place, 'ballast'));
      expect(await restore(to, ['--resume'])).toMatchObject({ code: 0, stderr: '' });
      await expectWhole(to);
    } finally {
      await disk.close(false);
    }
  });
});

async function leaveNothing(place: string): Promise<void> {
  const { bavail, bsize } = await statfs(place);
  // In pieces: what others have taken meanwhile is not there any more.
  for (let left = bavail * bsize; left >= 4096; left = Math.floor(left / 2)) {
    await run('fallocate', ['-o', String(bavail * bsize - left), '-l', String(left), join(place, 'ballast')]).catch(
      () => undefined,
    );
  }
}
