import { getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { describeError } from './describe-error.ts';
import { createHubClient, type HubAnswer, type HubSettings } from './hub-client.ts';
import { gzipInPieces } from './pack.ts';

/** What the thread is asked: to pack bytes, or to call the hub. */
export type Job =
  | { bytes: Uint8Array }
  | { method: 'GET' | 'POST'; path: string; headers: Record<string, string>; body: Uint8Array | undefined };

export interface Task {
  number: number;
  job: Job;
}

/** What became of a task: one of the first three, and with an error its code. */
export interface Result {
  packed?: Uint8Array;
  answer?: HubAnswer;
  error?: string;
  code?: string | undefined;
}

/** Said of the task of the same number. */
export interface Done {
  number: number;
  result: Result;
}

/** Of 19: a tenth of a processor is the least that is left to it, and more than it needs. */
const NICE = 10;

// Nobody's thread where a test or a tool loads this file by itself.
if (parentPort !== null) serve(parentPort);

function serve(port: NonNullable<typeof parentPort>): void {
  yieldToApp();
  const client = createHubClient(workerData as HubSettings);

  async function work(job: Job): Promise<Result> {
    try {
      if ('bytes' in job) return { packed: await gzipInPieces(job.bytes) };
      return { answer: await client.call(job.method, job.path, job.headers, job.body) };
    } catch (error) {
      return { error: describeError(error as Error), code: (error as NodeJS.ErrnoException).code };
    }
  }

  port.on('message', ({ number, job }: Task) => {
    void work(job).then((result) => port.postMessage({ number, result } satisfies Done));
  });
}

/**
 * Where all processors are busy, the app's thread goes before this one: else some of its answers come late by what a batch
 * takes to pack. Linux alone has a priority for a thread; elsewhere it would be the whole process's.
 */
function yieldToApp(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, Math.min(19, getPriority(0) + NICE));
  } catch {
    // It works as well without.
  }
}
