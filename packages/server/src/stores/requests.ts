import { Fault } from '../model/fault.ts';
import type { TrafficAnswer, TrafficQuery } from '../model/traffic-query.ts';
import { isUuid } from '../model/uuid.ts';
import { type Batch, insertBatch } from './batch-insert.ts';
import { type ClickHouse, quoteText, type Settings } from './drivers/clickhouse/client.ts';
import { migrateClickHouse } from './drivers/clickhouse/migrate.ts';
import { clickhousePersonPlaces } from './person-clickhouse.ts';
import type { PersonPlace } from './person-places.ts';
import { answerTraffic, DEFAULT_SAMPLING, type KnownCounts, type Sampling } from './requests-answers.ts';
import { type TenantArrivals, tenantArrivals } from './requests-arrivals.ts';
import { ALL_DOMAINS, type Binder } from './requests-fields.ts';
import { type KeptFigure, readKept } from './requests-kept.ts';
import { createMergeHold } from './requests-merges.ts';
import { type RequestRecord, type RequestsPage, type RequestsQuery, readOne, readPage } from './requests-pages.ts';
import {
  DEFAULT_ROLL_UP_DAYS,
  dropExpiredPartitions,
  dropLiveAddresses,
  listPartitions,
  type PartitionFigures,
  type RollUpDays,
  rollUpHorizons,
} from './requests-retention.ts';
import { clickhouseTenantRows, type TenantRows } from './tenant-clickhouse.ts';
import type { Texts } from './texts.ts';
import { clickhouseTexts } from './texts-clickhouse.ts';

export { isAboutTheRows } from './drivers/clickhouse/client.ts';
export type { RequestRecord } from './requests-pages.ts';

/** Rows from `encodeRows`. */
export type RequestBatch = Batch;

/** An address as it was last seen; it lives in `live_addresses` and nowhere else. */
export interface LiveAddressRow {
  tenantId: string;
  /** Unsigned 64-bit integer as decimal text. */
  clientKey: string;
  address: string;
  /** ms since the epoch. */
  lastSeen: number;
}

/** What one tenant may ask. Every statement is bound to the tenant twice: by its condition and by the engine. */
export interface TenantRequests {
  traffic(query: TrafficQuery): Promise<TrafficAnswer>;
  requests(query: RequestsQuery): Promise<RequestsPage>;
  /** The request of that id, which is a UUID; null: there is no row of it. */
  request(id: string): Promise<RequestRecord | null>;
  /** Requests as they arrive. */
  readonly arrivals: TenantArrivals;
  /** Domains with traffic, the busiest first; requests that were only counted included. */
  domains(): Promise<{ domain: string; requests: number }[]>;
  /** Times of the first and the last kept request, ms since the epoch; null when there are none. */
  span(): Promise<{ first: number; last: number } | null>;
  /** Kept requests. */
  count(): Promise<number>;
  /** How much there is of each kind of data. */
  kept(): Promise<KeptFigure[]>;
}

/** Platform-wide figures, for status only. */
export interface UnscopedRequests {
  /** Per tenant: all requests and those that were kept, as the daily roll-ups have them. */
  countsByTenant(): Promise<{ tenantId: string; requests: number; kept: number }[]>;
}

export interface RequestStore {
  /** Stores one batch as one INSERT. A repetition under the same token changes nothing, in rows and roll-ups. */
  insert(batch: RequestBatch): Promise<void>;
  insertLiveAddresses(rows: readonly LiveAddressRow[]): Promise<void>;
  /**
   * Makes merges wait while a large import runs, because they cost as much as the inserts; call the result at its end.
   * They go on by themselves after MOST_UNMERGED batches, so that parts do not pile up. Embedded only; on a server,
   * merges are the server's business.
   */
  holdMerges(): Promise<() => Promise<void>>;
  /** Drops the hours of live addresses that ended before that time (ms); returns the partitions dropped. */
  dropLiveAddresses(beforeMs: number): Promise<string[]>;
  /** Drops what expired on or before `today` (days since the epoch); returns `table/partition` of each. */
  dropExpired(today: number): Promise<string[]>;
  partitions(): Promise<PartitionFigures[]>;
  forTenant(tenantId: string): TenantRequests;
  /** The places of ClickHouse that hold data of a tenant's people. */
  personPlaces(tenantId: string): PersonPlace[];
  /** Everything of a tenant in ClickHouse, for its deletion. */
  readonly tenantRows: TenantRows;
  /** Every text in the store, for scans and erasures. */
  readonly texts: Texts;
  /** Not for anything that a tenant sees. */
  unscopedForPlatformStatusOnly(): UnscopedRequests;
}

export interface RequestStoreOptions {
  clickhouse: ClickHouse;
  /** How long the roll-ups are kept. */
  rollUpDays?: RollUpDays;
  sampling?: Sampling;
  now?: () => number;
}

