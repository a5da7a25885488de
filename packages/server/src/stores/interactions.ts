import { Fault } from '../model/fault.ts';
import type {
  FunnelFigures,
  FunnelQuery,
  InteractionFigures,
  InteractionQuery,
  WidgetFigures,
  WidgetQuery,
} from '../model/interaction-query.ts';
import { isUuid } from '../model/uuid.ts';
import { type Batch, insertBatch } from './batch-insert.ts';
import type { ClickHouse } from './drivers/clickhouse/client.ts';
import { readFigures } from './interactions-figures.ts';
import { readFunnel, readWidgets } from './interactions-rates.ts';
import { tenantWall } from './requests.ts';
import type { Binder } from './requests-fields.ts';
import { DEFAULT_ROLL_UP_DAYS, type RollUpDays, rollUpHorizons } from './requests-retention.ts';

/** What one tenant may ask about interactions. Every statement is bound to the tenant twice, as for requests. */
export interface TenantInteractions {
  figures(query: InteractionQuery): Promise<InteractionFigures>;
  widgets(query: WidgetQuery): Promise<WidgetFigures>;
  funnel(query: FunnelQuery): Promise<FunnelFigures>;
  /** Rows, which are of people who granted. */
  count(): Promise<number>;
}

export interface InteractionStore {
  /** Stores one batch of `encodeInteractions`. A repetition under the same token changes nothing. */
  insert(batch: Batch): Promise<void>;
  forTenant(tenantId: string): TenantInteractions;
}

export interface InteractionStoreOptions {
  clickhouse: ClickHouse;
  rollUpDays?: RollUpDays;
  now?: () => number;
}

/** Runs a statement within the tenant's wall. */
export type Run = <Row>(sql: string, binder: Binder) => Promise<Row[]>;

/** Opens the store of interactions over a ClickHouse whose schema is up to date (`openRequests` sees to that). */
export function openInteractions({
  clickhouse,
  rollUpDays = DEFAULT_ROLL_UP_DAYS,
  now = Date.now,
}: InteractionStoreOptions): InteractionStore {
  return {
    insert: (batch) => insertBatch(clickhouse, 'interactions_in', batch),
    forTenant(tenantId) {
      if (!isUuid(tenantId)) throw new Fault('bad-tenant', `${JSON.stringify(tenantId)} is not a tenant id`);
      const wall = tenantWall(tenantId);
      const run: Run = (sql, binder) => clickhouse.query(sql, binder.params, wall);
      return {
        figures: (query) => readFigures(query, tenantId, run, rollUpHorizons(rollUpDays, now())),
        widgets: (query) => readWidgets(query, tenantId, run, rollUpHorizons(rollUpDays, now())),
        funnel: (query) => readFunnel(query, tenantId, run),
        async count() {
          const [row] = await clickhouse.query<{ n: number }>(
            'SELECT count() AS n FROM interactions WHERE tenant_id = {tenant:UUID}',
            { tenant: tenantId },
            wall,
          );
          return row?.n ?? 0;
        },
      };
    },
  };
}
