import type { PolicyMap } from '../../records-consent.ts';
import type { Database } from './database.ts';
import type { Log } from './log.ts';
import { type Refreshed, refreshed } from './refreshed.ts';

interface Known {
  text: string;
  policy: Readonly<Record<string, unknown>>;
}

/** Loads the policies of all tenants once; rejects when that fails. */
export async function loadPolicyMap(database: Database, log: Log): Promise<PolicyMap & Refreshed> {
  let known = new Map<string, Known>();

  async function load(): Promise<void> {
    const rows = await database.withAccess('platform', (db) =>
      db.selectFrom('tenants').select(['id', 'policy']).execute(),
    );
    known = new Map(
      rows.map(({ id, policy }) => {
        const text = JSON.stringify(policy);
        const before = known.get(id);
        return [id, before?.text === text ? before : { text, policy: Object.freeze(policy) }];
      }),
    );
  }

  const { refresh, reload } = refreshed(load, log, 'cannot reload the policies of tenants');
  await refresh();
  return { of: (tenantId) => known.get(tenantId)?.policy, refresh, reload };
}
