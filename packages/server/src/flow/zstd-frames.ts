/** A piece of a zstd stream; `ends`: the frame it belongs to is complete with it. */
export interface FramePiece {
  bytes: Buffer;
  ends: boolean;
}

const MAGIC = 0xfd2fb528;
const DICTIONARY_SIZES = [0, 1, 2, 4];
const CONTENT_SIZES = [0, 2, 4, 8];

/**
 * Finds where the frames of a zstd stream end (RFC 8878, 3.1), because Node's decompressor takes one frame only and
 * files joined with `cat`, written by pzstd or appended to hold several. Skippable frames are left out.
 */
export class ZstdFrames {
  #step: 'header' | 'block' | 'checksum' | 'data' | 'skip' = 'header';
  /** Bytes of a header that came so far. */
  #head: Buffer = Buffer.alloc(0);
  /** Bytes of data or of a skippable frame still to come. */
  #left = 0;
  #lastBlock = false;
  #hasChecksum = false;

  /** True within a frame. */
  get open(): boolean {
    return this.#step !== 'header' || this.#head.length > 0;
  }

  *push(chunk: Buffer): Generator<FramePiece> {
    let from = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.#step === 'data' || this.#step === 'skip') {
        const taken = Math.min(this.#left, chunk.length - at);
        const skipping = this.#step === 'skip';
        this.#left -= taken;
        at += taken;
        if (skipping) from = at;
        if (this.#left > 0) break;
        this.#step = skipping ? 'header' : this.#afterBlock();
      } else {
        const length = this.#headLength();
        const taken = Math.min(length - this.#head.length, chunk.length - at);
        this.#head = Buffer.concat([this.#head, chunk.subarray(at, at + taken)]);
        at += taken;
        const begins = this.#step === 'header';
        // Whose a frame's first bytes are is known only once its header is whole.
        if (begins) from = at;
        if (this.#head.length < this.#headLength()) continue;
        const head = this.#head;
        this.#readHead(head);
        if (begins && !isSkippable(head)) yield { bytes: head, ends: false };
        if (begins) continue;
      }
      if (this.#step === 'header' && at > from) {
        yield { bytes: chunk.subarray(from, at), ends: true };
        from = at;
      }
    }
    if (from < chunk.length) yield { bytes: chunk.subarray(from), ends: false };
  }

  /** Bytes the header being read has, as far as its beginning tells. */
  #headLength(): number {
    if (this.#step === 'block') return 3;
    if (this.#step === 'checksum') return 4;
    if (this.#head.length < 5) return 5;
    if (isSkippable(this.#head)) return 8;
    const descriptor = this.#head[4] as number;
    const single = (descriptor >> 5) & 1;
    const content = descriptor >> 6 === 0 ? single : (CONTENT_SIZES[descriptor >> 6] as number);
    return 5 + (1 - single) + (DICTIONARY_SIZES[descriptor & 3] as number) + content;
  }

  #readHead(head: Buffer): void {
    this.#head = Buffer.alloc(0);
    if (this.#step === 'checksum') this.#step = 'header';
    else if (this.#step === 'block') {
      const value = head.readUIntLE(0, 3);
      this.#lastBlock = (value & 1) === 1;
      // A run-length block holds one byte, however long it becomes.
      this.#left = ((value >> 1) & 3) === 1 ? 1 : value >> 3;
      this.#step = this.#left > 0 ? 'data' : this.#afterBlock();
    } else if (isSkippable(head)) {
      this.#left = head.readUInt32LE(4);
      this.#step = this.#left > 0 ? 'skip' : 'header';
    } else {
      // What is no frame goes to the decompressor, which says so.
      if (head.readUInt32LE(0) !== MAGIC) this.#left = Number.POSITIVE_INFINITY;
      this.#hasChecksum = (((head[4] as number) >> 2) & 1) === 1;
      this.#step = this.#left > 0 ? 'data' : 'block';
    }
  }

  #afterBlock(): 'block' | 'checksum' | 'header' {
    if (!this.#lastBlock) return 'block';
    return this.#hasChecksum ? 'checksum' : 'header';
  }
}

function isSkippable(head: Buffer): boolean {
  return (head.readUInt32LE(0) & 0xfffffff0) >>> 0 === 0x184d2a50;
}
