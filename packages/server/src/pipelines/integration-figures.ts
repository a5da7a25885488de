import type { ClarityExport } from '../collect/analytics/clarity-export.ts';
import type { Ga4Reports } from '../collect/analytics/ga4-report.ts';
import { readServiceAccount } from '../collect/analytics/google-token.ts';
import { Fault } from '../model/fault.ts';
import {
  CLARITY_CALLS_A_DAY,
  type ClaritySettings,
  type Ga4Settings,
  type IntegrationKind,
} from '../model/integration.ts';
import { isRefusal } from '../model/request.ts';
import type { Sealer } from '../privacy/sealing.ts';
import type { IntegrationRecord } from '../stores/integrations.ts';
import type { Records } from '../stores/records.ts';
import type { Task } from '../stores/tasks.ts';
import { openSecret } from './integration-secret.ts';
import { FETCH_RETRIES } from './integration-tasks.ts';

const DAY_MS = 86_400_000;
/** Days that are compared, today included. */
const DAYS = 28;

export interface FigureTools {
  records: Pick<Records, 'forTenant'>;
  sealer: Sealer;
  reports: Ga4Reports;
  clarity: ClarityExport;
  now?: () => number;
}

/** What a fetch has to say beside the figures. */
export interface FetchNote {
  detail: string;
}

/** Fetches a provider's figures into the cache. */
export interface FigureFetcher {
  /** Whether there is anything to fetch under these settings. */
  wants(record: Pick<IntegrationRecord, 'settings' | 'secrets' | 'kind'>): boolean;
  /**
   * Fetches and keeps. Faults: those of the providers' adapters; `secret-missing`; `calls-used-up` when Clarity has no
   * call left today.
   */
  fetch(tenantId: string, record: IntegrationRecord, signal?: AbortSignal): Promise<FetchNote>;
  /**
   * The task. What a provider refuses is noted and not tried again before the schedule does; what may pass by itself is
   * noted and thrown, so that the queue tries again, ever more rarely. The last attempt is not thrown: there is another
   * by the schedule, and nothing to replay.
   */
  task(task: Pick<Task<{ tenantId: string; kind: IntegrationKind }>, 'data' | 'signal' | 'attempt'>): Promise<void>;
}

/** Faults that another attempt will not change. */
const LASTING = new Set([
  'provider-refused',
  'secret-missing',
  'calls-used-up',
  'unsealing-failed',
  'outbound-refused',
]);

export function createFigureFetcher(tools: FigureTools): FigureFetcher {
  const { records, now = Date.now } = tools;
  const integrationsOf = (tenantId: string) => records.forTenant(tenantId).integrations;

  async function secret(tenantId: string, kind: IntegrationKind, name: string): Promise<string> {
    const text = await openSecret(tools, tenantId, kind, name);
    if (text === null) throw new Fault('secret-missing', `the secret ${name} is not set`);
    return text;
  }

  async function fetchGa4(tenantId: string, settings: Ga4Settings, signal?: AbortSignal): Promise<FetchNote> {
    const account = readServiceAccount(await secret(tenantId, 'ga4', 'service_account'));
    if (isRefusal(account)) throw new Fault('provider-refused', account.detail);
    const today = Math.floor(now() / DAY_MS);
    const from = today - DAYS + 1;
    const report = await tools.reports.days({
      property: settings.property_id ?? '',
      account,
      tenantId,
      from: isoDay(from),
      to: isoDay(today),
      signal,
    });
    const figures = report.rows.map(({ day, unit, value }) => ({ key: day, unit, value }));
    const window = { from: from * DAY_MS, to: (today + 1) * DAY_MS };
    await integrationsOf(tenantId).saveFigures('ga4', { fetchedAt: now(), window, figures });
    const zone = report.timeZone === '' ? '' : `; its days are of the time zone ${report.timeZone}`;
    const thresholded = report.thresholded ? '; Google leaves out figures about too few people' : '';
    const quota = report.tokensLeft === null ? '' : `; ${report.tokensLeft} tokens of its quota are left this hour`;
    const days = new Set(figures.map(({ key }) => key)).size;
    return { detail: `${days} days with figures of property ${settings.property_id}${zone}${thresholded}${quota}` };
  }

  async function fetchClarity(tenantId: string, settings: ClaritySettings, signal?: AbortSignal): Promise<FetchNote> {
    const own = integrationsOf(tenantId);
    const token = await secret(tenantId, 'clarity', 'token');
    const day = Math.floor(now() / DAY_MS);
    if (!(await own.takeCall('clarity', settings.project_id, day, CLARITY_CALLS_A_DAY))) {
      const text = `the ${CLARITY_CALLS_A_DAY} calls that Clarity allows a project today are used up; the next are tomorrow (UTC)`;
      throw new Fault('calls-used-up', text);
    }
    try {
      const figures = await tools.clarity.figures({ token, tenantId, days: 1, signal });
      await own.saveFigures('clarity', { fetchedAt: now(), window: { from: now() - DAY_MS, to: now() }, figures });
      return { detail: `${figures.length} figures of the last 24 hours` };
    } catch (error) {
      if (codeOf(error) !== 'provider-limited') throw error;
      await own.exhaustCalls('clarity', settings.project_id, day, CLARITY_CALLS_A_DAY);
      throw new Fault('calls-used-up', (error as Error).message, { cause: error });
    }
  }

  async function fetch(tenantId: string, record: IntegrationRecord, signal?: AbortSignal): Promise<FetchNote> {
    const own = integrationsOf(tenantId);
    try {
      const note =
        record.kind === 'ga4'
          ? await fetchGa4(tenantId, record.settings as Ga4Settings, signal)
          : await fetchClarity(tenantId, record.settings as ClaritySettings, signal);
      await own.succeeded(record.kind, now());
      return note;
    } catch (error) {
      if (signal?.aborted !== true) await own.failed(record.kind, { at: now(), text: (error as Error).message });
      throw error;
    }
  }

  const fetcher: FigureFetcher = {
    wants({ kind, settings, secrets }) {
      const has = (name: string) => secrets.some((secretOf) => secretOf.name === name);
      if (kind === 'ga4') return (settings as Ga4Settings).property_id !== null && has('service_account');
      return (settings as ClaritySettings).export && has('token');
    },
    fetch,
    async task({ data: { tenantId, kind }, signal, attempt }) {
      const record = await integrationsOf(tenantId).find(kind);
      if (record === null || !record.enabled || !fetcher.wants(record)) return;
      try {
        await fetch(tenantId, record, signal);
      } catch (error) {
        if (signal.aborted || (!LASTING.has(codeOf(error)) && attempt < FETCH_RETRIES[kind])) throw error;
      }
    },
  };
  return fetcher;
}

function codeOf(error: unknown): string {
  return error instanceof Fault ? error.code : '';
}

function isoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
