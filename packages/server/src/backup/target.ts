import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../model/fault.ts';
import { createSealer, fingerprintOf } from '../privacy/sealing.ts';
import { readMigrations as clickhouseMigrations } from '../stores/drivers/clickhouse/migrate.ts';
import { clearDrafts } from '../stores/drivers/postgres/initdb.ts';
import { readMigrations as postgresMigrations } from '../stores/drivers/postgres/migrate.ts';
import { stopOrphan } from '../stores/drivers/postgres/orphan.ts';
import type { Log } from '../stores/records.ts';
import { checkPurpose, type Manifest, newer, type RunMigration } from './format.ts';

/** Below the data directory while a restore is under way; no hub starts beside it. */
export const RESTORE_DIRECTORY = 'restore';
const STATE = 'state.json';
/** What engines take that hold nothing yet, and rows of PostgreSQL, whose size is not known before. */
const BESIDE_BYTES = 192 * 1024 * 1024;
/** What may be in a data directory that counts as empty. */
const HARMLESS = new Set(['master.key', 'geo', 'layout.json', 'hub.lock', 'lost+found', RESTORE_DIRECTORY]);

/** Keys by version. */
export interface KeyRing {
  file: string;
  key(version: number): Buffer | undefined;
}

/**
 * Throws a Fault `wrong-master-key` unless the key opens what the archive's installation sealed. Nothing of the archive
 * need be written for that.
 */
export function proveKey({ id, master_key: { versions, check } }: Manifest, ring: KeyRing): void {
  for (const { version, fingerprint } of versions) {
    const key = ring.key(version);
    if (key === undefined) throw wrongKey(`${ring.file} lacks version ${version}`);
    if (fingerprintOf(key).toString('hex') !== fingerprint)
      throw wrongKey(`version ${version} in ${ring.file} is another key`);
  }
  try {
    const keys = { sealing: () => 0, key: (version: number) => ring.key(version) };
    createSealer(keys).open(Buffer.from(check, 'base64'), checkPurpose(id)).fill(0);
  } catch (cause) {
    throw wrongKey(`the key in ${ring.file} does not open it`, cause);
  }
}

function wrongKey(why: string, cause?: unknown): Fault {
  return new Fault(
    'wrong-master-key',
    `this is not the master key that the backup’s secrets are sealed with: ${why}; give the copy of that time with --master-key FILE`,
    { cause },
  );
}

/** Throws a Fault `archive-newer` or `migration-changed` where this version does not have what the archive was made by. */
export async function checkSchemas({ vedette, postgres, clickhouse }: Manifest): Promise<void> {
  const files = await postgresMigrations();
  compare('PostgreSQL', postgres.migrations, files, vedette);
  const own = (await clickhouseMigrations()).map(({ number, name, checksum }) => ({ version: number, name, checksum }));
  if (clickhouse !== null) compare('ClickHouse', clickhouse.migrations, own, vedette);
}

function compare(engine: string, run: readonly RunMigration[], known: readonly RunMigration[], vedette: string): void {
  for (const { version, name, checksum } of run) {
    const file = known.find((migration) => migration.version === version);
    if (file === undefined)
      throw newer(vedette, `needs the migration ${name} of ${engine}, which this version does not know`);
    if (file.checksum === checksum) continue;
    throw new Fault(
      'migration-changed',
      `the archive was made with another ${name} of ${engine} than this version has`,
    );
  }
}

/** Throws a Fault `disk-full` where an archive has no room before anything of it is written. */
export async function checkRoom(data: string, { stored_bytes: stored }: Manifest): Promise<void> {
  const { bavail, bsize } = await statfs(data);
  const [free, needed] = [bavail * bsize, stored + BESIDE_BYTES];
  if (free >= needed) return;
  throw new Fault(
    'disk-full',
    `the backup takes about ${Math.ceil(needed / 1e6)} MB, but the disk of ${data} has only ${Math.floor(free / 1e6)} MB free; ` +
      'free some space or choose another --data',
  );
}

/** Takes an empty data directory for a restore, or one in which the restore of this archive was interrupted. */
export async function claimTarget(data: string, { id, created }: Manifest, resume: boolean, log: Log): Promise<string> {
  const directory = join(data, RESTORE_DIRECTORY);
  const under = await interruptedIn(data);
  if (under !== null && (under.id !== id || !resume)) {
    const which = under.id === id ? 'this backup' : `another backup (${under.id}, of ${under.created})`;
    const how = under.id === id ? 'go on with --resume' : 'end that one with --resume';
    throw new Fault(
      'restore-interrupted',
      `the restore of ${which} into ${data} was interrupted: ${how}, or choose an empty directory`,
    );
  }
  if (under === null) {
    const there = (await readdir(data)).filter((name) => !HARMLESS.has(name) && !/^(?:hub\.lock|control)/.test(name));
    if (there.length > 0) {
      throw new Fault(
        'target-not-empty',
        `${data} is not empty (${there.slice(0, 3).join(', ')}): restore into a directory of its own, with --data`,
      );
    }
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(join(directory, `${STATE}.new`), JSON.stringify({ id, created }), { mode: 0o600, flush: true });
    await rename(join(directory, `${STATE}.new`), join(directory, STATE));
  }
  // A restore that was killed leaves what it had started running: its server, or what makes the cluster.
  const home = join(data, 'postgres');
  if (existsSync(home)) await clearDrafts(home);
  if (existsSync(join(home, 'cluster'))) await stopOrphan(join(home, 'cluster'), log);
  // What the interrupted one had put in its place is put there anew.
  for (const name of ['postgres', 'clickhouse', 'spool', 'browser', 'audit-heads.json']) {
    await rm(join(data, name), { recursive: true, force: true });
  }
  return directory;
}

/** The backup whose restore was interrupted in this data directory; null: none was. */
export async function interruptedIn(data: string): Promise<{ id: string; created: string } | null> {
  try {
    return JSON.parse(await readFile(join(data, RESTORE_DIRECTORY, STATE), 'utf8')) as { id: string; created: string };
  } catch {
    return null;
  }
}

/** Throws a Fault `restore-interrupted` where half of a backup lies. */
export async function refuseHalfRestored(data: string): Promise<void> {
  const under = await interruptedIn(data);
  if (under === null) return;
  throw new Fault(
    'restore-interrupted',
    `a restore into ${data} was interrupted (the backup of ${under.created}); go on with "vedette restore FILE --resume", or choose another directory`,
  );
}
