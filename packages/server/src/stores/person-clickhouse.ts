import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../model/fault.ts';
import { isUuid } from '../model/uuid.ts';
import { type ClickHouse, quoteText, type Settings } from './drivers/clickhouse/client.ts';
import { PERSON_TABLES, type PersonPlace, type PersonTable } from './person-places.ts';

const PAGE = 2000;
const POLL_MS = 200;
/** A deletion that takes longer is given up on, and told. */
const MUTATION_MS = 15 * 60_000;
/** Parts without a use are removed by the engine by and by; it is nudged, and waited for. */
const CLEANUP_MS = 90_000;
const SETTINGS: Settings = { max_execution_time: 600 };

/** The places of ClickHouse in which a tenant's people are. */
export function clickhousePersonPlaces(clickhouse: ClickHouse, tenantId: string): PersonPlace[] {
  if (!isUuid(tenantId)) throw new Fault('bad-tenant', `${JSON.stringify(tenantId)} is not a tenant id`);
  const mine = `tenant_id = toUUID(${quoteText(tenantId)})`;
  return PERSON_TABLES.filter(({ engine }) => engine === 'ClickHouse').map((place) => ({
    name: `ClickHouse ${place.table}`,
    what: place.what,
    async *export({ visitors }) {
      if (visitors.length === 0 || place.copies === true) return;
      const columns = `* EXCEPT (${place.leaveOut.join(', ')})`;
      const { table, order } = place;
      const where = `${mine} AND (${place.visitors.map((column) => `has(${listOf(visitors)}, ${column})`).join(' OR ')})`;
      for (let offset = 0; ; offset += PAGE) {
        const rows = await clickhouse.query<Record<string, unknown>>(
          `SELECT ${columns} FROM ${table} WHERE ${where} ORDER BY ${order}, cityHash64(*) LIMIT ${PAGE} OFFSET ${offset}`,
          {},
          { ...SETTINGS, output_format_json_quote_64bit_integers: 1 },
        );
        yield* rows;
        if (rows.length < PAGE) return;
      }
    },
    erase: ({ visitors }) => erase(clickhouse, place, mine, visitors),
  }));
}

async function erase(
  clickhouse: ClickHouse,
  place: PersonTable,
  mine: string,
  visitors: readonly string[],
): Promise<number> {
  if (visitors.length === 0) return 0;
  const { table } = place;
  const isTheirs = await hashedCondition(clickhouse, place.visitors, visitors);
  return deleteRows(clickhouse, table, `${mine} AND (${isTheirs})`);
}

/**
 * Deletes the rows of a table that meet a condition, and waits until they are gone from the disk as well; answers with how
 * many there were. Throws a Fault `erasure-unfinished` when that takes too long.
 */
export async function deleteRows(clickhouse: ClickHouse, table: string, condition: string): Promise<number> {
  const [row] = await clickhouse.query<{ n: number }>(
    `SELECT count() AS n FROM ${table} WHERE ${condition}`,
    {},
    SETTINGS,
  );
  if (row === undefined || row.n === 0) return 0;
  const before = await partsOf(clickhouse, table);
  // Merges, and deletions with them, are held while a large import runs.
  if (clickhouse.embedded) await clickhouse.command(`SYSTEM START MERGES ${table}`);
  await clickhouse.command(`ALTER TABLE ${table} DELETE WHERE ${condition}`);
  await untilDeleted(clickhouse, table);
  await untilRemoved(clickhouse, table, before);
  return row.n;
}

/**
 * The engine keeps the text of a deletion in a file, where the ids must not stand: it compares keyed hashes of them,
 * under a key that is used once and kept nowhere else.
 */
async function hashedCondition(
  clickhouse: ClickHouse,
  columns: readonly string[],
  ids: readonly string[],
): Promise<string> {
  const key = randomBytes(16);
  const keys = `(toUInt64(${key.readBigUInt64LE(0)}), toUInt64(${key.readBigUInt64LE(8)}))`;
  const hashes = await clickhouse.query<{ hash: string }>(
    `SELECT hex(sipHash128Keyed(${keys}, arrayJoin(${listOf(ids)}))) AS hash`,
  );
  const list = hashes.map(({ hash }) => quoteText(hash)).join(', ');
  return columns.map((column) => `hex(sipHash128Keyed(${keys}, ${column})) IN (${list})`).join(' OR ');
}

async function untilDeleted(clickhouse: ClickHouse, table: string): Promise<void> {
  const deadline = Date.now() + MUTATION_MS;
  for (;;) {
    const [open] = await clickhouse.query<{ n: number; reason: string }>(
      `SELECT count() AS n, max(latest_fail_reason) AS reason FROM system.mutations
       WHERE database = currentDatabase() AND table = ${quoteText(table)} AND NOT is_done`,
    );
    if (open === undefined || open.n === 0) return;
    if (Date.now() > deadline) {
      throw new Fault('erasure-unfinished', `deleting from ${table} is not done yet: ${open.reason || 'it goes on'}`);
    }
    await sleep(POLL_MS);
  }
}

/** Waits until the parts that still hold the rows are gone from the disk. */
async function untilRemoved(clickhouse: ClickHouse, table: string, before: ReadonlySet<string>): Promise<void> {
  const deadline = Date.now() + CLEANUP_MS;
  for (let round = 0; Date.now() < deadline; round += 1) {
    const there = await partsOf(clickhouse, table, 'NOT active');
    if (![...there].some((name) => before.has(name))) return;
    // Beginning to clean up anew has it look at once. A server may not allow it, and cleans up by itself.
    if (round % 5 === 0) {
      for (const verb of ['STOP', 'START']) {
        await clickhouse.command(`SYSTEM ${verb} CLEANUP ${table}`).catch(() => undefined);
      }
    }
    await sleep(POLL_MS);
  }
  throw new Fault(
    'erasure-unfinished',
    `old parts of ${table} are still on the disk; the engine removes them by itself`,
  );
}

async function partsOf(clickhouse: ClickHouse, table: string, which = 'active'): Promise<Set<string>> {
  const rows = await clickhouse.query<{ name: string }>(
    `SELECT name FROM system.parts WHERE database = currentDatabase() AND table = ${quoteText(table)} AND ${which}`,
  );
  return new Set(rows.map(({ name }) => name));
}

function listOf(ids: readonly string[]): string {
  return `[${ids.map((id) => quoteText(id)).join(', ')}]`;
}
