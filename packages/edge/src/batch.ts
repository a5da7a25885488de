import { randomUUID } from 'node:crypto';

/** Requests that go to the hub together. Once cut it stays as it is: a retry sends the same bytes under the same id. */
export interface Batch {
  /** Sent as Idempotency-Key. */
  id: string;
  count: number;
  /** gzip of one JSON object a line. */
  body: Buffer;
}

/** Lines on their way into a batch, in a buffer that is used again. */
export interface BatchBuilder {
  add(line: string): void;
  /** Moves what was added into the buffer; done once a slice, because it is cheaper so. */
  settle(): void;
  readonly count: number;
  /** Whether the buffer is. */
  readonly full: boolean;
  /** The lines so far, and a fresh start; null when there are none. Give the bytes back when they were used. */
  cut(): { id: string; count: number; bytes: Buffer } | null;
  recycle(bytes: Buffer): void;
}

const BUFFER_BYTES = 1024 * 1024;

export function createBatchBuilder(): BatchBuilder {
  let spare: Buffer | null = null;
  let buffer: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  let used = 0;
  let count = 0;
  let text = '';

  function settle(): void {
    if (text === '') return;
    // UTF-8 takes at most three bytes for a unit of a string.
    const needed = text.length * 3;
    if (buffer.length - used < needed) {
      const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, used + needed));
      buffer.copy(larger, 0, 0, used);
      buffer = larger;
    }
    used += buffer.write(text, used, 'utf8');
    text = '';
  }

  return {
    add(line) {
      text += line;
      count += 1;
    },
    settle,
    get count() {
      return count;
    },
    get full() {
      return used >= BUFFER_BYTES - 65_536;
    },
    cut() {
      settle();
      if (count === 0) return null;
      const batch = { id: randomUUID(), count, bytes: buffer.subarray(0, used) };
      buffer = spare ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
      spare = null;
      used = 0;
      count = 0;
      return batch;
    },
    recycle(bytes) {
      if (bytes.buffer.byteLength === BUFFER_BYTES) spare = Buffer.from(bytes.buffer as ArrayBuffer);
    },
  };
}
