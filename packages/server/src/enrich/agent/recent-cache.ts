/**
 * A bounded cache that keeps what is used: two maps, of which the older is thrown away whenever the newer is full. A hit
 * in the older one moves the entry to the newer. Cheaper than a linked list (a hit is one map look-up), and it holds at
 * least the `size` most recently used entries and at most twice as many.
 */
export class RecentCache<V> {
  private readonly size: number;
  private newer = new Map<string, V>();
  private older = new Map<string, V>();

  /** @param size entries a generation; at least 1 */
  constructor(size: number) {
    this.size = Math.max(1, size);
  }

  get(key: string): V | undefined {
    const value = this.newer.get(key);
    if (value !== undefined) return value;
    const old = this.older.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: V): void {
    if (this.newer.size >= this.size) {
      this.older = this.newer;
      this.newer = new Map();
    }
    this.newer.set(key, value);
  }

  /** Entries held now, both generations; an entry in both counts twice. */
  get held(): number {
    return this.newer.size + this.older.size;
  }
}
