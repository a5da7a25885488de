import type { HostMap } from '../../records.ts';
import { HostTable } from '../../records-hosts.ts';
import type { Database } from './database.ts';
import type { Log } from './log.ts';
import { type Refreshed, refreshed } from './refreshed.ts';

/** A host map that is loaded anew when told to; look-ups meanwhile use the last one. */
export interface LoadedHostMap extends HostMap, Refreshed {}

/** Loads the map once; rejects when that fails. */
export async function loadHostMap(database: Database, log: Log): Promise<LoadedHostMap> {
  let patterns: readonly (readonly [pattern: string, tenantId: string])[] = [];
  let table = new HostTable<{ tenantId: string; suspended: boolean }>([]);

  async function load(): Promise<void> {
    const rows = await database.withAccess('domain-map', (db) =>
      db
        .selectFrom('domains')
        .innerJoin('tenants', 'tenants.id', 'domains.tenant_id')
        .where('domains.verified_at', 'is not', null)
        .select(['domains.pattern', 'domains.tenant_id', 'tenants.suspended_at'])
        .orderBy('domains.pattern')
        .execute(),
    );
    patterns = rows
      .filter(({ suspended_at }) => suspended_at === null)
      .map(({ pattern, tenant_id }) => [pattern, tenant_id] as const);
    table = new HostTable(
      rows.map(({ pattern, tenant_id, suspended_at }) => [
        pattern,
        { tenantId: tenant_id, suspended: suspended_at !== null },
      ]),
    );
  }

  const { refresh, reload } = refreshed(load, log, 'cannot reload the domain map');
  await refresh();
  return {
    resolve(host) {
      const found = table.find(host);
      return found?.suspended === false ? found.tenantId : undefined;
    },
    ownerOf: (host) => table.find(host)?.tenantId,
    get size() {
      return patterns.length;
    },
    patterns: (tenantId) => (tenantId === null ? patterns : patterns.filter(([, owner]) => owner === tenantId)),
    refresh,
    reload,
  };
}
