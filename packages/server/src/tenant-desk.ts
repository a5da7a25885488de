import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config.ts';
import { cleanDeadLetters } from './dead-letters.ts';
import type { Engines } from './engines.ts';
import type { TenantDesk } from './expose/ports.ts';
import { readSpool } from './flow/spool-reader.ts';
import { messageOf } from './model/causes.ts';
import { isRefusal } from './model/request.ts';
import { kafkaPlaceOf } from './pipeline.ts';
import type { Admission } from './pipelines/admission.ts';
import { deleteTenant, type LyingTenantPlace, type TenantDeletionTools } from './privacy/tenant-deletion.ts';
import { keepRows, uuidBytes, uuidColumn } from './stores/native-rows.ts';
import type { Log } from './stores/records.ts';
import { type KeptReceipt, lookIntoKafka } from './stores/stream.ts';
import type { TaskHandler, Tasks } from './stores/tasks.ts';
import type { ChoreName } from './work/schedule.ts';

/** A broker that holds more than can be read in that time is not searched to its end. */
const KAFKA_MS = 120_000;
/** A segment of the spool goes once all its batches are stored, which is a matter of moments. */
const SPOOL_MS = 30_000;
const POLL_MS = 250;
const RUN_AGAIN_MS = 1000;
const RUN_TRIES = 60;
const CHORE: ChoreName = 'delete-tenants';

/** What operators do about tenants, beyond what the records do. */
export function createTenantDesk({ records, tasks }: Engines, admission: Admission): TenantDesk {
  return {
    async delete(tenantId, confirm, askedBy) {
      const deletion = await records.unscoped.deletions.begin(tenantId, confirm, askedBy);
      if (isRefusal(deletion)) return deletion;
      await records.standing.refresh();
      await runOnceMore(tasks);
      return deletion;
    },
    async usage(day) {
      await admission.flush();
      return records.unscoped.usage.of(day);
    },
  };
}

/**
 * Has the chore run. One that is under way may have looked before there was anything to do, so it is asked for again until
 * it is a new run; where no process does the work yet, one will find it.
 */
async function runOnceMore(tasks: Tasks, tries = RUN_TRIES): Promise<void> {
  const isNew = await tasks.runNow(CHORE).catch(() => true);
  if (!isNew && tries > 0) setTimeout(() => void runOnceMore(tasks, tries - 1), RUN_AGAIN_MS).unref();
}

/** Does the deletions that were asked for, one after the other, and those that a stop has interrupted. */
export function createDeletionChore(config: Config, engines: Engines, log: Log): TaskHandler {
  const { records, requests } = engines;
  const { deletions } = records.unscoped;
  const tools: TenantDeletionTools = {
    deletions,
    clickhouse: requests.tenantRows,
    texts: [requests.texts, records.unscoped.texts],
    lying: lyingPlaces(config),
  };
  return async ({ signal }) => {
    const failures: unknown[] = [];
    const tried = new Set<string>();
    // Others are asked for while one is under way.
    const next = async () => (await deletions.unfinished()).find(({ id }) => !tried.has(id));
    for (let deletion = await next(); deletion !== undefined; deletion = await next()) {
      const { id, slug } = deletion;
      tried.add(id);
      try {
        const { complete } = await deleteTenant(deletion, tools, signal);
        log.info({ tenant: slug, deletion: id, complete }, 'deleted a tenant with everything of it');
      } catch (error) {
        signal.throwIfAborted();
        log.error({ err: error, tenant: slug }, 'deleting a tenant failed; trying again');
        await deletions.failed(id, messageOf(error));
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
}

function lyingPlaces(config: Config): LyingTenantPlace[] {
  const dir = join(config.data, 'spool');
  const place = kafkaPlaceOf(config);
  const places: LyingTenantPlace[] = [
    // What waits is stored without the rows; a batch is not cut again while it waits.
    { name: 'spool', erase: async () => 0, search: (tenantId) => searchUntilGone(dir, tenantId) },
    {
      name: 'dead letters',
      erase: (tenantId) => cleanDeadLetters(join(dir, 'dead'), letterCut(tenantId)),
      search: (tenantId) => searchSpool(dir, true, tenantId),
    },
  ];
  if (place === null) return places;
  const kafka: LyingTenantPlace = {
    // The broker keeps what was read until its retention ends, and what of it is read again is turned away.
    name: 'Kafka',
    erase: async () => 0,
    async search(tenantId) {
      let found = 0;
      for await (const { batch } of lookIntoKafka(place, AbortSignal.timeout(KAFKA_MS))) {
        const read = await batch().catch(() => null);
        if (read?.bytes.includes(uuidBytes(tenantId)) === true) found += 1;
      }
      return found;
    },
  };
  return [...places, kafka];
}

async function searchUntilGone(dir: string, tenantId: string): Promise<number> {
  for (const deadline = Date.now() + SPOOL_MS; ; ) {
    const found = await searchSpool(dir, false, tenantId);
    if (found === 0 || Date.now() > deadline) return found;
    await sleep(POLL_MS);
  }
}

async function searchSpool(dir: string, dead: boolean, tenantId: string): Promise<number> {
  const needle = uuidBytes(tenantId);
  let found = 0;
  for await (const { name, bytes, meta } of readSpool(dir)) {
    if (name.startsWith('dead') !== dead) continue;
    if (bytes.includes(needle) || JSON.stringify(meta).includes(tenantId)) found += 1;
  }
  return found;
}

/** Takes a tenant's rows out of a dead letter, and what its senders were to be answered. */
function letterCut(tenantId: string): Parameters<typeof cleanDeadLetters>[1] {
  const needle = uuidBytes(tenantId);
  return {
    holds: (bytes) => bytes.includes(needle) || bytes.includes(tenantId),
    cut(bytes, meta) {
      try {
        const tenants = uuidColumn(bytes, 'tenant_id');
        if (tenants === null) return null;
        const kept = keepRows(bytes, (row) => tenants[row] !== tenantId);
        if (kept.includes(needle)) return null;
        const dropped = tenants.filter((tenant) => tenant === tenantId).length;
        return { bytes: kept, dropped, meta: { ...meta, ...receiptsWithout(tenantId, tenants, meta.receipts) } };
      } catch {
        return null;
      }
    },
  };
}

function receiptsWithout(
  tenantId: string,
  tenants: readonly string[],
  receipts: unknown,
): { receipts?: KeptReceipt[] } {
  if (!Array.isArray(receipts)) return {};
  const before = (row: number) => tenants.slice(0, row).filter((tenant) => tenant !== tenantId).length;
  return {
    receipts: (receipts as KeptReceipt[])
      .filter((receipt) => receipt.tenantId !== tenantId)
      .map((receipt) => ({ ...receipt, start: before(receipt.start) })),
  };
}
