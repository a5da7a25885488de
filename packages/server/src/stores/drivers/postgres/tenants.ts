import { type Selectable, sql, type Updateable } from 'kysely';
import { Fault } from '../../../model/fault.ts';
import { type Quota, quotaOf } from '../../../model/quota.ts';
import type { Refusal } from '../../../model/request.ts';
import { isUuid, uuidv7 } from '../../../model/uuid.ts';
import type { PlatformRecords, Tenant, TenantRecords, TenantSettings } from '../../records.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

const SLUG = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export function tenantOf(row: Selectable<Tables['tenants']>): Tenant {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    isInstallation: row.is_installation,
    policy: row.policy,
    quota: quotaOf(row.quota),
    secondFactorRequired: row.second_factor_required,
    createdAt: row.created_at,
    suspendedAt: row.suspended_at,
    deletingAt: row.deleting_at,
  };
}

/**
 * Tenant0, made when it is missing. Several processes may do so at once: the database allows one installation, and
 * whoever loses the race finds the winner's.
 */
export async function bootstrapInstallation(database: Database): Promise<Tenant> {
  return database.withAccess('platform', async (db) => {
    const find = () => db.selectFrom('tenants').selectAll().where('is_installation', '=', true).executeTakeFirst();
    const there = await find();
    if (there) return tenantOf(there);
    for (const slug of ['installation', `installation-${uuidv7().slice(-6)}`]) {
      await db
        .insertInto('tenants')
        .values({ id: uuidv7(), slug, name: 'This installation', is_installation: true })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const row = await find();
      if (row) return tenantOf(row);
    }
    throw new Fault('bootstrap-failed', 'the tenant of the installation cannot be created');
  });
}

/** The tenants as the installation sees them. */
export function platformTenants(database: Database): PlatformRecords['tenants'] {
  return {
    async create({ slug, name, policy }) {
      if (!SLUG.test(slug)) {
        const detail = `${JSON.stringify(slug)}: 1 to 63 of a–z, 0–9 and inner hyphens are allowed`;
        return { refused: 'bad-slug', detail };
      }
      const refusal = refuseName(name);
      if (refusal) return refusal;
      const row = await database.withAccess('platform', (db) =>
        db
          .insertInto('tenants')
          .values({ id: uuidv7(), slug, name: name.trim(), policy: JSON.stringify(policy ?? {}) })
          .onConflict((conflict) => conflict.column('slug').doNothing())
          .returningAll()
          .executeTakeFirst(),
      );
      return row ? tenantOf(row) : { refused: 'slug-taken', detail: `there is a tenant ${slug} already` };
    },
    async list() {
      const rows = await database.withAccess('platform', (db) =>
        db.selectFrom('tenants').selectAll().orderBy('slug').execute(),
      );
      return rows.map(tenantOf);
    },
    async find(idOrSlug) {
      const row = await database.withAccess('platform', (db) =>
        db
          .selectFrom('tenants')
          .selectAll()
          // A slug may look like a UUID; an id is meant then.
          .where(isUuid(idOrSlug) ? 'id' : 'slug', '=', idOrSlug)
          .executeTakeFirst(),
      );
      return row ? tenantOf(row) : null;
    },
    async change(tenantId, set) {
      return refuseSettings(set) ?? change(database, tenantId, columnsOf(set));
    },
    async setSuspended(tenantId, suspended) {
      const tenant = await this.find(tenantId);
      if (tenant?.isInstallation) {
        return { refused: 'is-installation', detail: 'the installation itself cannot be suspended' };
      }
      if (tenant !== null && tenant.deletingAt !== null) {
        return { refused: 'is-deleting', detail: `the tenant ${tenant.slug} is being deleted` };
      }
      // Since when it is suspended stays, however often that is asked for.
      if (tenant !== null && (tenant.suspendedAt !== null) === suspended) return tenant;
      return change(database, tenantId, { suspended_at: suspended ? new Date() : null });
    },
    setQuota: (tenantId, quota: Quota) => change(database, tenantId, { quota: JSON.stringify(quota) }),
    async people() {
      const { rows } = await database.withAccess('platform', (db) =>
        sql<{ tenant: string; people: number }>`SELECT tenant_id AS tenant, count(*) AS people FROM memberships
          GROUP BY tenant_id`.execute(db),
      );
      return new Map(rows.map(({ tenant, people }) => [tenant, people]));
    },
  };
}

/** A tenant as it sees itself. */
export function ownTenant(database: Database, tenantId: string): TenantRecords['tenant'] {
  return {
    async get() {
      const row = await database.asTenant(tenantId, (db) =>
        db.selectFrom('tenants').selectAll().where('id', '=', tenantId).executeTakeFirst(),
      );
      if (!row) throw new Fault('no-such-tenant', `there is no tenant ${tenantId}`);
      return tenantOf(row);
    },
    async change(set) {
      const refusal = refuseSettings(set);
      if (refusal) return refusal;
      const row = await database.asTenant(tenantId, (db) =>
        db
          .updateTable('tenants')
          .set(columnsOf(set))
          .where('id', '=', tenantId)
          .returningAll()
          .executeTakeFirstOrThrow(),
      );
      return tenantOf(row);
    },
    async setPolicy(policy) {
      await database.asTenant(tenantId, (db) =>
        db
          .updateTable('tenants')
          .set({ policy: JSON.stringify(policy) })
          .where('id', '=', tenantId)
          .execute(),
      );
    },
  };
}

async function change(
  database: Database,
  tenantId: string,
  set: Updateable<Tables['tenants']>,
): Promise<Tenant | Refusal> {
  const row = await database.withAccess('platform', (db) =>
    db.updateTable('tenants').set(set).where('id', '=', tenantId).returningAll().executeTakeFirst(),
  );
  return row ? tenantOf(row) : { refused: 'no-such-tenant', detail: `there is no tenant ${tenantId}` };
}

function columnsOf({ name, secondFactorRequired }: TenantSettings): Updateable<Tables['tenants']> {
  return {
    ...(name === undefined ? {} : { name: name.trim() }),
    ...(secondFactorRequired === undefined ? {} : { second_factor_required: secondFactorRequired }),
  };
}

function refuseSettings({ name }: TenantSettings): Refusal | null {
  return name === undefined ? null : refuseName(name);
}

function refuseName(name: string): Refusal | null {
  const length = [...name.trim()].length;
  return length >= 1 && length <= 200 ? null : { refused: 'bad-name', detail: 'a name has 1 to 200 characters' };
}
