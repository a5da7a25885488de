import { Fault } from '../model/fault.ts';

export interface BatcherOptions<Item> {
  /** A batch is cut when it holds this many rows … */
  maxRows: number;
  /** … or when nothing was added for this long … */
  lingerMs: number;
  /** … or when its first row has waited this long. */
  maxWaitMs: number;
  /** Rows that may wait or be under way before `add` refuses with a Fault `overloaded`. */
  maxPendingRows: number;
  /**
   * Batches under way at once. While one is, the next goes on filling until it is full: what a batch costs hardly
   * depends on its rows. Only one that hangs (HANGING_MS) is passed by others that are not.
   */
  maxInFlight: number;
  /** Takes one batch; what it resolves to or throws reaches everyone whose items were in it. */
  write(items: Item[]): Promise<void>;
}

/** Gathers items into batches. An item is never split over two batches, and a batch is cut once. */
export interface Batcher<Item> {
  /** Resolves when the batch that holds the item was written. `rows` is the item's weight. */
  add(item: Item, rows: number): Promise<void>;
  pendingRows(): number;
  /** Writes what is waiting and resolves when nothing is under way. */
  drain(): Promise<void>;
}

const HANGING_MS = 1000;

interface Waiting<Item> {
  item: Item;
  rows: number;
  /** When it was added, by the monotonic clock. */
  at: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export function createBatcher<Item>(options: BatcherOptions<Item>): Batcher<Item> {
  let waiting: Waiting<Item>[] = [];
  let waitingRows = 0;
  let pendingRows = 0;
  let inFlight = 0;
  let timer: NodeJS.Timeout | null = null;
  let wakesAt = 0;
  let draining = false;
  let idle: (() => void)[] = [];

  /** ms until the waiting rows are to be cut if nothing else happens; 0: now; null: when one under way is done. */
  function untilCut(): number | null {
    const [first] = waiting;
    if (first === undefined || inFlight >= options.maxInFlight) return null;
    if (draining || waitingRows >= options.maxRows) return 0;
    const now = performance.now();
    if (inFlight > 0) return Math.max(0, first.at + HANGING_MS - now);
    const last = waiting[waiting.length - 1] as Waiting<Item>;
    return Math.max(0, Math.min(last.at + options.lingerMs, first.at + options.maxWaitMs) - now);
  }

  function pump(): void {
    let wait = untilCut();
    for (; wait === 0; wait = untilCut()) void send(cut());
    if (wait !== null) wakeIn(Math.ceil(wait));
    if (waiting.length > 0 || inFlight > 0) return;
    draining = false;
    for (const resolve of idle) resolve();
    idle = [];
  }

  /** A timer that is too early asks again; setting a new one for every item would cost more. */
  function wakeIn(ms: number): void {
    const at = performance.now() + ms;
    if (timer !== null) {
      if (wakesAt <= at) return;
      clearTimeout(timer);
    }
    wakesAt = at;
    timer = setTimeout(() => {
      timer = null;
      pump();
    }, ms);
  }

  function cut(): Waiting<Item>[] {
    let rows = 0;
    let end = 0;
    for (const { rows: weight } of waiting) {
      if (end > 0 && rows + weight > options.maxRows) break;
      rows += weight;
      end += 1;
    }
    const batch = waiting.slice(0, end);
    waiting = waiting.slice(end);
    waitingRows -= rows;
    return batch;
  }

  async function send(batch: Waiting<Item>[]): Promise<void> {
    inFlight += 1;
    try {
      await options.write(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      inFlight -= 1;
      for (const { rows } of batch) pendingRows -= rows;
      pump();
    }
  }

  return {
    add(item, rows) {
      if (pendingRows + rows > options.maxPendingRows && pendingRows > 0) {
        return Promise.reject(new Fault('overloaded', `${pendingRows} rows are waiting to be stored`));
      }
      pendingRows += rows;
      waitingRows += rows;
      return new Promise((resolve, reject) => {
        waiting.push({ item, rows, at: performance.now(), resolve, reject });
        pump();
      });
    },
    pendingRows: () => pendingRows,
    drain() {
      draining = true;
      return new Promise((resolve) => {
        idle.push(resolve);
        pump();
      });
    },
  };
}
