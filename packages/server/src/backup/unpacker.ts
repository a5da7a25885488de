import { Worker } from 'node:worker_threads';
import { Fault } from '../model/fault.ts';
import type { Manifest } from './format.ts';
import type { UnpackOptions } from './unpack.ts';

/** What the thread is given. */
export interface UnpackJob {
  /** The archive's. */
  path: string;
  resume: boolean;
}

/** What the thread says. */
export type UnpackMessage =
  | { manifest: Manifest }
  | { bytes: number }
  | { done: true }
  | { error: Error; told: { code?: string; message: string; syscall?: string; fault: boolean } };

/**
 * As `unpack`, of a file and on a thread of its own: writing files by the ten thousand leaves the calling one no time for
 * what it starts in `begin`. Faults: those of `unpack`.
 */
export async function unpackFile(path: string, { begin, resume, told }: UnpackOptions): Promise<Manifest> {
  const workerData: UnpackJob = { path, resume };
  const worker = new Worker(new URL('./unpack-worker.ts', import.meta.url), {
    workerData,
    name: 'vedette-unpack',
  });
  try {
    return await new Promise<Manifest>((resolve, reject) => {
      let manifest: Manifest | null = null;
      worker.on('message', (message: UnpackMessage) => {
        if ('bytes' in message) attempt(() => told(message.bytes), reject);
        else if ('manifest' in message) {
          manifest = message.manifest;
          begin(manifest).then((directory) => worker.postMessage(directory, []), reject);
        } else if ('done' in message) resolve(manifest as Manifest);
        else reject(revived(message));
      });
      worker.on('error', reject);
      worker.on('exit', () =>
        reject(new Fault('unpack-thread', 'the thread that unpacks the archive ended by itself')),
      );
    });
  } finally {
    await worker.terminate();
  }
}

function attempt(work: () => void, failed: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    failed(error);
  }
}

function revived({ error, told }: Extract<UnpackMessage, { error: Error }>): Error {
  const { fault, code = '', message, syscall } = told;
  if (fault) return new Fault(code, message, { cause: error.cause });
  return Object.assign(error, syscall === undefined ? {} : { code, syscall });
}
