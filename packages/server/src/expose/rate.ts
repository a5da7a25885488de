const SAMPLE_MS = 5000;
const WINDOW_MS = 60_000;

/** How fast a counter goes: samples it every 5 s and answers the mean of the last minute, a second. */
export function createRate(counter: () => number): { perSecond(): number; close(): void } {
  const samples = [{ at: performance.now(), count: counter() }];
  const timer = setInterval(() => {
    samples.push({ at: performance.now(), count: counter() });
    while (samples.length > WINDOW_MS / SAMPLE_MS + 1) samples.shift();
  }, SAMPLE_MS);
  timer.unref();
  return {
    perSecond() {
      const [first] = samples as [{ at: number; count: number }];
      const seconds = (performance.now() - first.at) / 1000;
      return seconds < 0.001 ? 0 : Math.round(((counter() - first.count) / seconds) * 10) / 10;
    },
    close: () => clearInterval(timer),
  };
}
