import { mix } from './text-hash.ts';

/** Up to so many visitors are counted exactly (but for collisions of 64-bit hashes). */
export const EXACT_VISITORS = 1 << 16;
const PRECISION = 14;
const REGISTERS = 1 << PRECISION;

/** A count as plain data, to be sent between threads and merged. */
export interface VisitorData {
  /** Pairs of hash halves; empty once there are too many. */
  hashes: Uint32Array;
  overflowed: boolean;
  registers: Uint8Array;
}

/**
 * Distinct 64-bit hashes: exact up to EXACT_VISITORS, then HyperLogLog with 2^14 registers (standard error 0.8 %).
 * Which of the two answers depends on the whole set only, never on how it was split and merged.
 */
export class VisitorCount {
  #table = new Uint32Array(2048);
  #size = 0;
  #overflowed = false;
  readonly #registers = new Uint8Array(REGISTERS);

  static from(data: VisitorData): VisitorCount {
    const count = new VisitorCount();
    count.merge(data);
    return count;
  }

  /** Adds one hash; halves are unsigned 32-bit numbers. */
  add(low: number, high: number): void {
    // 0,0 marks a free slot of the table.
    const h = high === 0 && low === 0 ? 1 : high;
    if (!this.#overflowed && !this.#insert(low, h)) return;
    this.#register(low, h);
  }

  /** False when the hash was there already. */
  #insert(low: number, high: number): boolean {
    const table = this.#table;
    const mask = table.length / 2 - 1;
    let slot = mix(low ^ high) & mask;
    for (;;) {
      const at = slot * 2;
      const l = table[at] as number;
      const h = table[at + 1] as number;
      if (l === low && h === high) return false;
      if (l === 0 && h === 0) {
        if (this.#size === EXACT_VISITORS) {
          this.#overflowed = true;
          this.#table = new Uint32Array(2);
          return true;
        }
        table[at] = low;
        table[at + 1] = high;
        this.#size++;
        if (this.#size * 4 > table.length) this.#grow();
        return true;
      }
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(old.length * 2);
    this.#size = 0;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i] !== 0 || old[i + 1] !== 0) this.#insert(old[i] as number, old[i + 1] as number);
    }
  }

  #register(low: number, high: number): void {
    const index = low >>> (32 - PRECISION);
    const rank = Math.clz32(high) + 1;
    if (rank > (this.#registers[index] as number)) this.#registers[index] = rank;
  }

  /** Adds all that another count holds. */
  merge(other: VisitorData): void {
    for (let i = 0; i < REGISTERS; i++) {
      const rank = other.registers[i] as number;
      if (rank > (this.#registers[i] as number)) this.#registers[i] = rank;
    }
    if (other.overflowed) this.#overflowed = true;
    for (let i = 0; i < other.hashes.length && !this.#overflowed; i += 2) {
      this.#insert(other.hashes[i] as number, other.hashes[i + 1] as number);
    }
  }

  data(): VisitorData {
    const hashes = new Uint32Array(this.#overflowed ? 0 : this.#size * 2);
    let used = 0;
    for (let i = 0; i < this.#table.length && used < hashes.length; i += 2) {
      if (this.#table[i] === 0 && this.#table[i + 1] === 0) continue;
      hashes[used++] = this.#table[i] as number;
      hashes[used++] = this.#table[i + 1] as number;
    }
    return { hashes, overflowed: this.#overflowed, registers: this.#registers };
  }

  get exact(): boolean {
    return !this.#overflowed;
  }

  /** The number of distinct hashes: exact, or an estimate. */
  get value(): number {
    return this.#overflowed ? Math.round(estimate(this.#registers)) : this.#size;
  }
}

/** The improved raw estimator of Ertl (New cardinality estimation algorithms for HyperLogLog sketches, 2017, alg. 6). */
function estimate(registers: Uint8Array): number {
  const m = registers.length;
  const longest = 33;
  const histogram = new Float64Array(longest + 1);
  for (const rank of registers) histogram[rank] = (histogram[rank] as number) + 1;
  let z = m * tau(1 - (histogram[longest] as number) / m);
  for (let k = longest - 1; k >= 1; k--) z = 0.5 * (z + (histogram[k] as number));
  z += m * sigma((histogram[0] as number) / m);
  return ((0.5 / Math.LN2) * m * m) / z;
}

function sigma(share: number): number {
  if (share === 1) return Infinity;
  let x = share;
  let y = 1;
  let z = x;
  for (;;) {
    x *= x;
    const before = z;
    z += x * y;
    y += y;
    if (z === before) return z;
  }
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let x = share;
  let y = 1;
  let z = 1 - x;
  for (;;) {
    x = Math.sqrt(x);
    const before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
    if (z === before) return z / 3;
  }
}
