import { setTimeout as sleep } from 'node:timers/promises';

const NEWLINE = 10;

/** Reads a stream of bytes in the pieces its consumer wants. Every method gives less only at the end of the stream. */
export interface ByteReader {
  /**
   * The next `count` bytes without consuming them. With `idleMs`, what is there when nothing came for so long, but at
   * least something: for streams that never end.
   */
  peek(count: number, idleMs?: number): Promise<Buffer>;
  /** The next `count` bytes. */
  take(count: number): Promise<Buffer>;
  /** Passes over `count` bytes; counts their newlines and keeps the last `tailBytes` of them. */
  skip(count: number, tailBytes: number): Promise<{ skipped: number; newlines: number; tail: Buffer }>;
  /** All that is left, as it comes. */
  rest(): AsyncIterable<Buffer>;
}

export function createByteReader(stream: AsyncIterable<Uint8Array>): ByteReader {
  const source = stream[Symbol.asyncIterator]();
  let chunks: Buffer[] = [];
  let buffered = 0;
  let ended = false;
  let pending: Promise<IteratorResult<Uint8Array>> | null = null;

  async function pull(idleMs?: number): Promise<boolean> {
    if (ended) return false;
    pending ??= source.next();
    const next = await (idleMs === undefined || buffered === 0
      ? pending
      : Promise.race([pending, sleep(idleMs, null, { ref: false })]));
    if (next === null) return false;
    pending = null;
    if (next.done === true) {
      ended = true;
      return false;
    }
    const { buffer, byteOffset, byteLength } = next.value;
    if (byteLength > 0) chunks.push(Buffer.from(buffer, byteOffset, byteLength));
    buffered += byteLength;
    return true;
  }

  async function fill(count: number, idleMs?: number): Promise<Buffer> {
    while (buffered < count && (await pull(idleMs)));
    const all = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    chunks = all.length > 0 ? [all] : [];
    return all;
  }

  return {
    peek: async (count, idleMs) => (await fill(count, idleMs)).subarray(0, count),
    async take(count) {
      const all = await fill(count);
      const taken = all.subarray(0, count);
      chunks = all.length > taken.length ? [all.subarray(taken.length)] : [];
      buffered = all.length - taken.length;
      return taken;
    },
    async skip(count, tailBytes) {
      let skipped = 0;
      let newlines = 0;
      let tail: Buffer = Buffer.alloc(0);
      while (skipped < count) {
        const chunk = chunks.shift();
        if (chunk === undefined) {
          if (!(await pull())) break;
          continue;
        }
        const part = chunk.subarray(0, count - skipped);
        if (part.length < chunk.length) chunks.unshift(chunk.subarray(part.length));
        buffered -= part.length;
        skipped += part.length;
        newlines += countNewlines(part);
        tail = part.length >= tailBytes ? part.subarray(-tailBytes) : Buffer.concat([tail, part]).subarray(-tailBytes);
      }
      // A copy, so that the tail does not keep the chunk it stands in.
      return { skipped, newlines, tail: Buffer.from(tail) };
    },
    async *rest() {
      for (;;) {
        while (chunks.length > 0) {
          const chunk = chunks.shift() as Buffer;
          buffered -= chunk.length;
          yield chunk;
        }
        if (!(await pull())) return;
      }
    },
  };
}

/** Newlines in the bytes. */
export function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
