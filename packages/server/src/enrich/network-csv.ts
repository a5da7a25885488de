import { ipv4Number, ipv6Words } from '../model/address.ts';
import { Fault } from '../model/fault.ts';

const COMMA = 44;
const NEWLINE = 10;
const QUOTE = 34;
const LIMB = 0x1_0000_0000;

/** An autonomous system as its source names it. */
export interface AsEntry {
  asn: number;
  asOrg: string;
  /** Only where the source tells the provider from the organisation. */
  isp: string;
}

/**
 * Bytes of a block, of which a look-up reads as many as it needs: few enough that a short run touches little of the
 * file, enough that the list of blocks is short.
 */
const BLOCK = 2048;
const UNREAD = -1;

/**
 * Address ranges of autonomous systems: `first,last,asn,"name"` a line, sorted, with addresses as numbers or as text.
 * Published files overlap in places; the range that begins last is then the one that holds an address, and nothing
 * behind its end is claimed by the one before. Two families, one class: IPv4 takes one word an address, IPv6 four.
 *
 * The file stays as it is and is cut into blocks of whole lines; opening reads the first line of each, a look-up the
 * lines of its block, once, into typed arrays.
 */
export class AsnRanges {
  readonly #width: 1 | 4;
  readonly #bytes: Buffer;
  readonly #path: string;
  /** Offset of each block's first line, and where the last ends. */
  readonly #starts: Uint32Array;
  /** First address of each block. */
  readonly #heads: Uint32Array;
  #blocks = 0;
  /** Position of the first range of each block among those read, UNREAD before; and how many they are. */
  readonly #froms: Int32Array;
  readonly #counts: Uint32Array;
  #firsts: Uint32Array;
  #lasts: Uint32Array;
  /** System of each range read, as an index of the entries. */
  #systems: Uint32Array;
  #count = 0;
  readonly #entries: AsEntry[] = [];
  readonly #systemOf = new Map<number, number>();

  /**
   * Reads the first line of each block; the others are read when asked for. Throws Fault `geo-data-broken`, naming
   * `path`, the line and the reason.
   */
  constructor(bytes: Buffer, family: 4 | 6, path: string) {
    this.#width = family === 4 ? 1 : 4;
    this.#bytes = bytes;
    this.#path = path;
    const most = Math.ceil(bytes.length / BLOCK) + 1;
    this.#starts = new Uint32Array(most + 1);
    this.#heads = new Uint32Array(most * this.#width);
    this.#readHeads();
    this.#froms = new Int32Array(this.#blocks).fill(UNREAD);
    this.#counts = new Uint32Array(this.#blocks);
    this.#firsts = new Uint32Array(1024 * this.#width);
    this.#lasts = new Uint32Array(1024 * this.#width);
    this.#systems = new Uint32Array(1024);
  }

