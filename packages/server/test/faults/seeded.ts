/** Numbers that look random and follow from the seed alone, the same on every machine. */
export interface Seeded {
  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number;
  /** true in so many of a hundred cases. */
  percent(of: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** A UUID (RFC 9562, version 8: its bits are ours to choose). */
  uuid(): string;
}

/** SplitMix32: a counter whose bits are mixed, which is as good as a plan of faults needs. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const bits = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const int = (least: number, most: number) => least + Math.floor((bits() / 2 ** 32) * (most - least + 1));
  return {
    int,
    percent: (of) => int(0, 99) < of,
    pick: <Item>(items: readonly Item[]) => items[int(0, items.length - 1)] as Item,
    uuid() {
      const hex = Array.from({ length: 4 }, () => bits().toString(16).padStart(8, '0')).join('');
      const variant = ((Number.parseInt(hex[16] as string, 16) & 0x3) | 0x8).toString(16);
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `8${hex.slice(13, 16)}`,
        `${variant}${hex.slice(17, 20)}`,
        hex.slice(20),
      ].join('-');
    },
  };
}
