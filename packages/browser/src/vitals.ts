import { attempt } from './guard.ts';

/** What observers tell, of all kinds at once. */
interface Entry extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  interactionId?: number;
}

const MOST_INTERACTIONS = 10;
const LEAST_INTERACTION_MS = 40;

export interface Vitals {
  /** The page is hidden: tells each vital once, under its name. ms, CLS without unit. */
  finish(): void;
  /** The page came back out of the back/forward cache, which counts as another visit. `since`: ms, as events have it. */
  restore(since: number): void;
}

/**
 * Measures LCP, INP, CLS, FCP and TTFB as https://web.dev/articles/vitals defines them: nothing that was painted after the
 * page was first hidden; CLS by the largest window of shifts (gaps under 1 s, at most 5 s); INP by the longest interaction,
 * leaving out one of every 50; all from the activation of a page that was prerendered.
 */
export function watchVitals(tell: (name: string, value: number) => void): Vitals {
  const of = (type: string) => performance.getEntriesByType(type);
  const navigation = of('navigation')[0] as (PerformanceNavigationTiming & { activationStart?: number }) | undefined;
  const activation = navigation?.activationStart ?? 0;
  let hidden =
    of('visibility-state').find(({ name, startTime }) => name === 'hidden' && startTime >= activation)?.startTime ??
    (document.visibilityState === 'hidden' ? 0 : Number.POSITIVE_INFINITY);
  let painted: number | undefined;
  let largest: number | undefined;
  const { responseStart = 0 } = navigation ?? {};
  let answered = responseStart > 0 && responseStart < performance.now() ? since(responseStart) : undefined;
  let told = false;
  let worst = 0;
  let shifted = 0;
  let firstShift = 0;
  let lastShift = 0;
  const interactions = new Map<number, number>();
  let [leastId, mostId, before, restored] = [0, 0, 0, false];
  const records: (() => void)[] = [];

  function since(time: number): number {
    return Math.max(time - activation, 0);
  }

  function observe(type: string, take: (entry: Entry) => void): void {
    attempt(() => {
      if (!PerformanceObserver.supportedEntryTypes.includes(type)) return;
      const read = (entries: PerformanceEntryList) => entries.forEach((entry) => take(entry as Entry));
      const observer = new PerformanceObserver((list) => read(list.getEntries()));
      const options = { type, buffered: true, durationThreshold: LEAST_INTERACTION_MS };
      observer.observe(options);
      records.push(() => read(observer.takeRecords()));
    });
  }

  function interact({ interactionId: id, duration }: Entry): void {
    if (!id) return;
    leastId = Math.min(leastId || id, id);
    mostId = Math.max(mostId, id);
    interactions.set(id, Math.max(interactions.get(id) ?? 0, duration));
    if (interactions.size > MOST_INTERACTIONS)
      interactions.delete([...interactions].reduce((a, b) => (b[1] < a[1] ? b : a))[0]);
  }

  /** How many there were; where the browser does not count them, by their ids, which grow by seven. */
  function count(): number {
    const { interactionCount } = performance as Performance & { interactionCount?: number };
    return interactionCount ?? (mostId && (mostId - leastId) / 7 + 1);
  }

  function nextPaint(): number | undefined {
    const durations = [...interactions.values()].sort((a, b) => b - a);
    const all = count() - before;
    // Only the first interaction of a page is told when it was short.
    return durations[Math.min(durations.length - 1, Math.floor(all / 50))] ?? (restored && all > 0 ? 8 : undefined);
  }

  observe('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint' && startTime < hidden) painted = since(startTime);
  });
  observe('largest-contentful-paint', ({ startTime }) => {
    if (startTime < hidden) largest = since(startTime);
  });
  observe('layout-shift', ({ hadRecentInput, startTime, value }) => {
    if (hadRecentInput) return;
    if (!shifted || startTime - lastShift >= 1000 || startTime - firstShift >= 5000) {
      shifted = 0;
      firstShift = startTime;
    }
    lastShift = startTime;
    shifted += value;
    worst = Math.max(worst, shifted);
  });
  observe('event', interact);
  observe('first-input', interact);

  return {
    finish() {
      if (told) return;
      told = true;
      for (const read of records) attempt(read);
      hidden = Math.min(hidden, performance.now());
      const values = {
        TTFB: answered,
        FCP: painted,
        LCP: largest,
        // A page that nobody saw has no shifts.
        CLS: painted === undefined || !records.length ? undefined : worst,
        INP: nextPaint(),
      };
      for (const [name, value] of Object.entries(values)) if (value !== undefined) tell(name, +value.toFixed(4));
    },
    restore(time) {
      told = false;
      restored = true;
      answered = 0;
      worst = shifted = 0;
      interactions.clear();
      before = count();
      painted = largest = undefined;
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          painted = largest = performance.now() - time;
        }),
      );
    },
  };
}
