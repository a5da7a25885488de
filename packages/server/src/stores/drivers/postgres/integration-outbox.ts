import { sql } from 'kysely';
import type { OutboxEvent, TenantIntegrations, Visit } from '../../integrations.ts';
import { at, type Scoped } from './database.ts';

type Run = <T>(work: (db: Scoped) => Promise<T>) => Promise<T>;

/** What waits for one tenant's providers, and the sessions they were told of. */
export function tenantOutbox(run: Run, tenantId: string): TenantIntegrations['outbox'] {
  return {
    async add(kind, events, most) {
      if (events.length === 0) return 0;
      const rows = events.map(({ id, visitorId, happenedAt, event }) => ({
        id,
        visitor_id: visitorId,
        happened_at: new Date(happenedAt).toISOString(),
        event,
      }));
      const { numAffectedRows = 0n } = await run((db) =>
        sql`INSERT INTO integration_outbox (tenant_id, kind, id, visitor_id, happened_at, event)
          SELECT ${tenantId}, ${kind}, id, visitor_id, happened_at, event
          FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
            AS given (id uuid, visitor_id text, happened_at timestamptz, event jsonb)
          WHERE EXISTS (SELECT FROM integrations WHERE kind = ${kind})
          ORDER BY id
          LIMIT greatest(0, ${most}::bigint - (SELECT count(*) FROM integration_outbox WHERE kind = ${kind}))
          ON CONFLICT DO NOTHING`.execute(db),
      );
      return Number(numAffectedRows);
    },
    async hold(kind, holder, ms) {
      // By the database's clock, which is the same for all who ask.
      const { rows } = await run((db) =>
        sql`UPDATE integrations SET held_until = now() + ${ms} * interval '1 millisecond', held_by = ${holder}
          WHERE kind = ${kind} AND (held_until IS NULL OR held_until < now() OR held_by = ${holder})
          RETURNING kind`.execute(db),
      );
      return rows.length > 0;
    },
    async release(kind, holder) {
      await run((db) =>
        sql`UPDATE integrations SET held_until = NULL, held_by = NULL
          WHERE kind = ${kind} AND held_by = ${holder}`.execute(db),
      );
    },
    async next(kind, limit) {
      const rows = await run((db) =>
        db
          .selectFrom('integration_outbox')
          .select(['id', 'visitor_id', 'happened_at', 'event'])
          .where('kind', '=', kind)
          .orderBy('happened_at')
          .orderBy('id')
          .limit(limit)
          .execute(),
      );
      return rows.map(
        ({ id, visitor_id, happened_at, event }) =>
          ({ id, visitorId: visitor_id, happenedAt: happened_at, event }) satisfies OutboxEvent,
      );
    },
    async done(kind, ids) {
      await run((db) =>
        sql`DELETE FROM integration_outbox WHERE kind = ${kind} AND id = ANY (${[...ids]}::uuid[])`.execute(db),
      );
    },
    async refused(kind, ids, most) {
      return run(async (db) => {
        await sql`UPDATE integration_outbox SET attempts = attempts + 1
          WHERE kind = ${kind} AND id = ANY (${[...ids]}::uuid[])`.execute(db);
        const { numAffectedRows = 0n } = await sql`DELETE FROM integration_outbox
          WHERE kind = ${kind} AND id = ANY (${[...ids]}::uuid[]) AND attempts >= ${most}`.execute(db);
        return Number(numAffectedRows);
      });
    },
    async dropBefore(kind, time) {
      const { numAffectedRows = 0n } = await run((db) =>
        sql`DELETE FROM integration_outbox WHERE kind = ${kind} AND happened_at < ${at(time)}`.execute(db),
      );
      return Number(numAffectedRows);
    },
    ...tenantVisits(run, tenantId),
    async forget(visitorId) {
      return run(async (db) => {
        let gone = 0n;
        for (const table of ['integration_outbox', 'integration_visits'] as const) {
          const { numDeletedRows } = await db.deleteFrom(table).where('visitor_id', '=', visitorId).executeTakeFirst();
          gone += numDeletedRows;
        }
        return Number(gone);
      });
    },
  };
}

function tenantVisits(run: Run, tenantId: string): Pick<TenantIntegrations['outbox'], 'visits' | 'saveVisits'> {
  return {
    async visits(kind, visitorIds) {
      if (visitorIds.length === 0) return [];
      const rows = await run((db) =>
        db
          .selectFrom('integration_visits')
          .select(['visitor_id', 'session', 'last_at'])
          .where('kind', '=', kind)
          .where('visitor_id', 'in', [...visitorIds])
          .execute(),
      );
      return rows.map(({ visitor_id, session, last_at }) => ({ visitorId: visitor_id, session, lastAt: last_at }));
    },
    async saveVisits(kind, visits) {
      if (visits.length === 0) return;
      const rows = visits.map(({ visitorId, session, lastAt }: Visit) => ({
        visitor_id: visitorId,
        session,
        last_at: new Date(lastAt).toISOString(),
      }));
      await run((db) =>
        sql`INSERT INTO integration_visits (tenant_id, kind, visitor_id, session, last_at)
          SELECT ${tenantId}, ${kind}, visitor_id, session, last_at
          FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
            AS given (visitor_id text, session bigint, last_at timestamptz)
          WHERE EXISTS (SELECT FROM integrations WHERE kind = ${kind})
          ORDER BY visitor_id
          ON CONFLICT (tenant_id, kind, visitor_id) DO UPDATE SET session = excluded.session,
            last_at = excluded.last_at`.execute(db),
      );
    },
  };
}
