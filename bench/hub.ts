import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { VEDETTE } from './timed.ts';

/** A hub of this Node.js, on a port that is free. */
export interface ServedHub {
  child: ChildProcess;
  url: string;
}

/**
 * Starts a hub on a data directory; resolves once it is ready. `settings` are environment variables, `options` those of
 * Node.js. What it logs as an error is passed on.
 */
export async function serveHub(
  data: string,
  settings: Record<string, string | undefined> = {},
  options: readonly string[] = [],
): Promise<ServedHub> {
  const child = spawn(process.execPath, [...options, VEDETTE, 'serve', '--data', data, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, VEDETTE_LOG_FORMAT: 'json', VEDETTE_LOG_LEVEL: 'info', ...settings },
  });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      // pino's levels: 50 is error.
      for (const line of text.split('\n')) if (/"level":[56]0/.test(line)) console.error(line);
      if (said.length < 1e6) said += text;
      const ready = /"url":"(http:[^"]+)","link"/.exec(said);
      if (ready) resolve(ready[1] as string);
    });
    child.once('exit', (code) => reject(new Error(`the hub ended with ${code}: ${said.slice(-2000)}`)));
  });
  return { child, url };
}

/** Ends a hub and waits for it. */
export async function stopHub({ child }: ServedHub): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
