import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { serveHub, stopHub } from './hub.ts';
import { cpuSeconds, figure, timed, VEDETTE } from './timed.ts';

// Beacons of one to three events into a hub with embedded engines: every answer after the events are durable, the load
// generator on the same cores. Addresses and sites vary, as the limits for each ask; half of the people granted.

const SITES = 200;
const ADDRESSES = 60_000;
const KINDS = ['page_view', 'click', 'vital'] as const;
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
] as const;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    connections: { type: 'string', default: '1000' },
  },
});
const seconds = Number(values.seconds);
const connections = Number(values.connections);
if (!(seconds >= 1) || !(connections >= 1)) {
  console.error('usage: npm run bench -- beacon [--seconds 15] [--connections 1000]; needs Linux');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'vedette-bench-'));
try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const data = join(folder, 'data');
  const hub = await serveHub(data, { VEDETTE_TRUSTED_PROXIES: '127.0.0.1' });
  const { child, url } = hub;
  try {
    const words = ['domain', 'add', '*.bench.example', '--tenant', 'installation', '--data', data];
    await timed(process.execPath, [VEDETTE, ...words]);
    await load(url, 3);
    const [cpu, own] = [cpuSeconds(child.pid as number), process.cpuUsage()];
    const result = await load(url, seconds);
    const spent = cpuSeconds(child.pid as number) - cpu;
    const { user, system } = process.cpuUsage(own);
    console.log(
      `${result.beacons} beacons with ${result.events} events in ${result.seconds.toFixed(1)} s, ${result.refused} refused; ` +
        `CPU: hub ${spent.toFixed(1)} s, generator ${((user + system) / 1e6).toFixed(1)} s`,
    );
    figure('beacon_requests_per_second', result.beacons / result.seconds, 'beacons/s');
    figure('beacon_events_per_second', result.events / result.seconds, 'events/s');
    figure('beacon_cpu_per_request', (spent * 1e6) / result.beacons, 'µs of CPU');
    figure('beacon_acknowledged_p50', result.p50, 'ms');
    figure('beacon_acknowledged_p99', result.p99, 'ms');
  } finally {
    await stopHub(hub);
  }
}

interface Result {
  beacons: number;
  events: number;
  refused: number;
  seconds: number;
  p50: number;
  p99: number;
}

async function load(url: string, duration: number): Promise<Result> {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const latencies: number[] = [];
  const result = { beacons: 0, events: 0, refused: 0 };
  const started = performance.now();
  const end = started + duration * 1000;
  let next = 0;
  async function sender(): Promise<void> {
    while (performance.now() < end) {
      const index = next++;
      const { body, events } = beacon(index);
      const from = performance.now();
      const headers = {
        'content-type': 'text/plain',
        'user-agent': AGENTS[index % 3],
        'x-forwarded-for': addressOf(index),
      };
      const answer = await pool.request({ path: '/api/v1/interactions', method: 'POST', headers, body });
      const text = await answer.body.text();
      if (answer.statusCode === 503 || answer.statusCode === 429) {
        result.refused += 1;
        continue;
      }
      if (answer.statusCode !== 202) throw new Error(`the hub answered ${answer.statusCode}: ${text}`);
      latencies.push(performance.now() - from);
      result.beacons += 1;
      result.events += events;
    }
  }
  await Promise.all(Array.from({ length: connections }, sender));
  const took = (performance.now() - started) / 1000;
  await pool.close();
  latencies.sort((a, b) => a - b);
  const at = (level: number) => latencies[Math.min(latencies.length - 1, Math.floor(level * latencies.length))] ?? 0;
  return { ...result, seconds: took, p50: at(0.5), p99: at(0.99) };
}

function beacon(index: number): { body: string; events: number } {
  const count = 1 + (index % 3);
  const events = Array.from({ length: count }, (_, at) => {
    const kind = KINDS[at] as (typeof KINDS)[number];
    const more =
      kind === 'click'
        ? { name: `widget-${index % 30}` }
        : kind === 'vital'
          ? { name: 'LCP', value: index % 4000 }
          : {};
    return { id: randomBytes(16).toString('hex'), kind, age: 100, path: `/page/${index % 500}`, ...more };
  });
  const people = {
    choices: { analytical: true, marketing: false },
    visitor_id: String(index % 9000).padStart(32, '0'),
  };
  const domain = `site${index % SITES}.bench.example`;
  return { body: JSON.stringify({ domain, ...(index % 2 === 0 ? people : {}), events }), events: count };
}

function addressOf(index: number): string {
  const at = index % ADDRESSES;
  return `81.${2 + Math.floor(at / 65_536)}.${Math.floor(at / 256) % 256}.${at % 256}`;
}
