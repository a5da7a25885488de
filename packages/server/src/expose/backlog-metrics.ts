import { Gauge, type Registry } from 'prom-client';
import type { Backlog } from './ports.ts';

/** Longer than PostgreSQL may take to answer, nobody's scrape waits. */
const PATIENCE_MS = 3000;

/**
 * Counts what waits in PostgreSQL, once for all gauges of a scrape. While that does not answer there are no such figures:
 * the others are wanted then more than ever.
 */
export function countBacklog(read: () => Promise<Backlog>, registry: Registry): void {
  let asked: Promise<Backlog | null> | null = null;
  const once = () => {
    asked ??= within(read()).finally(() => {
      asked = null;
    });
    return asked;
  };
  const gauge = (name: string, help: string, labelNames: string[], set: (gauge: Gauge, backlog: Backlog) => void) => {
    const made: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        made.reset();
        const backlog = await once();
        if (backlog === null) made.remove();
        else set(made, backlog);
      },
    });
  };
  gauge(
    'vedette_tasks',
    'Tasks by queue and state: waiting (for their time too) or active',
    ['queue', 'state'],
    (all, { queues }) => {
      for (const { queue, waiting, active } of queues) {
        all.set({ queue, state: 'waiting' }, waiting);
        all.set({ queue, state: 'active' }, active);
      }
    },
  );
  gauge('vedette_tasks_dead', 'Tasks that failed for good and wait for somebody to look at them', [], (all, { dead }) =>
    all.set(dead),
  );
  gauge('vedette_user_sessions', 'Sessions of people that are good now', [], (all, { sessions }) => all.set(sessions));
}

async function within(reading: Promise<Backlog>): Promise<Backlog | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, null);
  });
  try {
    return await Promise.race([reading, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    reading.catch(() => undefined);
  }
}
