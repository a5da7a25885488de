import { KEPT_BYTES } from './lines.ts';

/** A piece of a log that holds whole lines. */
export interface Block {
  bytes: Buffer;
  /** Offset of the first byte in the decompressed stream. */
  start: number;
  /** Offset after the last byte in the stream; more than `start + bytes.length` where a line was shortened. */
  end: number;
  /** No block follows. */
  last: boolean;
}

export interface CutOptions {
  /** Bytes of the range whose lines make one block. */
  size: number;
  /** Offset at which the stream begins, which must be the start of a line (default 0). */
  from?: number;
  /** What becomes of a last line without newline: a record like any other, or left for the next time (default keep). */
  partial?: 'keep' | 'leave';
}

/** A line that runs on longer than this behind the end of its range is shortened. */
export const LONGEST_CARRIED = 8 * 1024 * 1024;

const NEWLINE = 10;

/**
 * Cuts a byte stream into blocks by fixed ranges: block k holds exactly the lines that start in bytes
 * [k·size, (k+1)·size), so that the same file gives the same blocks however it arrives. Ranges in which no line starts
 * give no block. No block is larger than `size` + 8 MiB: of a line that crosses the end of its range and has more than
 * 8 MiB only the first bytes are kept (more than any parser takes), so that it counts as one `line-too-long`.
 * A fault of the stream is thrown after everything that came before it.
 */
export async function* cutBlocks(stream: AsyncIterable<Uint8Array>, options: CutOptions): AsyncGenerator<Block> {
  const cutter = new Cutter(options);
  let held: Block | undefined;
  try {
    for await (const chunk of stream) {
      for (const block of cutter.push(asBuffer(chunk))) {
        if (held !== undefined) yield held;
        held = block;
      }
    }
  } catch (fault) {
    if (held !== undefined) yield held;
    const rest = cutter.finish();
    if (rest !== undefined) yield rest;
    throw fault;
  }
  const rest = cutter.finish();
  if (rest !== undefined) {
    if (held !== undefined) yield held;
    held = rest;
  }
  if (held !== undefined) yield { ...held, last: true };
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

class Cutter {
  readonly #size: number;
  readonly #leave: boolean;
  #start: number;
  /** Stream offset of the next byte to come. */
  #at: number;
  /** Stream offset of the last line begun. */
  #lineStart: number;
  #parts: Buffer[] = [];
  #held = 0;
  /** The line that is being passed over was shortened already. */
  #skipping = false;

  constructor(options: CutOptions) {
    if (!Number.isSafeInteger(options.size) || options.size < 1)
      throw new RangeError('size must be a positive integer');
    this.#size = options.size;
    this.#leave = options.partial === 'leave';
    this.#start = options.from ?? 0;
    this.#at = this.#start;
    this.#lineStart = this.#start;
  }

  *push(chunk: Buffer): Generator<Block> {
    let from = 0;
    while (from < chunk.length) {
      // The first newline at or after the range's last byte ends the block.
      const boundary = (Math.floor(this.#start / this.#size) + 1) * this.#size;
      const search = Math.max(from, from + (boundary - 1 - this.#at));
      const newline = search < chunk.length ? chunk.indexOf(NEWLINE, search) : -1;
      const end = newline < 0 ? chunk.length : newline + 1;
      this.#take(chunk.subarray(from, end), newline >= 0);
      if (newline >= 0) yield this.#cut();
      else if (this.#at >= boundary) this.#shorten(false);
      from = end;
    }
  }

  /** What is left at the end of the stream. */
  finish(): Block | undefined {
    if (!this.#leave || this.#lineStart === this.#at) return this.#held === 0 ? undefined : this.#cut();
    const length = this.#lineStart - this.#start;
    if (length === 0) return undefined;
    const bytes = Buffer.concat(this.#parts).subarray(0, length);
    return { bytes, start: this.#start, end: this.#lineStart, last: false };
  }

  /** Adds bytes to the current block; `ends`: their last byte is the newline that ends it. */
  #take(bytes: Buffer, ends: boolean): void {
    if (this.#skipping) {
      if (ends) this.#keep(bytes.subarray(-1));
    } else {
      const newline = bytes.lastIndexOf(NEWLINE, ends ? -2 : -1);
      if (newline >= 0 && newline < bytes.length - (ends ? 1 : 0)) this.#lineStart = this.#at + newline + 1;
      this.#keep(bytes);
    }
    this.#at += bytes.length;
    if (ends && !this.#skipping) this.#shorten(true);
    this.#skipping &&= !ends;
  }

  #keep(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#held += bytes.length;
  }

  /** Cuts the last line, which crosses the end of the range, to its beginning if it is too long to be carried. */
  #shorten(ended: boolean): void {
    if (this.#skipping || this.#at - (ended ? 1 : 0) - this.#lineStart <= LONGEST_CARRIED) return;
    const kept = Buffer.concat(this.#parts).subarray(0, this.#lineStart - this.#start + KEPT_BYTES);
    this.#parts = [kept];
    this.#held = kept.length;
    this.#skipping = true;
    if (ended) this.#keep(Buffer.from('\n'));
  }

  #cut(): Block {
    const bytes = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts);
    const block = { bytes, start: this.#start, end: this.#at, last: false };
    this.#start = this.#at;
    this.#lineStart = this.#at;
    this.#parts = [];
    this.#held = 0;
    this.#skipping = false;
    return block;
  }
}
