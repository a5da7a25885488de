import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';

/** What is measured of a page: what moves in it by itself, and for how long it is busy without a pause. */

/** The most that may move by itself, by the browser's own measure; docs/design-system.md promises it. */
export const MOST_SHIFT = 0.02;
/** The longest that a page may be busy without a pause on a computer four times slower than usual, in ms. */
export const LONGEST_TASK = 100;

const SLOW_DOWN = 4;
/**
 * What `exercise` takes on the computer that the bound is meant for, in ms: one where nothing else runs, of the year 2023.
 * Times are told as they would be there: a slower computer, or one that is busy otherwise, takes longer for both.
 */
const USUAL_EXERCISE = 8;
const EXERCISES = 7;
/** Longer than what a person did is held to be the cause of what moves. */
const AFTER_INPUT_MS = 600;

interface Moved {
  value: number;
  what: string[];
}

/** Has a page remember what moves, from its first drawing on; for `prepare` of a visit. */
export function watchShifts(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    const moved: { value: number; what: string[] }[] = [];
    Object.assign(globalThis, { moved });
    const nameOf = (node: Node | null) => {
      const element = node instanceof Element ? node : node?.parentElement;
      return element ? `${element.localName}.${[...element.classList].join('.')}` : 'gone';
    };
    const place = ({ x, y, width, height }: DOMRectReadOnly) => [x, y, width, height].map(Math.round).join(' ');
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput, sources } = entry as PerformanceEntry & {
          value: number;
          hadRecentInput: boolean;
          sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
        };
        if (hadRecentInput) continue;
        const what = sources.map(
          ({ node, previousRect, currentRect }) => `${nameOf(node)} ${place(previousRect)} → ${place(currentRect)}`,
        );
        moved.push({ value, what });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

/** What moved since the page was opened, or since it was asked last. */
export async function shiftOf(page: Page): Promise<{ sum: number; told: string }> {
  const moved = await page.evaluate(
    () =>
      new Promise<Moved[]>((resolve) => {
        // Entries are handed over after the drawing in which it moved.
        requestAnimationFrame(() =>
          setTimeout(() => resolve((globalThis as unknown as { moved: Moved[] }).moved.splice(0)), 100),
        );
      }),
  );
  const sum = moved.reduce((all, { value }) => all + value, 0);
  return { sum, told: moved.map(({ value, what }) => `${value.toFixed(4)}: ${what.join('; ')}`).join('\n') };
}

/**
 * Has answers come one by one, each path after a time of its own, as they do from a hub that has something to count: what
 * moves as they come does not move where all are there at the first drawing.
 */
export function answerOneByOne(page: Page, atLeastMs = 0): Promise<unknown> {
  return page.route('**/api/**', async (route) => {
    const { pathname, searchParams } = new URL(route.request().url());
    const about = pathname + (searchParams.get('by') ?? '') + (searchParams.get('metrics') ?? '');
    const number = [...about].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 7, 0);
    await sleep(atLeastMs + 60 * number);
    await route.continue().catch(() => undefined);
  });
}

/** After it, what moves is no longer held to be what a person did. */
export function afterInput(page: Page): Promise<unknown> {
  return answerOneByOne(page, AFTER_INPUT_MS);
}

export interface Busy {
  /** The longest time without a pause, in ms, at a quarter of the usual speed. */
  longest: number;
  /** What was done in it, the longest first. */
  told: string;
}

/**
 * For how long a page is busy without a pause while something is done, at most. `act` must leave the page alone but for its
 * mouse, keyboard and address: whatever else is asked of a page by a test runs in it and counts as its own.
 *
 * What is measured is time of the processor that the page's main thread took, and not time on the wall, and it is told in
 * units of a computation that the same page did under the same slow-down: neither what else runs on the computer nor how
 * fast it is decides.
 */
