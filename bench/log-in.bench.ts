// What a log-in costs: CPU of the whole hub process for POST /api/v1/log-in with the right password, less what the hub
// takes anyway, beside checking the same hash with another implementation of Argon2id at the same costs (@node-rs/argon2,
// in Rust). Bound: 100 ms of CPU a log-in. Options: --log-ins 100
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { verify } from '@node-rs/argon2';
import { connectToHub } from '../packages/server/src/cli/hub-client.ts';
import { hashPassword, verifyPassword } from '../packages/server/src/model/password.ts';
import { serveHub, stopHub } from './hub.ts';
import { figure } from './timed.ts';

const { values: options } = parseArgs({ options: { 'log-ins': { type: 'string', default: '100' } } });
const logIns = Number(options['log-ins']);
const BOUND_MS = 100;
const PASSWORD = 'the usual sentence of benchmarks';
const ACCOUNT = { email: 'owner@example.org', name: 'Owner', password: PASSWORD };

const data = await mkdtemp(join(tmpdir(), 'vedette-bench-'));
const hub = await serveHub(data);
try {
  await setUp();
  await measure(10);
  const seconds = (await elapsed(() => measure(10))) / 10;
  const idle = await idleCpu(Math.min(10, Math.max(3, seconds * logIns)));
  const before = await cpuSeconds();
  const wall = await elapsed(() => measure(logIns));
  const cpu = ((await cpuSeconds()) - before - idle * wall) * 1000;
  console.log(`${logIns} log-ins one after another, ${((wall * 1000) / logIns).toFixed(1)} ms each by the clock`);
  figure('log-in.cpu', cpu / logIns, 'ms/log-in', { name: 'bound', value: BOUND_MS });
  const [own, theirs] = [await ownHash(), await peerHash()];
  figure('log-in.hash', own, 'ms of CPU/hash', { name: '@node-rs/argon2', value: theirs });
  if (cpu / logIns > BOUND_MS) process.exitCode = 1;
} finally {
  await stopHub(hub);
  await rm(data, { recursive: true, force: true });
}

/** Makes the first account, by the one-time link. */
async function setUp(): Promise<void> {
  const socket = await connectToHub(data);
  const link = await socket.call<{ url: string }>({ method: 'POST', path: '/api/v1/links' });
  const opened = await fetch(link.url, { redirect: 'manual' });
  const cookie = opened.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  await post('/api/v1/set-up', ACCOUNT, { cookie, origin: hub.url });
}

async function measure(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await post('/api/v1/log-in', { email: ACCOUNT.email, password: PASSWORD });
}

async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<void> {
  const answer = await fetch(`${hub.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
}

/** CPU seconds of the hub's process so far, all threads: the embedded ClickHouse too. */
async function cpuSeconds(): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total(?:\{[^}]*\})? (\S+)/m.exec(text)?.[1] ?? Number.NaN);
}

/** CPU seconds a second that the hub takes while nobody calls. */
async function idleCpu(seconds: number): Promise<number> {
  const before = await cpuSeconds();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return ((await cpuSeconds()) - before) / seconds;
}

async function elapsed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** ms of CPU for one check of a password, of this process. */
async function cpuOf(check: () => Promise<boolean>): Promise<number> {
  if (!(await check())) throw new Error('the password is not the one that was hashed');
  const rounds = 50;
  const started = process.cpuUsage();
  for (let n = 0; n < rounds; n += 1) await check();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000 / rounds;
}

async function ownHash(): Promise<number> {
  const kept = await hashPassword(PASSWORD);
  return cpuOf(async () => (await verifyPassword(PASSWORD, kept)).right);
}

async function peerHash(): Promise<number> {
  // The same hash: a PHC string says at what costs.
  const kept = await hashPassword(PASSWORD);
  return cpuOf(() => verify(kept, PASSWORD));
}
