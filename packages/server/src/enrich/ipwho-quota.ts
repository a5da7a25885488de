/** What may still be asked: so many a second (with a burst), and so many a calendar month (UTC). */
export class Quota {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #perMonth: number;
  readonly #now: () => number;
  #tokens: number;
  #filledAt: number;
  #month = -1;
  #used = 0;
  #pausedUntil = 0;

  /** `now` answers ms since the epoch. */
  constructor(limits: { perSecond: number; burst: number; perMonth: number }, now: () => number) {
    this.#perSecond = limits.perSecond;
    this.#burst = limits.burst;
    this.#perMonth = limits.perMonth;
    this.#now = now;
    this.#tokens = limits.burst;
    this.#filledAt = now();
  }

  /** Takes one, and answers 0; or answers in how many ms it is worth trying again. */
  take(): number {
    const now = this.#now();
    if (now < this.#pausedUntil) return this.#pausedUntil - now;
    const date = new Date(now);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    if (month !== this.#month) {
      this.#month = month;
      this.#used = 0;
    }
    if (this.#used >= this.#perMonth) return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - now;
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.#perSecond);
    this.#filledAt = now;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000);
    this.#tokens--;
    this.#used++;
    return 0;
  }

  /** Nothing for `ms`: the service said that it is enough. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#now() + ms);
  }

  /** Asked this month. */
  get used(): number {
    return this.#used;
  }
}
