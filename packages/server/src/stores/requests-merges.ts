import type { ClickHouse } from './drivers/clickhouse/client.ts';

/** Batches after which held merges go on: parts must not pile up. */
export const MOST_UNMERGED = 60;

export interface MergeHold {
  /** Counts one insert. */
  inserted(): Promise<void>;
  /** Merges wait until every holder has called the result, or MOST_UNMERGED inserts came. */
  hold(): Promise<() => Promise<void>>;
}

/** A stop that is not undone, because of a kill, is gone with the next start: the engine does not remember it. */
export function createMergeHold(clickhouse: ClickHouse): MergeHold {
  let holders = 0;
  let unmerged = 0;
  let stopped = false;

  async function set(stop: boolean): Promise<void> {
    if (stopped === stop || !clickhouse.embedded) return;
    stopped = stop;
    await clickhouse.command(stop ? 'SYSTEM STOP MERGES' : 'SYSTEM START MERGES');
  }

  return {
    async inserted() {
      if (!stopped) return;
      unmerged += 1;
      if (unmerged >= MOST_UNMERGED) await set(false);
    },
    async hold() {
      holders += 1;
      if (holders === 1) {
        unmerged = 0;
        await set(true);
      }
      let released = false;
      return async () => {
        if (released) return;
        released = true;
        holders -= 1;
        if (holders === 0) await set(false);
      };
    },
  };
}
