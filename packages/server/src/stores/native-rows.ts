import { Fault } from '../model/fault.ts';

/** Bytes a value of the types that have a fixed width. */
const WIDTHS: Readonly<Record<string, number>> = {
  UInt8: 1,
  Int8: 1,
  UInt16: 2,
  Int16: 2,
  UInt32: 4,
  Int32: 4,
  UInt64: 8,
  Int64: 8,
  Float64: 8,
  UUID: 16,
};
const LC_HEAD_BYTES = 16;
const LC_INDEX_WIDTHS = [1, 2, 4, 8];

/**
 * A block of the Native format without some of its rows; `keep` says of each row whether it stays. For the rare batch
 * of which a part is stored already. Knows the types that NativeBlock writes; throws a Fault `bad-block` for others and
 * for what is no block.
 */
export function keepRows(block: Buffer, keep: (row: number) => boolean): Buffer {
  const { reader, columns, rows } = openBlock(block);
  const kept: number[] = [];
  for (let row = 0; row < rows; row += 1) if (keep(row)) kept.push(row);
  const parts: Buffer[] = [varint(columns), varint(kept.length)];
  for (let column = 0; column < columns; column += 1) {
    const from = reader.at;
    reader.text();
    const type = reader.text().toString();
    parts.push(block.subarray(from, reader.at), ...cutColumn(reader, type, rows, kept));
  }
  if (reader.at !== block.length) throw damaged();
  return Buffer.concat(parts);
}

/**
 * Every text of a block with the name of its column: those of dictionaries, lists and maps too. A text of a dictionary
 * comes once, whatever the rows it stands in. Throws a Fault `bad-block` like keepRows.
 */
export function* blockTexts(block: Buffer): Generator<{ column: string; text: Buffer }> {
  const { reader, columns, rows } = openBlock(block);
  for (let index = 0; index < columns; index += 1) {
    const column = reader.text().toString();
    const type = reader.text().toString();
    let count = 0;
    let width: number | undefined;
    if (type === 'String') count = rows;
    else if (type === 'LowCardinality(String)') {
      width = LC_INDEX_WIDTHS[reader.take(LC_HEAD_BYTES).readUInt8(8)];
      if (width === undefined) throw damaged();
      count = reader.uint64();
    } else if (type === 'Array(String)' || type === 'Map(String, String)') {
      reader.take(8 * Math.max(0, rows - 1));
      count = (rows === 0 ? 0 : reader.uint64()) * (type === 'Array(String)' ? 1 : 2);
    } else if (WIDTHS[type] !== undefined) reader.take(rows * WIDTHS[type]);
    else throw new Fault('bad-block', `a block holds a column of type ${type.slice(0, 60)}`);
    for (let at = 0; at < count; at += 1) yield { column, text: reader.text() };
    if (width !== undefined) reader.take(reader.uint64() * width);
  }
}

/** The values of a column of texts (String) in the rows of a block; null where there is no such column. */
export function textColumn(block: Buffer, name: string): Buffer[] | null {
  const found = findColumn(block, name, 'String');
  return found && Array.from({ length: found.rows }, () => found.reader.text());
}

/** The values of a column of UUIDs in the rows of a block; null where there is no such column. */
export function uuidColumn(block: Buffer, name: string): string[] | null {
  const found = findColumn(block, name, 'UUID');
  if (found === null) return null;
  const values = found.reader.take(16 * found.rows);
  const texts: string[] = [];
  for (let at = 0; at < values.length; at += 16) {
    // Rows beside one another are mostly the same tenant's.
    const repeated = at > 0 && values.compare(values, at, at + 16, at - 16, at) === 0;
    texts.push(repeated ? (texts.at(-1) as string) : uuidText(values, at));
  }
  return texts;
}

/** A UUID as a block holds it. */
export function uuidBytes(uuid: string): Buffer {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  return Buffer.concat([bytes.subarray(0, 8).reverse(), bytes.subarray(8).reverse()]);
}

