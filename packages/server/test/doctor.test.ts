import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../src/cli/finding.ts';
import { openKeyRing } from '../src/key-ring.ts';
import { openMasterKeys } from '../src/privacy/rotation.ts';
import { openRecords } from '../src/stores/records.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';
import { runVedette, startServe } from './support/serve.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-doctor-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

let count = 0;
/** A data directory of its own, as a hub leaves it with what was done to it. */
async function directory(...held: ('data' | 'key' | 'half')[]): Promise<string> {
  count += 1;
  const data = join(dir, String(count));
  await mkdir(data, { mode: 0o700 });
  if (held.includes('data')) await mkdir(join(data, 'postgres'), { mode: 0o700 });
  if (held.includes('key')) await writeFile(join(data, 'master.key'), Buffer.alloc(32, 1), { mode: 0o600 });
  if (held.includes('half')) {
    await mkdir(join(data, 'restore'));
    await writeFile(join(data, 'restore', 'state.json'), '{"id":"a","created":"2026-07-01T00:00:00Z"}');
  }
  return data;
}

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

/** What the doctor finds bad on a directory, and what a start on it says. */
async function examine(data: string, env: Record<string, string> = {}) {
  const set = { VEDETTE_PORT: await freePort(), ...env };
  const [doctor, serve] = await Promise.all([
    runVedette(['doctor', '--json', '--data', data], { env: set }),
    runVedette(['serve', '--data', data], { env: set }),
  ]);
  const { findings } = JSON.parse(doctor.stdout) as { findings: Finding[] };
  return { code: doctor.code, findings, bad: findings.filter(({ state }) => state === 'bad'), serve, doctor };
}

