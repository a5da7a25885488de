import { Fault } from '../model/fault.ts';

/** A decoded value of a MaxMind DB data section. */
export type MmdbValue = string | number | bigint | boolean | Uint8Array | MmdbValue[] | { [key: string]: MmdbValue };

/** Real records nest four deep; files made to exhaust the stack nest thousands. */
const MAX_DEPTH = 32;
/** Values in one record: an array may claim more entries than the file has bytes. */
const MAX_VALUES = 20_000;

const POINTER = 1;
const EXTENDED = 0;
const NUMBER_SIZES: Readonly<Record<number, number>> = { 5: 2, 6: 4, 8: 4, 9: 8, 10: 16 };
const POINTER_BASE = [0, 2048, 526336, 0] as const;

/**
 * Reads values of a MaxMind DB data section (MaxMind DB File Format 2.0, "Output Data Section"). Never reads outside
 * the section and bounds depth and count, so that a broken file ends in a Fault and not in a hang or a crash.
 */
export class MmdbDecoder {
  readonly #bytes: Buffer;
  readonly #base: number;
  readonly #end: number;
  readonly #path: string;
  #at = 0;
  #left = 0;

  /** `base`: where the section's pointers count from; `end`: first byte behind it; `path` names the file in faults. */
  constructor(bytes: Buffer, base: number, end: number, path: string) {
    this.#bytes = bytes;
    this.#base = base;
    this.#end = end;
    this.#path = path;
  }

  /** The value at an absolute offset. Throws Fault `geo-data-broken`. */
  decode(offset: number): MmdbValue {
    this.#at = offset;
    this.#left = MAX_VALUES;
    return this.#value(0);
  }

  #broken(reason: string): Fault {
    return new Fault('geo-data-broken', `${this.#path}: ${reason} at byte ${this.#at}`);
  }

  #take(count: number): number {
    const at = this.#at;
    if (at < this.#base || at + count > this.#end) throw this.#broken('a value reaches outside the data section');
    this.#at = at + count;
    return at;
  }

  #uint(count: number): number {
    return count === 0 ? 0 : this.#bytes.readUIntBE(this.#take(count), count);
  }

  #value(depth: number): MmdbValue {
    if (depth > MAX_DEPTH) throw this.#broken(`values nest deeper than ${MAX_DEPTH}`);
    if (--this.#left < 0) throw this.#broken(`a record holds more than ${MAX_VALUES} values`);
    const control = this.#uint(1);
    let type = control >> 5;
    if (type === POINTER) return this.#pointed(control, depth);
    if (type === EXTENDED) {
      type = this.#uint(1) + 7;
      if (type < 8) throw this.#broken('invalid extended type');
    }
    return this.#payload(type, this.#size(control & 0x1f), depth);
  }

  #size(low: number): number {
    if (low < 29) return low;
    if (low === 29) return 29 + this.#uint(1);
    return low === 30 ? 285 + this.#uint(2) : 65821 + this.#uint(3);
  }

  #pointed(control: number, depth: number): MmdbValue {
    const size = (control >> 3) & 3;
    const high = size === 3 ? 0 : (control & 7) * 256 ** (size + 1);
    const target = this.#base + high + this.#uint(size + 1) + (POINTER_BASE[size] as number);
    const after = this.#at;
    this.#at = target;
    // The format forbids a pointer to a pointer; depth also ends a chain of them.
    const value = this.#value(depth + 1);
    this.#at = after;
    return value;
  }

  #payload(type: number, size: number, depth: number): MmdbValue {
    const longest = NUMBER_SIZES[type];
    if (longest !== undefined && size > longest) throw this.#broken(`a number of ${size} bytes`);
    switch (type) {
      case 2:
        return this.#text(size);
      case 3:
        if (size !== 8) throw this.#broken(`a double of ${size} bytes`);
        return this.#bytes.readDoubleBE(this.#take(8));
      case 4:
        return this.#bytes.subarray(this.#take(size), this.#at);
      case 5:
      case 6:
        return this.#uint(size);
      case 7:
        return this.#map(size, depth);
      case 8:
        return size === 4 ? this.#bytes.readInt32BE(this.#take(4)) : this.#uint(size);
      case 9:
      case 10:
        return this.#big(size);
      case 11:
        return this.#array(size, depth);
      case 14:
        return size !== 0;
      case 15:
        if (size !== 4) throw this.#broken(`a float of ${size} bytes`);
        return this.#bytes.readFloatBE(this.#take(4));
      default:
        throw this.#broken(`unknown type ${type}`);
    }
  }

  #text(size: number): string {
    const at = this.#take(size);
    return this.#bytes.toString('utf8', at, at + size);
  }

  #big(size: number): bigint {
    const at = this.#take(size);
    return size === 0 ? 0n : BigInt(`0x${this.#bytes.toString('hex', at, at + size)}`);
  }

  #map(size: number, depth: number): MmdbValue {
    const map: { [key: string]: MmdbValue } = Object.create(null);
    for (let i = 0; i < size; i++) {
      const key = this.#value(depth + 1);
      if (typeof key !== 'string') throw this.#broken('a map key is not text');
      map[key] = this.#value(depth + 1);
    }
    return map;
  }

  #array(size: number, depth: number): MmdbValue {
    const array: MmdbValue[] = [];
    for (let i = 0; i < size; i++) array.push(this.#value(depth + 1));
    return array;
  }
}

/** The value at a path of map keys and array indices, undefined when any step is missing. */
export function valueAt(value: MmdbValue, ...path: (string | number)[]): MmdbValue | undefined {
  let at: MmdbValue | undefined = value;
  for (const step of path) {
    if (typeof at !== 'object' || at instanceof Uint8Array) return undefined;
    at = Array.isArray(at) ? at[step as number] : at[step as string];
    if (at === undefined) return undefined;
  }
  return at;
}

/** The text at a path, '' when it is missing or no text. */
export function textAt(value: MmdbValue, ...path: (string | number)[]): string {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : '';
}
