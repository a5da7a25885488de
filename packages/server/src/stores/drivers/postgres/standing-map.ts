import { quotaOf } from '../../../model/quota.ts';
import type { Standing, StandingMap } from '../../records-tenancy.ts';
import type { Database } from './database.ts';
import type { Log } from './log.ts';
import { type Refreshed, refreshed } from './refreshed.ts';

/** Loads where every tenant stands, once; rejects when that fails. */
export async function loadStandingMap(database: Database, log: Log): Promise<StandingMap & Refreshed> {
  let known = new Map<string, Standing>();
  let gone = new Set<string>();

  async function load(): Promise<void> {
    const [tenants, deletions] = await database.withAccess('platform', async (db) => [
      await db.selectFrom('tenants').select(['id', 'slug', 'suspended_at', 'deleting_at', 'quota']).execute(),
      await db.selectFrom('tenant_deletions').select('deleted_id').execute(),
    ]);
    known = new Map(
      tenants.map(({ id, slug, suspended_at, deleting_at, quota }) => {
        const state = deleting_at !== null ? 'deleting' : suspended_at !== null ? 'suspended' : 'active';
        return [id, Object.freeze({ slug, state, quota: quotaOf(quota) })];
      }),
    );
    gone = new Set(deletions.map(({ deleted_id }) => deleted_id));
  }

  const { refresh, reload } = refreshed(load, log, 'cannot reload where tenants stand');
  await refresh();
  return {
    of: (tenantId) => known.get(tenantId),
    isGone: (tenantId) => gone.has(tenantId),
    get gone() {
      return gone.size;
    },
    refresh,
    reload,
  };
}
