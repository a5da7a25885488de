import type { NativeBlock } from './native-block.ts';

/** A text column as a dictionary and an index a row. Texts over the limit are cut. */
export class Codes {
  readonly #index: Uint32Array;
  readonly #limit: number;
  readonly #places = new Map<string, number>();
  #last = '';
  #lastPlace = -1;

  constructor(rows: number, limit: number) {
    this.#index = new Uint32Array(rows);
    this.#limit = limit;
  }

  add(at: number, value: string): void {
    if (value !== this.#last || this.#lastPlace < 0) {
      this.#lastPlace = this.place(value);
      this.#last = value;
    }
    this.#index[at] = this.#lastPlace;
  }

  /** The text's place in the dictionary, for `set`. */
  place(value: string): number {
    const text = value.length > this.#limit ? value.slice(0, this.#limit) : value;
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(text, place);
    }
    return place;
  }

  set(at: number, place: number): void {
    this.#index[at] = place;
  }

  writeTo(block: NativeBlock, name: string): void {
    block.coded(name, [...this.#places.keys()], this.#index);
  }

  clear(): void {
    this.#places.clear();
    this.#lastPlace = -1;
  }
}

type Width = 'UInt8' | 'UInt16' | 'UInt32' | 'UInt64';

/** Objects that many rows share: each distinct one is turned into the values of its columns once. */
export class SharedCodes<Value extends object> {
  readonly #index: Uint32Array;
  readonly #places = new Map<Value, number>();
  #last: Value | null = null;
  #lastPlace = 0;

  constructor(rows: number) {
    this.#index = new Uint32Array(rows);
  }

  add(at: number, value: Value): void {
    if (value !== this.#last) {
      this.#lastPlace = this.place(value);
      this.#last = value;
    }
    this.#index[at] = this.#lastPlace;
  }

  /** The object's place among the distinct ones, for `set`. */
  place(value: Value): number {
    let place = this.#places.get(value);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(value, place);
    }
    return place;
  }

  set(at: number, place: number): void {
    this.#index[at] = place;
  }

  /** A text of the objects; several objects may say the same. */
  writeTexts(block: NativeBlock, name: string, of: (value: Value) => string): void {
    const texts = new Map<string, number>();
    const recoded = new Uint32Array(this.#places.size);
    for (const [value, place] of this.#places) {
      const text = of(value);
      let code = texts.get(text);
      if (code === undefined) {
        code = texts.size;
        texts.set(text, code);
      }
      recoded[place] = code;
    }
    block.coded(name, [...texts.keys()], this.#index, recoded);
  }

  writeNumbers(block: NativeBlock, name: string, width: Width, of: (value: Value) => number | bigint): void {
    const values = [...this.#places.keys()].map(of);
    const numbers = width === 'UInt64' ? BigUint64Array.from(values as bigint[]) : Uint32Array.from(values as number[]);
    block.shared(name, width, Number(width.slice(4)) / 8, numbers, this.#index);
  }

  clear(): void {
    this.#places.clear();
    this.#last = null;
  }
}