export async function busiest(page: Page, act: () => Promise<unknown>): Promise<Busy> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('the page is of a browser of its own');
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('Emulation.setCPUThrottlingRate', { rate: SLOW_DOWN });
  await browser.startTracing(page, {
    categories: ['disabled-by-default-devtools.timeline', 'devtools.timeline', 'blink.user_timing', 'v8'],
  });
  await act();
  for (let time = 0; time < EXERCISES; time++) await exercise(protocol);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  await protocol.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await protocol.detach();
  return busyIn(trace.traceEvents);
}

/** Until nothing is under way any more, without asking the page. */
export async function settled(page: Page): Promise<void> {
  // The live tail never ends asking.
  if (new URL(page.url()).pathname === '/live') await sleep(4000);
  else await page.waitForLoadState('networkidle');
  await sleep(700);
}

/** A fixed computation of the kinds that pages do: objects, texts, sorting, elements and their places. */
async function exercise(protocol: CDPSession): Promise<void> {
  const work = () => {
    performance.mark('exercise');
    const rows = Array.from({ length: 4000 }, (_, place) => ({ name: `row ${(place * 7919) % 4001}`, place }));
    rows.sort((a, b) => (a.name < b.name ? -1 : 1));
    const read = JSON.parse(JSON.stringify(rows)) as typeof rows;
    const space = document.createElement('div');
    space.style.cssText = 'position: fixed; visibility: hidden; contain: strict; width: 300px; height: 300px';
    for (const { name, place } of read.slice(0, 500)) {
      const line = document.createElement('p');
      line.append(document.createElement('b'), `${name} ${place}`);
      space.append(line);
    }
    document.body.append(space);
    space.getBoundingClientRect();
    space.remove();
  };
  await protocol.send('Runtime.evaluate', { expression: `(${work})()` });
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** When it began and how long it took by the wall's clock, µs. */
  ts: number;
  dur?: number;
  /** How much of the processor's time it took, µs. */
  tdur?: number;
  args?: { data?: { url?: string; functionName?: string; lineNumber?: number } };
}

function busyIn(events: readonly TraceEvent[]): Busy {
  const marks = events.filter(({ name }) => name === 'exercise');
  const [mark] = marks;
  if (mark === undefined) throw new Error('the trace holds no exercise');
  const own = events.filter(({ pid, tid, tdur }) => pid === mark.pid && tid === mark.tid && tdur !== undefined);
  const tasks = own.filter(({ name }) => name === 'RunTask');
  const within = (task: TraceEvent, { ts }: TraceEvent) => ts >= task.ts && ts < task.ts + (task.dur ?? 0);
  const isExercise = (task: TraceEvent) => marks.some((one) => within(task, one));
  const took = (event: TraceEvent | undefined) => (event?.tdur ?? 0) / 1000;
  const exercises = tasks.filter(isExercise).map(took);
  if (exercises.length === 0) throw new Error('the trace holds no task of an exercise');
  const speed = (exercises.sort((a, b) => a - b)[exercises.length >> 1] ?? 1) / (USUAL_EXERCISE * SLOW_DOWN);
  const first = Math.min(...marks.map(({ ts }) => ts));
  const [longest, ...others] = tasks
    .filter((task) => task.ts < first && !isExercise(task))
    .sort((a, b) => took(b) - took(a));
  const ms = (event: TraceEvent | undefined) => (took(event) / speed).toFixed(0);
  const parts = own
    .filter((event) => event !== longest && longest !== undefined && within(longest, event) && took(event) > 2)
    .sort((a, b) => took(b) - took(a))
    .slice(0, 14)
    .map((event) => {
      const { url = '', functionName = '', lineNumber = '' } = event.args?.data ?? {};
      return `${event.name} ${ms(event)} ${functionName} ${url.split('/').at(-1)} ${lineNumber}`;
    });
  const told = [
    `speed ${speed.toFixed(2)}, by ${exercises.map((one) => one.toFixed(0)).join(' ')}; others: ${others.slice(0, 8).map(ms).join(' ')}`,
    ...parts,
  ];
  return { longest: took(longest) / speed, told: told.join('\n') };
}