export const TENANT_TABLES: readonly string[] = Object.freeze([
  'requests',
  'requests_sample',
  ...['counts', 'visits'].flatMap((kind) => ['minute', 'hour', 'day'].map((step) => `${kind}_${step}`)),
  'live_addresses',
  'interactions',
  ...['hour', 'day'].map((step) => `interaction_counts_${step}`),
  'sessions',
]);

/** Opens the request store over ClickHouse and brings its schema up to date. */
export async function openRequests(options: RequestStoreOptions): Promise<RequestStore> {
  const { clickhouse } = options;
  const days = options.rollUpDays ?? DEFAULT_ROLL_UP_DAYS;
  const now = options.now ?? Date.now;
  const sampling = options.sampling ?? DEFAULT_SAMPLING;
  const known: KnownCounts = new Map();
  await migrateClickHouse(clickhouse);
  const merges = createMergeHold(clickhouse);
  return {
    async insert(batch) {
      await insertBatch(clickhouse, 'requests_in', batch);
      if (batch.count > 0) await merges.inserted();
    },
    async insertLiveAddresses(rows) {
      if (rows.length === 0) return;
      // Canonical addresses hold nothing that would have to be escaped.
      const lines = rows.map(
        ({ tenantId, clientKey, address, lastSeen }) =>
          `${tenantId}\t${clientKey}\t${address.replace(/[^0-9a-f.:]/g, '')}\t${(lastSeen / 1000).toFixed(3)}\n`,
      );
      await clickhouse.insert({
        table: 'live_addresses',
        columns: ['tenant_id', 'client_key', 'address', 'last_seen'],
        bytes: Buffer.from(lines.join('')),
        settings: { async_insert: 0, max_partitions_per_insert_block: 0 },
      });
    },
    holdMerges: merges.hold,
    dropLiveAddresses: (beforeMs) => dropLiveAddresses(clickhouse, beforeMs),
    dropExpired: (today) => dropExpiredPartitions(clickhouse, today, days),
    partitions: () => listPartitions(clickhouse),
    texts: clickhouseTexts(clickhouse),
    tenantRows: clickhouseTenantRows(clickhouse),
    personPlaces: (tenantId) => clickhousePersonPlaces(clickhouse, tenantId),
    forTenant: (tenantId) => scopedTo({ tenantId, clickhouse, rollUpDays: days, sampling, known, now }),
    unscopedForPlatformStatusOnly: () => ({
      async countsByTenant() {
        return clickhouse.query(
          `SELECT toString(tenant_id) AS tenantId, sum(c.requests) AS requests, sumIf(c.requests, c.kept = 1) AS kept
           FROM counts_day AS c WHERE c.domain = '${ALL_DOMAINS}' GROUP BY tenant_id ORDER BY requests DESC, tenantId`,
        );
      },
    }),
  };
}

interface Scope extends Required<RequestStoreOptions> {
  tenantId: string;
  known: KnownCounts;
}

function scopedTo({ tenantId, clickhouse, rollUpDays: days, sampling, known, now }: Scope): TenantRequests {
  if (!isUuid(tenantId)) throw new Fault('bad-tenant', `${JSON.stringify(tenantId)} is not a tenant id`);
  const wall = tenantWall(tenantId);
  const run = <Row>(sql: string, binder: Binder | null): Promise<Row[]> =>
    clickhouse.query<Row>(sql, binder?.params, wall);
  const mine = `tenant_id = toUUID(${quoteText(tenantId)})`;
  return {
    traffic: (query) =>
      answerTraffic(query, { tenantId, limits: rollUpHorizons(days, now()), now: now(), sampling, known, run }),
    requests: (query) => readPage(query, tenantId, run),
    request: (id) => readOne(id, tenantId, run),
    arrivals: tenantArrivals(tenantId, run),
    async domains() {
      return run(
        `SELECT domain, sum(c.requests) AS requests FROM counts_day AS c WHERE ${mine} AND domain != '${ALL_DOMAINS}'
         GROUP BY domain ORDER BY requests DESC, domain LIMIT 100000`,
        null,
      );
    },
    async span() {
      const [row] = await run<{ n: number; first: number; last: number }>(
        `SELECT count() AS n, toUnixTimestamp64Milli(min(time)) AS first, toUnixTimestamp64Milli(max(time)) AS last
         FROM requests WHERE ${mine}`,
        null,
      );
      return row === undefined || row.n === 0 ? null : { first: row.first, last: row.last };
    },
    kept: () => readKept((sql) => run(sql, null), mine),
    async count() {
      const [row] = await run<{ n: number }>(`SELECT count() AS n FROM requests WHERE ${mine}`, null);
      return row?.n ?? 0;
    },
  };
}

/**
 * A setting that makes the engine add the tenant to every reading of every tenant table, subqueries included. In its
 * text form, because the embedded connection writes the object form wrongly.
 */
export function tenantWall(tenantId: string): Settings {
  const condition = `tenant_id = toUUID(''${tenantId}'')`.replace(/''/g, "\\'");
  const filters = TENANT_TABLES.map((table) => `'${table}':'${condition}'`);
  return { additional_table_filters: `{${filters.join(',')}}` };
}
