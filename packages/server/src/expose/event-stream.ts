import { Readable } from 'node:stream';

/** What waits for a listener who takes nothing, in bytes, beside one event; whoever writes leaves out what is beyond. */
export const MOST_WAITING = 1024 * 1024;

/** Server-sent events to one listener (WHATWG HTML, 9.2). */
export interface EventStream {
  readonly body: Readable;
  /** Whether the listener takes what is written; while not, what it misses is counted by whoever writes. */
  readonly ready: boolean;
  /** Writes an event; `data` becomes one line of JSON. `id` is what the listener names to go on from here. */
  send(event: string, data: unknown, id?: string): void;
  /** Says nothing, but shows both ends that the other is there; and from where the listener would go on. */
  beat(id: string): void;
  /** Ends the answer as it should. */
  end(): void;
}

interface Options {
  /** After which a listener who was cut off is to come back. */
  retryMs: number;
  /** Called once, when the stream has ended or its listener has left. */
  closed: () => void;
  /** Called when a listener that was behind takes events again. */
  drained: () => void;
}

/** Opens a stream. */
export function openEventStream({ retryMs, closed, drained }: Options): EventStream {
  let full = false;
  let ended = false;
  const body = new Readable({
    highWaterMark: MOST_WAITING,
    read() {
      if (!full) return;
      full = false;
      drained();
    },
    destroy(error, done) {
      ended = true;
      closed();
      done(error);
    },
  });
  const write = (text: string) => {
    if (!ended) full = !body.push(text);
  };
  write(`retry: ${retryMs}\n\n`);
  return {
    body,
    get ready() {
      return !full && !ended;
    },
    send: (event, data, id) =>
      write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`),
    beat: (id) => write(`: still here\nid: ${id}\n\n`),
    end() {
      if (!ended) body.push(null);
      ended = true;
    },
  };
}
