import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProgramOptions {
  name: string;
  /** What Node is to run. */
  args: readonly string[];
  env: Record<string, string>;
  /** File that gets what it writes. */
  log: string;
  /** What it says on stdout once it is up; the first group is the port it listens on. */
  ready: RegExp;
  /** Told each time it is up. */
  onUp?(port: number): void;
  /** The last to be told what it says to this process. */
  onMessage?(message: unknown): void;
}

/** A program that is started again whenever it ends, as the service manager of a machine does it. */
export interface Program {
  readonly name: string;
  /** The process of the moment; undefined between two of them. */
  pid(): number | undefined;
  /** What it said last, each time that it ended by itself or did not come up. */
  readonly crashes: readonly string[];
  /** Resolves to its port once it is up; rejects when it never comes up. */
  up(): Promise<number>;
  /** SIGKILL, and resolves when it is up again. The further kills come `ms` after each new start, up or not. */
  kill(count: number, ms: number): Promise<void>;
  /** SIGSTOP for so long. */
  pause(ms: number): Promise<void>;
  /** Sets its clock off from the machine's, also that of the processes to come. */
  setClock(ms: number): void;
  send(message: object): void;
  /** SIGTERM, then SIGKILL; it stays down. */
  stop(): Promise<void>;
}

const NODE = [
  '--disable-warning=ExperimentalWarning',
  '--import',
  join(import.meta.dirname, '..', 'support', 'skewed-clock.ts'),
];
const AGAIN_MS = 100;
const MOST_FALSE_STARTS = 5;
const LONGEST_LINE = 400;
/** Of a log, among which an error is looked for: as many as it has with its trace. */
const LAST_LINES = 40;
const STOP_MS = 20_000;

// What the machine has set must not reach the programs under test.
const CLEAN = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(?:VEDETTE_|DATABASE_URL|CLICKHOUSE_URL|KAFKA_|VITEST|NODE_OPTIONS|NODE_V8)/.test(name),
  ),
);

/** Starts it; resolves at once. */
export function keep(options: ProgramOptions): Program {
  let child: ChildProcess | null = null;
  const crashes: string[] = [];
  let killed = false;
  let stopping = false;
  let everUp = false;
  let clock = 0;
  let up = renewed<number>(null);
  let started = renewed<void>(null);
  const running = run();

  async function run(): Promise<void> {
    while (!stopping) {
      killed = false;
      const log = openSync(options.log, 'a');
      const own = spawn(process.execPath, [...NODE, ...options.args], {
        env: { ...CLEAN, UV_THREADPOOL_SIZE: '16', ...options.env },
        stdio: ['ignore', 'pipe', log, 'ipc'],
      });
      closeSync(log);
      child = own;
      if (clock !== 0) own.send({ clock }, () => undefined);
      listen(own);
      started.resolve();
      const how = await new Promise<string>((resolve) => {
        own.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
      });
      child = null;
      up = renewed(up);
      started = renewed(started);
      if (killed || stopping) continue;
      crashes.push(`${options.name} (${how}): ${lastWords(options.log)}`);
      if (!everUp && crashes.length >= MOST_FALSE_STARTS) {
        return up.reject(new Error(`${options.name} does not start; ${options.log} says why`));
      }
      await sleep(AGAIN_MS);
    }
  }

  function listen(own: ChildProcess): void {
    let said: string | null = '';
    own.stdout?.on('data', (data: Buffer) => {
      appendFileSync(options.log, data);
      if (said === null || child !== own) return;
      said += data.toString();
      const port = Number(options.ready.exec(said)?.[1] ?? 0);
      if (port === 0) return;
      said = null;
      everUp = true;
      options.onUp?.(port);
      up.resolve(port);
    });
    own.on('message', (message) => options.onMessage?.(message));
    own.on('error', () => undefined);
  }

  function strike(): void {
    killed = true;
    child?.kill('SIGKILL');
  }

  return {
    name: options.name,
    pid: () => child?.pid,
    crashes,
    up: () => up.promise,
    async kill(count, ms) {
      for (let number = 1; number <= count; number += 1) {
        await started.promise;
        if (number > 1) await sleep(ms);
        const own = child;
        strike();
        if (own !== null && own.exitCode === null && own.signalCode === null) {
          await new Promise((resolve) => own.once('close', resolve));
        }
      }
      await up.promise;
    },
    async pause(ms) {
      const own = child;
      own?.kill('SIGSTOP');
      await sleep(ms);
      own?.kill('SIGCONT');
    },
    setClock(ms) {
      clock = ms;
      child?.send({ clock }, () => undefined);
    },
    send: (message) => void child?.send(message, () => undefined),
    async stop() {
      stopping = true;
      const own = child;
      own?.kill('SIGTERM');
      const timer = setTimeout(() => own?.kill('SIGKILL'), STOP_MS);
      await running;
      clearTimeout(timer);
    },
  };
}

/** What it died of: the last error it wrote, with its trace, or else its last line. */
function lastWords(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
  const at = lines.findLastIndex((line) => /^(?:\w*(?:Error|Fault)\b|node:internal)/.test(line));
  if (at < 0) return (lines.at(-1) ?? '').slice(0, LONGEST_LINE);
  const after = lines.slice(at + 1);
  const end = after.findIndex((line) => !/^\s+at /.test(line));
  const trace = end < 0 ? after : after.slice(0, end);
  return [lines[at] as string, ...trace].map((line) => line.slice(0, LONGEST_LINE)).join('\n');
}

/** A fresh promise; whoever still waits on the old one waits on it. */
function renewed<T>(old: PromiseWithResolvers<T> | null): PromiseWithResolvers<T> {
  const fresh = Promise.withResolvers<T>();
  // Nobody may be waiting when it fails.
  fresh.promise.catch(() => undefined);
  old?.resolve(fresh.promise);
  return fresh;
}
