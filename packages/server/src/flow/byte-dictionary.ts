const FIRST_SLOTS = 1 << 10;
const FIRST_BYTES = 1 << 16;
const MULTIPLIER = 0x9e3779b1;
/** Unknown to whoever writes the texts, so that nobody can choose many that share a hash. */
const SEED = crypto.getRandomValues(new Int32Array(1))[0] as number;

/**
 * Numbers texts by their bytes, 0, 1, 2 … in the order of their first coming, without making strings of them: a log
 * repeats most of what its lines hold, and a look-up here costs a tenth of one by a string cut from the line. Bounded
 * in entries and in bytes; what finds no room has no number.
 */
export class ByteDictionary {
  readonly #mostEntries: number;
  readonly #mostBytes: number;
  /** Open addressing: number + 1, 0 for an empty slot. Twice as many slots as entries at least. */
  #slots = new Int32Array(FIRST_SLOTS);
  #hashes = new Int32Array(FIRST_SLOTS / 2);
  /** Where the bytes of each entry begin; those of the next one end them. */
  #starts = new Uint32Array(FIRST_SLOTS / 2 + 1);
  #bytes = new Uint8Array(FIRST_BYTES);
  /** The same bytes, and those of the last call, to be read four at a time. */
  #own: DataView = new DataView(this.#bytes.buffer);
  #given: DataView = new DataView(new ArrayBuffer(0));
  #givenBytes: Uint8Array | null = null;
  #size = 0;

  constructor(mostEntries: number, mostBytes: number) {
    this.#mostEntries = mostEntries;
    this.#mostBytes = mostBytes;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether an entry was refused for want of room, or soon will be. */
  get full(): boolean {
    return this.#size >= this.#mostEntries || (this.#starts[this.#size] as number) >= this.#mostBytes;
  }

  /** The number of the text in `bytes[from…to)`; equal to `size` before the call when it is new, -1 without room. */
  number(bytes: Uint8Array, from: number, to: number): number {
    if (bytes !== this.#givenBytes) {
      this.#givenBytes = bytes;
      this.#given = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    const hash = hashOf(this.#given, from, to);
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const entry = (this.#slots[slot] as number) - 1;
      if (entry < 0) return this.#add(bytes, from, to, hash, slot);
      if (this.#hashes[entry] === hash && this.#equals(entry, from, to)) return entry;
      slot = (slot + 1) & mask;
    }
  }

  /** Forgets everything, and lets go of the bytes of the last call. */
  clear(): void {
    this.#givenBytes = null;
    this.#given = new DataView(new ArrayBuffer(0));
    this.#slots.fill(0);
    this.#size = 0;
  }

  #equals(entry: number, from: number, to: number): boolean {
    const own = this.#own;
    const given = this.#given;
    let at = this.#starts[entry] as number;
    if ((this.#starts[entry + 1] as number) - at !== to - from) return false;
    let i = from;
    for (; i <= to - 4; i += 4, at += 4) if (given.getInt32(i) !== own.getInt32(at)) return false;
    for (; i < to; i++) if (given.getUint8(i) !== own.getUint8(at++)) return false;
    return true;
  }

  #add(bytes: Uint8Array, from: number, to: number, hash: number, slot: number): number {
    const entry = this.#size;
    const start = this.#starts[entry] as number;
    const end = start + to - from;
    if (entry >= this.#mostEntries || end > this.#mostBytes) return -1;
    if (end > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, Math.max(end, 2 * this.#bytes.length));
      this.#own = new DataView(this.#bytes.buffer);
    }
    // A loop, because most texts are shorter than a call to copy them takes.
    for (let i = from, at = start; i < to; i++) this.#bytes[at++] = bytes[i] as number;
    this.#hashes[entry] = hash;
    this.#starts[entry + 1] = end;
    this.#slots[slot] = entry + 1;
    this.#size = entry + 1;
    if (2 * this.#size >= this.#slots.length) this.#widen();
    return entry;
  }

  #widen(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.#size; entry++) {
      const hash = this.#hashes[entry] as number;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry + 1;
    }
    this.#slots = slots;
    this.#hashes = grown(this.#hashes, slots.length / 2);
    this.#starts = grown(this.#starts, slots.length / 2 + 1);
  }
}

/** Multiply and mix, four bytes at a step. Equal hashes are told apart by the bytes themselves. */
function hashOf(bytes: DataView, from: number, to: number): number {
  let hash = SEED ^ (to - from);
  let at = from;
  for (; at <= to - 4; at += 4) {
    hash = Math.imul(hash ^ bytes.getInt32(at), MULTIPLIER);
    hash ^= hash >>> 15;
  }
  for (; at < to; at++) hash = Math.imul(hash ^ bytes.getUint8(at), MULTIPLIER);
  return hash ^ (hash >>> 13);
}

function grown<Numbers extends Uint8Array | Int32Array | Uint32Array>(numbers: Numbers, length: number): Numbers {
  const larger = new (numbers.constructor as new (length: number) => Numbers)(length);
  larger.set(numbers);
  return larger;
}
