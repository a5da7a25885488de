import type { ScanAnswer } from '@vedette/contract';
import type { Config } from './config.ts';
import type { Engines } from './engines.ts';
import type { ScanReport } from './privacy/scan-tally.ts';
import { scanHub } from './privacy-scan.ts';
import type { StoredScan } from './stores/records.ts';

const TASK = 'privacy-scan';
/** A scan that has run for longer was not ended by whoever began it. */
const LONGEST_MS = 12 * 3_600_000;

/** Scans that run as tasks, and what the last one found. */
export interface PrivacyScanDesk {
  last(): Promise<ScanAnswer>;
  /** Begins one unless one is running; answers with its state. */
  begin(): Promise<ScanAnswer>;
}

/** `does`: whether this process does what is begun here or elsewhere. Before the tasks are started. */
export function createScanDesk(config: Config, { records, requests, tasks }: Engines, does: boolean): PrivacyScanDesk {
  const { scans, texts } = records.unscoped;
  if (does) {
    tasks.handle<{ id: string }>(TASK, async ({ data: { id }, signal }) => {
      try {
        const report = await scanHub(config, [requests.texts, texts], signal);
        await scans.finish(id, 'done', report, Date.now());
      } catch (error) {
        await scans.finish(id, 'failed', { error: (error as Error).message }, Date.now());
      }
    });
  }
  const last = async () => show(await scans.last(), Date.now());
  return {
    last,
    async begin() {
      const before = await last();
      if (before.state === 'running') return before;
      const id = await scans.begin(Date.now());
      await tasks.add(TASK, { id }, { urgency: 'low', retries: 0 });
      return last();
    },
  };
}

function show(scan: StoredScan | null, now: number): ScanAnswer {
  const nothing = { looked_at: [], skipped: [], findings: [] };
  if (scan === null) return { state: 'never', started: null, finished: null, ...nothing, error: null };
  const { startedAt, finishedAt } = scan;
  const text = (time: number | null) => (time === null ? null : new Date(time).toISOString());
  const lost = scan.state === 'running' && now - startedAt > LONGEST_MS;
  const { error = null, ...report } = scan.result as Partial<ScanReport> & { error?: string };
  return {
    state: lost ? 'failed' : scan.state,
    started: text(startedAt),
    finished: text(finishedAt),
    ...nothing,
    ...report,
    error: lost ? 'the process that did it ended before it was done' : error,
  };
}
