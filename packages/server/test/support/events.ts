/** One server-sent event. */
export interface Event {
  event: string;
  id: string | null;
  // Tests look into events of any shape.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  data: any;
}

/** A stream of server-sent events as a test reads it. */
export interface Events {
  status: number;
  headers: Headers;
  /** Waits for the next event that fits, past others. Rejects when the stream ends before. */
  next(event: string | RegExp, fits?: (data: Event['data']) => boolean): Promise<Event>;
  /** Resolves when the hub has ended the stream, with the events nobody asked for. */
  ended(): Promise<Event[]>;
  leave(): Promise<void>;
}

/** Listens to a stream of events. A refusal is `status` and an empty stream. */
export async function listen(url: string, headers: Record<string, string>): Promise<Events> {
  const leaving = new AbortController();
  const answer = await fetch(url, { headers, signal: leaving.signal });
  const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  const waiting: Event[] = [];
  let rest = '';
  async function more(): Promise<boolean> {
    const { done, value } = await reader.read();
    if (done) return false;
    const parts = (rest + value).split('\n\n');
    rest = parts.pop() ?? '';
    waiting.push(...parts.map(parse).filter((event) => event !== null));
    return true;
  }
  return {
    status: answer.status,
    headers: answer.headers,
    async next(event, fits = () => true) {
      for (;;) {
        for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
          if (isOf(one, event) && fits(one.data)) return one;
        }
        if (!(await more())) throw new Error(`the stream ended without ${String(event)}`);
      }
    },
    async ended() {
      while (await more());
      return waiting.splice(0);
    },
    async leave() {
      leaving.abort();
      await reader.cancel().catch(() => undefined);
    },
  };
}

const isOf = ({ event }: Event, wanted: string | RegExp) =>
  typeof wanted === 'string' ? event === wanted : wanted.test(event);

function parse(text: string): Event | null {
  const fields = new Map(text.split('\n').map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
  const data = fields.get('data');
  if (data === undefined) return null;
  return { event: fields.get('event') ?? 'message', id: fields.get('id') ?? null, data: JSON.parse(data) };
}
