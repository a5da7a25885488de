import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { HBA_CONF } from './cluster-config.ts';
import { giveTo } from './identity.ts';
import { dataDirectoryArgument, ended, explain, type Ground, launch } from './launch.ts';
import { isAlive, processesIn, waitUntil } from './processes.ts';

/** The superuser that owns everything in an embedded cluster. */
export const OWNER = 'vedette';

const DRAFT = /^cluster\.new-|^password\.new-|^vedette-initdb-/;

/**
 * Makes a new cluster in `<home>/cluster`. It is made beside that and renamed when it is whole and on disk, so that a
 * run that was cut off is simply done anew. `password` becomes the owner's.
 */
export async function initCluster(
  home: string,
  ground: Omit<Ground, 'dir'>,
  password: string,
  more: readonly string[] = [],
): Promise<void> {
  await clearDrafts(home);
  const mark = randomBytes(4).toString('hex');
  const draft = join(home, `cluster.new-${mark}`);
  const secret = join(home, `password.new-${mark}`);
  await mkdir(draft, { mode: 0o700 });
  await giveTo(draft, ground.identity);
  await writeFile(secret, `${password}\n`, { mode: 0o600, flag: 'wx' });
  await giveTo(secret, ground.identity);
  try {
    await runInitdb(home, { ...ground, dir: draft }, [`--pwfile=../${basename(secret)}`, ...more]);
  } finally {
    await rm(secret, { force: true });
  }
  await writeFile(join(draft, 'pg_hba.conf'), HBA_CONF, { mode: 0o600 });
  await giveTo(join(draft, 'pg_hba.conf'), ground.identity);
  await sync(draft);
  await rename(draft, join(home, 'cluster'));
  await sync(home);
}

/**
 * Removes what a run that was cut off has left. Its initdb may still be at work: it is ended where the system says
 * which one it is; elsewhere it goes on in a directory that nobody uses, because each run has its own.
 */
export async function clearDrafts(home: string): Promise<void> {
  for (const name of (await readdir(home)).filter((entry) => DRAFT.test(entry))) {
    const path = join(home, name);
    for (const pid of await processesIn(await realpath(path))) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
      await waitUntil(() => !isAlive(pid), 5_000);
    }
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runInitdb(home: string, ground: Ground, more: readonly string[]): Promise<void> {
  const first = await initdb(home, ground, ground.native, more);
  if (first.code === 0) return;
  if (!/could not look up effective user ID/.test(first.said)) throw failed(first.said, home);
  for (const place of [home, tmpdir()]) {
    const patched = join(place, `vedette-initdb-${process.pid}`);
    try {
      await makeNameless(ground.native, patched, ground);
      const second = await initdb(home, ground, patched, more).catch((error: Error) => ({
        code: 1,
        said: error.message,
      }));
      if (second.code === 0) return;
      // A data directory may be mounted noexec; then the temporary directory is tried.
      if (!/EACCES|Permission denied/.test(second.said) || place === tmpdir()) throw failed(second.said, home);
    } finally {
      await rm(patched, { recursive: true, force: true });
    }
  }
}

function failed(said: string, home: string): Error {
  return explain('initdb-failed', `PostgreSQL could not set up its data in ${home}`, said, home);
}

async function initdb(
  home: string,
  ground: Ground,
  native: string,
  more: readonly string[],
): Promise<{ code: number | string; said: string }> {
  const log = join(home, 'initdb.log');
  const output = await open(log, 'w', 0o600);
  try {
    const args = ['-D', await dataDirectoryArgument(ground), '-U', OWNER, ...more];
    args.push('--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', '--no-instructions');
    args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--text-search-config=english');
    const code = await ended(launch(join(native, 'bin', 'initdb'), args, ground, output.fd));
    return { code, said: await readFile(log, 'utf8') };
  } finally {
    await output.close();
  }
}

/**
 * A copy of the two programs for a uid that has no passwd entry (containers run with `--user 12345`). They ask libc
 * for the name of their uid, and end when there is none, although the name is then not used: `-U` gives the owner.
 * In the copy the import `getpwuid` is replaced by `getpwent`, which has the same return type and answers with the
 * first entry there is. Only initdb and the single-user mode it runs ask; the server itself does not, so it runs
 * from the installed file.
 */
async function makeNameless(native: string, target: string, ground: Ground): Promise<void> {
  await mkdir(join(target, 'bin'), { recursive: true });
  await symlink(join(native, 'lib'), join(target, 'lib'));
  await symlink(join(native, 'share'), join(target, 'share'));
  for (const name of ['initdb', 'postgres']) {
    const program = await readFile(join(native, 'bin', name));
    const at = program.indexOf('\0getpwuid\0');
    if (at >= 0) program.write('getpwent', at + 1, 'latin1');
    await writeFile(join(target, 'bin', name), program);
    await chmod(join(target, 'bin', name), 0o755);
  }
  for (const dir of [target, join(target, 'bin')]) {
    await chmod(dir, 0o755);
    await giveTo(dir, ground.identity);
  }
}

async function sync(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  await handle.sync().catch(() => undefined);
  await handle.close();
}
