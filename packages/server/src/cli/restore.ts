import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, copyFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { streamSource } from '../backup/archive-reader.ts';
import type { Manifest } from '../backup/format.ts';
import { checkEngines, install, prepareEngines, type Restored, type TargetEngines } from '../backup/install.ts';
import { checkRoom, checkSchemas, claimTarget, proveKey, RESTORE_DIRECTORY } from '../backup/target.ts';
import { type UnpackOptions, unpack } from '../backup/unpack.ts';
import { unpackFile } from '../backup/unpacker.ts';
import { type Config, readConfig } from '../config.ts';
import { explainPath, openDataDirectory } from '../data-directory.ts';
import { openKeyRing } from '../key-ring.ts';
import { counted } from '../model/counted.ts';
import { isDiskFull } from '../model/disk-full.ts';
import { Fault, UsageFault } from '../model/fault.ts';
import { forgetLoad } from '../stores/drivers/postgres/load.ts';
import { readArguments, takeOne } from './arguments.ts';
import { findArchive } from './backup-file.ts';
import type { Command } from './command.ts';
import { openProgress } from './progress.ts';

const OPTIONS = {
  data: { type: 'string' },
  'master-key': { type: 'string' },
  resume: { type: 'boolean' },
  json: { type: 'boolean' },
  'no-progress': { type: 'boolean' },
} as const;
/** Bytes of the archive between two flushes. */
const FLUSH_EACH = 64 * 1024 * 1024;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** `vedette restore`. */
export const command: Command = {
  name: 'restore',
  summary: 'Put a backup into an empty data directory',
  usage: `Usage: vedette restore FILE|- [options]

Puts an archive of "vedette backup" into an empty data directory, on this machine or another one; start the hub after
that. Every entry is checked, and before anything is written, whether the master key is the right one.
People log in again, and mails and events that waited to be sent are not sent: they may have been, after the backup.

  --data DIR          the directory to restore into (VEDETTE_DATA)
  --master-key FILE   the master key of the installation (VEDETTE_MASTER_KEY_FILE, or master.key in DIR); it is copied
                      into DIR unless the setting names a file
  --resume            go on with an interrupted restore
  --json              print what was done as JSON
  --no-progress       no progress line

Exit code: 0 good, 1 the work failed (--resume goes on), 2 wrong usage.
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    const word = takeOne(positionals, 'archive');
    const config = readConfig({ data: values.data });
    const archive = await findArchive(word, io);
    const total = 'path' in archive ? archive.size : undefined;
    const progress = openProgress(io.stderr, { total, enabled: values['no-progress'] !== true });
    const started = performance.now();
    try {
      const unpacking: Unpacking = (options) =>
        'path' in archive ? unpackFile(archive.path, options) : unpack(streamSource(archive.stream), options);
      const told = (bytes: number) => progress.update({ bytes });
      const done = await restore(unpacking, config, values, told, () => progress.done());
      const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
      if (values.json === true) io.stdout.write(`${JSON.stringify({ ...done, data: config.data, seconds })}\n`);
      else io.stdout.write(describe(done, config.data));
      return 0;
    } finally {
      progress.done();
    }
  },
};

/** Unpacks the archive that was named. */
type Unpacking = (options: UnpackOptions) => Promise<Manifest>;

/** Restores an archive; what is written before it is whole is in a directory of its own, beside which no hub starts. */
async function restore(
  unpacking: Unpacking,
  config: Config,
  values: Values,
  told: (bytes: number) => void,
  unpacked: () => void,
): Promise<Restored> {
  const log = pino({ level: 'silent' });
  const place = { data: config.data, databaseUrl: config.databaseUrl, clickhouseUrl: config.clickhouseUrl, log };
  const resume = values.resume === true;
  let lock: { close(): Promise<void> } | null = null;
  let engines: Promise<TargetEngines> | null = null;
  let directory = '';
  const stop = new AbortController();
  const onSignal = () => stop.abort(new Fault('restore-interrupted', 'interrupted: go on with --resume'));
  for (const name of SIGNALS) process.once(name, onSignal);
  const begin = async (manifest: Manifest) => {
    await checkSchemas(manifest);
    const key = await findKey(config, values);
    proveKey(manifest, openKeyRing(key));
    await refuseOtherKeys(manifest, config, key);
    await refuseUsed(config.data);
    await checkEngines(place, manifest, resume);
    lock = await openDataDirectory(config.data, key, { restoring: true });
    if (!resume) await checkRoom(config.data, manifest);
    directory = await claimTarget(config.data, manifest, resume, log);
    await keepKey(config, key);
    // Engines take seconds to start, which the archive is read in.
    engines = prepareEngines(place, manifest);
    engines.catch(() => undefined);
    return directory;
  };
  try {
    const flushed = flushAlong(config.data);
    const manifest = await unpacking({
      begin,
      resume,
      told(bytes) {
        stop.signal.throwIfAborted();
        told(bytes);
        flushed(bytes);
      },
    });
    unpacked();
    // What comes after it is little: at the end next to nothing is left to wait for.
    const written = flush(config.data);
    const ready = await (engines as unknown as Promise<TargetEngines>);
    stop.signal.throwIfAborted();
    const done = await install(place, manifest, directory, ready);
    await ready.close();
    engines = null;
    await written;
    await flush(config.data);
    await rm(join(config.data, RESTORE_DIRECTORY), { recursive: true, force: true });
    if (config.databaseUrl !== undefined) await forgetLoad(config.databaseUrl);
    return done;
  } catch (error) {
    throw explain(error, config.data, directory !== '');
  } finally {
    for (const name of SIGNALS) process.removeListener(name, onSignal);
    const open = await (engines as Promise<TargetEngines> | null)?.catch(() => null);
    await open?.close();
    await (lock as { close(): Promise<void> } | null)?.close();
  }
}

/** The file that is to hold the key. */
async function findKey({ masterKeyFile, data }: Config, values: Values): Promise<string> {
  const given = values['master-key'];
  if (given !== undefined) {
    const against = await whyUnreadable(given);
    if (against === null) return given;
    throw new UsageFault(`--master-key is ${given}, which ${against}`);
  }
  const own = masterKeyFile ?? join(data, 'master.key');
  if (await exists(own)) return own;
  throw new Fault(
    'no-master-key',
    'secrets in a backup are sealed with the master key, which is not in it: say where a copy is with --master-key FILE',
  );
}

/** What is against reading a file, to follow its name; null: nothing. */
async function whyUnreadable(file: string): Promise<string | null> {
  try {
    if ((await stat(file)).isDirectory()) return 'is a directory: name the file of the key in it';
    await access(file, constants.R_OK);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
    return `cannot be read by this user (uid ${process.getuid?.()}): ${code}`;
  }
}

/** The hub reads the key from one place, which must not hold another one. */
async function refuseOtherKeys(manifest: Manifest, { masterKeyFile, data }: Config, key: string): Promise<void> {
  const read = masterKeyFile ?? join(data, 'master.key');
  if (read === key || !(await exists(read))) return;
  proveKey(manifest, openKeyRing(read));
}

async function keepKey({ masterKeyFile, data }: Config, key: string): Promise<void> {
  const own = join(data, 'master.key');
  if (masterKeyFile !== undefined || (await exists(own))) return;
  // Whole or not at all: half a key would be another one.
  await copyFile(key, `${own}.new`);
  await chmod(`${own}.new`, 0o600);
  await rename(`${own}.new`, own);
}

/** Says what is in the way before the directory is touched at all. */
async function refuseUsed(data: string): Promise<void> {
  const there = await readdir(data).catch((): string[] => []);
  if (!there.includes('postgres') || there.includes(RESTORE_DIRECTORY)) return;
  throw new Fault('target-not-empty', `${data} has a hub’s data already: restore into an empty directory, with --data`);
}

/** Has what is written reach the disk while more is; to be told how much of the archive is. */
function flushAlong(data: string): (bytes: number) => void {
  let [last, busy] = [0, false];
  return (bytes) => {
    if (busy || bytes - last < FLUSH_EACH) return;
    [last, busy] = [bytes, true];
    void flush(data).then(() => {
      busy = false;
    });
  };
}

/** Has what was written reach the disk, before the copies to go on from are removed. */
async function flush(data: string): Promise<void> {
  const args = process.platform === 'linux' ? ['-f', data] : [];
  await promisify(execFile)('sync', args).catch(() => undefined);
}

function explain(error: unknown, data: string, begun: boolean): unknown {
  if (begun && isDiskFull(error)) {
    return new Fault(
      'disk-full',
      `the disk that holds ${data} is full; free some space, then go on with --resume (or remove ${data})`,
      { cause: error },
    );
  }
  if (error instanceof Fault || (error as NodeJS.ErrnoException).syscall === undefined) return error;
  return explainPath(data, error);
}

function describe({ created, rows, requests, dropped, client_keys }: Restored, data: string): string {
  const left = Object.entries(dropped).map(([what, count]) => counted(count, what.replace(/s\b/, ''), what));
  return [
    `${data} is as of ${created}: ${counted(rows.postgres, 'record')}, ${counted(rows.clickhouse, 'row')} of requests and figures.`,
    ...(left.length === 0 ? [] : [`Not taken up again: ${left.join(', ')}.`]),
    ...(requests ? [] : ['Requests and figures were not in the backup.']),
    ...(client_keys
      ? []
      : ['The keys of the days were not in the backup: addresses cannot be looked for in its requests.']),
    `Start the hub with "vedette serve --data ${data}".`,
    '',
  ].join('\n');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
