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
 * Address ranges of autonomous systems in typed arrays: `first,last,asn,"name"` a line, sorted, with addresses as
 * numbers or as text. Published files overlap in places; the range that begins last is then the one that holds an
 * address, and nothing behind its end is claimed by the one before. Two families, one class: IPv4 takes one word an
 * address, IPv6 four.
 */
export class AsnRanges {
  readonly #width: 1 | 4;
  #firsts: Uint32Array;
  #lasts: Uint32Array;
  #systems: Uint32Array;
  #count = 0;
  /** Position of the first range at or after each top 16 bits: leaves few steps to search. */
  readonly #index = new Uint32Array(65537);
  readonly #numbers: number[] = [];
  readonly #names: AsNames;
  readonly #entries: AsEntry[] = [];

  /** Throws Fault `geo-data-broken`, naming `path`, the line and the reason. */
  constructor(bytes: Buffer, family: 4 | 6, path: string) {
    this.#width = family === 4 ? 1 : 4;
    const guess = Math.ceil(bytes.length / 40) + 16;
    this.#firsts = new Uint32Array(guess * this.#width);
    this.#lasts = new Uint32Array(guess * this.#width);
    this.#systems = new Uint32Array(guess);
    this.#names = new AsNames();
    this.#read(bytes, path);
    this.#firsts = this.#firsts.slice(0, this.#count * this.#width);
    this.#lasts = this.#lasts.slice(0, this.#count * this.#width);
    this.#systems = this.#systems.slice(0, this.#count);
    this.#buildIndex();
  }

  /** Number of ranges. */
  get count(): number {
    return this.#count;
  }

  /** The system an IPv4 address (unsigned 32-bit) belongs to. */
  find4(address: number): AsEntry | null {
    const firsts = this.#firsts;
    const top = address >>> 16;
    let low = this.#index[top] as number;
    let high = this.#index[top + 1] as number;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((firsts[middle] as number) <= address) low = middle + 1;
      else high = middle;
    }
    return low > 0 && address <= (this.#lasts[low - 1] as number) ? this.#entry(low - 1) : null;
  }

  /** The system an IPv6 address (four words) belongs to. */
  find6(words: Uint32Array): AsEntry | null {
    const top = (words[0] as number) >>> 16;
    let low = this.#index[top] as number;
    let high = this.#index[top + 1] as number;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(this.#firsts, middle * 4, words, 0) <= 0) low = middle + 1;
      else high = middle;
    }
    return low > 0 && compare(words, 0, this.#lasts, (low - 1) * 4) <= 0 ? this.#entry(low - 1) : null;
  }

  #entry(range: number): AsEntry {
    const system = this.#systems[range] as number;
    let entry = this.#entries[system];
    if (!entry) {
      entry = Object.freeze({ asn: this.#numbers[system] as number, asOrg: this.#names.at(system), isp: '' });
      this.#entries[system] = entry;
    }
    return entry;
  }

  #read(bytes: Buffer, path: string): void {
    const systems = new Map<number, number>();
    const end = bytes.length;
    let line = 0;
    let at = 0;
    while (at < end) {
      line++;
      const start = at;
      const newline = bytes.indexOf(NEWLINE, start);
      at = newline < 0 ? end : newline;
      const firstEnd = fieldEnd(bytes, start, at);
      const lastEnd = fieldEnd(bytes, firstEnd + 1, at);
      const asnEnd = fieldEnd(bytes, lastEnd + 1, at);
      if (at - start > 1) {
        if (this.#count === this.#systems.length) this.#grow();
        const offset = this.#count * this.#width;
        const good =
          this.#address(bytes, start, firstEnd, this.#firsts, offset) &&
          this.#address(bytes, firstEnd + 1, lastEnd, this.#lasts, offset) &&
          compareWide(this.#firsts, offset, this.#lasts, offset, this.#width) <= 0;
        const asn = decimal(bytes, lastEnd + 1, asnEnd);
        if (!good || asn < 0) throw new Fault('geo-data-broken', `${path}: line ${line} is not "first,last,asn,name"`);
        if (offset > 0 && compareWide(this.#firsts, offset - this.#width, this.#firsts, offset, this.#width) >= 0) {
          throw new Fault('geo-data-broken', `${path}: line ${line} is out of order`);
        }
        let system = systems.get(asn);
        if (system === undefined) {
          system = this.#numbers.push(asn) - 1;
          systems.set(asn, system);
          this.#names.add(bytes, asnEnd + 1, at);
        }
        this.#systems[this.#count++] = system;
      }
      at++;
    }
    if (this.#count === 0) throw new Fault('geo-data-broken', `${path}: holds no ranges`);
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

  #buildIndex(): void {
    let range = 0;
    for (let top = 0; top < 65537; top++) {
      while (range < this.#count && (this.#firsts[range * this.#width] as number) >>> 16 < top) range++;
      this.#index[top] = range;
    }
  }
}

/** Names as bytes, decoded when asked for: most are never looked at. */
class AsNames {
  #bytes = Buffer.allocUnsafe(1 << 21);
  #used = 0;
  readonly #ends: number[] = [];

  /** Adds the field between two offsets; surrounding quotes and a carriage return are not part of it. */
  add(source: Buffer, from: number, to: number): void {
    let end = to;
    if (end > from && source[end - 1] === 13) end--;
    const length = Math.max(0, end - from);
    if (this.#used + length > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes], (this.#used + length) * 2);
    }
    if (length > 0) source.copy(this.#bytes, this.#used, from, end);
    this.#used += length;
    this.#ends.push(this.#used);
  }

  at(index: number): string {
    const from = index === 0 ? 0 : (this.#ends[index - 1] as number);
    const text = this.#bytes.toString('utf8', from, this.#ends[index]);
    return text.charCodeAt(0) === QUOTE
      ? text.slice(1, text.endsWith('"') ? -1 : undefined).replaceAll('""', '"')
      : text;
  }
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

function compare(a: Uint32Array, i: number, b: Uint32Array, j: number): number {
  return compareWide(a, i, b, j, 4);
}

function compareWide(a: Uint32Array, i: number, b: Uint32Array, j: number, width: number): number {
  for (let k = 0; k < width; k++) {
    const left = a[i + k] as number;
    const right = b[j + k] as number;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
