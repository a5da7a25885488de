import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MASTER_KEY_BYTES } from '../../src/privacy/sealing.ts';

const run = promisify(execFile);
const SERVER = join(import.meta.dirname, '..', '..');
const ROOT = join(SERVER, '..', '..');
/** Goes with the installed packages, whose engines made what lies in it. */
const SHELF = join(ROOT, 'node_modules', '.cache', 'vedette-test-data');
const DAY_MS = 86_400_000;

/**
 * A data directory whose engines are set up and migrated, and which no hub has had yet: setting one up takes longer than
 * most tests do with it. Its name says all that it was made from.
 */
function templatePath(): string {
  const sources = globSync(['migrations/**/*.sql', 'src/stores/drivers/**/*.ts', 'test/support/template-child.ts'], {
    cwd: SERVER,
  });
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')));
  for (const name of sources.sort()) hash.update(`\0${name}\0`).update(readFileSync(join(SERVER, name)));
  return join(SHELF, hash.digest('hex').slice(0, 16));
}

/** Makes the template where it is missing: once before the test files. */
export async function setup(): Promise<void> {
  const path = templatePath();
  if (existsSync(path)) return;
  const made = await mkdtemp(join(tmpdir(), 'vedette-template-'));
  const draft = `${path}.new-${process.pid}`;
  try {
    await run(process.execPath, [join(import.meta.dirname, 'template-child.ts'), made]);
    await mkdir(SHELF, { recursive: true });
    await takeAwayOld();
    await copy(made, draft);
    // Another run may have been faster.
    if (!existsSync(path)) await rename(draft, path);
  } finally {
    for (const rest of [made, draft]) await rm(rest, { recursive: true, force: true });
  }
}

/** Removes what no run of today needs: one of another version may be under way. */
async function takeAwayOld(): Promise<void> {
  for (const name of await readdir(SHELF)) {
    const path = join(SHELF, name);
    const age = Date.now() - ((await stat(path).catch(() => null))?.mtimeMs ?? Date.now());
    if (age > DAY_MS) await rm(path, { recursive: true, force: true });
  }
}

/**
 * Fills a data directory that is not there yet from the template, with a master key of its own; without a template it is
 * left to whoever starts on it.
 */
export async function fillData(data: string): Promise<void> {
  if (!(await fillEngine(data, '.'))) return;
  await writeFile(join(data, 'master.key'), randomBytes(MASTER_KEY_BYTES), { mode: 0o600 });
}

/** Fills the directory of one engine; answers whether there is a template. */
export async function fillEngine(dir: string, engine: 'postgres' | 'clickhouse' | '.'): Promise<boolean> {
  const from = templatePath();
  if (!existsSync(from)) return false;
  await copy(join(from, engine), dir);
  return true;
}

/** With owners and times, which PostgreSQL looks at; `cp` of the system is much faster than that of Node. */
async function copy(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await run('cp', ['-a', `${from}/.`, to]);
}
