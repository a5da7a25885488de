import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';

// `vedette report --json` beside GoAccess on the same real Combined lines, the same cores, in turns. Both look up
// places: GoAccess in the same DB-IP file, rewritten to the layout it understands.

const USAGE = `usage: npm run bench -- report [--lines 1000000] [--rounds 3]
needs goaccess on the PATH and the logs of VEDETTE_SHARED (../shared by default)`;
const ROOT = new URL('..', import.meta.url).pathname;
const SHARED = process.env.VEDETTE_SHARED ?? join(ROOT, '..', 'shared');
const LOGS = [
  'apache-combined.elastic.log.gz',
  'nginx-combined.meatlabel.app.2025-12.log.gz',
  'advertools.nginx_access.log',
  'apache-combined.farmwork.log.gz',
];

interface Run {
  seconds: number;
  peakMib: number;
  stdout: string;
}

const { values } = parseArgs({
  options: { lines: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '3' } },
});
const lines = Number(values.lines);
const rounds = Number(values.rounds);
if (!(lines >= 1000) || !(rounds >= 1)) {
  console.error(USAGE);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'vedette-bench-'));
try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const real = realLines();
  console.log(`${real.length.toLocaleString('en-GB')} real Combined lines (${LOGS.join(', ')}), repeated`);
  const log = join(folder, 'access.log');
  await writeLog(log, real, lines);
  const database = join(folder, 'places.mmdb');
  const { nestPlaces } = await import('./goaccess-places.ts');
  nestPlaces(database);
  const ours: Run[] = [];
  const theirs: Run[] = [];
  for (let round = 1; round <= rounds; round++) {
    theirs.push(await goaccess(log, database));
    ours.push(await report(log));
    const [a, b] = [theirs.at(-1) as Run, ours.at(-1) as Run];
    console.log(
      `round ${round}: goaccess ${a.seconds.toFixed(2)} s, ${a.peakMib} MiB; vedette ${b.seconds.toFixed(2)} s, ${b.peakMib} MiB`,
    );
  }
  const counted = JSON.parse((ours[0] as Run).stdout).lines;
  console.log(`vedette: ${counted.read} lines read, ${counted.accepted} accepted, ${counted.rejected} rejected`);
  const unknown = countryUnknown(join(folder, 'goaccess.json'));
  console.log(`goaccess: ${unknown} of its requests from an unknown continent`);
  const long = join(folder, 'long.log');
  await writeLog(long, real, lines * 4);
  const longRun = await report(long);
  console.log(`${lines * 4} lines: ${longRun.seconds.toFixed(2)} s, ${longRun.peakMib} MiB`);
  const rate = (runs: Run[]) => lines / median(runs.map((run) => run.seconds));
  figure('report_lines_per_second', rate(ours), 'lines/s', 'goaccess', rate(theirs));
  figure(
    'report_seconds',
    median(ours.map((run) => run.seconds)),
    's',
    'goaccess',
    median(theirs.map((run) => run.seconds)),
  );
  const peak = Math.max(...ours.map((run) => run.peakMib));
  figure('report_peak_memory', peak, 'MiB', 'goaccess', Math.max(...theirs.map((run) => run.peakMib)));
  figure('report_peak_memory_4x_lines', longRun.peakMib, 'MiB', 'vedette, a quarter of the lines', peak);
}

function realLines(): string[] {
  const folderOfLogs = join(SHARED, 'data', 'access-logs');
  if (!existsSync(folderOfLogs)) throw new Error(`no logs in ${folderOfLogs}: set VEDETTE_SHARED`);
  return LOGS.flatMap((name) => {
    const bytes = readFileSync(join(folderOfLogs, name));
    const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
    return text.split('\n').filter((line) => line !== '');
  });
}

async function writeLog(path: string, real: readonly string[], count: number): Promise<void> {
  const out = createWriteStream(path);
  const whole = Buffer.from(`${real.join('\n')}\n`, 'latin1');
  let left = count;
  for (; left >= real.length; left -= real.length) if (!out.write(whole)) await once(out, 'drain');
  if (left > 0) out.write(Buffer.from(`${real.slice(0, left).join('\n')}\n`, 'latin1'));
  out.end();
  await once(out, 'close');
}

function goaccess(log: string, database: string): Promise<Run> {
  const out = join(folder, 'goaccess.json');
  const options = [
    '--log-format=COMBINED',
    '-o',
    out,
    '--no-global-config',
    `--geoip-database=${database}`,
    '--no-progress',
  ];
  return timed('goaccess', [log, ...options]);
}

function report(log: string): Promise<Run> {
  return timed(process.execPath, [join(ROOT, 'packages', 'server', 'bin', 'vedette.mjs'), 'report', log, '--json']);
}

/** Runs a program to its end; wall-clock seconds and the peak resident memory as the kernel counts it. */
async function timed(program: string, args: readonly string[]): Promise<Run> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr]: Buffer[][] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => (stdout as Buffer[]).push(chunk));
  child.stderr.on('data', (chunk: Buffer) => (stderr as Buffer[]).push(chunk));
  let peakKib = 0;
  const sampler = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peakKib = Math.max(peakKib, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0));
    } catch {
      // Gone between two looks.
    }
  }, 20);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(sampler);
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0)
    throw new Error(
      `${program} ended with ${code}: ${Buffer.concat(stderr as Buffer[])
        .toString()
        .slice(-500)}`,
    );
  return { seconds, peakMib: Math.round(peakKib / 1024), stdout: Buffer.concat(stdout as Buffer[]).toString() };
}

function countryUnknown(path: string): number {
  const panel = JSON.parse(readFileSync(path, 'utf8')).geolocation?.data as
    | { data: string; hits: { count: number } }[]
    | undefined;
  return panel?.find((entry) => entry.data === 'Unknown')?.hits.count ?? 0;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
}

function figure(name: string, value: number, unit: string, peer: string, peerValue: number): void {
  const round = (n: number) => Number(n.toPrecision(5));
  const ratio = round(value / peerValue);
  console.log(JSON.stringify({ name, value: round(value), unit, peer, peer_value: round(peerValue), ratio }));
}
