import { type Selectable, sql } from 'kysely';
import { Fault } from '../../../model/fault.ts';
import type { IntegrationKind } from '../../../model/integration.ts';
import { uuidv7 } from '../../../model/uuid.ts';
import type { FetchedFigures, IntegrationRecord, TenantIntegrations } from '../../integrations.ts';
import { at, type Database, type Scoped } from './database.ts';
import { tenantOutbox } from './integration-outbox.ts';
import type { Tables } from './tables.ts';

const LONGEST_ERROR = 500;

/** The integrations of one tenant. */
export function tenantIntegrations(database: Database, tenantId: string): TenantIntegrations {
  const run = <T>(work: (db: Scoped) => Promise<T>) => database.asTenant(tenantId, work);
  return {
    list: () => run((db) => read(db, null)),
    find: async (kind) => (await run((db) => read(db, kind)))[0] ?? null,
    async put(kind, { enabled, settings, secrets }) {
      return run(async (db) => {
        const text = JSON.stringify(settings);
        await sql`
          INSERT INTO integrations (tenant_id, kind, enabled, settings)
          VALUES (${tenantId}, ${kind}, ${enabled}, ${text}::jsonb)
          ON CONFLICT (tenant_id, kind) DO UPDATE SET
            enabled = excluded.enabled, settings = excluded.settings, changed_at = now(), failures = 0, retry_at = NULL`.execute(
          db,
        );
        for (const [name, sealed] of Object.entries(secrets)) {
          // Removed first, so that a new secret is announced like a first one.
          await db.deleteFrom('integration_secrets').where('kind', '=', kind).where('name', '=', name).execute();
          if (sealed === null) continue;
          await db
            .insertInto('integration_secrets')
            .values({ id: uuidv7(), tenant_id: tenantId, kind, name, sealed })
            .execute();
        }
        const [record] = await read(db, kind);
        if (record === undefined)
          throw new Fault('no-such-integration', `the integration ${kind} went while it changed`);
        return record;
      });
    },
    async remove(kind) {
      const { numDeletedRows } = await run((db) =>
        db.deleteFrom('integrations').where('kind', '=', kind).executeTakeFirst(),
      );
      return numDeletedRows > 0n;
    },
    async sealed(kind, name) {
      const row = await run((db) =>
        db
          .selectFrom('integration_secrets')
          .select('sealed')
          .where('kind', '=', kind)
          .where('name', '=', name)
          .executeTakeFirst(),
      );
      return row?.sealed ?? null;
    },
    async succeeded(kind, time, sent = 0) {
      await run((db) =>
        sql`UPDATE integrations SET last_success = greatest(last_success, ${at(time)}), sent = sent + ${sent},
          failures = 0, retry_at = NULL WHERE kind = ${kind}`.execute(db),
      );
    },
    async failed(kind, error) {
      const { rows } = await run((db) =>
        sql<{ failures: number }>`UPDATE integrations SET last_error = ${error.text.slice(0, LONGEST_ERROR)},
          last_error_at = ${at(error.at)},
          failures = failures + ${error.retryAt === undefined ? 0 : 1},
          retry_at = coalesce(${error.retryAt === undefined ? null : new Date(error.retryAt)}::timestamptz, retry_at)
          WHERE kind = ${kind} RETURNING failures`.execute(db),
      );
      return rows[0]?.failures ?? 0;
    },
    ...tenantCalls(run, tenantId),
    ...tenantFigures(run, tenantId),
    outbox: tenantOutbox(run, tenantId),
  };
}

type Run = <T>(work: (db: Scoped) => Promise<T>) => Promise<T>;
type Calls = Pick<TenantIntegrations, 'takeCall' | 'exhaustCalls' | 'callsMade'>;
type Figures = Pick<TenantIntegrations, 'saveFigures' | 'figures'>;

const dayOf = (day: number) => sql`date '1970-01-01' + ${day}::int`;

