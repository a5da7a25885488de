import { createEventReader, type ServerEvent } from '../model/event-stream.ts';
import { getStream, isUnreachable, Problem } from './client.ts';

/** How it stands with a connection. */
export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'open' }
  /** `error` null: the hub ended it. Times are ms. */
  | { kind: 'broken'; error: Problem | null; retryAt: number }
  /** Asking again would be of no use, unless something changes. */
  | { kind: 'refused'; error: Problem };

interface Handlers {
  onEvents(events: readonly ServerEvent[]): void;
  onState(state: ConnectionState): void;
}

export interface Connection {
  /** Does not wait any longer with trying again. */
  retry(): void;
  close(): void;
}

const USUAL_RETRY_MS = 2000;
const MOST_RETRY_MS = 30_000;
/** The hub gives a sign of life every 15 seconds; without any for so long, nobody is there. */
const SILENCE_MS = 45_000;
/** Who looks elsewhere for so long does not watch; the hub has room for so many who do. */
const HIDDEN_MS = 30_000;

/**
 * Listens to server-sent events, and goes on where it was after every break, waiting longer each time. A page that is
 * hidden for a while lets go, and goes on once it is shown. By fetch rather than EventSource, which does not tell why it
 * was refused.
 */
export function connectEvents(path: string, { onEvents, onState }: Handlers): Connection {
  let closed = false;
  let asleep = false;
  let lastId = '';
  let retryMs = USUAL_RETRY_MS;
  let failures = 0;
  let attempt = new AbortController();
  let wake = () => {};

  /** Until so many ms have passed, or for as long as nobody wakes it: null. */
  async function rest(ms: number | null): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (ms !== null) timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    wake = () => {};
  }

  /** Resolves when the hub has ended it. */
  async function listen(): Promise<void> {
    attempt = new AbortController();
    const { signal } = attempt;
    const silence = alarm(SILENCE_MS, () => attempt.abort());
    try {
      const place: Record<string, string> = lastId === '' ? {} : { 'last-event-id': lastId };
      const body = await getStream(path, { accept: 'text/event-stream', ...place }, signal);
      onState({ kind: 'open' });
      const events = createEventReader();
      const pieces = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
      for (;;) {
        silence.restart();
        const { done, value } = await pieces.read();
        if (done) return;
        const told = events.read(value);
        lastId = events.lastId || lastId;
        retryMs = events.retryMs ?? retryMs;
        if (told.length === 0) continue;
        failures = 0;
        onEvents(told);
      }
    } finally {
      silence.stop();
    }
  }

  async function run(): Promise<void> {
    while (!closed) {
      if (asleep) await rest(null);
      if (closed) return;
      onState({ kind: 'connecting' });
      const error = await listen().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (closed) return;
      if (!asleep) await recover(error instanceof Problem ? error : null);
    }
  }

  /** Waits for as long as it makes no sense to try again. */
  async function recover(error: Problem | null): Promise<void> {
    if (error?.code === 'bad-event-id' && lastId !== '') {
      lastId = '';
      return;
    }
    if (error !== null && isFinal(error)) {
      onState({ kind: 'refused', error });
      await rest(null);
      failures = 0;
      return;
    }
    failures += 1;
    const usual = Math.min(MOST_RETRY_MS, retryMs * 2 ** (failures - 1));
    // Not all who were cut off come back in the same moment.
    const jittered = usual * (0.8 + Math.random() * 0.4);
    const told = error?.waitSeconds ?? null;
    const wait = told === null ? jittered : told * 1000;
    onState({ kind: 'broken', error, retryAt: Date.now() + wait });
    await rest(wait);
  }

  const hidden = alarm(HIDDEN_MS, () => {
    asleep = true;
    attempt.abort();
    wake();
  });
  const look = () => {
    if (document.visibilityState === 'hidden') return hidden.restart();
    hidden.stop();
    if (asleep) {
      asleep = false;
      wake();
    }
  };
  document.addEventListener('visibilitychange', look);
  look();
  void run();
  return {
    retry: () => wake(),
    close() {
      closed = true;
      document.removeEventListener('visibilitychange', look);
      hidden.stop();
      attempt.abort();
      wake();
    },
  };
}

/** Whether the same question would be refused again. */
function isFinal(error: Problem): boolean {
  return !isUnreachable(error) && error.status < 500 && error.status !== 429;
}

/** Calls once, so long after it was last restarted. */
function alarm(ms: number, ring: () => void): { restart(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => clearTimeout(timer);
  return {
    restart() {
      stop();
      timer = setTimeout(ring, ms);
    },
    stop,
  };
}