/** A reader that is where the values of a column begin; null where the block has none of that name and type. */
function findColumn(block: Buffer, name: string, type: string): { reader: Reader; rows: number } | null {
  const { reader, columns, rows } = openBlock(block);
  for (let index = 0; index < columns; index += 1) {
    const column = reader.text().toString();
    const own = reader.text().toString();
    if (column === name && own === type) return { reader, rows };
    cutColumn(reader, own, rows, []);
  }
  return null;
}

function openBlock(block: Buffer): { reader: Reader; columns: number; rows: number } {
  const reader = new Reader(block);
  const columns = reader.varint();
  const rows = reader.varint();
  if (rows > block.length || columns > block.length) throw damaged();
  return { reader, columns, rows };
}

/** Two halves, each little-endian. */
function uuidText(bytes: Buffer, at: number): string {
  const half = (from: number) => bytes.readBigUInt64LE(from).toString(16).padStart(16, '0');
  const hex = half(at) + half(at + 8);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function cutColumn(reader: Reader, type: string, rows: number, kept: readonly number[]): Buffer[] {
  const width = WIDTHS[type];
  if (width !== undefined) return pick(reader.take(rows * width), width, kept);
  if (type === 'String') {
    const texts = reader.texts(rows);
    return kept.map((row) => texts[row] as Buffer);
  }
  if (type === 'LowCardinality(String)') return cutCoded(reader, kept);
  if (type === 'Array(String)') return cutLists(reader, rows, kept, 1);
  if (type === 'Map(String, String)') return cutLists(reader, rows, kept, 2);
  throw new Fault('bad-block', `a block holds a column of type ${type.slice(0, 60)}`);
}

/** The dictionary stays whole: entries that no row has do no harm. */
function cutCoded(reader: Reader, kept: readonly number[]): Buffer[] {
  const from = reader.at;
  const head = reader.take(LC_HEAD_BYTES);
  const width = LC_INDEX_WIDTHS[head.readUInt8(8)] as number | undefined;
  if (width === undefined) throw damaged();
  reader.texts(reader.uint64());
  const dictionary = reader.slice(from);
  return [dictionary, uint64(kept.length), ...pick(reader.take(reader.uint64() * width), width, kept)];
}

/** Lists are where each ends and then all members one after another; maps, keys and then values. */
function cutLists(reader: Reader, rows: number, kept: readonly number[], sides: number): Buffer[] {
  const ends = Array.from({ length: rows }, () => reader.uint64());
  if (ends.some((place, row) => place < (ends[row - 1] ?? 0))) throw damaged();
  const offsets: Buffer[] = [];
  let end = 0;
  for (const row of kept) {
    end += (ends[row] as number) - (ends[row - 1] ?? 0);
    offsets.push(uint64(end));
  }
  const members: Buffer[] = [];
  for (let side = 0; side < sides; side += 1) {
    const texts = reader.texts(ends[rows - 1] ?? 0);
    for (const row of kept) members.push(...texts.slice(ends[row - 1] ?? 0, ends[row]));
  }
  return [...offsets, ...members];
}

function pick(values: Buffer, width: number, kept: readonly number[]): Buffer[] {
  return kept.map((row) => values.subarray(row * width, (row + 1) * width));
}

class Reader {
  readonly #block: Buffer;
  at = 0;

  constructor(block: Buffer) {
    this.#block = block;
  }

  take(bytes: number): Buffer {
    if (!(bytes >= 0 && this.at + bytes <= this.#block.length)) throw damaged();
    this.at += bytes;
    return this.#block.subarray(this.at - bytes, this.at);
  }

  slice(from: number): Buffer {
    return this.#block.subarray(from, this.at);
  }

  uint64(): number {
    const value = Number(this.take(8).readBigUInt64LE());
    if (value > this.#block.length) throw damaged();
    return value;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.take(1).readUInt8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw damaged();
  }

  text(): Buffer {
    return this.take(this.varint());
  }

  /** So many texts, each with its length. */
  texts(count: number): Buffer[] {
    const texts: Buffer[] = [];
    for (let index = 0; index < count; index += 1) {
      const from = this.at;
      this.text();
      texts.push(this.slice(from));
    }
    return texts;
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

function uint64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function damaged(): Fault {
  return new Fault('bad-block', 'a block is cut off or damaged');
}
