const FIRST_SIZE = 1 << 20;
/** Kept between blocks; a buffer that grew larger for a giant block is let go. */
const KEPT_SIZE = 1 << 25;

/** LowCardinality, version "shared dictionaries with additional keys" (SerializationLowCardinality.cpp). */
const LC_VERSION = 1n;
/** The keys stand in the block itself, and are the whole dictionary. */
const LC_FLAGS = (1n << 9n) | (1n << 10n);

/**
 * Writes one block of ClickHouse's Native format (https://clickhouse.com/docs/interfaces/formats/Native): column after
 * column, numbers little-endian, texts with a varint length, LowCardinality as a dictionary and an index a row. The
 * engine takes it as it is, where a text format costs it five times as much to read.
 */
export class NativeBlock {
  #buffer = Buffer.allocUnsafe(FIRST_SIZE);
  #at = 0;
  #rows = 0;

  /** Begins a block of so many columns and rows. */
  begin(columns: number, rows: number): void {
    this.#at = 0;
    this.#rows = rows;
    if (this.#buffer.length > KEPT_SIZE) this.#buffer = Buffer.allocUnsafe(FIRST_SIZE);
    this.#varint(columns);
    this.#varint(rows);
  }

  /** A copy of the block. */
  end(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#at));
  }

  /** Numbers of so many bytes each; the array may have room for more rows than there are. */
  numbers(name: string, type: string, width: number, values: ArrayBufferView): void {
    this.#head(name, type);
    this.#bytes(new Uint8Array(values.buffer, values.byteOffset, width * this.#rows));
  }

  /** Texts of some rows, in ascending order; the others' are empty. */
  texts(name: string, values: ReadonlyMap<number, string>): void {
    this.#head(name, 'String');
    let next = 0;
    for (const [row, value] of values) {
      this.#zeros(row - next);
      this.#text(value);
      next = row + 1;
    }
    this.#zeros(this.#rows - next);
  }

  /**
   * One entry of a dictionary a row, by its place there: `recoded[places[row]]`, or `places[row]` itself. The places may
   * have room for more rows than there are.
   */
  coded(name: string, keys: readonly string[], places: Uint32Array, recoded: Uint32Array | null = null): void {
    this.#head(name, 'LowCardinality(String)');
    const width = keys.length <= 0x100 ? 0 : keys.length <= 0x1_0000 ? 1 : 2;
    this.#uint64(LC_VERSION);
    this.#uint64(LC_FLAGS | BigInt(width));
    this.#uint64(BigInt(keys.length));
    for (const key of keys) this.#text(key);
    this.#uint64(BigInt(this.#rows));
    this.#spread(1 << width, places, recoded);
  }

  /** Numbers of so many bytes each that many rows share: the one at the row's place. */
  shared(name: string, type: string, width: number, values: ArrayBufferView, places: Uint32Array): void {
    this.#head(name, type);
    if (width < 8) return this.#spread(width, places, values as Uint32Array);
    // In halves: a number of 64 bits is an object.
    const halves = new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
    this.#ensure(8 * this.#rows);
    const view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset);
    for (let row = 0, at = this.#at; row < this.#rows; row += 1, at += 8) {
      const place = places[row] as number;
      view.setUint32(at, halves[2 * place] as number, true);
      view.setUint32(at + 4, halves[2 * place + 1] as number, true);
    }
    this.#at += 8 * this.#rows;
  }

  /** Lists of texts of some rows, in ascending order; the others' are empty. */
  lists(name: string, values: ReadonlyMap<number, readonly string[]>): void {
    this.#head(name, 'Array(String)');
    this.#offsets(values);
    for (const list of values.values()) for (const text of list) this.#text(text);
  }

  /** Maps of texts of some rows as entries, in ascending order; the others' are empty. */
  maps(name: string, values: ReadonlyMap<number, readonly (readonly [string, string])[]>): void {
    this.#head(name, 'Map(String, String)');
    this.#offsets(values);
    for (const side of [0, 1] as const) {
      for (const map of values.values()) for (const entry of map) this.#text(entry[side]);
    }
  }

  #head(name: string, type: string): void {
    this.#text(name);
    this.#text(type);
  }

  /** Where the entries of each row end, as 64-bit numbers. */
  #offsets(values: ReadonlyMap<number, readonly unknown[]>): void {
    const offsets = new Uint32Array(2 * this.#rows);
    let end = 0;
    let next = 0;
    for (const [row, { length }] of values) {
      for (; next < row; next += 1) offsets[2 * next] = end;
      end += length;
    }
    if (end > 0) for (; next < this.#rows; next += 1) offsets[2 * next] = end;
    this.#bytes(offsets);
  }

  #zeros(count: number): void {
    this.#ensure(count);
    this.#buffer.fill(0, this.#at, this.#at + count);
    this.#at += count;
  }

  /** The value at each row's place, in 1, 2 or 4 bytes. */
  #spread(width: number, places: Uint32Array, values: Uint32Array | null): void {
    const rows = this.#rows;
    this.#ensure(width * rows);
    const view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset);
    for (let row = 0, at = this.#at; row < rows; row += 1, at += width) {
      const place = places[row] as number;
      const value = values === null ? place : (values[place] as number);
      if (width === 1) view.setUint8(at, value);
      else if (width === 2) view.setUint16(at, value, true);
      else view.setUint32(at, value, true);
    }
    this.#at += width * rows;
  }

  #ensure(room: number): void {
    if (this.#at + room <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + room));
    this.#buffer.copy(grown, 0, 0, this.#at);
    this.#buffer = grown;
  }

  #bytes(view: ArrayBufferView): void {
    this.#ensure(view.byteLength);
    this.#buffer.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), this.#at);
    this.#at += view.byteLength;
  }

  #uint64(value: bigint): void {
    this.#ensure(8);
    this.#at = this.#buffer.writeBigUInt64LE(value, this.#at);
  }

  #varint(value: number): void {
    this.#ensure(5);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#at++] = rest;
  }

  #text(value: string): void {
    const { length } = value;
    this.#ensure(3 * length + 5);
    if (length === 0) {
      this.#buffer[this.#at++] = 0;
      return;
    }
    // Nearly all texts are short ASCII; their length in bytes is known once they are written.
    if (length < 0x80) {
      const start = this.#at + 1;
      let index = 0;
      for (; index < length; index += 1) {
        const code = value.charCodeAt(index);
        if (code > 0x7f) break;
        this.#buffer[start + index] = code;
      }
      if (index === length) {
        this.#buffer[this.#at] = length;
        this.#at = start + length;
        return;
      }
    }
    const bytes = Buffer.byteLength(value);
    this.#varint(bytes);
    this.#ensure(bytes);
    this.#at += this.#buffer.write(value, this.#at);
  }
}
