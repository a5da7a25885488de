import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FORMATS } from '../collect/access-log/parser.ts';
import { Rejects } from '../collect/access-log/rejects.ts';
import { expandPaths } from '../collect/access-log/source.ts';
import { readConfig } from '../config.ts';
import { Fault, UsageFault } from '../model/fault.ts';
import { findField, LOG_FIELDS } from '../model/field.ts';
import { type Filter, parseFilter } from '../model/filter.ts';
import { isRefusal } from '../model/request.ts';
import { buildReport } from '../report/build.ts';
import { defaultThreads } from '../report/crew.ts';
import { readLogs } from '../report/read-logs.ts';
import type { Report } from '../report/report.ts';
import { terminalReport } from '../report/terminal/terminal.ts';
import { count } from '../report/terminal/text.ts';
import { parseWindow } from '../report/window.ts';
import { readArguments } from './arguments.ts';
import type { Command, Io } from './command.ts';
import { checkOutput, openOutput, totalSize } from './files.ts';
import { openProgress } from './progress.ts';

const USAGE = `Usage: vedette report FILE... [options]

Reads access logs and reports on them: people, bots and hosting traffic side by side. Needs no server.
FILE may be gzip or zstd, a directory, or - for standard input.

Which requests
  --where FILTER     only those that match; may be repeated, all must match:
                     country=DE  status=5xx  bot=false  path=/api/*  country!=DE,AT  duration>500
  --from TIME        from this time on (2026-03-01, 2026-03-01T12:00, with Z or an offset; UTC if without)
  --to TIME          before this time
  --last SPAN        the last 30m, 24h, 7d … before now (or before --to)

How the lines are read
  --format NAME      do not detect the format: ${wrapped(FORMATS.map((format) => format.name).join(', '))}
  --custom TEMPLATE  a format of your own by named fields
  --rejects FILE     write every line that could not be read to FILE (NDJSON)
  --threads N        worker threads (default: one a core, at most 4; 0: none)

What comes out
  --json             everything, as JSON
  --html FILE        one self-contained page with charts and a map (- for standard output)
  --top N            rows of each list (default: 10; 100 with --json or --html)
  --clients          also list client addresses, which may be personal data
  --no-progress      no progress line

Fields for --where: ${wrapped(LOG_FIELDS.map((field) => field.name).join(', '))}

Exit code: 0 good, 1 the work failed (no line could be read, say), 2 wrong usage.
`;

/** Breaks a long list into lines under its beginning. */
function wrapped(text: string): string {
  return text
    .replace(/(.{1,86})(?:, |$)/g, '$1,\n                     ')
    .trim()
    .replace(/,$/, '');
}

const OPTIONS = {
  where: { type: 'string', multiple: true },
  from: { type: 'string' },
  to: { type: 'string' },
  last: { type: 'string' },
  format: { type: 'string' },
  custom: { type: 'string' },
  rejects: { type: 'string' },
  threads: { type: 'string' },
  json: { type: 'boolean' },
  html: { type: 'string' },
  top: { type: 'string' },
  clients: { type: 'boolean' },
  'no-progress': { type: 'boolean' },
} as const;

/** `vedette report`: one-shot report of access logs with an engine of its own. */
export const command: Command = {
  name: 'report',
  summary: 'Report on access logs: people and machines apart, no server needed',
  usage: USAGE,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    return report(values, positionals, io);
  },
};

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

async function report(values: Values, files: readonly string[], io: Io): Promise<number> {
  if (files.length === 0) throw new UsageFault('name at least one log file, or - for standard input');
  if (values.custom !== undefined && values.format !== undefined && values.format !== 'custom') {
    throw new UsageFault('--custom and --format exclude each other');
  }
  const filters = (values.where ?? []).map(filterOf);
  const window = parseWindow(values, Date.now());
  const many = values.json === true || values.html !== undefined;
  const top = whole(values.top, '--top', many ? 100 : 10, 1, 10_000);
  const threads = whole(values.threads, '--threads', defaultThreads(), 0, 64);
  const config = readConfig();
  const { geoPath, geo6Path, asnPath, asn6Path } = config;
  const enricher = { geoPath, geo6Path, asnPath, asn6Path, updateDir: join(config.data, 'geo') };
  if (values.html !== undefined && values.html !== '-') await checkOutput(values.html);
  const paths = await expandPaths(files);
  const size = await totalSize(paths);
  const progress = openProgress(io.stderr, { total: size, enabled: values['no-progress'] !== true });
  const rejectsFile = values.rejects === undefined ? undefined : await openOutput(values.rejects);
  let made: Report;
  try {
    const reading = await readLogs({
      paths,
      format: values.custom === undefined ? values.format : 'custom',
      custom: values.custom,
      threads,
      size,
      lanes: { enricher, window, filters, clients: values.clients === true },
      rejects: rejectsFile === undefined ? undefined : new Rejects({ stream: rejectsFile }),
      onProgress: ({ file, bytes, lines }) => progress.update({ bytes, lines, label: paths.length > 1 ? file : '' }),
    });
    made = buildReport(reading, { window, where: filters.map((filter) => filter.text), top });
  } finally {
    progress.done();
    if (rejectsFile !== undefined) {
      rejectsFile.end();
      await once(rejectsFile, 'close');
    }
  }
  await write(made, values, top, io);
  const unread = made.files.filter(({ error }) => error !== null);
  for (const { name, error } of unread) io.stderr.write(`vedette report: ${name} was not read: ${error}\n`);
  if (unread.length > 0) return 1;
  if (made.lines.read === 0 || made.lines.accepted > 0) return 0;
  io.stderr.write(`vedette report: none of ${count(made.lines.read)} lines could be read\n`);
  return 1;
}

function filterOf(text: string): Filter {
  const filter = parseFilter(text);
  if (isRefusal(filter)) throw new UsageFault(`--where: ${filter.detail}`);
  if (findField(filter.field)?.hubOnly === true) {
    const fields = LOG_FIELDS.map(({ name }) => name).join(', ');
    throw new UsageFault(`--where: access logs do not tell the ${filter.field} of a request; fields are ${fields}`);
  }
  return filter;
}

function whole(text: string | undefined, option: string, otherwise: number, least: number, most: number): number {
  if (text === undefined) return otherwise;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most))
    throw new UsageFault(`${option} must be a whole number from ${least} to ${most}`);
  return value;
}

async function write(made: Report, values: Values, rows: number, io: Io): Promise<void> {
  if (values.html !== undefined) {
    // The page brings the map's shapes along, which no other output needs.
    const { htmlReport } = await import('../report/html/html.ts');
    const page = htmlReport(made);
    if (values.html === '-') await print(io.stdout, page);
    else {
      try {
        await writeFile(values.html, page);
      } catch (error) {
        throw new Fault('report-output', `cannot write ${values.html}: ${(error as Error).message}`);
      }
      io.stderr.write(`Wrote ${values.html}\n`);
    }
  }
  if (values.json === true) await print(io.stdout, `${JSON.stringify(made)}\n`);
  else if (values.html === undefined) {
    const stdout = io.stdout as Io['stdout'] & { hasColors?: () => boolean };
    const colours = stdout.isTTY === true && stdout.hasColors?.() === true;
    await print(io.stdout, terminalReport(made, { columns: stdout.columns ?? 100, colours, rows }));
  }
}

/** Resolves once all of a text is handed on, so that a process that ends cuts nothing off. */
function print(stream: Io['stdout'], text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}
