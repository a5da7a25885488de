import { once } from 'node:events';
import { createReadStream, type WriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ImportEvent, ImportResult } from '@vedette/contract';
import { FORMATS } from '../collect/access-log/parser.ts';
import { expandPaths } from '../collect/access-log/source.ts';
import { readConfig } from '../config.ts';
import { counted } from '../model/counted.ts';
import { Fault, UsageFault } from '../model/fault.ts';
import { readArguments } from './arguments.ts';
import type { Command, Io } from './command.ts';
import { openOutput, totalSize } from './files.ts';
import { followFiles } from './follow.ts';
import { connectToHub, faultOf, type HubClient } from './hub-client.ts';
import { describeResult } from './import-text.ts';
import { openProgress } from './progress.ts';

const OPTIONS = {
  data: { type: 'string' },
  tenant: { type: 'string' },
  domain: { type: 'string' },
  format: { type: 'string' },
  custom: { type: 'string' },
  follow: { type: 'boolean', short: 'f' },
  rejects: { type: 'string' },
  json: { type: 'boolean' },
  'no-progress': { type: 'boolean' },
} as const;
type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** `vedette import`. */
export const command: Command = {
  name: 'import',
  summary: 'Send access logs into the running hub',
  usage: `Usage: vedette import FILE... [options]

Sends access logs to the running hub, which stores every line once, however often a file is imported: a file that grew
adds its new part, and an interrupted import goes on where it was.
FILE may be gzip or zstd, a directory, a rotated set, or - for standard input.

  --tenant T         whose traffic it is, by slug or id (default: the installation's own)
  --domain HOST      host for lines that name none
  --format NAME      do not detect the format: ${FORMATS.map(({ name }) => name).join(', ')}
  --custom TEMPLATE  a format of your own by named fields
  -f, --follow       go on with what is written to the files, until Ctrl-C; survives rotation
  --rejects FILE     write every line that could not be read to FILE (NDJSON)
  --json             one JSON object a file
  --no-progress      no progress line
  --data DIR         data directory of the running hub

Exit code: 0 good, 1 the work failed (a file could not be imported, or none of its lines could be read), 2 wrong usage.
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    if (positionals.length === 0) throw new UsageFault('name at least one log file, or - for standard input');
    if (values.custom !== undefined && values.format !== undefined && values.format !== 'custom') {
      throw new UsageFault('--custom and --format exclude each other');
    }
    const paths = await expandPaths(positionals);
    const hub = await connectToHub(readConfig({ data: values.data }).data);
    const rejects = values.rejects === undefined ? null : await openOutput(values.rejects);
    const stop = new AbortController();
    const onSignal = () => stop.abort();
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal);
    try {
      const job: Job = { hub, values, io, rejects, signal: stop.signal };
      if (values.follow === true) return await followFiles(paths, followed(job), io, stop.signal);
      return await importAll(job, paths);
    } finally {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeListener(name, onSignal);
      if (rejects !== null) {
        rejects.end();
        await once(rejects, 'close');
      }
    }
  },
};

interface Job {
  hub: HubClient;
  values: Values;
  io: Io;
  rejects: WriteStream | null;
  signal: AbortSignal;
}

async function importAll(job: Job, paths: readonly string[]): Promise<number> {
  const { io, values, signal } = job;
  const total = await totalSize(paths);
  const progress = openProgress(io.stderr, { total, enabled: values['no-progress'] !== true && values.json !== true });
  let before = 0;
  let lines = 0;
  let failed = false;
  for (const path of paths) {
    let done = { bytes: 0, lines: 0 };
    try {
      const body =
        path === '-' ? (io.stdin as AsyncIterable<Uint8Array>) : createReadStream(path, { highWaterMark: 1 << 18 });
      const result = await sendFile(job, path, body, (state) => {
        done = { bytes: state.received, lines: state.lines };
        progress.update({
          bytes: before + done.bytes,
          lines: lines + done.lines,
          ...(paths.length > 1 ? { label: path } : {}),
        });
      });
      progress.done();
      io.stdout.write(values.json ? `${JSON.stringify({ file: path, ...result })}\n` : describeResult(path, result));
      failed ||= result.lines.read > 0 && result.lines.accepted === 0;
      lines += result.lines.read;
    } catch (error) {
      progress.done();
      if (signal.aborted) {
        io.stderr.write('Stopped. What was stored stays; the same command goes on where it was.\n');
        return 1;
      }
      if (error instanceof UsageFault || !(error instanceof Fault)) throw error;
      if (error.code === 'empty-file') {
        // A log that was rotated just now; nothing is wrong with it.
        if (values.json) io.stdout.write(`${JSON.stringify({ file: path, empty: true })}\n`);
        else io.stdout.write(`${path}\n  empty\n`);
        continue;
      }
      if (error.code === 'hub-gone') throw error;
      failed = true;
      if (values.json) io.stdout.write(`${JSON.stringify({ file: path, error: error.message, code: error.code })}\n`);
      else io.stderr.write(`vedette import: ${path}: ${error.message}\n`);
    }
    before += path === '-' ? 0 : (await stat(path).catch(() => ({ size: 0 }))).size;
  }
  return failed ? 1 : 0;
}

/** One stream of bytes of a file as one import. Throws a Fault with what the hub says against it. */
async function sendFile(
  { hub, values, rejects, signal }: Job,
  path: string,
  body: AsyncIterable<Uint8Array>,
  onProgress: (progress: { bytes: number; lines: number; received: number }) => void,
): Promise<ImportResult> {
  const query = {
    name: path === '-' ? 'stdin' : resolve(path),
    tenant: values.tenant,
    domain: values.domain,
    format: values.format,
    custom: values.custom,
    follow: values.follow === true ? 'true' : undefined,
    rejects: rejects === null ? undefined : 'true',
  };
  let result: ImportResult | undefined;
  let failure: Fault | undefined;
  await hub.stream(
    { method: 'POST', path: '/api/v1/imports', query },
    body,
    (line) => {
      const event = JSON.parse(line) as ImportEvent;
      if ('progress' in event) onProgress(event.progress);
      else if ('reject' in event) rejects?.write(`${JSON.stringify({ file: path, ...event.reject })}\n`);
      else if ('result' in event) result = event.result;
      else failure = faultOf(JSON.stringify(event.error), event.error.status);
    },
    signal,
  );
  if (failure !== undefined) throw failure;
  if (result === undefined)
    throw new Fault('import-interrupted', 'the hub went away; import again to go on where it was');
  return result;
}

/** How following sends what it has: the result is told only where there is something to tell. */
function followed(job: Job) {
  let told = 0;
  return async (path: string, body: AsyncIterable<Uint8Array>): Promise<void> => {
    const { io, values } = job;
    const result = await sendFile(job, path, body, ({ lines }) => {
      if (io.stderr.isTTY !== true || values['no-progress'] || Date.now() - told < 1000) return;
      told = Date.now();
      io.stderr.write(`\r\u001b[K${path}: ${counted(lines, 'line')}`);
    });
    const { accepted, rejected } = result.lines;
    if (accepted + rejected === 0) return;
    if (io.stderr.isTTY === true) io.stderr.write('\r\u001b[K');
    if (values.json) io.stdout.write(`${JSON.stringify({ file: path, ...result })}\n`);
    else
      io.stdout.write(
        `${path}: ${counted(accepted, 'more line', 'more lines')} stored${rejected > 0 ? `, ${rejected} rejected` : ''}\n`,
      );
  };
}
