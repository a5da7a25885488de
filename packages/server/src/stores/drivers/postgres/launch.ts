import { type ChildProcess, spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { Fault } from '../../../model/fault.ts';
import { blockingDirectory, type Identity } from './identity.ts';

/** A fixed environment: a locale that is not installed, or PG* variables of the caller, must not reach the engine. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Where and as whom the programs run. */
export interface Ground {
  native: string;
  identity: Identity;
  /** The directory that is the program's working directory and its data directory. */
  dir: string;
}

/**
 * How the engine is told its data directory. The identity may not be able to walk there (below root's home, which
 * is 0700); but a process may use its working directory whatever lies above it, and Linux names that /proc/self/cwd.
 * Throws a Fault `unreachable-directory` that names the directory in the way where there is no /proc.
 */
export async function dataDirectoryArgument({ dir, identity }: Ground): Promise<string> {
  const blocked = await blockingDirectory(dir, identity);
  if (blocked === null) return dir;
  const way = '/proc/self/cwd';
  const works = await access(way).then(
    () => process.platform === 'linux',
    () => false,
  );
  if (works) return way;
  throw new Fault(
    'unreachable-directory',
    `PostgreSQL does not run as root, and as uid ${identity?.uid} it cannot enter ${blocked}, above its data directory ${dir}. Choose another data directory, or allow entering with: chmod o+x ${blocked}`,
  );
}

/**
 * Starts a program in a session of its own, so that Ctrl-C at the terminal reaches the hub alone and the database
 * stops last. Output goes to `output`, a file descriptor: a pipe would break when the hub is killed.
 */
export function launch(program: string, args: readonly string[], ground: Ground, output: number): ChildProcess {
  return spawn(program, args, {
    cwd: ground.dir,
    env: ENVIRONMENT,
    detached: true,
    stdio: ['ignore', output, output],
    ...ground.identity,
  });
}

/** Resolves to the exit code or the signal's name. Rejects when the program cannot be started at all. */
export function ended(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}

/** What a failed program said, as a Fault with a code that fits: disk-full, permission, port-taken, no-memory, or `code`. */
export function explain(code: string, what: string, said: string, dir: string): Fault {
  const lines = said.trim().split('\n').slice(-6).join('\n');
  const causes: [RegExp, string, string][] = [
    [/No space left on device|Disk quota exceeded/, 'disk-full', `the disk that holds ${dir} is full`],
    [/could not bind|Address already in use/, 'port-taken', 'its port is taken'],
    [/Permission denied|Operation not permitted/, 'permission', `it may not use ${dir}`],
    [/Cannot allocate memory|could not map anonymous shared/, 'no-memory', 'there is too little memory'],
    [/database files are incompatible/, 'postgres-version', 'its files are of another PostgreSQL version'],
  ];
  const cause = causes.find(([pattern]) => pattern.test(said));
  const reason = cause ? `: ${cause[2]}` : '';
  return new Fault(cause?.[1] ?? code, `${what}${reason}.${lines ? `\n${lines}` : ''}`);
}
