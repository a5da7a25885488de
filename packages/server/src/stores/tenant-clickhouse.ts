import { Fault } from '../model/fault.ts';
import { isUuid } from '../model/uuid.ts';
import { type ClickHouse, quoteText } from './drivers/clickhouse/client.ts';
import { deleteRows } from './person-clickhouse.ts';
import type { PlaceCount } from './records-tenancy.ts';

/** Everything of a tenant in one engine. */
export interface TenantRows {
  /**
   * Deletes every row of the tenant, from the disk as well, table by table; tells of each once it is done. Throws a Fault
   * `erasure-unfinished` when the engine takes too long.
   */
  erase(tenantId: string): AsyncIterable<PlaceCount>;
  /** Rows that are there, by place; every place is named. */
  count(tenantId: string): Promise<PlaceCount[]>;
  /**
   * Deletes rows that are older than so many days (of the later of their event and their arrival) though they were stored for
   * longer; `today` in days since the epoch. Answers with how many there were. Throws as `erase` does.
   */
  expire(tenantId: string, mostDays: number, today: number): Promise<number>;
}

/** The day of which a row is as old as it is, of each table whose rows have a retention. */
const AGE: Readonly<Record<string, string>> = {
  requests: 'toDate(greatest(time, received))',
  requests_sample: 'day',
  interactions: 'toDate(greatest(time, received))',
  sessions: 'day',
};

/** The tables are the engine's own list of those that have a tenant_id, so that none can be forgotten. */
export function clickhouseTenantRows(clickhouse: ClickHouse): TenantRows {
  return {
    async *erase(tenantId) {
      const mine = conditionOf(tenantId);
      for (const table of await tablesOf(clickhouse)) {
        yield { place: `ClickHouse ${table}`, rows: await deleteRows(clickhouse, table, mine) };
      }
    },
    async count(tenantId) {
      const mine = conditionOf(tenantId);
      const counts: PlaceCount[] = [];
      for (const table of await tablesOf(clickhouse)) {
        const [row] = await clickhouse.query<{ n: number }>(`SELECT count() AS n FROM ${table} WHERE ${mine}`);
        counts.push({ place: `ClickHouse ${table}`, rows: row?.n ?? 0 });
      }
      return counts;
    },
    async expire(tenantId, mostDays, today) {
      let rows = 0;
      for (const [table, day] of Object.entries(AGE)) {
        // What has expired by its own date goes with its partition.
        const condition = `${conditionOf(tenantId)} AND ${day} <= toDate(${today - mostDays}) AND expires_on > toDate(${today})`;
        const deleted = await deleteRows(clickhouse, table, condition);
        // The sample is copies.
        if (table !== 'requests_sample') rows += deleted;
      }
      return rows;
    },
  };
}

function conditionOf(tenantId: string): string {
  if (!isUuid(tenantId)) throw new Fault('bad-tenant', `${JSON.stringify(tenantId)} is not a tenant id`);
  return `tenant_id = toUUID(${quoteText(tenantId)})`;
}

async function tablesOf(clickhouse: ClickHouse): Promise<string[]> {
  const rows = await clickhouse.query<{ name: string }>(
    `SELECT t.name AS name FROM system.tables AS t JOIN system.columns AS c ON c.database = t.database AND c.table = t.name
     WHERE t.database = currentDatabase() AND t.engine LIKE '%MergeTree' AND c.name = 'tenant_id' ORDER BY name`,
  );
  return rows.map(({ name }) => name);
}
