import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { realLines } from './combined-log.ts';

// Sends requests to a hub as fast as they are acknowledged, over a fixed number of kept-alive connections, and prints
// one JSON line at the end. A program of its own, because a sender is one. Bodies are made beforehand: the requests of
// real Combined lines, each with an address of its own network.

const COMBINED = /^(\S+) \S+ \S+ \[[^\]]+\] "(\S+) (\S+)[^"]*" (\d{3}) (\d+|-)(?: "([^"]*)" "([^"]*)")?/;
const POOL_RECORDS = 30_000;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    key: { type: 'string' },
    batch: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '32' },
  },
});
const batch = Number(values.batch);
const seconds = Number(values.seconds);
const bodies = makeBodies();
const pool = new Pool(values.url as string, { connections: Number(values.connections), pipelining: 1 });
const headers = { authorization: `Bearer ${values.key}`, 'content-type': 'application/json' };

const latencies: number[] = [];
let accepted = 0;
let refused = 0;
let next = 0;
const started = performance.now();
const end = started + seconds * 1000;

async function sender(): Promise<void> {
  while (performance.now() < end) {
    const body = bodies[next++ % bodies.length] as Buffer;
    const from = performance.now();
    const answer = await pool.request({ path: '/api/v1/requests', method: 'POST', headers, body });
    const text = await answer.body.text();
    if (answer.statusCode === 503 || answer.statusCode === 429) {
      refused += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      continue;
    }
    if (answer.statusCode !== 200) throw new Error(`the hub answered ${answer.statusCode}: ${text}`);
    latencies.push(performance.now() - from);
    accepted += (JSON.parse(text) as { accepted: number }).accepted;
  }
}

await Promise.all(Array.from({ length: Number(values.connections) }, sender));
const took = (performance.now() - started) / 1000;
await pool.close();
latencies.sort((a, b) => a - b);
const at = (level: number) => latencies[Math.min(latencies.length - 1, Math.floor(level * latencies.length))] ?? 0;
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({ accepted, refused, seconds: took, p50: at(0.5), p99: at(0.99), cpu: (user + system) / 1e6 }),
);

function makeBodies(): Buffer[] {
  const records = realLines()
    .map((line) => COMBINED.exec(line))
    .filter((match) => match !== null);
  if (records.length === 0) throw new Error('none of the logs has Combined lines');
  const now = Date.now();
  const wire = (index: number) => {
    const [, address = '', method, target = '/', status, bytes, referrer, agent] = records[
      (index * 7919) % records.length
    ] as RegExpExecArray;
    const [path = '/', query] = target.split('?', 2);
    return {
      time: now - (index % 1000),
      'client.address': addressOf(address, index),
      'server.address': `www${index % 20}.example.com`,
      'http.request.method': method,
      'url.path': path,
      ...(query === undefined ? {} : { 'url.query': query }),
      'http.response.status_code': Number(status),
      'http.server.request.duration': ((index * 37) % 900) / 1000,
      ...(bytes === '-' ? {} : { 'http.response.body.size': Number(bytes) }),
      'user_agent.original': agent ?? '',
      ...(referrer === undefined || referrer === '-' ? {} : { 'http.request.header.referer': referrer }),
      'network.protocol.version': '1.1',
    };
  };
  const count = Math.max(8, Math.ceil(POOL_RECORDS / batch));
  return Array.from({ length: count }, (_, body) =>
    Buffer.from(JSON.stringify(Array.from({ length: batch }, (_, row) => wire(body * batch + row)))),
  );
}

/** Another address of the same network, so that there are as many clients as records. */
function addressOf(address: string, index: number): string {
  return /^\d+\.\d+\.\d+\.\d+$/.test(address) ? address.replace(/\d+$/, String(1 + (index % 254))) : '203.0.113.7';
}
