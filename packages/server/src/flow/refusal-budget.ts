const HOUR_MS = 3_600_000;
const MOST_NAMES = 20_000;

/** What may be written of something that anybody can bring about as often as they like. */
export interface RefusalBudget {
  /**
   * Whether one more may be written now, and how many were left out since one was written last. `last`: this is the last
   * of the hour, and further ones are only counted.
   */
  take(name: string, nowMs: number): { write: boolean; leftOut: number; last: boolean };
}

/** So many an hour for each name. Names beyond 20,000 share one allowance. */
export function createRefusalBudget(anHour: number): RefusalBudget {
  const spent = new Map<string, { hour: number; written: number; leftOut: number }>();
  return {
    take(name, now) {
      const hour = Math.floor(now / HOUR_MS);
      const key = spent.has(name) || spent.size < MOST_NAMES ? name : '';
      const known = spent.get(key) ?? { hour, written: 0, leftOut: 0 };
      if (known.hour !== hour) Object.assign(known, { hour, written: 0 });
      spent.set(key, known);
      if (known.written >= anHour) {
        known.leftOut += 1;
        return { write: false, leftOut: known.leftOut, last: false };
      }
      known.written += 1;
      const { leftOut } = known;
      known.leftOut = 0;
      return { write: true, leftOut, last: known.written === anHour };
    },
  };
}
