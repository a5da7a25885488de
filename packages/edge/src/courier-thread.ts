import { parentPort, workerData } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { describeError } from './describe-error.ts';
import { createHubClient, type HubAnswer, type HubSettings } from './hub-client.ts';
import { GZIP } from './pack.ts';

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

// Nobody's thread where a test or a tool loads this file by itself.
if (parentPort !== null) serve(parentPort);

function serve(port: NonNullable<typeof parentPort>): void {
  const client = createHubClient(workerData as HubSettings);

  async function work(job: Job): Promise<Result> {
    try {
      if ('bytes' in job) return { packed: gzipSync(job.bytes, GZIP) };
      return { answer: await client.call(job.method, job.path, job.headers, job.body) };
    } catch (error) {
      return { error: describeError(error as Error), code: (error as NodeJS.ErrnoException).code };
    }
  }

  port.on('message', ({ number, job }: Task) => {
    void work(job).then((result) => port.postMessage({ number, result } satisfies Done));
  });
}
