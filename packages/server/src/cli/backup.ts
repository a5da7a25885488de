import { type FileHandle, open } from 'node:fs/promises';
import { fileSource, streamSource } from '../backup/archive-reader.ts';
import { writeArchive } from '../backup/archive-writer.ts';
import { verifyArchive, type Written } from '../backup/written.ts';
import { type Config, readConfig } from '../config.ts';
import { TAR_END } from '../flow/tar-writer.ts';
import { counted } from '../model/counted.ts';
import { Fault, UsageFault } from '../model/fault.ts';
import { readArguments, takeOne } from './arguments.ts';
import { type BackupFile, findArchive, openBackupFile } from './backup-file.ts';
import { openSupply } from './backup-supply.ts';
import type { Command, Io } from './command.ts';
import { openProgress } from './progress.ts';

const OPTIONS = {
  data: { type: 'string' },
  resume: { type: 'boolean' },
  verify: { type: 'boolean' },
  'client-keys': { type: 'boolean' },
  geo: { type: 'boolean' },
  'without-requests': { type: 'boolean' },
  json: { type: 'boolean' },
  'no-progress': { type: 'boolean' },
} as const;
const OF_TAKING = ['resume', 'client-keys', 'geo', 'without-requests'] as const;
type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** `vedette backup`. */
export const command: Command = {
  name: 'backup',
  summary: 'Take a backup of everything into one archive, or check one',
  usage: `Usage: vedette backup FILE|DIR|- [options]
       vedette backup --verify FILE|-

Writes everything of one moment into one archive: the records of PostgreSQL, the requests of ClickHouse, batches that
wait in the spool, and secrets as they are, sealed. The hub goes on meanwhile; without one that runs, the command starts
the engines itself. In a directory the archive gets a name with the time; - is standard output.
The master key is not in it: keep a copy apart from the backups, or they cannot be restored.

  --resume            go on with an interrupted backup, of the same moment; for a day
  --client-keys       take the keys of the days along, by which addresses can be looked for in the requests
  --geo               take place and network data along that were downloaded
  --without-requests  leave out what ClickHouse has, where that is a server with backups of its own
  --verify            read an archive and check every entry of it against its SHA-256
  --json              print what was done as JSON
  --no-progress       no progress line
  --data DIR          data directory of the hub

Exit code: 0 good, 1 the work failed (--resume goes on), 2 wrong usage.
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    const word = takeOne(positionals, 'file or directory for the archive');
    if (values.verify === true) {
      const idle = OF_TAKING.find((name) => values[name] === true);
      if (idle !== undefined) throw new UsageFault(`--${idle} goes with taking a backup, not with --verify`);
      return verify(word, values, io);
    }
    const config = readConfig({ data: values.data });
    const file = await openBackupFile(word, values.resume === true, io);
    try {
      return await write(config, file, values, io);
    } finally {
      await file.close();
    }
  },
};

async function verify(word: string, values: Values, io: Io): Promise<number> {
  const place = await findArchive(word, io);
  const total = 'path' in place ? place.size : undefined;
  const progress = openProgress(io.stderr, { total, enabled: values['no-progress'] !== true });
  const file = 'path' in place ? await open(place.path, 'r') : null;
  try {
    const source = 'path' in place ? fileSource(file as FileHandle, place.size) : streamSource(place.stream);
    const written = await verifyArchive(source, (bytes) => progress.update({ bytes }));
    progress.done();
    tell(io, values, { file: word, verified: true, ...figuresOf(written) }, `${word} is whole`);
    return 0;
  } finally {
    progress.done();
    await file?.close();
  }
}

async function write(config: Config, file: BackupFile, values: Values, io: Io): Promise<number> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal);
  const started = performance.now();
  const { written } = file;
  const supply = await openSupply(config, file, {
    client_keys: values['client-keys'] === true,
    geo: values.geo === true,
    requests: values['without-requests'] !== true,
    resumable: file.name !== '-',
  });
  const progress = openProgress(io.stderr, { total: undefined, enabled: values['no-progress'] !== true });
  try {
    const told = (bytes: number) => {
      if (stop.signal.aborted) throw new Fault('backup-interrupted', 'interrupted');
      progress.update({ bytes, total: written.manifest?.stored_bytes });
    };
    // One that was interrupted at its very end needs nothing but its name.
    if (!written.sealed) await writeArchive(supply.parts, (piece) => file.sink(piece), written, told);
    await file.finish();
    await supply.done();
  } catch (error) {
    throw interruptedBy(error, file, written);
  } finally {
    progress.done();
    await supply.close();
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeListener(name, onSignal);
  }
  const seconds = (performance.now() - started) / 1000;
  const done = { file: file.name, resumed: file.resumed, seconds: Number(seconds.toFixed(1)), ...figuresOf(written) };
  const all = written.manifest?.clickhouse === null ? 'everything but the requests' : 'everything';
  tell(file.name === '-' ? { ...io, stdout: io.stderr } : io, values, done, `${file.name} holds ${all}`);
  return 0;
}

/** What is left when a backup ends early, and how to go on. */
function interruptedBy(error: unknown, file: BackupFile, { sums, manifest }: Written): unknown {
  if (!(error instanceof Fault) || file.name === '-') return error;
  const on = ['backup-interrupted', 'hub-gone', 'archive-cut'].includes(error.code);
  if (!on) return error;
  const why = error.code === 'archive-cut' ? 'the hub broke off; its log says why' : error.message;
  const part =
    manifest === null
      ? ''
      : `; ${counted(sums.size, 'entry is', 'entries are')} in ${file.name}.part: go on with --resume`;
  return new Fault('backup-interrupted', `${why}${part}`, { cause: error });
}

function figuresOf({ manifest, sums, end, contents }: Written) {
  return {
    id: manifest?.id ?? '',
    created: manifest?.created ?? '',
    vedette: manifest?.vedette ?? '',
    entries: sums.size,
    bytes: contents?.bytes ?? 0,
    archive_bytes: end + TAR_END.length,
    client_keys: manifest?.client_keys ?? false,
  };
}

function tell(
  io: Io,
  values: Values,
  figures: ReturnType<typeof figuresOf> & Record<string, unknown>,
  text: string,
): void {
  if (values.json === true) io.stdout.write(`${JSON.stringify(figures)}\n`);
  else {
    const size = `${counted(figures.entries, 'entry', 'entries')}, ${(figures.bytes / 1e6).toFixed(1)} MB`;
    io.stdout.write(`${text}, as of ${figures.created}: ${size}\n`);
  }
}
