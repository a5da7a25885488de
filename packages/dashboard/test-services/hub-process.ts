import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const HUB = join(import.meta.dirname, '../../server/bin/vedette.mjs');

export interface RunningHub {
  /** As its browsers call it. */
  url: string;
  /** Its one-time link. */
  link: string;
  data: string;
  stop(): Promise<void>;
}

/**
 * Starts a whole hub with data of its own, which goes as it stops. Browsers call it by the name localhost, for an address
 * has no passkeys; no password leaves to be looked up.
 */
export async function startHub(settings: Record<string, string> = {}): Promise<RunningHub> {
  const dir = await mkdtemp(join(tmpdir(), 'vedette-dashboard-'));
  // As root, PostgreSQL runs as somebody else, who must be able to reach it.
  await chmod(dir, 0o755);
  const data = join(dir, 'hub');
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const child = spawn(process.execPath, [HUB, 'serve', '--data', data, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, VEDETTE_URL: url, VEDETTE_BREACHED_PASSWORDS_URL: 'off', ...settings },
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await rm(dir, { recursive: true, force: true });
  };
  try {
    return { url, data, link: await linkOf(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What it says as it is ready. */
function linkOf(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  return new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const found = /https?:\/\/[^\s"]+\/start\/[\w-]+/.exec(line)?.[0];
        if (found !== undefined) resolve(found);
      });
    }
    child.once('exit', (code) => reject(new Error(`the hub ended with ${code}:\n${said.join('\n')}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
