import { setTimeout as sleep } from 'node:timers/promises';

/** A piece of a stream that holds whole lines; offsets as in the stream. */
export interface LineBlock {
  bytes: Buffer;
  start: number;
  end: number;
  last: boolean;
}

const NEWLINE = 10;

/**
 * Cuts a stream that never ends, such as a log that is followed: a block is given when `size` bytes are there, or when
 * nothing came for `idleMs`, and ends with its last whole line. An unfinished line waits; at the end of the stream it
 * is left out.
 */
export async function* cutWhenIdle(
  stream: AsyncIterable<Uint8Array>,
  options: { size: number; idleMs: number; from: number },
): AsyncGenerator<LineBlock> {
  const source = stream[Symbol.asyncIterator]();
  let start = options.from;
  let held: Buffer[] = [];
  let bytes = 0;
  let next: Promise<IteratorResult<Uint8Array>> | null = null;

  function cut(last: boolean): LineBlock | null {
    const all = Buffer.concat(held);
    const end = all.lastIndexOf(NEWLINE) + 1;
    held = end < all.length ? [all.subarray(end)] : [];
    bytes = all.length - end;
    if (end === 0) return null;
    const block = { bytes: all.subarray(0, end), start, end: start + end, last };
    start += end;
    return block;
  }

  for (;;) {
    next ??= source.next();
    const arrived = bytes === 0 ? await next : await Promise.race([next, sleep(options.idleMs, null)]);
    if (arrived === null) {
      const block = cut(false);
      if (block !== null) yield block;
      else await next;
      continue;
    }
    next = null;
    if (arrived.done === true) {
      const block = cut(true);
      if (block !== null) yield block;
      return;
    }
    held.push(Buffer.from(arrived.value.buffer, arrived.value.byteOffset, arrived.value.byteLength));
    bytes += arrived.value.byteLength;
    if (bytes >= options.size) {
      const block = cut(false);
      if (block !== null) yield block;
    }
  }
}
