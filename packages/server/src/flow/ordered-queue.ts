/** Runs work side by side, but what follows each piece strictly in order; after a failure nothing more is begun. */
export class OrderedQueue {
  readonly #most: number;
  #underWay: Promise<void>[] = [];
  #tail: Promise<void> = Promise.resolve();
  #failure: { error: unknown } | null = null;

  /** `most`: pieces under way at once. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Begins `work`; `then` runs after it and after everything pushed before. Waits while `most` are under way. */
  async push(work: () => Promise<void>, then: () => Promise<void>): Promise<void> {
    this.throwIfFailed();
    const before = this.#tail;
    const worked = work();
    this.#tail = Promise.all([worked, before]).then(then);
    const settled = this.#tail.catch((error) => {
      this.#failure ??= { error };
    });
    this.#underWay.push(settled);
    if (this.#underWay.length >= this.#most) await this.#underWay.shift();
  }

  /** Resolves when nothing is under way, whatever became of it. */
  async settle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** Throws what the first failure threw. */
  throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}
