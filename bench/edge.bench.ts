// What the edge costs an app: requests a second, p99 and CPU of hello world under each framework, bare and with the edge,
// beside OpenTelemetry's HTTP instrumentation, morgan and pino-http. Every app is a process of its own, new in each round;
// what is sent goes to a receiver in another. The five take turns within a round, several times, and a figure is the median
// over all turns of what one had beside bare in the same turn, so that a busy machine troubles all alike.
// Each is warmed up first, because a cold one costs several times as much.
// Options: --seconds 2 --rounds 9 --turns 3 --warm 3 --connections 16 --frameworks node,express,fastify,koa,hono --recorders edge,…
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GENERATOR, type Load, load } from './edge-load.ts';
import { median } from './timed.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '9' },
    turns: { type: 'string', default: '3' },
    warm: { type: 'string', default: '3' },
    connections: { type: 'string', default: '16' },
    frameworks: { type: 'string', default: 'node,express,fastify,koa,hono' },
    recorders: { type: 'string', default: 'edge,otel,morgan,pino-http' },
  },
});
const seconds = Number(options.seconds);
const rounds = Number(options.rounds);
const turnsEach = Number(options.turns);
const connections = Number(options.connections);
const warm = Number(options.warm);
/** Of a second, in /proc. */
const TICK_MS = 10;

interface App {
  recorder: string;
  child: ChildProcess;
  url: string;
}

interface Turn extends Load {
  /** CPU of the app's whole process, µs a request. */
  cpu: number;
}

async function start(path: string, args: string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(join(import.meta.dirname, path), args, { env: { ...process.env, NODE_ENV: 'production' } });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { child, url: `http://127.0.0.1:${port}` };
}

/** CPU time of a process and all its threads, ms; 0 where there is no /proc. */
function cpuOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return 0;
  }
}

function turn(app: App): Turn {
  const before = cpuOf(app.child.pid);
  const { rate, p99 } = load(app.url, seconds, connections);
  return { rate, p99, cpu: ((cpuOf(app.child.pid) - before) * 1000) / (rate * seconds) };
}

/**
 * All turns by recorder, round by round. Each round has processes of its own: how well the engine compiled one is a matter
 * of luck that stays with it, and would stay with the figures.
 */
async function measure(
  framework: string,
  recorders: string[],
  receiver: string,
  dir: string,
): Promise<Map<string, Turn[]>> {
  const turns = new Map<string, Turn[]>(recorders.map((recorder) => [recorder, []]));
  for (let round = 0; round < rounds; round += 1) {
    // Another one first each time: who comes after whom is nobody's advantage.
    const order = recorders.map((_, i) => recorders[(i + round) % recorders.length] as string);
    const apps: App[] = [];
    for (const recorder of order) {
      const log = join(dir, `${framework}-${recorder}.log`);
      apps.push({ recorder, ...(await start('edge-app.cjs', [framework, recorder, receiver, log])) });
    }
    for (const app of apps) load(app.url, warm, connections);
    for (let time = 0; time < turnsEach; time += 1) {
      for (const app of apps) turns.get(app.recorder)?.push(turn(app));
    }
    for (const app of apps) await end(app);
  }
  return turns;
}

/** Ends an app. Throws when the edge in it gave requests up, or saw none. */
async function end({ recorder, child }: App): Promise<void> {
  if (recorder === 'edge') {
    child.send('figures');
    const [{ figures }] = (await once(child, 'message')) as [{ figures: { recorded: number; dropped: number } }];
    if (figures.dropped > 0 || figures.recorded === 0)
      throw new Error(`the edge lost some: ${JSON.stringify(figures)}`);
  }
  child.send('end');
  await once(child, 'exit');
}

const round = (value: number): number => Number(value.toPrecision(5));

/** The median of `pick` over the turns. */
function middle(turns: Turn[], pick: (turn: Turn) => number): number {
  return median(turns.map(pick));
}

function report(framework: string, turns: Map<string, Turn[]>): void {
  const bare = turns.get('bare') as Turn[];
  const paired = (of: Turn[], pick: (turn: Turn, beside: Turn) => number): number =>
    median(of.map((one, i) => pick(one, bare[i] as Turn)));
  for (const [recorder, of] of turns) {
    if (recorder === 'bare') continue;
    const line = (what: string, unit: string, pick: (turn: Turn) => number, more: object): void =>
      console.log(
        JSON.stringify({
          name: `${recorder === 'edge' ? 'edge' : `peer.${recorder}`}.${framework}.${what}`,
          value: round(middle(of, pick)),
          unit,
          peer: 'bare',
          peer_value: round(middle(bare, pick)),
          ...more,
        }),
      );
    line('requests', 'requests/s', ({ rate }) => rate, { ratio: round(paired(of, (a, b) => a.rate / b.rate)) });
    line('p99', 'ms', ({ p99 }) => p99, {
      ratio: round(paired(of, (a, b) => a.p99 / b.p99)),
      difference: round(paired(of, (a, b) => a.p99 - b.p99)),
    });
    line('cpu', 'µs/request', ({ cpu }) => cpu, {
      ratio: round(paired(of, (a, b) => a.cpu / b.cpu)),
      difference: round(paired(of, (a, b) => a.cpu - b.cpu)),
    });
  }
}

const dir = await mkdtemp(join(tmpdir(), 'vedette-bench-edge-'));
const receiver = await start('edge-receiver.cjs', []);
const recorders = ['bare', ...options.recorders.split(',')];
console.log(
  `${GENERATOR}, ${connections} connections, ${rounds} rounds of ${turnsEach} turns of ${seconds} s each for ` +
    `${recorders.join(', ')}. Ratios and differences are medians of turns, each beside bare in the same turn.`,
);
try {
  for (const framework of options.frameworks.split(',')) {
    report(framework, await measure(framework, recorders, receiver.url, dir));
  }
} finally {
  receiver.child.send('end');
  await rm(dir, { recursive: true, force: true });
}
