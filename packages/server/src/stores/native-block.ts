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

  /** One text a row. */
  texts(name: string, values: readonly string[]): void {
    this.#head(name, 'String');
    for (const value of values) this.#text(value);
  }

  /** One entry of a dictionary a row; the index may have room for more rows than there are. */
  coded(name: string, keys: readonly string[], places: Uint32Array): void {
    const index = places.subarray(0, this.#rows);
    this.#head(name, 'LowCardinality(String)');
    const width = keys.length <= 0x100 ? 0 : keys.length <= 0x1_0000 ? 1 : 2;
    this.#uint64(LC_VERSION);
    this.#uint64(LC_FLAGS | BigInt(width));
    this.#uint64(BigInt(keys.length));
    for (const key of keys) this.#text(key);
    this.#uint64(BigInt(index.length));
    this.#bytes(width === 0 ? Uint8Array.from(index) : width === 1 ? Uint16Array.from(index) : index);
  }

  /** A list of texts a row; null for an empty one. */
  lists(name: string, values: readonly (readonly string[] | null)[]): void {
    this.#head(name, 'Array(String)');
    this.#offsets(values.map((list) => list?.length ?? 0));
    for (const list of values) if (list !== null) for (const text of list) this.#text(text);
  }

  /** A map of texts a row, as entries; null for an empty one. */
  maps(name: string, values: readonly (readonly [string, string][] | null)[]): void {
    this.#head(name, 'Map(String, String)');
    this.#offsets(values.map((map) => map?.length ?? 0));
    for (const side of [0, 1] as const) {
      for (const map of values) if (map !== null) for (const entry of map) this.#text(entry[side]);
    }
  }

  #head(name: string, type: string): void {
    this.#text(name);
    this.#text(type);
  }

  #offsets(lengths: readonly number[]): void {
    const offsets = new BigUint64Array(this.#rows);
    let end = 0;
    for (let row = 0; row < lengths.length; row += 1) {
      end += lengths[row] as number;
      offsets[row] = BigInt(end);
    }
    this.#bytes(offsets);
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
