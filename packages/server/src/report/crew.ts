import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { FileContents } from '../enrich/geo-files.ts';
import { readSharedFiles } from '../enrich/shared-files.ts';
import { Fault } from '../model/fault.ts';
import type { BlockJob, BlockResult, LaneSettings, Lanes, ThreadTallies } from './lane.ts';
import type { TallyData } from './tally-data.ts';

/**
 * Blocks are dealt out to so many lanes in turn, each with a tally of its own, and lanes to threads. A lane sees the
 * same blocks in the same order whatever the number of threads, so even what a full table drops does not depend on it.
 */
export const LANES = 4;

/** Who reads the blocks. Blocks of one lane must be given in order. */
export interface Crew {
  /** Takes the block, whose bytes are gone afterwards; resolves to what became of its lines. */
  read(job: BlockJob): Promise<BlockResult>;
  /** Resolves when the lane can take another block without piling them up. */
  room(lane: number): Promise<void>;
  /** What was counted, once all blocks are read. */
  finish(): Promise<CrewTallies>;
  close(): Promise<void>;
}

export interface CrewTallies {
  /** In the order of their lanes. */
  tallies: TallyData[];
  /** Each once, in order. */
  attributions: string[];
}

/** What a worker thread sends back for each message. */
export type ThreadAnswer = { result: unknown } | { fault: { code: string; message: string } };

/** Blocks waiting for one thread: enough that it never waits, few enough that memory stays flat. */
const MOST_WAITING = 2;
/** Records live for one line, so a large young generation is cheap and saves copying. */
const YOUNG_MIB = 64;
/**
 * Bound of the lasting memory of all threads together. Their live data is far below it; the bound makes the garbage
 * collector work in time instead of letting garbage pile up.
 */
const OLD_MIB = 1024;

/** As many threads as there are cores, at most one a lane. */
export function defaultThreads(): number {
  return Math.min(LANES, availableParallelism());
}

/** A crew of `threads` worker threads; 0 reads on the calling thread. */
export async function openCrew(settings: LaneSettings, threads: number): Promise<Crew> {
  if (threads > 0) return new WorkerCrew(settings, threads);
  // What reads lines and enriches them is loaded by the threads otherwise, which start the sooner for it.
  const { Lanes } = await import('./lane.ts');
  return new LoneCrew(await Lanes.open(settings));
}

class LoneCrew implements Crew {
  readonly #lanes: Lanes;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  async read(job: BlockJob): Promise<BlockResult> {
    return this.#lanes.read(job);
  }

  async room(): Promise<void> {}

  async finish(): Promise<CrewTallies> {
    return together([this.#lanes.finish()]);
  }

  async close(): Promise<void> {}
}

class WorkerCrew implements Crew {
  readonly #threads: Thread[];

  constructor(settings: LaneSettings, threads: number) {
    const count = Math.min(threads, LANES);
    const old = Math.floor(OLD_MIB / count);
    this.#threads = Array.from({ length: count }, () => new Thread(settings, old));
    // While the threads start, the files are read once for all of them.
    readSharedFiles(settings.enricher)
      .then((contents) => {
        for (const thread of this.#threads) thread.begin(contents);
      })
      .catch((fault: unknown) => {
        for (const thread of this.#threads) thread.fail(fault);
      });
  }

  #of(lane: number): Thread {
    return this.#threads[lane % this.#threads.length] as Thread;
  }

  read(job: BlockJob): Promise<BlockResult> {
    return this.#of(job.lane).ask<BlockResult>(job, [job.bytes.buffer as ArrayBuffer]);
  }

  room(lane: number): Promise<void> {
    return this.#of(lane).room();
  }

  async finish(): Promise<CrewTallies> {
    return together(await Promise.all(this.#threads.map((thread) => thread.ask<ThreadTallies>('finish', []))));
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(fault: unknown): void;
}

/** One worker; it answers in the order it was asked. */
class Thread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #fault: unknown;
  #roomFor: Waiting | undefined;

  constructor(settings: LaneSettings, oldMib: number) {
    this.#worker = new Worker(new URL('./lane-worker.ts', import.meta.url), {
      workerData: settings,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB, maxOldGenerationSizeMb: oldMib },
    });
    this.#worker.on('message', (answer: ThreadAnswer) => {
      const waiting = this.#waiting.shift();
      if ('fault' in answer) waiting?.reject(new Fault(answer.fault.code, answer.fault.message));
      else waiting?.resolve(answer.result);
      if (this.#waiting.length < MOST_WAITING) this.#takeRoom();
    });
    this.#worker.on('error', (fault) => this.fail(fault));
    this.#worker.on('exit', () => this.fail(new Fault('report-thread', 'a thread of the report ended unexpectedly')));
  }

  /** Lets it open the local data; what it is asked before waits for that. */
  begin(contents: FileContents): void {
    this.#worker.postMessage(contents, []);
  }

  ask<T>(message: unknown, transfer: ArrayBuffer[]): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#fault !== undefined) return reject(this.#fault);
      this.#waiting.push({ resolve: resolve as (answer: unknown) => void, reject });
      this.#worker.postMessage(message, transfer);
    });
  }

  room(): Promise<void> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    if (this.#waiting.length < MOST_WAITING) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#roomFor = { resolve: () => resolve(), reject };
    });
  }

  #takeRoom(): void {
    const waiting = this.#roomFor;
    this.#roomFor = undefined;
    waiting?.resolve(undefined);
  }

  /** Whatever it was asked and will be asked fails so. */
  fail(fault: unknown): void {
    this.#fault ??= fault;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#fault);
    this.#roomFor?.reject(this.#fault);
    this.#roomFor = undefined;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

function together(threads: readonly ThreadTallies[]): CrewTallies {
  const lanes = threads.flatMap((thread) => thread.lanes).sort((a, b) => a[0] - b[0]);
  const attributions = new Set(threads.flatMap((thread) => thread.attributions).filter((text) => text !== ''));
  return { tallies: lanes.map(([, data]) => data), attributions: [...attributions].sort() };
}