  /** Reads all that was not read yet and answers the number of ranges. Throws Fault `geo-data-broken`, as opening. */
  readAll(): number {
    for (let block = 0; block < this.#blocks; block++) this.#open(block);
    return this.#count;
  }

  /** The system an IPv4 address (unsigned 32-bit) belongs to. Throws Fault `geo-data-broken` where its block is broken. */
  find4(address: number): AsEntry | null {
    const heads = this.#heads;
    let low = 0;
    let high = this.#blocks;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((heads[middle] as number) <= address) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return null;
    const from = this.#open(low - 1);
    const end = from + (this.#counts[low - 1] as number);
    const firsts = this.#firsts;
    low = from;
    high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((firsts[middle] as number) <= address) low = middle + 1;
      else high = middle;
    }
    return low > from && address <= (this.#lasts[low - 1] as number) ? this.#entryOf(low - 1) : null;
  }

  /** The system an IPv6 address (four words) belongs to. Throws Fault `geo-data-broken` where its block is broken. */
  find6(words: Uint32Array): AsEntry | null {
    const block = lastAtMost(this.#heads, 0, this.#blocks, words);
    if (block < 0) return null;
    const from = this.#open(block);
    const range = lastAtMost(this.#firsts, from, from + (this.#counts[block] as number), words);
    return range >= from && compareWide(words, 0, this.#lasts, range * 4, 4) <= 0 ? this.#entryOf(range) : null;
  }

  #entryOf(range: number): AsEntry {
    return this.#entries[this.#systems[range] as number] as AsEntry;
  }

  #readHeads(): void {
    const bytes = this.#bytes;
    const width = this.#width;
    let at = 0;
    while (at < bytes.length) {
      at = lineFrom(bytes, at);
      if (at >= bytes.length) break;
      const block = this.#blocks;
      const head = block * width;
      const end = fieldEnd(bytes, at, lineEnd(bytes, at));
      if (!this.#address(bytes, at, end, this.#heads, head)) throw this.#broken(at, NO_LINE);
      if (block > 0 && compareWide(this.#heads, head - width, this.#heads, head, width) >= 0) {
        throw this.#broken(at, OUT_OF_ORDER);
      }
      this.#starts[this.#blocks++] = at;
      at = lineEnd(bytes, at + BLOCK);
    }
    if (this.#blocks === 0) throw new Fault('geo-data-broken', `${this.#path}: holds no ranges`);
    this.#starts[this.#blocks] = bytes.length;
  }

  /** Position of the block's first range, after it was read if need be. */
  #open(block: number): number {
    const known = this.#froms[block] as number;
    if (known !== UNREAD) return known;
    const from = this.#count;
    const end = this.#starts[block + 1] as number;
    try {
      for (let at = this.#starts[block] as number; at < end; ) at = this.#line(at, this.#count > from) + 1;
      this.#endsBelow(block + 1);
    } catch (error) {
      this.#count = from;
      throw error;
    }
    this.#counts[block] = this.#count - from;
    this.#froms[block] = from;
    return from;
  }

  /** Reads the line at an offset, if it is not blank, and answers where it ends. */
  #line(start: number, follows: boolean): number {
    const bytes = this.#bytes;
    const width = this.#width;
    const end = lineEnd(bytes, start);
    if (end - start <= 1) return end;
    if (this.#count === this.#systems.length) this.#grow();
    const firstEnd = fieldEnd(bytes, start, end);
    const lastEnd = fieldEnd(bytes, firstEnd + 1, end);
    const asnEnd = fieldEnd(bytes, lastEnd + 1, end);
    const offset = this.#count * width;
    const good =
      this.#address(bytes, start, firstEnd, this.#firsts, offset) &&
      this.#address(bytes, firstEnd + 1, lastEnd, this.#lasts, offset) &&
      compareWide(this.#firsts, offset, this.#lasts, offset, width) <= 0;
    const asn = decimal(bytes, lastEnd + 1, asnEnd);
    if (!good || asn < 0) throw this.#broken(start, NO_LINE);
    if (follows && compareWide(this.#firsts, offset - width, this.#firsts, offset, width) >= 0) {
      throw this.#broken(start, OUT_OF_ORDER);
    }
    this.#systems[this.#count++] = this.#system(asn, asnEnd + 1, end);
    return end;
  }

  /** The last range read must begin before the block that follows it. */
  #endsBelow(next: number): void {
    if (next >= this.#blocks) return;
    const width = this.#width;
    if (compareWide(this.#firsts, (this.#count - 1) * width, this.#heads, next * width, width) >= 0) {
      throw this.#broken(this.#starts[next] as number, OUT_OF_ORDER);
    }
  }

  /** A system goes by the first name that was read for it. */
  #system(asn: number, from: number, to: number): number {
    let system = this.#systemOf.get(asn);
    if (system === undefined) {
      const entry = Object.freeze({ asn, asOrg: nameAt(this.#bytes, from, to), isp: '' });
      system = this.#entries.push(entry) - 1;
      this.#systemOf.set(asn, system);
    }
    return system;
  }

  #address(bytes: Buffer, from: number, to: number, out: Uint32Array, offset: number): boolean {
    if (this.#width === 1) {
      let value = decimal(bytes, from, to);
      if (value < 0) value = ipv4Number(bytes.toString('latin1', from, to));
      out[offset] = value;
      return value >= 0 && value < LIMB;
    }
    const words = out.subarray(offset, offset + 4);
    return wideDecimal(bytes, from, to, words) || ipv6Words(bytes.toString('latin1', from, to), words);
  }

  #grow(): void {
    const longer = (array: Uint32Array): Uint32Array => {
      const copy = new Uint32Array(array.length * 2);
      copy.set(array);
      return copy;
    };
    this.#firsts = longer(this.#firsts);
    this.#lasts = longer(this.#lasts);
    this.#systems = longer(this.#systems);
  }

  #broken(at: number, reason: string): Fault {
    let line = 1;
    for (let newline = this.#bytes.indexOf(NEWLINE); newline >= 0 && newline < at; line++) {
      newline = this.#bytes.indexOf(NEWLINE, newline + 1);
    }
    return new Fault('geo-data-broken', `${this.#path}: line ${line} ${reason}`);
  }
}

const NO_LINE = 'is not "first,last,asn,name"';
const OUT_OF_ORDER = 'is out of order';

/** Offset of the next line at or after `at` that is not blank. */
function lineFrom(bytes: Buffer, at: number): number {
  let start = at;
  while (start < bytes.length) {
    const end = lineEnd(bytes, start);
    if (end - start > 1) return start;
    start = end + 1;
  }
  return start;
}

function lineEnd(bytes: Buffer, from: number): number {
  const newline = from < bytes.length ? bytes.indexOf(NEWLINE, from) : -1;
  return newline < 0 ? bytes.length : newline;
}

/** The name between two offsets, without surrounding quotes and carriage return. */
function nameAt(bytes: Buffer, from: number, to: number): string {
  const end = to > from && bytes[to - 1] === 13 ? to - 1 : to;
  const text = from < end ? bytes.toString('utf8', from, end) : '';
  return text.charCodeAt(0) === QUOTE ? text.slice(1, text.endsWith('"') ? -1 : undefined).replaceAll('""', '"') : text;
}

/** Index of the last of some sorted IPv6 addresses that is not above another; below `from` when all are. */
function lastAtMost(sorted: Uint32Array, from: number, end: number, words: Uint32Array): number {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareWide(sorted, middle * 4, words, 0, 4) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function fieldEnd(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== COMMA) at++;
  return at;
}

function decimal(bytes: Buffer, from: number, to: number): number {
  if (to <= from || to - from > 10) return -1;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Reads an unsigned 128-bit decimal into four words; false when it is none. */
function wideDecimal(bytes: Buffer, from: number, to: number, out: Uint32Array): boolean {
  if (to <= from || to - from > 39) return false;
  out.fill(0);
  let at = from;
  while (at < to) {
    let chunk = 0;
    let scale = 1;
    // Six digits at a time: a limb times 10^6 stays below 2^53.
    for (let i = 0; i < 6 && at < to; i++, at++) {
      const digit = (bytes[at] as number) - 48;
      if (digit < 0 || digit > 9) return false;
      chunk = chunk * 10 + digit;
      scale *= 10;
    }
    for (let limb = 3; limb >= 0; limb--) {
      const value = (out[limb] as number) * scale + chunk;
      chunk = Math.floor(value / LIMB);
      out[limb] = value - chunk * LIMB;
    }
    if (chunk > 0) return false;
  }
  return true;
}

function compareWide(a: Uint32Array, i: number, b: Uint32Array, j: number, width: number): number {
  for (let k = 0; k < width; k++) {
    const left = a[i + k] as number;
    const right = b[j + k] as number;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
