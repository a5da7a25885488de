import { performance } from 'node:perf_hooks';
import type { EdgeRequest, Reader } from './edge-request.ts';
import type { Exchange } from './exchange.ts';
import { Ring } from './ring.ts';

/** Something requests are written to, off the request path. */
export interface Output {
  /** One request; the object is used again for the next. Returns nothing and waits for nothing. */
  write(request: EdgeRequest): void;
  /** After each slice of requests, when the event loop is about to go on. */
  slice?(): void;
  /** Whom to tell of what goes wrong, unless the output was told otherwise. */
  tell?(onError: (error: unknown) => void): void;
  /** Resolves when what was written is where it belongs, or given up; at the latest in `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>;
  close(timeoutMs: number): Promise<void>;
}

/** Ms between a request and its being made sense of, where it waits. */
const WAIT_MS = 5;
/** Requests in one go; the event loop turns between them. */
const SLICE = 64;
/** Ms after which the clocks are compared again. */
const COMPARE_MS = 100;

/**
 * Makes sense of exchanges and writes them to outputs. The hub's takes so little that it is done when the answer is out,
 * which keeps nothing alive for longer than its request; where there are others, exchanges wait, and are written a few
 * at a time.
 */
export interface Recorder {
  take(exchange: Exchange): void;
  /** Requests that were taken, and those for which there was no room. */
  counts(): { recorded: number; dropped: number; waiting: number };
  /** Writes all that waits, now. */
  drain(): void;
  /** Takes nothing any more. */
  stop(): void;
}

export interface RecorderOptions {
  read: Reader;
  outputs: readonly Output[];
  /** Exchanges that may wait for the outputs; 0: none waits, each is written at once. */
  room: number;
  /** Whether a request is to be written at all. */
  wanted(request: EdgeRequest): boolean;
  onError(error: unknown): void;
}

export function createRecorder({ read, outputs, room, wanted, onError }: RecorderOptions): Recorder {
  const ring = new Ring<Exchange>(room);
  let recorded = 0;
  let dropped = 0;
  let armed = false;
  let stopped = false;
  let offset = 0;
  let compared = Number.NEGATIVE_INFINITY;
  // One timer, made here: it keeps nobody's asynchronous context and never holds the process open.
  const timer = setTimeout(turn, WAIT_MS);
  timer.unref();

  function turn(): void {
    // A backlog is worked off faster than it grows.
    work(Math.max(SLICE, ring.size >> 4));
    if (ring.size > 0) setImmediate(turn);
    else armed = false;
  }

  function work(most: number): void {
    for (let i = 0; i < most; i += 1) {
      const exchange = ring.shift();
      if (exchange === undefined) break;
      write(exchange);
    }
    for (const output of outputs) output.slice?.();
  }

  function write(exchange: Exchange): void {
    try {
      const request = read(exchange, offsetAt(exchange.ended));
      if (!wanted(request)) return;
      for (let i = 0; i < outputs.length; i += 1) (outputs[i] as Output).write(request);
    } catch (error) {
      dropped += 1;
      onError(error);
    }
  }

  /** Ms between the monotonic clock and that of the day, which may be set while the process runs. */
  function offsetAt(now: number): number {
    if (now - compared > COMPARE_MS || now < compared) {
      compared = now;
      offset = Date.now() - performance.now();
    }
    return offset;
  }

  return {
    take(exchange) {
      if (stopped) return;
      recorded += 1;
      if (room === 0) return write(exchange);
      if (!ring.push(exchange)) dropped += 1;
      if (armed) return;
      armed = true;
      timer.refresh();
    },
    counts: () => ({ recorded, dropped, waiting: ring.size }),
    drain() {
      while (ring.size > 0) work(1024);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
