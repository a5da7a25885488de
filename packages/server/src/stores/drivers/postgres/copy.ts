import { once } from 'node:events';
import type { Socket } from 'node:net';
import type pg from 'pg';

/** What of a connection of `pg` is used here; its types do not tell of copying. */
interface Wire {
  stream: Socket;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

/** Bytes that may wait before the server is asked to pause. */
const MOST_WAITING = 4 * 1024 * 1024;

/** A statement as `pg` runs it, whose rows are bytes of their own format. */
abstract class Copy {
  protected wire: Wire | null = null;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  submit(connection: unknown): void {
    this.wire = connection as Wire;
    this.wire.query(this.#text);
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleReadyForQuery(): void {
    this.end(null);
  }
  handleError(error: Error): void {
    this.end(error);
  }
  handleCommandComplete(message: { text: string }): void {
    this.rows = Number(/^COPY (\d+)/.exec(message.text)?.[1] ?? 0);
  }
  abstract handleCopyInResponse(): void;
  abstract handleCopyData(message: { chunk: Buffer }): void;

  rows = 0;
  protected abstract end(error: Error | null): void;
}

class CopyOut extends Copy {
  #waiting: Buffer[] = [];
  #bytes = 0;
  #ended = false;
  #error: Error | null = null;
  #wake: (() => void) | null = null;

  handleCopyInResponse(): void {}

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    // The parser writes over its buffer.
    this.#waiting.push(Buffer.from(chunk));
    this.#bytes += chunk.length;
    if (this.#bytes > MOST_WAITING) this.wire?.stream.pause();
    this.#wake?.();
  }

  protected end(error: Error | null): void {
    this.#error ??= error;
    this.#ended = true;
    this.#wake?.();
  }

  async *pieces(): AsyncGenerator<Buffer> {
    for (;;) {
      if (this.#waiting.length > 0) {
        const piece = Buffer.concat(this.#waiting);
        this.#waiting = [];
        this.#bytes = 0;
        this.wire?.stream.resume();
        yield piece;
        continue;
      }
      if (this.#error !== null) throw this.#error;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }
}

class CopyIn extends Copy {
  readonly #source: AsyncIterable<Buffer>;
  readonly #done: (error: Error | null, rows: number) => void;
  #failure: Error | null = null;

  constructor(text: string, source: AsyncIterable<Buffer>, done: (error: Error | null, rows: number) => void) {
    super(text);
    this.#source = source;
    this.#done = done;
  }

  handleCopyData(): void {}

  handleCopyInResponse(): void {
    const wire = this.wire as Wire;
    const feed = async () => {
      for await (const piece of this.#source) {
        wire.sendCopyFromChunk(piece);
        if (wire.stream.writableNeedDrain) await once(wire.stream, 'drain');
      }
      wire.endCopyFrom();
    };
    feed().catch((error: unknown) => {
      this.#failure = error as Error;
      wire.sendCopyFail('the source failed');
    });
  }

  protected end(error: Error | null): void {
    this.#done(this.#failure ?? error, this.rows);
  }
}

/** What `COPY … TO STDOUT` gives, as it comes; returns the number of rows. The connection is busy until the end. */
export async function* copyOut(client: pg.Client, text: string): AsyncGenerator<Buffer, number> {
  const copy = new CopyOut(text);
  client.query(copy);
  yield* copy.pieces();
  return copy.rows;
}

/** Gives `COPY … FROM STDIN` its bytes; resolves to the number of rows. */
export function copyIn(client: pg.Client, text: string, source: AsyncIterable<Buffer>): Promise<number> {
  return new Promise((resolve, reject) => {
    let ended = false;
    client.query(
      new CopyIn(text, source, (error, rows) => {
        if (ended) return;
        ended = true;
        if (error === null) resolve(rows);
        else reject(error);
      }),
    );
  });
}
