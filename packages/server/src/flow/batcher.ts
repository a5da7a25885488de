import { Fault } from '../model/fault.ts';

export interface BatcherOptions<Item> {
  /** A batch is cut when it holds this many rows … */
  maxRows: number;
  /** … or when its first row has waited this long. */
  maxWaitMs: number;
  /** Rows that may wait or be under way before `add` refuses with a Fault `overloaded`. */
  maxPendingRows: number;
  /** Batches under way at once. While all are busy, the next batch goes on filling. */
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

interface Waiting<Item> {
  item: Item;
  rows: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export function createBatcher<Item>(options: BatcherOptions<Item>): Batcher<Item> {
  let waiting: Waiting<Item>[] = [];
  let waitingRows = 0;
  let pendingRows = 0;
  let inFlight = 0;
  let timer: NodeJS.Timeout | null = null;
  let due = false;
  let idle: (() => void)[] = [];

  function pump(): void {
    while (waiting.length > 0 && inFlight < options.maxInFlight && (due || waitingRows >= options.maxRows)) {
      void send(cut());
    }
    if (waiting.length > 0 && timer === null && !due) {
      timer = setTimeout(() => {
        timer = null;
        due = true;
        pump();
      }, options.maxWaitMs);
    }
    if (inFlight === 0 && waiting.length === 0) {
      for (const resolve of idle) resolve();
      idle = [];
    }
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
    if (waiting.length === 0) {
      due = false;
      if (timer !== null) clearTimeout(timer);
      timer = null;
    }
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
        waiting.push({ item, rows, resolve, reject });
        pump();
      });
    },
    pendingRows: () => pendingRows,
    drain() {
      due = true;
      return new Promise((resolve) => {
        idle.push(resolve);
        pump();
      });
    },
  };
}
