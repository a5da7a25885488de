import { BYTES_CELL, CELLS, type ClassIndex, ERRORS_CELL, grown } from './cells.ts';
import { ownText } from './own-text.ts';

/** A table as plain data, to be sent between threads and merged. */
export interface TableData {
  keys: string[];
  /** CELLS counters a key. */
  cells: Float64Array<ArrayBuffer>;
  /** Requests a key may have had beyond those counted, because it was dropped and met again. */
  unseen: Float64Array<ArrayBuffer>;
  /** No key that is missing here had more requests than this. 0: nothing was ever dropped, every figure is exact. */
  missed: number;
}

/** How much a table holds before the rarest half is dropped. */
export interface TableLimit {
  keys: number;
  /** All keys together, in UTF-16 units. */
  text: number;
}

export const DEFAULT_LIMIT: TableLimit = { keys: 16_384, text: 4 << 20 };

/**
 * Counters by key, bounded. Exact until twice the limit is reached; then the rarest keys are dropped and the largest
 * upper bound among them is remembered, so that every figure stays an honest lower bound with a known error (the
 * guarantee of Misra and Gries, in batches).
 */
export class TopTable {
  readonly #limit: TableLimit;
  #slots = new Map<string, number>();
  #keys: string[] = [];
  #text = 0;
  #cells = new Float64Array(256 * CELLS);
  #unseen = new Float64Array(256);
  #missed = 0;
  #lastKey = '';
  #lastSlot = -1;
  /** Changes whenever slots handed out before are no longer valid. */
  generation = 0;

  constructor(limit: TableLimit = DEFAULT_LIMIT) {
    this.#limit = limit;
  }

  /** The slot of a key, valid while `generation` stays the same. */
  slot(key: string): number {
    if (key === this.#lastKey && this.#lastSlot >= 0) return this.#lastSlot;
    const known = this.#slots.get(key);
    const slot = known === undefined ? this.#open(ownText(key)) : known;
    this.#lastKey = this.#keys[slot] as string;
    this.#lastSlot = slot;
    return slot;
  }

  #open(key: string): number {
    // A key that was cut may be known by its cut form.
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    if (this.#keys.length >= this.#limit.keys * 2 || this.#text + key.length > this.#limit.text * 2) this.#prune();
    const slot = this.#keys.length;
    this.#keys.push(key);
    this.#slots.set(key, slot);
    this.#text += key.length;
    this.#cells = grown(this.#cells, (slot + 1) * CELLS);
    this.#unseen = grown(this.#unseen, slot + 1);
    this.#unseen[slot] = this.#missed;
    return slot;
  }

  /** Counts one request at a slot. */
  count(slot: number, cls: ClassIndex, bytes: number, error: 0 | 1): void {
    const cells = this.#cells;
    const at = slot * CELLS;
    cells[at + cls] = (cells[at + cls] as number) + 1;
    cells[at + BYTES_CELL] = (cells[at + BYTES_CELL] as number) + bytes;
    cells[at + ERRORS_CELL] = (cells[at + ERRORS_CELL] as number) + error;
  }

  data(): TableData {
    const size = this.#keys.length;
    return {
      keys: this.#keys,
      cells: this.#cells.slice(0, size * CELLS),
      unseen: this.#unseen.slice(0, size),
      missed: this.#missed,
    };
  }

  #prune(): void {
    const old = this.data();
    const bounds = old.keys.map((_, i) => requestsAt(old, i) + (old.unseen[i] as number));
    const order = old.keys.map((_, i) => i);
    order.sort((a, b) => (bounds[b] as number) - (bounds[a] as number) || compareText(old.keys[a], old.keys[b]));
    this.#slots = new Map();
    this.#keys = [];
    this.#text = 0;
    this.#lastSlot = -1;
    this.generation++;
    for (const from of order) {
      const key = old.keys[from] as string;
      if (this.#keys.length >= this.#limit.keys || this.#text + key.length > this.#limit.text) {
        this.#missed = Math.max(this.#missed, bounds[from] as number);
        break;
      }
      const slot = this.#keys.length;
      this.#keys.push(key);
      this.#slots.set(key, slot);
      this.#text += key.length;
      this.#cells.set(old.cells.subarray(from * CELLS, (from + 1) * CELLS), slot * CELLS);
      this.#unseen[slot] = old.unseen[from] as number;
    }
    this.#cells.fill(0, this.#keys.length * CELLS);
  }
}

/** Requests of all classes of the key at an index. */
export function requestsAt(table: TableData, index: number): number {
  const at = index * CELLS;
  return (table.cells[at] as number) + (table.cells[at + 1] as number) + (table.cells[at + 2] as number);
}

/** By UTF-16 units: the same on every machine, whatever its locale. */
export function compareText(a: string | undefined, b: string | undefined): number {
  return (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0;
}

/** One table that says of every key what the two say together. Associative and commutative but for the keys' order. */
export function mergeTables(a: TableData, b: TableData): TableData {
  const index = new Map<string, number>();
  for (let i = 0; i < a.keys.length; i++) index.set(a.keys[i] as string, i);
  const keys = [...a.keys];
  let cells = a.cells.slice();
  let unseen = a.unseen.map((n) => n + b.missed);
  for (let i = 0; i < b.keys.length; i++) {
    const key = b.keys[i] as string;
    const theirs = b.unseen[i] as number;
    const known = index.get(key);
    const slot = known ?? keys.length;
    if (known === undefined) {
      keys.push(key);
      cells = grown(cells, keys.length * CELLS);
      unseen = grown(unseen, keys.length);
      unseen[slot] = a.missed + theirs;
    } else unseen[slot] = (unseen[slot] as number) - b.missed + theirs;
    for (let cell = 0; cell < CELLS; cell++) {
      const at = slot * CELLS + cell;
      cells[at] = (cells[at] as number) + (b.cells[i * CELLS + cell] as number);
    }
  }
  return {
    keys,
    cells: cells.slice(0, keys.length * CELLS),
    unseen: unseen.slice(0, keys.length),
    missed: a.missed + b.missed,
  };
}
