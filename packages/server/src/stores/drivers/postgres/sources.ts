import { type Selectable, sql } from 'kysely';
import { uuidv7 } from '../../../model/uuid.ts';
import type { SourceRecord, SourceTally, TenantRecords } from '../../records.ts';
import type { Database, Scoped } from './database.ts';
import type { Tables } from './tables.ts';

/** Sources of one tenant that are known; of more, those heard of longest ago are forgotten. */
const MOST_SOURCES = 500;
const MINUTE_MS = 60_000;
/** Processes of one source whose counters are remembered, those that told last. */
const MOST_COUNTERS = 100;

/** The ledger of one tenant's sources. */
export function tenantSources(database: Database, tenantId: string): TenantRecords['sources'] {
  return {
    async add(tallies) {
      if (tallies.length === 0) return;
      await database.asTenant(tenantId, async (db) => {
        await addAll(db, tenantId, tallies);
        await forget(db);
        await forgetCounters(db);
      });
    },
    async list() {
      const rows = await database.asTenant(tenantId, (db) =>
        db
          .selectFrom('sources')
          .selectAll()
          .orderBy('last_seen', 'desc')
          .orderBy('id', 'desc')
          .limit(MOST_SOURCES)
          .execute(),
      );
      return rows.map(sourceOf);
    },
  };
}

/**
 * Counters add up; what is told of the present is taken when it is newer than what is there. A counter of drops counts
 * by what it grew since its process told it last, or from 0 when it has begun again; a word that comes late, nothing.
 */
async function addAll(db: Scoped, tenantId: string, tallies: readonly SourceTally[]): Promise<void> {
  const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  const rows = tallies.map((tally) => ({
    id: uuidv7(),
    kind: tally.kind,
    name: tally.name,
    software: tally.software,
    agent: tally.agent,
    first_seen: time(tally.firstSeen),
    last_seen: time(tally.lastSeen),
    first_request: time(tally.firstRequest),
    requests: tally.requests,
    refused: tally.refused,
    counters: tally.counters,
    told: Object.values(tally.counters).reduce((sum, { count }) => sum + count, 0),
    lag_ms: tally.lagMs,
    skew_ms: tally.skewMs,
    error: tally.error?.text ?? null,
    error_at: time(tally.error?.at ?? null),
    minute: Math.floor(tally.lastSeen / MINUTE_MS),
  }));
  // In one order everywhere, so that two hubs do not wait for each other's rows.
  await sql`
    INSERT INTO sources AS known (
      id, tenant_id, kind, name, software, agent, first_seen, last_seen, first_request, requests, refused,
      dropped, counters, lag_ms, skew_ms, error, error_at, minute, minute_requests
    )
    SELECT id, ${tenantId}, kind, name, software, agent, first_seen, last_seen, first_request, requests, refused,
      told, counters, lag_ms, skew_ms, error, error_at, minute, requests
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS told_of (
      id uuid, kind text, name text, software text, agent text, first_seen timestamptz, last_seen timestamptz,
      first_request timestamptz, requests bigint, refused bigint, told bigint, counters jsonb, lag_ms bigint,
      skew_ms bigint, error text, error_at timestamptz, minute bigint
    )
    ORDER BY kind, name, software
    ON CONFLICT (tenant_id, kind, name, software) DO UPDATE SET
      agent = CASE WHEN excluded.last_seen >= known.last_seen THEN excluded.agent ELSE known.agent END,
      first_seen = least(known.first_seen, excluded.first_seen),
      last_seen = greatest(known.last_seen, excluded.last_seen),
      first_request = least(known.first_request, excluded.first_request),
      requests = known.requests + excluded.requests,
      refused = known.refused + excluded.refused,
      dropped = known.dropped + (
        SELECT coalesce(sum(CASE
          WHEN (told.value ->> 'at')::bigint < (known.counters -> told.key ->> 'at')::bigint THEN 0
          WHEN (told.value ->> 'count')::bigint >= (known.counters -> told.key ->> 'count')::bigint
            THEN (told.value ->> 'count')::bigint - (known.counters -> told.key ->> 'count')::bigint
          ELSE (told.value ->> 'count')::bigint END), 0)
        FROM jsonb_each(excluded.counters) AS told
      ),
      counters = (
        SELECT coalesce(jsonb_object_agg(kept.key, kept.value), '{}')
        FROM (
          SELECT DISTINCT ON (told.key) told.key, told.value
          FROM (SELECT * FROM jsonb_each(known.counters) UNION ALL SELECT * FROM jsonb_each(excluded.counters)) AS told
          ORDER BY told.key, (told.value ->> 'at')::bigint DESC
        ) AS kept
      ),
      lag_ms = CASE WHEN excluded.last_seen >= known.last_seen THEN coalesce(excluded.lag_ms, known.lag_ms)
        ELSE coalesce(known.lag_ms, excluded.lag_ms) END,
      skew_ms = CASE WHEN excluded.last_seen >= known.last_seen THEN coalesce(excluded.skew_ms, known.skew_ms)
        ELSE coalesce(known.skew_ms, excluded.skew_ms) END,
      error = CASE WHEN known.error_at IS NULL OR excluded.error_at >= known.error_at THEN excluded.error
        ELSE known.error END,
      error_at = greatest(known.error_at, excluded.error_at),
      minute_before = CASE
        WHEN excluded.minute <= known.minute THEN
          known.minute_before + CASE WHEN excluded.minute = known.minute - 1 THEN excluded.minute_requests ELSE 0 END
        WHEN excluded.minute = known.minute + 1 THEN known.minute_requests
        ELSE 0 END,
      minute_requests = CASE
        WHEN excluded.minute = known.minute THEN known.minute_requests + excluded.minute_requests
        WHEN excluded.minute < known.minute THEN known.minute_requests
        ELSE excluded.minute_requests END,
      minute = greatest(known.minute, excluded.minute)`.execute(db);
}

/** Keeps the bound, and the source that was the first of all, because it says when requests began. */
async function forget(db: Scoped): Promise<void> {
  await sql`
    DELETE FROM sources WHERE id IN (
      SELECT id FROM sources
      ORDER BY (first_request IS NOT NULL AND first_request = (SELECT min(first_request) FROM sources)) DESC,
        last_seen DESC, id DESC
      OFFSET ${MOST_SOURCES}
    )`.execute(db);
}

/** Bounds the counters of each source. */
async function forgetCounters(db: Scoped): Promise<void> {
  await sql`
    UPDATE sources SET counters = (
      SELECT jsonb_object_agg(kept.key, kept.value)
      FROM (
        SELECT told.key, told.value FROM jsonb_each(counters) AS told
        ORDER BY (told.value ->> 'at')::bigint DESC LIMIT ${MOST_COUNTERS}
      ) AS kept
    )
    WHERE (SELECT count(*) FROM jsonb_object_keys(counters)) > ${MOST_COUNTERS}`.execute(db);
}

function sourceOf(row: Selectable<Tables['sources']>): SourceRecord {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    agent: row.agent,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    firstRequest: row.first_request,
    requests: row.requests,
    refused: row.refused,
    dropped: row.dropped,
    lagMs: row.lag_ms,
    skewMs: row.skew_ms,
    error: row.error === null || row.error_at === null ? null : { text: row.error, at: row.error_at },
    minute: row.minute,
    minuteRequests: row.minute_requests,
    minuteBefore: row.minute_before,
  };
}
