/** Bytes of one message; what is longer is cut off and counted. It is as much as one UDP packet can hold. */
export const LONGEST_MESSAGE = 64 * 1024;

const LF = 10;
const CR = 13;
const NUL = 0;
const SPACE = 32;

/** What a stream of TCP held, or why it cannot be read further. */
export type Frame = { message: Buffer } | { bad: 'message-too-long' | 'bad-frame' };

/**
 * Cuts a TCP stream into syslog messages (RFC 6587): `LENGTH SP MESSAGE`, or messages ended by LF (NUL is taken too).
 * Which it is shows by the first byte of each: a digit or `<`. Holds at most one message that is not whole yet.
 */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  #skipping = false;
  #closed = false;

  /** The messages that are whole with these bytes. After a `bad-frame` the stream is lost: close it. */
  push(chunk: Buffer): Frame[] {
    if (this.#closed) return [];
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    let from = 0;
    while (from < bytes.length) {
      const to = this.#isCounted(bytes, from) ? this.#counted(bytes, from, frames) : this.#ended(bytes, from, frames);
      if (to < 0) break;
      from = to;
    }
    // A copy, so that a message that comes slowly does not keep the socket's whole chunk.
    this.#rest = this.#closed ? Buffer.alloc(0) : Buffer.from(bytes.subarray(from));
    return frames;
  }

  /** A last message without its end, as senders leave it that close the connection. */
  end(): Frame[] {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return this.#skipping || this.#closed || rest.length === 0 || this.#isCounted(rest, 0) ? [] : [{ message: rest }];
  }

  #isCounted(bytes: Buffer, at: number): boolean {
    const first = bytes[at] as number;
    return !this.#skipping && first >= 49 && first <= 57;
  }

  /** Where the counted message at an offset ends; -1 when it is not whole. */
  #counted(bytes: Buffer, from: number, frames: Frame[]): number {
    let at = from;
    let length = 0;
    for (; at < bytes.length && at - from < 7; at++) {
      const code = bytes[at] as number;
      if (code === SPACE) break;
      if (code < 48 || code > 57) return this.#lose(frames);
      length = length * 10 + code - 48;
    }
    if (at === bytes.length && at - from < 7) return -1;
    // Passing over more than this would have to trust a number that somebody else wrote.
    if (bytes[at] !== SPACE || length > LONGEST_MESSAGE) return this.#lose(frames);
    const end = at + 1 + length;
    if (end > bytes.length) return -1;
    frames.push({ message: bytes.subarray(at + 1, end) });
    return end;
  }

  /** The same for a message that an LF or NUL ends. */
  #ended(bytes: Buffer, from: number, frames: Frame[]): number {
    const first = bytes[from] as number;
    if (first === LF || first === NUL || first === CR) {
      this.#skipping = false;
      return from + 1;
    }
    // TLS, or something else that is no text.
    if (first < SPACE && !this.#skipping) return this.#lose(frames);
    let end = bytes.indexOf(LF, from);
    const nul = bytes.subarray(from, end < 0 ? bytes.length : end).indexOf(NUL);
    if (nul >= 0) end = from + nul;
    if (end < 0) {
      if (bytes.length - from <= LONGEST_MESSAGE && !this.#skipping) return -1;
      if (!this.#skipping) frames.push({ bad: 'message-too-long' });
      this.#skipping = true;
      return bytes.length;
    }
    if (this.#skipping) this.#skipping = false;
    else if (end - from > LONGEST_MESSAGE) frames.push({ bad: 'message-too-long' });
    else frames.push({ message: bytes.subarray(from, bytes[end - 1] === CR ? end - 1 : end) });
    return end + 1;
  }

  #lose(frames: Frame[]): number {
    frames.push({ bad: 'bad-frame' });
    this.#closed = true;
    return -1;
  }
}
