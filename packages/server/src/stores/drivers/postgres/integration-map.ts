import { type Ga4Settings, type IntegrationKind, NO_TAGS, type SiteTags } from '../../../model/integration.ts';
import type { IntegrationMap } from '../../integrations.ts';
import type { Database } from './database.ts';
import { enabledIntegrations } from './integration-platform.ts';
import type { Log } from './log.ts';
import { type Refreshed, refreshed } from './refreshed.ts';

/** A map that is loaded anew when told to; look-ups meanwhile use the last one. */
export interface LoadedIntegrationMap extends IntegrationMap, Refreshed {}

interface Known {
  tags: SiteTags;
  measures: boolean;
}

/** Loads what browsers and page views are asked about; rejects when that fails. */
export async function loadIntegrationMap(database: Database, log: Log): Promise<LoadedIntegrationMap> {
  let known = new Map<string, Known>();

  async function load(): Promise<void> {
    const rows = await enabledIntegrations(database);
    const next = new Map<string, Known>();
    for (const { tenantId, kind, settings, secrets } of rows) {
      next.set(tenantId, withIntegration(next.get(tenantId), kind, settings, secrets));
    }
    known = next;
  }

  const { refresh, reload } = refreshed(load, log, 'cannot reload the integrations');
  await refresh();
  return {
    tagsOf: (tenantId) => known.get(tenantId)?.tags ?? NO_TAGS,
    measures: (tenantId) => known.get(tenantId)?.measures === true,
    refresh,
    reload,
  };
}

function withIntegration(
  before: Known | undefined,
  kind: IntegrationKind,
  settings: { tag: boolean },
  secrets: readonly string[],
): Known {
  const { tags, measures } = before ?? { tags: NO_TAGS, measures: false };
  if (kind === 'ga4') {
    const { measurement_id, tag, measurement } = settings as Ga4Settings;
    return {
      tags: Object.freeze({ ...tags, ga4: tag ? { measurement_id } : null }),
      measures: measurement && secrets.includes('api_secret'),
    };
  }
  const { project_id } = settings as { project_id: string; tag: boolean };
  return { tags: Object.freeze({ ...tags, clarity: settings.tag ? { project_id } : null }), measures };
}
