import { expect } from 'vitest';

/**
 * Reads a block of the Native format the long way round: column by column, as its documentation says
 * (https://clickhouse.com/docs/interfaces/formats/Native). Refuses a block with bytes left over.
 */
export function readBlock(bytes: Buffer): { rows: number; columns: Record<string, unknown[]> } {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] as number;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const uint64 = () => {
    at += 8;
    return bytes.readBigUInt64LE(at - 8);
  };
  const text = () => {
    const length = varint();
    at += length;
    return bytes.toString('utf8', at - length, at);
  };
  const many = <T>(count: number, read: () => T) => Array.from({ length: count }, read);
  const lists = <T>(count: number, read: (total: number) => T[]) => {
    const ends = many(count, () => Number(uint64()));
    const all = read(ends.at(-1) ?? 0);
    return ends.map((end, index) => all.slice(ends[index - 1] ?? 0, end));
  };
  const number = (width: number, read: () => unknown) => () => {
    const value = read();
    at += width;
    return value;
  };
  const readers: Record<string, (count: number) => unknown[]> = {
    UInt8: (count) =>
      many(
        count,
        number(1, () => bytes.readUInt8(at)),
      ),
    Int8: (count) =>
      many(
        count,
        number(1, () => bytes.readInt8(at)),
      ),
    UInt16: (count) =>
      many(
        count,
        number(2, () => bytes.readUInt16LE(at)),
      ),
    UInt32: (count) =>
      many(
        count,
        number(4, () => bytes.readUInt32LE(at)),
      ),
    Int64: (count) =>
      many(
        count,
        number(8, () => Number(bytes.readBigInt64LE(at))),
      ),
    UInt64: (count) => many(count, () => uint64().toString()),
    UUID: (count) =>
      many(count, () => {
        const [high, low] = [uint64(), uint64()].map((half) => half.toString(16).padStart(16, '0')) as [string, string];
        return (high + low).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
      }),
    String: (count) => many(count, text),
    'LowCardinality(String)': (count) => {
      expect(uint64()).toBe(1n);
      const width = Number(uint64() & 0xffn);
      const keys = many(Number(uint64()), text);
      expect(Number(uint64())).toBe(count);
      const index = readers[(['UInt8', 'UInt16', 'UInt32'] as const)[width] as string]?.(count) as number[];
      return index.map((place) => keys[place]);
    },
    'Array(String)': (count) => lists(count, (total) => many(total, text)),
    'Map(String, String)': (count) =>
      lists(count, (total) => {
        const names = many(total, text);
        return many(total, text).map((value, index) => [names[index], value]);
      }).map((entries) => Object.fromEntries(entries)),
  };
  const [width, rows] = [varint(), varint()];
  const columns = Object.fromEntries(many(width, () => [text(), (readers[text()] as (n: number) => unknown[])(rows)]));
  expect(at).toBe(bytes.length);
  return { rows, columns };
}
