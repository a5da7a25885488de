import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BYTES_CELL, CELLS, type ClassIndex, ERRORS_CELL } from './cells.ts';
import { LONGEST_KEY } from './own-text.ts';
import { mergeTables, requestsAt, type TableData, type TableLimit, TopTable } from './top-table.ts';

type Hit = [key: string, cls: ClassIndex];

const hits = fc.array(
  fc.tuple(
    fc.oneof(
      fc.constantFrom('/', '/a', '/b'),
      fc.nat({ max: 200 }).map((n) => `/${n}`),
    ),
    fc.constantFrom<ClassIndex>(0, 1, 2),
  ),
  { maxLength: 400 },
);

function tableOf(list: readonly Hit[], limit?: TableLimit): TableData {
  const table = new TopTable(limit);
  for (const [key, cls] of list) table.count(table.slot(key), cls, 10, cls === 1 ? 1 : 0);
  return table.data();
}

/** A table by key, without the order its keys came in. */
function byKey(table: TableData): Record<string, number[]> {
  const entries = table.keys.map((key, i) => [
    key,
    [...table.cells.subarray(i * CELLS, (i + 1) * CELLS), table.unseen[i] as number],
  ]);
  return { ...Object.fromEntries(entries), missed: [table.missed] };
}

function exactCounts(list: readonly Hit[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [key] of list) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Every count is a lower bound, with its `unseen` an upper bound; what is missing is within `missed`. */
function expectHonest(table: TableData, exact: Map<string, number>): void {
  const held = new Map(table.keys.map((key, i) => [key, i]));
  for (const [key, count] of exact) {
    const i = held.get(key);
    if (i === undefined) expect(count).toBeLessThanOrEqual(table.missed);
    else {
      expect(requestsAt(table, i)).toBeLessThanOrEqual(count);
      expect(requestsAt(table, i) + (table.unseen[i] as number)).toBeGreaterThanOrEqual(count);
    }
  }
}

const SMALL: TableLimit = { keys: 8, text: 1000 };

describe('top table', () => {
  it('is exact below its limit', () => {
    fc.assert(
      fc.property(hits, (list) => {
        const table = tableOf(list);
        expect(table.missed).toBe(0);
        expect(new Map(table.keys.map((key, i) => [key, requestsAt(table, i)]))).toEqual(exactCounts(list));
      }),
    );
  });

  it('counts classes, bytes and errors of their own', () => {
    const table = tableOf([
      ['/a', 0],
      ['/a', 1],
      ['/a', 1],
    ]);
    expect([...table.cells]).toEqual([1, 2, 0, 30, 2]);
    expect([BYTES_CELL, ERRORS_CELL]).toEqual([3, 4]);
  });

  it('stays honest and bounded beyond it', () => {
    fc.assert(
      fc.property(hits, (list) => {
        const table = tableOf(list, SMALL);
        expect(table.keys.length).toBeLessThanOrEqual(SMALL.keys * 2);
        expectHonest(table, exactCounts(list));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps what is frequent through a flood of rare keys', () => {
    const list: Hit[] = [];
    for (let i = 0; i < 5000; i++) list.push([`/rare/${i}`, 0], ['/often', 0]);
    const table = tableOf(list, SMALL);
    const often = table.keys.indexOf('/often');
    expect(requestsAt(table, often)).toBe(5000);
    expect(table.unseen[often]).toBe(0);
    expect(table.missed).toBeGreaterThan(0);
  });

  it('holds no more text than its limit, and cuts long keys', () => {
    const limit = { keys: 1000, text: 10 * LONGEST_KEY };
    const table = tableOf(
      Array.from({ length: 500 }, (_, i): Hit => [`/${i}/${'x'.repeat(5000)}`, 0]),
      limit,
    );
    expect(table.keys.every((key) => key.length === LONGEST_KEY && key.endsWith('…'))).toBe(true);
    expect(table.keys.join('').length).toBeLessThanOrEqual(2 * limit.text);
  });

  it('finds a long key again by its cut form', () => {
    const long = `/${'y'.repeat(5000)}`;
    expect(
      tableOf([
        [long, 0],
        ['/', 0],
        [long, 0],
      ]).cells[0],
    ).toBe(2);
  });
});

describe('merging tables', () => {
  it('commutes and associates', () => {
    fc.assert(
      fc.property(hits, hits, hits, (a, b, c) => {
        const [x, y, z] = [tableOf(a, SMALL), tableOf(b, SMALL), tableOf(c, SMALL)];
        expect(byKey(mergeTables(x, y))).toEqual(byKey(mergeTables(y, x)));
        expect(byKey(mergeTables(mergeTables(x, y), z))).toEqual(byKey(mergeTables(x, mergeTables(y, z))));
      }),
    );
  });

  it('of exact parts is the exact whole', () => {
    fc.assert(
      fc.property(hits, hits, (a, b) => {
        expect(byKey(mergeTables(tableOf(a), tableOf(b)))).toEqual(byKey(tableOf([...a, ...b])));
      }),
    );
  });

  it('of bounds bounds the whole', () => {
    fc.assert(
      fc.property(hits, hits, (a, b) => {
        expectHonest(mergeTables(tableOf(a, SMALL), tableOf(b, SMALL)), exactCounts([...a, ...b]));
      }),
    );
  });
});
