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
  let table = new HostTable<string>([]);

  async function load(): Promise<void> {
    const rows = await database.withAccess('domain-map', (db) =>
      db
        .selectFrom('domains')
        .innerJoin('tenants', 'tenants.id', 'domains.tenant_id')
        .where('tenants.suspended_at', 'is', null)
        .select(['domains.pattern', 'domains.tenant_id'])
        .orderBy('domains.pattern')
        .execute(),
    );
    patterns = rows.map((row) => [row.pattern, row.tenant_id] as const);
    table = new HostTable(patterns);
  }

  const { refresh, reload } = refreshed(load, log, 'cannot reload the domain map');
  await refresh();
  return {
    resolve: (host) => table.find(host),
    get size() {
      return table.size;
    },
    patterns: (tenantId) => (tenantId === null ? patterns : patterns.filter(([, owner]) => owner === tenantId)),
    refresh,
    reload,
  };
}
