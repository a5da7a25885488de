import { sql } from 'kysely';
import type { IntegrationKind, IntegrationSettings } from '../../../model/integration.ts';
import type { PlatformIntegrations } from '../../integrations.ts';
import { at, type Database } from './database.ts';

export interface EnabledIntegration {
  tenantId: string;
  kind: IntegrationKind;
  settings: IntegrationSettings;
  /** Names of the secrets that are set. */
  secrets: string[];
}

/** Integrations that are on, of tenants that are not suspended. */
export async function enabledIntegrations(database: Database): Promise<EnabledIntegration[]> {
  const { rows } = await database.withAccess('platform', (db) =>
    sql<EnabledIntegration>`
      SELECT i.tenant_id AS "tenantId", i.kind, i.settings,
        ARRAY(SELECT s.name FROM integration_secrets s WHERE s.tenant_id = i.tenant_id AND s.kind = i.kind) AS secrets
      FROM integrations i JOIN tenants t ON t.id = i.tenant_id
      WHERE i.enabled AND t.suspended_at IS NULL
      ORDER BY i.tenant_id, i.kind`.execute(db),
  );
  return rows;
}

/** The integrations of all tenants. */
export function platformIntegrations(database: Database): PlatformIntegrations {
  return {
    enabled: () => enabledIntegrations(database),
    async waiting() {
      const { rows } = await database.withAccess('platform', (db) =>
        sql<{ tenantId: string; kind: IntegrationKind }>`
          SELECT tenant_id AS "tenantId", kind FROM integrations i
          WHERE EXISTS (SELECT FROM integration_outbox o WHERE o.tenant_id = i.tenant_id AND o.kind = i.kind)
          ORDER BY tenant_id, kind`.execute(db),
      );
      return rows;
    },
    async prune(time, day) {
      return database.withAccess('platform', async (db) => {
        const gone = [
          await sql`DELETE FROM integration_outbox WHERE happened_at < ${at(time)}`.execute(db),
          await sql`DELETE FROM integration_visits WHERE last_at < ${at(time)}`.execute(db),
          await sql`DELETE FROM integration_calls WHERE day < date '1970-01-01' + ${day}::int`.execute(db),
        ];
        return gone.reduce((sum, { numAffectedRows = 0n }) => sum + Number(numAffectedRows), 0);
      });
    },
  };
}