describe('what a start is refused for, the doctor says in the same words', () => {
  test.each([
    ['the key is gone', ['data'], {}, 'master key', 'is gone', /^put the key of this installation back from its copy/],
    [
      'the setting names no file, and there is data',
      ['data'],
      { VEDETTE_MASTER_KEY_FILE: '/nope' },
      'master key',
      'VEDETTE_MASTER_KEY_FILE is /nope, which does not exist',
      /^put the key of this installation back from its copy/,
    ],
    [
      'the setting names no file, and there is no data yet',
      [],
      { VEDETTE_MASTER_KEY_FILE: '/nope' },
      'master key',
      'VEDETTE_MASTER_KEY_FILE is /nope, which does not exist',
      /^"openssl rand -out FILE 32" makes one/,
    ],
    [
      'the setting names a directory',
      ['data'],
      { VEDETTE_MASTER_KEY_FILE: '/usr' },
      'master key',
      '/usr is a directory',
      /name the file/,
    ],
    [
      'a restore was interrupted',
      ['key', 'half'],
      {},
      'data directory',
      'was interrupted',
      /"vedette restore .*--resume"/,
    ],
  ] as const)('%s', async (_, held, env, name, detail, advice) => {
    const { code, bad, serve } = await examine(await directory(...held), env);
    expect([code, serve.code]).toEqual([1, 1]);
    expect(bad).toEqual([
      { name, state: 'bad', detail: expect.stringContaining(detail), advice: expect.stringMatching(advice) },
    ]);
    for (const words of [bad[0]?.detail, bad[0]?.advice]) expect(serve.stderr).toContain(words);
  });

  test('another process has the port', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const { code, bad, serve } = await examine(await directory(), { VEDETTE_PORT: String(port) });
      expect(code).toBe(1);
      expect(bad).toEqual([
        expect.objectContaining({
          name: 'port',
          detail: expect.stringContaining(`port ${port} on 127.0.0.1 is taken by process ${process.pid}`),
        }),
      ]);
      expect(serve.stderr).toContain(bad[0]?.detail);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test('a proxy that is none is refused by both as every other setting is', async () => {
    const env = { VEDETTE_TRUSTED_PROXIES: 'abc' };
    const runs = await Promise.all(
      ['doctor', 'serve'].map(async (word) => runVedette([word, '--data', join(dir, 'none')], { env })),
    );
    for (const run of runs) {
      expect(run.code).toBe(2);
      expect(run.stderr).toContain('VEDETTE_TRUSTED_PROXIES is "abc", but must be a list of addresses and CIDRs');
    }
  });

  test.each(['', 'data'])('a file is in the way of /%s', async (below) => {
    const file = join(dir, 'file');
    await writeFile(file, '');
    const { bad, serve } = await examine(join(file, below));
    expect(bad).toEqual([
      {
        name: 'data directory',
        state: 'bad',
        detail: `${below === '' ? file : join(file, below)} is not a directory, or a part of its path is a file`,
        advice: 'choose another --data',
      },
    ]);
    expect(serve.stderr).toContain(bad[0]?.detail);
  });
});

test('the embedded database is known to be sealed with another key, also after a rotation', async () => {
  const [data, kept] = [await directory(), join(dir, 'first.key')];
  const hub = await startServe(data);
  try {
    await copyFile(join(data, 'master.key'), kept);
    expect(await runVedette(['rotate-key', '--data', data])).toMatchObject({ code: 0 });
  } finally {
    hub.child.kill('SIGTERM');
    await hub.ended;
  }
  const right = await runVedette(['doctor', '--data', data], { env: { VEDETTE_PORT: await freePort() } });
  expect(right).toMatchObject({ code: 0, stderr: '' });
  await copyFile(kept, join(data, 'master.key'));
  const old = await examine(data);
  expect(old.bad).toEqual([
    expect.objectContaining({ name: 'master key', detail: expect.stringContaining('lacks version 2') }),
  ]);
  await writeFile(join(data, 'master.key'), `2 ${'07'.repeat(32)}\n`);
  const other = await examine(data);
  expect(other.bad).toEqual([
    expect.objectContaining({ name: 'master key', detail: expect.stringContaining('is not the master key') }),
  ]);
  for (const { bad, code, serve } of [old, other]) {
    expect([code, serve.code]).toEqual([1, 1]);
    expect(serve.stderr).toContain(bad[0]?.detail);
    expect(serve.stderr).toContain(bad[0]?.advice);
  }
});

const NOBODY = 65_534;

test.skipIf(process.getuid?.() !== 0)(
  'another user’s directory is told to be that, and no hub to be there',
  async () => {
    await chmod(dir, 0o755);
    const run = await runVedette(['doctor', '--json', '--data', await directory('key')], {
      env: { VEDETTE_PORT: await freePort() },
      uid: NOBODY,
    });
    const { findings } = JSON.parse(run.stdout) as { findings: Finding[] };
    const of = (wanted: string) => findings.filter(({ name }) => name === wanted);
    expect(run.code).toBe(1);
    expect(of('data directory')).toEqual([
      {
        name: 'data directory',
        state: 'bad',
        detail: expect.stringContaining(`may not be used by this user (uid ${NOBODY})`),
        advice: expect.stringContaining('run it as user 0, whose it is'),
      },
    ]);
    expect(of('hub')).toEqual([
      {
        name: 'hub',
        state: 'warning',
        detail: expect.stringContaining('may be running'),
        advice: 'run the command as the user of the hub',
      },
    ]);
    expect(of('audit log').map(({ state }) => state)).toEqual(['good']);
  },
);

test('several warnings are counted as such', async () => {
  const run = await runVedette(['doctor', '--data', await directory()], { env: { VEDETTE_A: '1', VEDETTE_B: '1' } });
  expect(run.stdout).toMatch(/: \d+ bad, \d+ warnings, \d+ good\n/);
});

test('nothing is bad where a hub starts', async () => {
  const data = await directory();
  const run = await runVedette(['doctor', '--data', data], { env: { VEDETTE_PORT: await freePort() } });
  expect([run.code, run.stdout.split('\n', 1)[0]]).toEqual([0, expect.stringMatching(/: 0 bad, /)]);
});

describe('with servers', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres?.stop());

  test.each([
    ['another key', 9, 'is not the master key that this database’s secrets are sealed with'],
    ['no key', null, 'lacks version 1 of the master key, which is in use'],
    ['the key', 1, null],
  ])('%s in the file', async (_, byte, detail) => {
    const url = await postgres.freshDatabase();
    const [sealedWith, data] = [join(await directory('key'), 'master.key'), await directory()];
    const records = await openRecords({ url, log: quietLog() });
    await openMasterKeys(openKeyRing(sealedWith), records.unscoped.sealed);
    await records.close();
    if (byte !== null) await writeFile(join(data, 'master.key'), Buffer.alloc(32, byte), { mode: 0o600 });
    const env = { DATABASE_URL: url, VEDETTE_PORT: await freePort() };
    const run = await runVedette(['doctor', '--json', '--data', data], { env });
    const { findings } = JSON.parse(run.stdout) as { findings: Finding[] };
    const bad = findings.filter(({ state }) => state === 'bad');
    expect(run.code).toBe(detail === null ? 0 : 1);
    expect(bad).toEqual(
      detail === null
        ? []
        : [
            {
              name: 'master key',
              state: 'bad',
              detail: expect.stringContaining(detail),
              advice: 'put the key of this installation back from its copy',
            },
          ],
    );
  });

  test('a ClickHouse that does not answer is a finding, and nothing else is said', async () => {
    const env = { CLICKHOUSE_URL: 'http://127.0.0.1:1', VEDETTE_PORT: await freePort() };
    const run = await runVedette(['doctor', '--data', await directory()], { env });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/BAD +ClickHouse/);
    expect(run.stderr).toBe('');
  });
});