function tenantCalls(run: Run, tenantId: string): Calls {
  return {
    async takeCall(kind, project, day, most) {
      // One statement, so that of several processes none takes the eleventh.
      const { rows } = await run((db) =>
        sql`INSERT INTO integration_calls AS made (tenant_id, kind, project, day, calls)
          VALUES (${tenantId}, ${kind}, ${project}, ${dayOf(day)}, 1)
          ON CONFLICT (tenant_id, kind, project, day) DO UPDATE SET calls = made.calls + 1 WHERE made.calls < ${most}
          RETURNING calls`.execute(db),
      );
      return rows.length > 0;
    },
    async exhaustCalls(kind, project, day, most) {
      await run((db) =>
        sql`INSERT INTO integration_calls AS made (tenant_id, kind, project, day, calls)
          VALUES (${tenantId}, ${kind}, ${project}, ${dayOf(day)}, ${most})
          ON CONFLICT (tenant_id, kind, project, day) DO UPDATE SET calls = greatest(made.calls, ${most})`.execute(db),
      );
    },
    async callsMade(kind, project, day) {
      const { rows } = await run((db) =>
        sql<{ calls: number }>`SELECT calls FROM integration_calls
          WHERE kind = ${kind} AND project = ${project} AND day = ${dayOf(day)}`.execute(db),
      );
      return rows[0]?.calls ?? 0;
    },
  };
}

function tenantFigures(run: Run, tenantId: string): Figures {
  return {
    async saveFigures(kind, { fetchedAt, window, figures }) {
      await run((db) =>
        sql`INSERT INTO integration_figures (tenant_id, kind, fetched_at, window_from, window_to, figures)
          SELECT ${tenantId}, ${kind}, ${at(fetchedAt)}, ${at(window.from)}, ${at(window.to)},
            ${JSON.stringify(figures)}::jsonb
          WHERE EXISTS (SELECT FROM integrations WHERE kind = ${kind})
          ON CONFLICT (tenant_id, kind) DO UPDATE SET fetched_at = excluded.fetched_at,
            window_from = excluded.window_from, window_to = excluded.window_to, figures = excluded.figures`.execute(db),
      );
    },
    async figures(kind) {
      const row = await run((db) =>
        db.selectFrom('integration_figures').selectAll().where('kind', '=', kind).executeTakeFirst(),
      );
      if (row === undefined) return null;
      const window = { from: row.window_from, to: row.window_to };
      return { fetchedAt: row.fetched_at, window, figures: row.figures } satisfies FetchedFigures;
    },
  };
}

async function read(db: Scoped, kind: IntegrationKind | null): Promise<IntegrationRecord[]> {
  const all = db.selectFrom('integrations').selectAll().orderBy('kind');
  const rows = await (kind === null ? all : all.where('kind', '=', kind)).execute();
  if (rows.length === 0) return [];
  const secrets = await db
    .selectFrom('integration_secrets')
    .select(['kind', 'name', 'changed_at'])
    .orderBy('name')
    .execute();
  const { rows: waiting } = await sql<{ kind: IntegrationKind; waiting: number }>`
    SELECT kind, count(*) AS waiting FROM integration_outbox GROUP BY kind`.execute(db);
  return rows.map((row) => ({
    ...recordOf(row),
    secrets: secrets
      .filter((secret) => secret.kind === row.kind)
      .map(({ name, changed_at }) => ({ name, changedAt: changed_at })),
    waiting: waiting.find((each) => each.kind === row.kind)?.waiting ?? 0,
  }));
}

function recordOf(row: Selectable<Tables['integrations']>): Omit<IntegrationRecord, 'secrets' | 'waiting'> {
  return {
    tenantId: row.tenant_id,
    kind: row.kind,
    enabled: row.enabled,
    settings: row.settings,
    lastSuccess: row.last_success,
    lastError:
      row.last_error === null || row.last_error_at === null ? null : { at: row.last_error_at, text: row.last_error },
    sent: row.sent,
    failures: row.failures,
    retryAt: row.retry_at,
  };
}
