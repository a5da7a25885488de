import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { open, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { Fault } from '../../../model/fault.ts';
import { findBinaries, usableBinaries } from './binaries.ts';
import { HBA_CONF, postgresqlConf } from './cluster-config.ts';
import { asFault, checkSpace, claim, makeHome, release, shareFiles } from './home.ts';
import { chooseIdentity, giveTo } from './identity.ts';
import { initCluster, OWNER } from './initdb.ts';
import { dataDirectoryArgument, explain, type Ground, launch } from './launch.ts';
import type { Log } from './log.ts';
import { readPostmasterFile, stopOrphan, stopServer } from './orphan.ts';
import { processesIn, waitUntil } from './processes.ts';

const MAJOR = '18';
const DATABASE = 'vedette';
const LONGEST_WAIT_MS = 15_000;

export interface PostgresOptions {
  /** Directory of its own, made when absent: cluster, password and port live in it. */
  dir: string;
  log: Log;
  /** The port to listen on; by default the last one, or a free one. */
  port?: number;
  /** Lines of postgresql.conf to override, as they are written there. */
  settings?: Record<string, string>;
}

export interface RunningPostgres {
  /** For the owner of the database, with the password. */
  url: string;
  port: number;
  /** The server's process id; undefined while it is being restarted. */
  pid(): number | undefined;
  /** Stops the server, after the callers have closed their connections; safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL in `dir`, making its cluster the first time. A server that a killed hub left behind
 * is stopped first; a server that ends by itself is started again on the same port. Resolves when the database answers.
 * Faults: `unsupported-platform`, `already-running`, `port-taken`, `disk-full`, `permission`, `unreachable-directory`,
 * `postgres-version`, `password-lost`, `initdb-failed`, `postgres-failed`.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const home = resolve(options.dir);
  const installed = findBinaries();
  await makeHome(home);
  try {
    await checkSpace(home);
    const identity = await chooseIdentity(home);
    await giveTo(home, identity);
    await claim(home, identity);
    try {
      return await startIn(home, { native: await usableBinaries(installed, identity, home), identity }, options);
    } catch (error) {
      await release(home);
      throw error;
    }
  } catch (error) {
    throw await asFault(error, home);
  }
}

async function startIn(home: string, ground: Omit<Ground, 'dir'>, options: PostgresOptions): Promise<RunningPostgres> {
  const { log, settings = {}, port } = options;
  const password = await prepareCluster(home, ground, log, settings['fsync'] === 'off' ? ['--no-sync'] : []);
  const server = new Server(home, { ...ground, dir: join(home, 'cluster') }, log, settings);
  await server.startOnSomePort(port);
  try {
    const url = await ensureDatabase(password, server.port);
    await shareFiles(home, ground.identity);
    return { url, port: server.port, pid: () => server.pid, stop: () => server.stop().finally(() => release(home)) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** One server process after the other over one cluster. */
class Server {
  port = 0;
  private child: ChildProcess | null = null;
  private stopping: Promise<void> | null = null;
  private reviving: Promise<void> = Promise.resolve();
  private readonly home: string;
  private readonly ground: Ground;
  private readonly log: Log;
  private readonly settings: Record<string, string>;

  constructor(home: string, ground: Ground, log: Log, settings: Record<string, string>) {
    this.home = home;
    this.ground = ground;
    this.log = log;
    this.settings = settings;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** On the wanted port or not at all; otherwise on the last one, and on a free one when that is taken by now. */
  async startOnSomePort(wanted?: number): Promise<void> {
    const file = join(this.home, 'port');
    const last = Number(await readFile(file, 'utf8').catch(() => ''));
    const ports = wanted === undefined ? [last || (await freePort()), 0, 0] : [wanted];
    for (const [index, port] of ports.entries()) {
      this.port = port || (await freePort());
      try {
        await this.start();
        break;
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== 'port-taken' || index === ports.length - 1) throw error;
      }
    }
    if (this.port !== last) await writeFile(file, `${this.port}\n`, { mode: 0o600 });
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    await this.halt();
    // A restart under way sees that it is not wanted, and stops what it started.
    await this.reviving;
  }

  private async halt(): Promise<void> {
    const pid = this.child?.pid;
    if (pid !== undefined) await stopServer(pid, this.log);
  }

  private async start(): Promise<void> {
    const { dir, native } = this.ground;
    await this.writeOwned('pg_hba.conf', HBA_CONF);
    await this.writeOwned('postgresql.conf', postgresqlConf(this.port, this.settings));
    const said = join(this.home, 'start.log');
    const before = await stat(this.logFile()).then(
      (info) => info.size,
      () => 0,
    );
    const output = await open(said, 'w', 0o600);
    try {
      const data = await dataDirectoryArgument(this.ground);
      const child = launch(join(native, 'bin', 'postgres'), ['-D', data], this.ground, output.fd);
      const end = watch(child);
      while (end.how === null && !(await this.isReady(child))) await pause(10);
      if (end.how !== null) {
        const text = `${await readFile(said, 'utf8').catch(() => '')}${await this.logFrom(before)}`;
        throw explain('postgres-failed', `PostgreSQL ended while starting (${end.how})`, text, dir);
      }
      this.child = child;
      child.once('exit', (code, signal) => {
        this.reviving = this.revive(code ?? signal);
      });
    } finally {
      await output.close();
    }
  }

  /** Readiness as the server itself records it. Recovery after a crash may take long; it is not hurried. */
  private async isReady(child: ChildProcess): Promise<boolean> {
    const file = await readPostmasterFile(this.ground.dir);
    return file !== null && file.pid === child.pid && file.status === 'ready';
  }

  /** Starts the server anew, again and again: what keeps it from starting, a full disk say, may pass. */
  private async revive(how: number | string | null): Promise<void> {
    this.child = null;
    for (let wait = 200; this.stopping === null; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      this.log.error({ how }, 'PostgreSQL ended by itself; starting it again');
      try {
        await stopOrphan(this.ground.dir, this.log);
        if (this.stopping === null) await this.start();
        if (this.stopping !== null) await this.halt();
        return;
      } catch (error) {
        this.log.error({ err: error }, 'PostgreSQL does not start');
        await waitUntil(() => this.stopping !== null, wait, 50);
      }
    }
  }

  private async writeOwned(name: string, text: string): Promise<void> {
    const path = join(this.ground.dir, name);
    if ((await readFile(path, 'utf8').catch(() => null)) === text) return;
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await giveTo(`${path}.new`, this.ground.identity);
    await rename(`${path}.new`, path);
  }

  /** The server's own log takes over early in the start, so its end says why a start failed. */
  private async logFrom(position: number): Promise<string> {
    // The process that writes it ends last.
    await waitUntil(async () => (await processesIn(await realpath(this.ground.dir))).length === 0, 2_000, 50);
    const text = await readFile(this.logFile()).catch(() => Buffer.alloc(0));
    return text.subarray(position).toString();
  }

  private logFile(): string {
    const day = new Date().toLocaleDateString('en', { weekday: 'short', timeZone: 'UTC' });
    return join(this.ground.dir, 'log', `postgresql-${day}.log`);
  }
}

function watch(child: ChildProcess): { how: string | null } {
  const end: { how: string | null } = { how: null };
  child.once('exit', (code, signal) => {
    end.how = signal ?? `exit code ${code}`;
  });
  child.once('error', (error) => {
    end.how = error.message;
  });
  return end;
}

/** Leaves a whole cluster in `home/cluster` that no server runs on; answers with the owner's password. */
async function prepareCluster(
  home: string,
  ground: Omit<Ground, 'dir'>,
  log: Log,
  more: readonly string[],
): Promise<string> {
  const cluster = join(home, 'cluster');
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => null);
  const file = join(home, 'password');
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (version !== null) {
    if (version.trim() !== MAJOR) {
      const text = `${cluster} was made by PostgreSQL ${version.trim()}, this is ${MAJOR}`;
      throw new Fault('postgres-version', `${text}; restore a backup into a new data directory`);
    }
    if (known === '') throw new Fault('password-lost', `${file} is gone; put it back from a backup`);
    await stopOrphan(cluster, log);
    return known;
  }
  // On disk before the cluster exists: whatever cluster there is, its password is known.
  const password = randomBytes(24).toString('base64url');
  const handle = await open(file, 'w', 0o600);
  await handle.writeFile(`${password}\n`);
  await handle.sync();
  await handle.close();
  log.info({ cluster }, 'setting up PostgreSQL');
  await initCluster(home, ground, password, more);
  return password;
}

/** Makes the hub's database where it is missing; answers with its URL. */
async function ensureDatabase(password: string, port: number): Promise<string> {
  const url = (name: string) =>
    `postgres://${OWNER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}?sslmode=disable`;
  const failure = await tryConnect(url(DATABASE));
  if (failure?.code === '3D000') await query(url('postgres'), `CREATE DATABASE ${DATABASE} TEMPLATE template0`);
  else if (failure?.code === '28P01') {
    throw new Fault('password-lost', 'the password kept beside the PostgreSQL cluster is not the one it has');
  } else if (failure) throw failure;
  return url(DATABASE);
}

async function tryConnect(url: string): Promise<(Error & { code?: string }) | null> {
  return query(url, 'SELECT 1').then(
    () => null,
    (error: Error) => error,
  );
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A port that is free now; the server may still lose it to somebody, so the caller tries again. */
function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, ms));
}
