/** Lets work through side by side, until something has to be done while none of it is under way. */
export interface Gate {
  pass<T>(work: () => Promise<T>): Promise<T>;
  /** Waits until what passed has ended, and holds back what comes until `work` has ended too. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

export function createGate(): Gate {
  let passing = 0;
  let closed: Promise<void> | null = null;
  let idle: (() => void) | null = null;
  return {
    async pass(work) {
      while (closed !== null) await closed;
      passing += 1;
      try {
        return await work();
      } finally {
        passing -= 1;
        if (passing === 0) idle?.();
      }
    },
    async alone(work) {
      while (closed !== null) await closed;
      const opened = Promise.withResolvers<void>();
      closed = opened.promise;
      try {
        if (passing > 0) {
          await new Promise<void>((resolve) => {
            idle = resolve;
          });
        }
        return await work();
      } finally {
        idle = null;
        closed = null;
        opened.resolve();
      }
    },
  };
}
