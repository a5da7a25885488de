/** A bounded queue in one array that is made once. What does not fit is refused, and the caller counts it. */
export class Ring<T> {
  readonly #slots: (T | undefined)[];
  readonly #mask: number;
  #head = 0;
  #size = 0;

  /** Holds `capacity` rounded up to a power of two. */
  constructor(capacity: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(1, capacity)));
    this.#slots = Array.from({ length: slots }, () => undefined);
    this.#mask = slots - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** False when there is no room. */
  push(item: T): boolean {
    if (this.#size > this.#mask) return false;
    this.#slots[(this.#head + this.#size) & this.#mask] = item;
    this.#size += 1;
    return true;
  }

  /** The oldest item, undefined when there is none. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & this.#mask;
    this.#size -= 1;
    return item;
  }
}
