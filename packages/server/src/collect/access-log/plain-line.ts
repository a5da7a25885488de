import type { RawRequest } from '../../model/request.ts';
import { clientAddress } from './address.ts';
import { commonLogTime } from './clock.ts';
import { newTarget, splitRequestLine, type Target } from './request-line.ts';
import { isDigit } from './text.ts';

/** Longer lines are for the parser. */
const LONGEST_PLAIN = 8192;

const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const DASH = 45;
const ZERO = 48;
const COLON = 58;
const OPEN = 91;
const CLOSE = 93;
/** ` - - [` */
const IDENTITY = [SPACE, DASH, SPACE, DASH, SPACE, OPEN] as const;
/** `10/Oct/2000:13:55:36 -0700` */
const TIME_LENGTH = 26;

/** Whether a byte is printable ASCII and no backslash: text that needs no decoding. */
const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, code) => (code >= SPACE && code < 127 && code !== 92 ? 1 : 0));

/**
 * Takes lines of the Common and Combined formats apart by their bytes, as long as they are plain: printable ASCII
 * without escapes, no user, no field too many. That is nearly every line of a log of these formats, and costs a
 * fraction of reading it as a text. For each other line it answers false, and the parser of the format is asked; for a
 * plain one both find the same.
 */
export class PlainLine {
  /**
   * Offsets of the parts, all in the bytes given to `scan`; the client's begin where the line does. Those of referrer and
   * user agent are 0 for a line that ends before them, as in the Common format.
   */
  clientEnd = 0;
  requestFrom = 0;
  requestTo = 0;
  referrerFrom = 0;
  referrerTo = 0;
  agentFrom = 0;
  agentTo = 0;
  /** ms since the epoch. */
  time = 0;
  status = 0;
  bytesOut = 0;
  /** Offset after the newline. */
  next = 0;
  /** The last day and zone, `10/Oct/2000` and ` -0700`, and its midnight. */
  readonly #day = new Uint8Array(11);
  readonly #zone = new Uint8Array(6);
  #midnight = Number.NaN;

  /** Reads the line that begins at `from`; its newline must be there. */
  scan(bytes: Uint8Array, from: number): boolean {
    const most = Math.min(bytes.length, from + LONGEST_PLAIN);
    let at = from;
    while (at < most && bytes[at] !== SPACE && IS_PLAIN[bytes[at] as number] === 1) at++;
    if (at === from) return false;
    this.clientEnd = at;
    for (let index = 0; index < 6; index++) if (bytes[at + index] !== IDENTITY[index]) return false;
    at += 6;
    if (!this.#scanTime(bytes, at)) return false;
    at += TIME_LENGTH;
    if (bytes[at] !== CLOSE || bytes[at + 1] !== SPACE || bytes[at + 2] !== QUOTE) return false;
    this.requestFrom = at + 3;
    this.requestTo = quoteEnd(bytes, at + 3, most);
    at = this.requestTo + 1;
    if (at === 0 || bytes[at] !== SPACE || bytes[at + 4] !== SPACE) return false;
    const hundreds = two(bytes, at + 1);
    if (hundreds < 0 || !isDigit(bytes[at + 3] as number)) return false;
    this.status = 10 * hundreds + (bytes[at + 3] as number) - ZERO;
    at = this.#scanBytes(bytes, at + 5);
    return at > 0 && this.#scanAgents(bytes, at, most);
  }

  /** The time at an offset. Lines of one day differ in the clock only. */
  #scanTime(bytes: Uint8Array, at: number): boolean {
    if (!holds(bytes, at, this.#day) || !holds(bytes, at + 20, this.#zone)) {
      this.#day.set(bytes.subarray(at, at + 11));
      this.#zone.set(bytes.subarray(at + 20, at + TIME_LENGTH));
      const text = Buffer.from([...this.#day, ...Buffer.from(':00:00:00'), ...this.#zone]).toString('latin1');
      this.#midnight = commonLogTime(text, 0);
    }
    const hour = two(bytes, at + 12);
    const minute = two(bytes, at + 15);
    const second = two(bytes, at + 18);
    if (bytes[at + 11] !== COLON || bytes[at + 14] !== COLON || bytes[at + 17] !== COLON) return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return false;
    this.time = this.#midnight + ((hour * 60 + minute) * 60 + second) * 1000;
    return this.time >= 0;
  }

  /** The number of bytes sent, or `-`; the offset after it, -1 when it is neither. */
  #scanBytes(bytes: Uint8Array, from: number): number {
    let at = from;
    let value = 0;
    if (bytes[at] === DASH) at++;
    else for (; at < from + 15 && isDigit(bytes[at] as number); at++) value = value * 10 + (bytes[at] as number) - ZERO;
    this.bytesOut = value;
    return at === from ? -1 : at;
  }

  /** Referrer and user agent, or the end of the line. */
  #scanAgents(bytes: Uint8Array, from: number, most: number): boolean {
    this.referrerFrom = this.referrerTo = this.agentFrom = this.agentTo = 0;
    let at = from;
    if (bytes[at] !== NEWLINE) {
      if (bytes[at] !== SPACE || bytes[at + 1] !== QUOTE) return false;
      this.referrerFrom = at + 2;
      this.referrerTo = quoteEnd(bytes, at + 2, most);
      at = this.referrerTo + 1;
      if (at === 0 || bytes[at] !== SPACE || bytes[at + 1] !== QUOTE) return false;
      this.agentFrom = at + 2;
      this.agentTo = quoteEnd(bytes, at + 2, most);
      at = this.agentTo + 1;
      if (at === 0 || bytes[at] !== NEWLINE) return false;
    }
    this.next = at + 1;
    return true;
  }
}

/** The parts of a plain line as the parser of the format reads them. */
export const plainParts = Object.freeze({
  client: (bytes: Buffer, from: number, to: number): string => clientAddress(bytes.toString('latin1', from, to)),
  /** Method, host, path, query and protocol. The answer is used again by the next call. */
  target(bytes: Buffer, from: number, to: number): Readonly<Target> {
    splitRequestLine(bytes.toString('latin1', from, to), 0, to - from, target);
    return target;
  },
  /** Referrer or user agent; '' for `-`. */
  quoted: (bytes: Buffer, from: number, to: number): string =>
    to - from === 1 && bytes[from] === DASH ? '' : bytes.toString('latin1', from, to),
});

/** What a plain line never says, as the parser of the format has it. */
export const UNSAID = Object.freeze({
  route: '',
  durationUs: -1,
  bytesIn: -1,
  headers: null,
  consent: 'unknown',
} satisfies Partial<RawRequest>);

const target = newTarget();

/** Offset of the first quote from `from` on, -1 when something else than plain text comes before it. */
function quoteEnd(bytes: Uint8Array, from: number, most: number): number {
  for (let at = from; at < most; at++) {
    const code = bytes[at] as number;
    if (code === QUOTE) return at;
    if (IS_PLAIN[code] === 0) return -1;
  }
  return -1;
}

/** The number of two digits at an offset, -1 for anything else. */
function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] as number;
  const units = bytes[at + 1] as number;
  return isDigit(tens) && isDigit(units) ? 10 * tens + units - 11 * ZERO : -1;
}

function holds(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false;
  return true;
}
