import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '../model/fault.ts';

/** Below the data directory: what a backup under way, or an interrupted one, holds on to. */
export const BACKUP_DIRECTORY = 'backup';
const PLAN = 'plan.json';

/** A directory of files, and its name in the archive. */
export interface Tree {
  name: string;
  directory: string;
}

/**
 * The files that a backup holds on to, which do not change while it does. It is on disk, so that also another process
 * can copy them; it goes when all of them were copied, and before any of them does.
 */
export interface Plan {
  /** Directories are below the data directory, which another process may see at another place. */
  trees: Tree[];
}

/** A file on its way into the archive, open for reading. */
export interface OpenFile {
  name: string;
  size: number;
  /** Fills `buffer` with what comes next; answers how many bytes that were. */
  read(buffer: Buffer): number;
}

/** Names of a table's files in the archive. */
export function partPlace(table: string): string {
  return `clickhouse/${table}/parts`;
}
export function tokenPlace(table: string): string {
  return `clickhouse/${table}/tokens`;
}

/** Writes the plan of a backup whose directory is `stage`. */
export async function writePlan(stage: string, plan: Plan): Promise<void> {
  await writeFile(join(stage, `${PLAN}.new`), JSON.stringify(plan), { mode: 0o600, flush: true });
  await rename(join(stage, `${PLAN}.new`), join(stage, PLAN));
}

/** The plan of a backup that can be gone on with; null where there is none. */
export async function readPlan(stage: string): Promise<Plan | null> {
  try {
    const plan = JSON.parse(await readFile(join(stage, PLAN), 'utf8')) as Plan;
    return Array.isArray(plan.trees) ? plan : null;
  } catch {
    return null;
  }
}

/** Says that there is nothing to go on with any more: who holds on to the files may give them up. */
export function endPlan(stage: string): Promise<void> {
  return rm(join(stage, PLAN), { force: true });
}

/** The regular files below directories, in order of name, each opened in its turn and closed after it. */
export function* openFiles(trees: readonly Tree[]): Generator<OpenFile> {
  for (const { name, directory } of trees) {
    const entries = readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const tree = { name: `${name}/${entry.name}`, directory: join(directory, entry.name) };
      if (entry.isDirectory()) yield* openFiles([tree]);
      else if (entry.isFile()) yield* opened(tree.name, tree.directory);
    }
  }
}

function* opened(name: string, path: string): Generator<OpenFile> {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    yield {
      name,
      size,
      read(buffer) {
        const count = readSync(file, buffer);
        if (count === 0) throw new Fault('backup-failed', `${path} was cut while it was backed up`);
        return count;
      },
    };
  } finally {
    closeSync(file);
  }
}

/** Hard links to the regular files below a directory, so that they stay. What goes meanwhile is left out. */
export async function linkTree(from: string, to: string): Promise<void> {
  for (const entry of await found(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    else if (entry.isFile()) {
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await link(source, target).catch(ignoreMissing);
    }
  }
}

/** Copies of small files that are written on; none where there is no such directory. */
export async function copyTree(from: string, to: string): Promise<void> {
  for (const entry of await found(from)) {
    if (!entry.isFile()) continue;
    // What was done with meanwhile is not needed.
    const bytes = await readFile(join(from, entry.name)).catch(ignoreMissing);
    if (bytes === undefined) continue;
    await mkdir(to, { recursive: true, mode: 0o700 });
    await writeFile(join(to, entry.name), bytes, { mode: 0o600 });
  }
}

async function found(directory: string) {
  return (await readdir(directory, { withFileTypes: true }).catch(ignoreMissing)) ?? [];
}

export function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
