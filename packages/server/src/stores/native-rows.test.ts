import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TENANT_A } from '../../test/support/clickhouse.ts';
import { anyRequest } from '../../test/support/clickhouse-arbitrary.ts';
import { Fault } from '../model/fault.ts';
import type { StoredRequest } from '../model/stored-request.ts';
import { readBlock } from './native-block.fixture.ts';
import { blockTexts, keepRows, textColumn, uuidColumn } from './native-rows.ts';
import { encodeRows } from './requests-encoding.ts';

const rows = fc.array(anyRequest(TENANT_A), { minLength: 1, maxLength: 12 });

/** The block's texts do not tell apart which dictionary entries are used, so it is cut down to them by a second cut. */
const alone = (block: Buffer, count: number) =>
  Array.from({ length: count }, (_, wanted) => valuesOf(keepRows(block, (row) => row === wanted)));

/** One row's values, column by column, with dictionaries resolved. */
function valuesOf(block: Buffer): unknown[] {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = block[at++] as number;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const text = () => {
    const length = varint();
    at += length;
    return block.toString('utf8', at - length, at);
  };
  const uint64 = () => Number(block.readBigUInt64LE((at += 8) - 8));
  const columns = varint();
  expect(varint()).toBe(1);
  const values = Array.from({ length: columns }, () => {
    const [name, type] = [text(), text()];
    if (type === 'String') return [name, text()];
    if (type === 'LowCardinality(String)') {
      const width = [1, 2, 4][block[at + 8] as number] as number;
      at += 16;
      const keys = Array.from({ length: uint64() }, text);
      expect(uint64()).toBe(1);
      at += width;
      return [name, keys[block.readUIntLE(at - width, width)]];
    }
    if (type.startsWith('Array')) return [name, Array.from({ length: uint64() }, text)];
    if (type.startsWith('Map')) return [name, Array.from({ length: uint64() * 2 }, text)];
    const width = type === 'UUID' ? 16 : Number(/\d+$/.exec(type)?.[0]) / 8;
    at += width;
    return [name, block.toString('hex', at - width, at)];
  });
  expect(at).toBe(block.length);
  return values;
}

test('what stays is as if the others had never been there', () => {
  fc.assert(
    fc.property(rows, fc.func(fc.boolean()), (all: StoredRequest[], choose) => {
      const staying = all.map((_, row) => choose(row));
      const block = keepRows(encodeRows(all), (row) => staying[row] as boolean);
      const expected = all.filter((_, row) => staying[row]);
      if (expected.length === 0) return;
      expect(alone(block, expected.length)).toEqual(expected.map((row) => valuesOf(encodeRows([row]))));
    }),
    { numRuns: 150 },
  );
});

test('keeping all keeps the bytes', () => {
  fc.assert(
    fc.property(rows, (all) => keepRows(encodeRows(all), () => true).equals(encodeRows(all))),
    { numRuns: 50 },
  );
});

test('damaged blocks are refused, not misread', () => {
  const whole = encodeRows(fc.sample(anyRequest(TENANT_A), { numRuns: 6, seed: 3 }));
  const refusal = (block: Buffer) => {
    try {
      keepRows(block, (row) => row % 2 === 0);
      return null;
    } catch (error) {
      return error instanceof Fault ? error.code : error;
    }
  };
  for (const length of [0, 1, 2, 50, Math.floor(whole.length / 2), whole.length - 1]) {
    expect(refusal(whole.subarray(0, length))).toBe('bad-block');
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) =>
      ['bad-block', null].includes(refusal(Buffer.from(bytes)) as never),
    ),
  );
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
      const block = Buffer.from(whole);
      block[at] = value;
      return ['bad-block', null].includes(refusal(block) as never);
    }),
    { numRuns: 400 },
  );
});

test('the texts of a block, and of one column, are those that the rows hold', () => {
  fc.assert(
    fc.property(rows, (all: StoredRequest[]) => {
      const block = encodeRows(all);
      const { columns } = readBlock(block);
      const texts = new Map<string, Set<string>>();
      for (const { column, text } of blockTexts(block)) {
        texts.set(column, (texts.get(column) ?? new Set()).add(text.toString()));
      }
      for (const [name, values] of Object.entries(columns)) {
        const held = values.flat(3).filter((value) => typeof value === 'string' && value !== '' && texts.has(name));
        for (const value of held) expect(texts.get(name)).toContain(value);
      }
      expect(texts.has('path') && texts.has('visitor_id')).toBe(true);
      expect(textColumn(block, 'visitor_id')?.map(String)).toEqual(columns.visitor_id);
      expect(uuidColumn(block, 'tenant_id')).toEqual(all.map(({ tenantId }) => tenantId));
      expect(uuidColumn(block, 'id')).toEqual(all.map(({ id }) => id));
      expect(textColumn(block, 'no_such_column')).toBeNull();
    }),
  );
});

test('of bytes that are no block, texts are refused or end', () => {
  fc.assert(
    fc.property(rows, fc.nat(), fc.nat(255), (all: StoredRequest[], at, byte) => {
      const block = Buffer.from(encodeRows(all));
      block[at % block.length] = byte;
      for (const read of [
        () => [...blockTexts(block)],
        () => textColumn(block, 'visitor_id'),
        () => uuidColumn(block, 'id'),
      ]) {
        try {
          read();
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
        }
      }
    }),
  );
});
