import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import type { KeyedTenant } from '../support/tenant.ts';
import { killPostgres, mountDisk, pausePostgres } from './ground.ts';
import { keep } from './program.ts';
import { type FaultWorld, injector, insist, meansOfLine, meansOfProgram, settledAt, WAITING } from './world.ts';

const CHILD = join(import.meta.dirname, '..', 'support', 'hub-child.ts');
const DATA_MB = 2048;
const SPOOL_MB = 16;
// Not at once: the guard stops what comes in, then the embedded engine keeps clear of a full disk, and each takes a moment.
const FILLING_MB = [480, 128, 64, 32];
const STOP_MB = 512;
const ANSWER_MS = 20_000;

/** One process with both engines inside or below it. */
export async function startEmbeddedWorld(): Promise<FaultWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'vedette-faults-'));
  const data = join(dir, 'data');
  const dataDisk = await mountDisk(data, DATA_MB);
  const spoolDisk = await mountDisk(join(data, 'spool'), SPOOL_MB);
  await mkdir(join(dir, 'logs'));
  const line = await startTcpProxy(1);
  const answers = openAnswers();
  const hub = keep({
    name: 'hub',
    args: [CHILD, data],
    env: { VEDETTE_DISK_STOP: `${STOP_MB}MB` },
    log: join(dir, 'logs', 'hub.log'),
    ready: /"url":"http:\/\/127\.0\.0\.1:(\d+)"/,
    onUp: (port) => line.leadTo(port),
    onMessage: answers.take,
  });
  const url = `http://127.0.0.1:${line.port}`;
  const cluster = join(data, 'postgres', 'cluster');
  const ask = (question: object) =>
    insist('asking the hub', () => answers.ask((own) => hub.send({ ...question, ...own })));
  await hub.up();
  return {
    dir,
    async: false,
    urls: [url],
    tenant: async (slug) => (await ask({ tenant: slug })) as KeyedTenant,
    inject: injector({
      hub: meansOfProgram(hub),
      postgres: { kill: () => killPostgres(cluster), pause: ({ ms }) => pausePostgres(cluster, ms) },
      'line to hub': meansOfLine(line),
      'data disk': { fill: ({ ms }) => dataDisk?.fill(ms, FILLING_MB) ?? null },
      'spool disk': { fill: ({ ms }) => spoolDisk?.fill(ms) ?? null },
    }),
    async calm() {
      line.cut(0);
      hub.setClock(0);
    },
    async settled() {
      await hub.up();
      await settledAt(url, [...WAITING, 'vedette_stream_lag']);
    },
    query: async (sql) => (await ask({ sql })) as Record<string, unknown>[],
    crashes: () => hub.crashes,
    async close(keepIt) {
      await hub.stop();
      await line.close();
      await spoolDisk?.close(keepIt);
      await dataDisk?.close(keepIt);
      if (!keepIt) await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Questions and their answers over the channel to a child. */
function openAnswers() {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  return {
    take(message: unknown) {
      const { id, value, error } = message as { id: number; value?: unknown; error?: string };
      if (error === undefined) waiting.get(id)?.resolve(value);
      else waiting.get(id)?.reject(new Error(error));
    },
    /** Rejects when the child is gone before it answers, too, though only after a while. */
    async ask(send: (own: { id: number }) => void): Promise<unknown> {
      const id = (last += 1);
      const answer = Promise.withResolvers<unknown>();
      const timer = setTimeout(() => answer.reject(new Error('the hub does not answer')), ANSWER_MS);
      waiting.set(id, answer);
      send({ id });
      try {
        return await answer.promise;
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
      }
    },
  };
}
