import { randomUUID } from 'node:crypto';
import type { EdgeRequest } from './edge-request.ts';
import type { Ids } from './ids.ts';
import { createLineWriter } from './request-line.ts';

/** Requests that go to the hub together. Once cut it stays as it is: a retry sends the same bytes under the same id. */
export interface Batch {
  /** Sent as Idempotency-Key. */
  id: string;
  count: number;
  /** gzip of lines: a JSON object, or an array that repeats the one before (request-line.ts). */
  body: Buffer;
}

/** Requests on their way into a batch, as lines in a buffer that is used again. */
export interface BatchBuilder {
  add(request: EdgeRequest): void;
  readonly count: number;
  /** Whether the buffer is. */
  readonly full: boolean;
  /** The lines so far, and a fresh start; null when there are none. Give the bytes back when they were used. */
  cut(): { id: string; count: number; bytes: Buffer } | null;
  recycle(bytes: Buffer): void;
}

const BUFFER_BYTES = 1024 * 1024;

export function createBatchBuilder(ids: Ids): BatchBuilder {
  const lines = createLineWriter(ids);
  let spare: Buffer | null = null;
  let buffer: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  let used = 0;
  let count = 0;

  /** Where so many more bytes fit. */
  function roomFor(bytes: number): Buffer {
    if (buffer.length - used >= bytes) return buffer;
    const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, used + bytes));
    buffer.copy(larger, 0, 0, used);
    return larger;
  }

  function place(request: EdgeRequest): void {
    const text = lines.text(request);
    // UTF-8 takes at most three bytes for a unit of a string.
    buffer = roomFor(text.length * 3);
    used += buffer.write(text, used, 'utf8');
    lines.remember(request, buffer);
  }

  return {
    add(request) {
      const end = lines.repeat(request, buffer, used);
      if (end < 0) place(request);
      else used = end;
      count += 1;
    },
    get count() {
      return count;
    },
    get full() {
      return used >= BUFFER_BYTES - 65_536;
    },
    cut() {
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
