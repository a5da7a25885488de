import { Fault } from '../../../model/fault.ts';

/** Hands work to a fixed set of connections, each of which takes one piece at a time; first come, first served. */
export interface Lanes<Connection> {
  run<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>;
  /** Refuses new work and resolves when all that was taken is done. */
  close(): Promise<void>;
}

export function createLanes<Connection>(connections: readonly Connection[]): Lanes<Connection> {
  const free = [...connections];
  const waiting: ((connection: Connection) => void)[] = [];
  let underWay = 0;
  let closed = false;
  let idle: (() => void) | null = null;

  function give(connection: Connection): void {
    const next = waiting.shift();
    if (next === undefined) free.push(connection);
    else next(connection);
  }

  return {
    async run(work) {
      if (closed) throw new Fault('store-unreachable', 'the store is closed');
      underWay += 1;
      const connection = free.pop() ?? (await new Promise<Connection>((resolve) => waiting.push(resolve)));
      try {
        return await work(connection);
      } finally {
        give(connection);
        underWay -= 1;
        if (underWay === 0) idle?.();
      }
    },
    close() {
      closed = true;
      if (underWay === 0) return Promise.resolve();
      return new Promise((resolve) => {
        idle = resolve;
      });
    },
  };
}
