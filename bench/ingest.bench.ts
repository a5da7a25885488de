import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ServedHub, serveHub, stopHub } from './hub.ts';
import { cpuSeconds, figure, peakMib, timed, VEDETTE } from './timed.ts';

// Ingest over HTTP into a hub with embedded engines: full enrichment, every answer after the requests are durable, the
// load generator on the same cores. With --kafka the batches go through a broker on this machine, and the rate is that
// of what is stored: the clock runs until nothing waits. The peer, in the same run under the same load, is what anybody
// would write first (ingest-prototype.ts).

const USAGE = `usage: npm run bench -- ingest [--batch 50|500] [--seconds 20] [--connections 32] [--kafka] [--profile DIR]
needs the logs of VEDETTE_SHARED (../shared by default) and Linux; --kafka needs Java and Maven`;
const KAFKA = join(import.meta.dirname, '..', 'scripts', 'services', 'kafka.sh');
const LOAD = join(import.meta.dirname, 'ingest-load.ts');
const PROTOTYPE = join(import.meta.dirname, 'ingest-prototype.ts');
/** The peer's part of a long run. */
const MOST_PEER_SECONDS = 20;
const WARM_SECONDS = 5;
/** Of the memory's growth, what the first part of a run fills: caches and pools. */
const SETTLED_PART = 0.4;

interface Load {
  accepted: number;
  refused: number;
  seconds: number;
  p50: number;
  p99: number;
  cpu: number;
}

const { values } = parseArgs({
  options: {
    batch: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string' },
    kafka: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const batch = Number(values.batch);
const seconds = Number(values.seconds);
if (!(batch >= 1 && batch <= 5000) || !(seconds >= 1)) {
  console.error(USAGE);
  process.exit(2);
}
const connections = values.connections ?? (batch >= 500 ? '24' : '64');
const folder = mkdtempSync(join(tmpdir(), 'vedette-bench-'));
const kafkaEnv = { ...process.env, KAFKA_DATA: join(folder, 'kafka'), KAFKA_PORT: String(await freePort()) };
try {
  if (values.kafka) await timedWith(kafkaEnv, 'bash', [KAFKA, 'start']);
  await main();
} finally {
  if (values.kafka) await timedWith(kafkaEnv, 'bash', [KAFKA, 'stop']);
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const peer = await prototype();
  const data = join(folder, 'data');
  const hub = await serve(data);
  const { child, url } = hub;
  try {
    const words = ['key', 'create', '--tenant', 'installation', '--scope', 'admin', '--data', data];
    const { stdout } = await timed(process.execPath, [VEDETTE, ...words]);
    const key = stdout.trim();
    await load(url, key, WARM_SECONDS);
    await settled(url);
    const watch = watchMemory(child.pid as number);
    const [cpu, from, stored] = [cpuSeconds(child.pid as number), performance.now(), await metric(url, 'stored')];
    const result = await load(url, key, seconds);
    await settled(url);
    const took = (performance.now() - from) / 1000;
    const hubCpu = cpuSeconds(child.pid as number) - cpu;
    const { growth, peak } = watch.end();
    const way = values.kafka ? `ingest_kafka_batch_${batch}` : `ingest_batch_${batch}`;
    const rate = result.accepted / (values.kafka ? took : result.seconds);
    console.log(
      `${result.accepted} requests in ${result.seconds.toFixed(1)} s, ${result.refused} calls refused, ` +
        `${(await metric(url, 'stored')) - stored} batches stored; ` +
        `CPU: hub ${hubCpu.toFixed(1)} s, generator ${result.cpu.toFixed(1)} s`,
    );
    const beside = { name: 'bare prototype', value: peer.accepted / peer.seconds };
    figure(`${way}_requests_per_second`, rate, 'requests/s', beside);
    figure(`${way}_requests_per_cpu_second`, result.accepted / hubCpu, 'requests/s of CPU');
    figure(`${way}_acknowledged_p50`, result.p50, 'ms');
    figure(`${way}_acknowledged_p99`, result.p99, 'ms', { name: 'bare prototype', value: peer.p99 });
    figure(`${way}_peak_memory`, peak, 'MiB');
    figure(`${way}_memory_growth`, growth, 'MiB/min');
  } finally {
    await stopHub(hub);
  }
}

/** The peer under the same load. */
async function prototype(): Promise<Load> {
  const directory = mkdtempSync(join(folder, 'prototype-'));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROTOTYPE, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '8' },
  });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const { port } = JSON.parse(line.toString()) as { port: number };
  const url = `http://127.0.0.1:${port}`;
  try {
    await load(url, 'none', WARM_SECONDS);
    return await load(url, 'none', Math.min(seconds, MOST_PEER_SECONDS));
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

function serve(data: string): Promise<ServedHub> {
  const profile = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
  const kafka = values.kafka ? { KAFKA_BROKERS: `127.0.0.1:${kafkaEnv.KAFKA_PORT}` } : {};
  return serveHub(data, { VEDETTE_RATE_LIMIT: '10000000', ...kafka }, profile);
}

async function load(url: string, key: string, duration: number): Promise<Load> {
  const args = [LOAD, '--url', url, '--key', key, '--batch', String(batch), '--seconds', String(duration)];
  const { stdout } = await timed(process.execPath, [...args, '--connections', connections]);
  return JSON.parse(stdout) as Load;
}

/** Resolves when nothing waits to be stored. */
async function settled(url: string): Promise<void> {
  for (let tries = 0; tries < 3000; tries += 1) {
    const [appended, stored] = [await metric(url, 'appended'), await metric(url, 'stored')];
    if (appended === stored) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('what was acknowledged is not stored after minutes');
}

async function metric(url: string, name: 'appended' | 'stored'): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^vedette_stream_${name}_total (\\S+)$`, 'm').exec(text)?.[1]);
}

/** Resident memory while a run goes on: its peak, and how fast it grows once it has settled, by least squares. */
function watchMemory(pid: number): { end(): { growth: number; peak: number } } {
  const samples: { minutes: number; mib: number }[] = [];
  const started = performance.now();
  const timer = setInterval(() => {
    const mib = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
    samples.push({ minutes: (performance.now() - started) / 60_000, mib });
  }, 500);
  return {
    end() {
      clearInterval(timer);
      const settledSamples = samples.slice(Math.floor(samples.length * SETTLED_PART));
      const mean = (of: (sample: { minutes: number; mib: number }) => number) =>
        settledSamples.reduce((sum, sample) => sum + of(sample), 0) / settledSamples.length;
      const [x, y] = [mean(({ minutes }) => minutes), mean(({ mib }) => mib)];
      const slope =
        mean(({ minutes, mib }) => (minutes - x) * (mib - y)) / mean(({ minutes }) => (minutes - x) * (minutes - x));
      return { growth: slope, peak: peakMib(pid) };
    },
  };
}

async function timedWith(env: NodeJS.ProcessEnv, program: string, args: string[]): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
