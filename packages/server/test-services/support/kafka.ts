import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SCRIPT = join(import.meta.dirname, '..', '..', '..', '..', 'scripts', 'services', 'kafka.sh');
const run = promisify(execFile);

/** Whether this machine could not have it; its tests are skipped then. */
export const kafkaMissing = (process.env.VEDETTE_MISSING_SERVICES ?? '').split(',').includes('kafka');

export interface TestBroker {
  /** `host:port`. */
  address: string;
  /** The broker's process. */
  pid(): Promise<number>;
  /** Stops the broker; what it holds stays. */
  stop(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Stops it and removes what it holds. */
  close(): Promise<void>;
}

/** A real broker of one's own, on free ports of loopback. */
export async function startKafka(): Promise<TestBroker> {
  const data = await mkdtemp(join(tmpdir(), 'vedette-kafka-'));
  const port = await freePair();
  const env = { ...process.env, KAFKA_DATA: data, KAFKA_PORT: String(port) };
  const call = async (command: 'start' | 'stop') => void (await run('bash', [SCRIPT, command], { env }));
  await call('start');
  return {
    address: `127.0.0.1:${port}`,
    pid: async () => Number(await readFile(join(data, 'kafka.pid'), 'utf8')),
    stop: () => call('stop'),
    start: () => call('start'),
    async close() {
      await call('stop');
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** A port that is free, as is the one after it. */
async function freePair(): Promise<number> {
  for (;;) {
    const port = await listening(0);
    if (port < 65_000 && (await listening(port + 1).catch(() => 0)) === port + 1) return port;
  }
}

async function listening(wanted: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(wanted, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
