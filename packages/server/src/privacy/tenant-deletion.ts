import { setTimeout as sleep } from 'node:timers/promises';
import type { PlaceCount, TenantDeletion, TenantDeletions } from '../stores/records.ts';
import type { TenantRows } from '../stores/tenant-clickhouse.ts';
import type { Texts } from '../stores/texts.ts';

/** Batches are on their way for less than that, and every process has heard of a deletion. */
const SETTLE_MS = 2000;
/** What came in between is deleted again, so often. */
const ROUNDS = 3;
/** The installation's own log of what operators did, where the tenant's name stays. */
const NAMES_IT = new Set(['vedette.audit_log']);

/** What is not in the engines: spool, dead letters, broker. */
export interface LyingTenantPlace {
  name: string;
  /** Takes away what can be taken away; answers with the number of rows. */
  erase(tenantId: string): Promise<number>;
  /** Batches that still hold rows of the tenant. */
  search(tenantId: string): Promise<number>;
}

export interface TenantDeletionTools {
  deletions: TenantDeletions;
  clickhouse: TenantRows;
  /** All texts of the engines, where the tenant's id could stand besides its own rows. */
  texts: readonly Texts[];
  lying: readonly LyingTenantPlace[];
  settleMs?: number;
  now?: () => number;
}

/**
 * Deletes everything of a tenant: from ClickHouse, from PostgreSQL, and from what lies about, each from the disk as well;
 * then searches every place again and keeps what was found as proof. By then the tenant is suspended for good and its rows
 * are turned away wherever they arrive, so what is deleted stays so. Everything may be done twice: a deletion that was
 * interrupted is begun again and goes on where rows are left.
 */
export async function deleteTenant(
  { id, tenantId }: TenantDeletion,
  tools: TenantDeletionTools,
  signal: AbortSignal,
): Promise<{ complete: boolean }> {
  const { deletions, clickhouse, lying, settleMs = SETTLE_MS, now = Date.now } = tools;
  await sleep(settleMs, undefined, { signal });
  for (let round = 0; round < ROUNDS; round += 1) {
    for await (const count of clickhouse.erase(tenantId)) {
      await deletions.note(id, [count]);
      signal.throwIfAborted();
    }
    await deletions.eraseRows(id, tenantId);
    if (sumOf(await countEngines(tenantId, tools)) === 0) break;
    signal.throwIfAborted();
  }
  for (const { name, erase } of lying) await deletions.note(id, [{ place: name, rows: await erase(tenantId) }]);
  const { found, whole } = await searchEverywhere(tenantId, tools, signal);
  const complete = whole && sumOf(found) === 0;
  await deletions.finish(id, { found, complete }, now());
  return { complete };
}

async function countEngines(tenantId: string, { clickhouse, deletions }: TenantDeletionTools): Promise<PlaceCount[]> {
  return [...(await clickhouse.count(tenantId)), ...(await deletions.countRows(tenantId))];
}

/** `whole`: false where a place could not be searched to its end, which its name then says. */
async function searchEverywhere(
  tenantId: string,
  tools: TenantDeletionTools,
  signal: AbortSignal,
): Promise<{ found: PlaceCount[]; whole: boolean }> {
  const found = await countEngines(tenantId, tools);
  for (const store of tools.texts) {
    let rows = 0;
    for await (const looked of store.search([tenantId], signal)) if (!NAMES_IT.has(looked.table)) rows += looked.found;
    found.push({ place: `${store.engine}, its id in any text`, rows });
  }
  let whole = true;
  for (const { name, search } of tools.lying) {
    try {
      found.push({ place: name, rows: await search(tenantId) });
    } catch (error) {
      whole = false;
      found.push({ place: `${name}, not searched to its end: ${(error as Error).message}`, rows: 0 });
    }
  }
  return { found, whole };
}

function sumOf(counts: readonly PlaceCount[]): number {
  return counts.reduce((sum, { rows }) => sum + rows, 0);
}
