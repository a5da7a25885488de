import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import { uuidv7 } from '../../../model/uuid.ts';
import type { PlaceCount, TenantDeletion, TenantDeletions } from '../../records-tenancy.ts';
import { at, type Database } from './database.ts';
import type { Log } from './log.ts';
import type { Owner } from './owner.ts';
import type { Tables } from './tables.ts';
import { countTenantRows, eraseTenantRows } from './tenant-rows.ts';

const LONGEST_ERROR = 500;

function deletionOf(row: Selectable<Tables['tenant_deletions']>): TenantDeletion {
  return {
    id: row.id,
    tenantId: row.deleted_id,
    slug: row.slug,
    name: row.name,
    askedBy: row.asked_by,
    askedAt: row.asked_at,
    deleted: row.deleted,
    found: row.found,
    complete: row.complete,
    finishedAt: row.finished_at,
    error: row.error,
  };
}

/** Deletions of tenants, and what they do in PostgreSQL. */
export function tenantDeletions(database: Database, owner: Owner, log: Log): TenantDeletions {
  const find = (column: 'id' | 'deleted_id', value: string) =>
    database.withAccess('platform', (db) =>
      db.selectFrom('tenant_deletions').selectAll().where(column, '=', value).executeTakeFirst(),
    );
  const update = (id: string, set: object) =>
    database.withAccess('platform', (db) => db.updateTable('tenant_deletions').set(set).where('id', '=', id).execute());
  return {
    async begin(tenantId, confirm, askedBy) {
      return database.withAccess('platform', async (db) => {
        const tenant = await db
          .selectFrom('tenants')
          .selectAll()
          .where('id', '=', tenantId)
          .forUpdate()
          .executeTakeFirst();
        if (tenant === undefined) return { refused: 'no-such-tenant', detail: `there is no tenant ${tenantId}` };
        const { slug, name } = tenant;
        if (tenant.is_installation) {
          return { refused: 'is-installation', detail: 'the installation itself cannot be deleted' };
        }
        if (confirm !== slug) {
          const detail = `to delete the tenant ${slug} with everything of it, confirm must be its slug, "${slug}"`;
          return { refused: 'not-confirmed', detail };
        }
        await sql`UPDATE tenants SET suspended_at = coalesce(suspended_at, now()), deleting_at = coalesce(deleting_at, now())
          WHERE id = ${tenantId}`.execute(db);
        await db
          .insertInto('tenant_deletions')
          .values({ id: uuidv7(), deleted_id: tenantId, slug, name, asked_by: askedBy, asked_at: new Date() })
          .onConflict((conflict) => conflict.column('deleted_id').doNothing())
          .execute();
        const row = await db
          .selectFrom('tenant_deletions')
          .selectAll()
          .where('deleted_id', '=', tenantId)
          .executeTakeFirstOrThrow();
        return deletionOf(row);
      });
    },
    async list() {
      const rows = await database.withAccess('platform', (db) =>
        db.selectFrom('tenant_deletions').selectAll().orderBy('asked_at', 'desc').orderBy('id', 'desc').execute(),
      );
      return rows.map(deletionOf);
    },
    async find(id) {
      const row = await find('id', id);
      return row === undefined ? null : deletionOf(row);
    },
    async unfinished() {
      const rows = await database.withAccess('platform', (db) =>
        db.selectFrom('tenant_deletions').selectAll().where('finished_at', 'is', null).orderBy('asked_at').execute(),
      );
      return rows.map(deletionOf);
    },
    async note(id, counts) {
      const row = await find('id', id);
      if (row !== undefined) await update(id, { deleted: JSON.stringify(addUp(row.deleted, counts)) });
    },
    failed: async (id, error) => void (await update(id, { error: error.slice(0, LONGEST_ERROR) })),
    async finish(id, { found, complete }, nowMs) {
      await update(id, { found: JSON.stringify(found), complete, finished_at: at(nowMs), error: null });
    },
    eraseRows: (id, tenantId) =>
      eraseTenantRows(owner, tenantId, log, async (client, counts) => {
        const { rows } = await client.query<{ deleted: PlaceCount[] }>(
          'SELECT deleted FROM tenant_deletions WHERE id = $1',
          [id],
        );
        const deleted = JSON.stringify(addUp(rows[0]?.deleted ?? [], counts));
        await client.query('UPDATE tenant_deletions SET deleted = $2 WHERE id = $1', [id, deleted]);
      }),
    countRows: (tenantId) => owner.connect('count-tenant', (client) => countTenantRows(client, tenantId)),
  };
}

/** Rows by place, the places of the first in front. */
function addUp(before: readonly PlaceCount[], more: readonly PlaceCount[]): PlaceCount[] {
  const sums = new Map<string, number>();
  for (const { place, rows } of [...before, ...more]) sums.set(place, (sums.get(place) ?? 0) + rows);
  return [...sums].map(([place, rows]) => ({ place, rows }));
}
