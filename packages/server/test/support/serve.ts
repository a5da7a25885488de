import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export const VEDETTE = join(import.meta.dirname, '..', '..', 'bin', 'vedette.mjs');

// What the machine has set must not reach the programs under test.
const CLEAN = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:VEDETTE_|DATABASE_URL|CLICKHOUSE_URL|KAFKA_|VITEST|NODE_OPTIONS|NODE_V8)/.test(name),
    ),
  ),
  // Nor do they ask anybody outside.
  VEDETTE_BREACHED_PASSWORDS_URL: 'off',
};

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs `vedette ARGV` to its end, or until `killWhen` says that it is to be killed, which is asked all the time, and may
 * do something else to the process. `uid`: as that user, for which one has to be root.
 */
export function runVedette(
  argv: readonly string[],
  options: { env?: Record<string, string>; uid?: number; killWhen?: (child: ChildProcess) => boolean } = {},
): Promise<Run> {
  const child = spawn(process.execPath, [VEDETTE, ...argv], {
    env: { ...CLEAN, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  const { killWhen } = options;
  const watch = killWhen && setInterval(() => killWhen(child) && child.kill('SIGKILL'), 2);
  const run: Run = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (run.stdout += data));
  child.stderr.on('data', (data: Buffer) => (run.stderr += data));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(watch);
      resolve({ ...run, code });
    });
  });
}

export interface Served {
  child: ChildProcess;
  url: string;
  ended: Promise<{ code: number | null; signal: string | null }>;
  stderr(): string;
}

/**
 * Runs `vedette serve` as a program until it says that it is ready. `launcher`: as under an old Node, where one process
 * launches another.
 */
export async function startServe(
  data: string,
  options: { launcher?: boolean; env?: Record<string, string> } = {},
): Promise<Served> {
  const start = options.launcher === true ? ['-e', OLD_NODE] : [VEDETTE];
  const child = spawn(process.execPath, [...start, 'serve', '--data', data, '--port', '0'], {
    env: { ...CLEAN, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk;
      const ready = /"url":"(http:[^"]+)","(?:link|roles)"/.exec(stdout);
      if (ready) resolve(ready[1] as string);
    });
    void ended.then(() => reject(new Error(`serve ended before it was ready: ${stdout}${stderr}`)));
  });
  return { child, url, ended, stderr: () => stderr };
}

/** Has bin/vedette.mjs believe that it runs under an old Node, so that it launches the one that comes with the install. */
const OLD_NODE = `
Object.defineProperty(process.versions, 'node', { value: '20.19.0' });
process.argv.splice(1, 0, ${JSON.stringify(VEDETTE)});
import(${JSON.stringify(VEDETTE)});
`;
