/** A 64-bit hash as two unsigned 32-bit halves, written to `out` so that nothing is allocated. */
export type Hash64 = Uint32Array;

/** Two differently seeded multiply-xor hashes over UTF-16 units, finished by mixing (as in MurmurHash3's finalizer). */
export function hashText(text: string, out: Hash64): void {
  let low = 0x811c9dc5;
  let high = 0x9747b28c ^ text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x5bd1e995);
    high ^= high >>> 15;
  }
  out[0] = mix(low);
  out[1] = mix(high);
}

/** Full avalanche of 32 bits. */
export function mix(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
