import { Worker } from 'node:worker_threads';
import type { Done, Job, Result, Task } from './courier-thread.ts';
import { createHubClient, type HubAnswer, type HubClient, type HubSettings } from './hub-client.ts';
import { gzip } from './pack.ts';

/**
 * Packs deliveries and carries them to the hub on a thread of its own. That thread has an event loop, a heap and compiled
 * code of its own: where the app's thread calls the hub itself, the engine compiles what node:http has in common for
 * calls and answers less well, and each of the app's answers costs more. Where there may be no thread (`--permission`,
 * a bundle without its file, one that died) all is done on the app's.
 */
export interface Courier extends HubClient {
  /** gzip of the bytes, which may be used again when it resolves. Rejects with what zlib says. */
  pack(bytes: Buffer): Promise<Buffer>;
}

export interface CourierOptions extends HubSettings {
  /** Sent as User-Agent. */
  agentName(): string;
  /** Told once when there is no thread, and why. */
  onNoThread(error: unknown): void;
}

interface Waiting {
  resolve(result: Result): void;
  reject(error: Error): void;
}

/** A thread that carries a few kilobytes at a time needs little; its old space grows with what is on its way. */
const LIMITS = { maxYoungGenerationSizeMb: 4 };

export function createCourier(options: CourierOptions): Courier {
  const own = createHubClient(options);
  const waiting = new Map<number, Waiting>();
  let number = 0;
  let thread: Worker | null = null;
  let none = false;
  /** It has answered once. Until then little waits unpacked: a thread takes its time to begin. */
  let ready = false;

  /** Null: there is none, and there will be none. */
  function theThread(): Worker | null {
    if (thread !== null || none) return thread;
    try {
      thread = start();
    } catch (error) {
      noThread(error);
    }
    return thread;
  }

  function start(): Worker {
    // Neither what the app's own thread is told to load first, nor its flags.
    const { NODE_OPTIONS: _, ...env } = process.env;
    const { url, key, timeoutMs } = options;
    const workerData: HubSettings = { url, key, timeoutMs };
    const worker = new Worker(fileOfThread(), {
      name: 'vedette-edge',
      workerData,
      env,
      execArgv: [],
      resourceLimits: LIMITS,
    });
    worker.unref();
    ready = false;
    worker.on('message', ({ number: which, result }: Done) => {
      const asked = waiting.get(which);
      waiting.delete(which);
      ready = worker === thread;
      // A process lives as long as something is on its way, and no longer.
      if (waiting.size === 0) worker.unref();
      asked?.resolve(result);
    });
    worker.on('error', (error) => {
      if (worker === thread) noThread(error);
    });
    worker.on('exit', () => {
      if (worker === thread) noThread(new Error('the thread has ended'));
    });
    return worker;
  }

  function noThread(error: unknown): void {
    none = true;
    thread = null;
    options.onNoThread(error);
    rejectAll('the thread that carries requests to the hub has ended');
  }

  function rejectAll(why: string): void {
    const all = [...waiting.values()];
    waiting.clear();
    for (const { reject } of all) reject(new Error(why));
  }

  function ask(worker: Worker, job: Job): Promise<Result> {
    return new Promise((resolve, reject) => {
      number += 1;
      if (waiting.size === 0) worker.ref();
      waiting.set(number, { resolve, reject });
      // Copied, not moved: whoever asked has the bytes still, should the thread die.
      worker.postMessage({ number, job } satisfies Task, []);
    });
  }

  return {
    async pack(bytes) {
      const worker = theThread();
      if (worker === null || !ready) return gzip(bytes);
      const { packed } = await ask(worker, { bytes }).catch((): Result => ({}));
      return packed === undefined ? gzip(bytes) : Buffer.from(packed.buffer, packed.byteOffset, packed.length);
    },
    async call(method, path, headers, body): Promise<HubAnswer> {
      const named = { 'user-agent': options.agentName(), ...headers };
      const worker = theThread();
      if (worker === null) return own.call(method, path, named, body);
      const { answer, error, code } = await ask(worker, { method, path, headers: named, body });
      if (answer === undefined) throw Object.assign(new Error(error), { code });
      return answer;
    },
    close() {
      own.close();
      const last = thread;
      thread = null;
      rejectAll('the call was given up');
      void last?.terminate();
    },
  };
}

/** Beside this file and with its suffix, as source or built. Where a bundle has taken this file in, there is none. */
function fileOfThread(): URL {
  // @ts-ignore: the build gives CommonJS its own words for it
  const here: string = import.meta.url;
  return new URL(`./courier-thread${here.slice(here.lastIndexOf('.'))}`, here);
}
