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

/** Ms between a request and its being made sense of. */
const WAIT_MS = 5;
/** Requests in one go; the event loop turns between them. */
const SLICE = 64;

/** Takes exchanges from the request path and writes them to outputs, a few at a time. */
export interface Recorder {
  take(exchange: Exchange): void;
  /** Requests that were taken, and those for which there was no room. */
  counts(): { recorded: number; dropped: number; waiting: number };
  /** Writes all that waits, now. */
  drain(): void;
  /** Takes nothing any more. */
  stop(): void;
}

/** `room`: exchanges that may wait. `wanted`: whether a request is to be written at all. */
export function createRecorder(
  read: Reader,
  outputs: readonly Output[],
  room: number,
  wanted: (request: EdgeRequest) => boolean,
  onError: (error: unknown) => void,
): Recorder {
  const ring = new Ring<Exchange>(room);
  let recorded = 0;
  let dropped = 0;
  let armed = false;
  let stopped = false;
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
    const offset = Date.now() - performance.now();
    for (let i = 0; i < most; i += 1) {
      const exchange = ring.shift();
      if (exchange === undefined) break;
      try {
        const request = read(exchange, offset);
        if (wanted(request)) for (const output of outputs) output.write(request);
      } catch (error) {
        dropped += 1;
        onError(error);
      }
    }
    for (const output of outputs) output.slice?.();
  }

  return {
    take(exchange) {
      if (stopped) return;
      recorded += 1;
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
