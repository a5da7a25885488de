import { createClarityExport } from './collect/analytics/clarity-export.ts';
import { createGa4Reports } from './collect/analytics/ga4-report.ts';
import { createGoogleTokens } from './collect/analytics/google-token.ts';
import type { Config } from './config.ts';
import type { Closing, Engines } from './engines.ts';
import type { GuardedClient } from './flow/guarded-client.ts';
import { createProviderCalls } from './flow/provider-calls.ts';
import type { IntegrationDesk } from './model/integration.ts';
import type { MeasurementSink } from './model/measurement.ts';
import { createIntegrationDesk } from './pipelines/integration-desk.ts';
import { createFigureFetcher } from './pipelines/integration-figures.ts';
import { FETCH_TASK, fetchSoon, SEND_TASK, sendSoon } from './pipelines/integration-tasks.ts';
import { createMeasurementBuffer, OLDEST_MS } from './pipelines/measurement-buffer.ts';
import { createMeasurementSender } from './pipelines/measurement-sender.ts';
import { createOwnFigures } from './pipelines/own-figures.ts';
import type { Sealer } from './privacy/sealing.ts';
import { createGa4Measurement } from './respond/ga4-measurement.ts';
import type { Log, Records } from './stores/records.ts';
import type { Tasks } from './stores/tasks.ts';
import type { Chores } from './work/schedule.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Days for which it is remembered how many calls were made of a provider. */
const CALL_DAYS = 3;

export interface IntegrationTools {
  config: Config;
  log: Log;
  engines: Engines;
  sealer: Sealer;
  fetcher: GuardedClient;
  closing: Closing;
}

export interface Integrations {
  desk: IntegrationDesk;
  /** Where page views that were stored are offered. */
  measurements: MeasurementSink;
  chores: Pick<Chores, 'sweepIntegrations' | 'fetchFigures'>;
}

/** Puts the integrations together: adapters, desk, outbox, tasks. Before the tasks are started. */
export function openIntegrations(tools: IntegrationTools): Integrations {
  const { config, log, engines, sealer, fetcher: client, closing } = tools;
  const { records, tasks, interactions, sessions } = engines;
  const calls = createProviderCalls({ client });
  const measurement = createGa4Measurement(calls, config.ga4Url);
  const tokens = createGoogleTokens(calls, config.googleTokenUrl);
  const reports = createGa4Reports({ calls, tokens, baseUrl: config.ga4DataUrl });
  const clarity = createClarityExport(calls, config.clarityUrl);
  const fetcher = createFigureFetcher({ records, sealer, reports, clarity });
  const own = createOwnFigures(
    (tenantId) => interactions.forTenant(tenantId),
    (tenantId) => sessions.forTenant(tenantId),
  );
  const measurements = createMeasurementBuffer({ records, tasks, log });
  closing.add('the integrations', () => measurements.close());
  tasks.handle(SEND_TASK, createMeasurementSender({ records, sealer, measurement, tasks }));
  tasks.handle(FETCH_TASK, (task) => fetcher.task(task as Parameters<typeof fetcher.task>[0]));
  return {
    desk: createIntegrationDesk({ records, sealer, calls, measurement, fetcher, tasks, own }),
    measurements,
    chores: createIntegrationChores(records, tasks, Date.now),
  };
}

/** What is done for integrations by the clock. `now` answers ms since the epoch. */
export function createIntegrationChores(
  records: Records,
  tasks: Tasks,
  now: () => number,
): Pick<Chores, 'sweepIntegrations' | 'fetchFigures'> {
  return {
    async sweepIntegrations() {
      const { integrations } = records.unscoped;
      // An hour later than the sender, which says how many it dropped.
      await integrations.prune(now() - OLDEST_MS - HOUR_MS, Math.floor(now() / DAY_MS) - CALL_DAYS);
      for (const { tenantId } of await integrations.waiting()) await sendSoon(tasks, tenantId, now());
    },
    async fetchFigures() {
      const enabled = await records.unscoped.integrations.enabled();
      for (const integration of enabled) await fetchSoon(tasks, integration, 'by the clock', now());
    },
  };
}
