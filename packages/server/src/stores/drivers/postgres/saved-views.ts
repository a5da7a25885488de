import { sql } from 'kysely';
import type { Refusal } from '../../../model/request.ts';
import { isUuid, uuidv7 } from '../../../model/uuid.ts';
import { MOST_VIEWS, type SavedView, type TenantViews } from '../../saved-views.ts';
import type { Database, Scoped } from './database.ts';
import { isDuplicate } from './users.ts';

const UNKNOWN: Refusal = { refused: 'unknown-view', detail: 'the tenant has no such view' };

/** The saved views of one tenant. */
export function tenantViews(database: Database, tenantId: string): TenantViews {
  const find = (db: Scoped, viewer: string | null, id: string) => viewsFor(db, viewer).where('saved_views.id', '=', id);
  return {
    list: (viewer, { after, limit }) =>
      database.asTenant(tenantId, async (db) => {
        const rows = await viewsFor(db, viewer)
          .$if(after !== null, (query) => query.where('saved_views.id', '>', after as string))
          .orderBy('saved_views.id')
          .limit(limit)
          .execute();
        return rows.map(viewOf);
      }),
    async find(viewer, id) {
      if (!isUuid(id)) return null;
      const row = await database.asTenant(tenantId, (db) => find(db, viewer, id).executeTakeFirst());
      return row === undefined ? null : viewOf(row);
    },
    create({ name, screen, query, shared, ownerId }) {
      return uniquely(name, () =>
        database.asTenant(tenantId, async (db) => {
          const full = await refuseNumber(db, tenantId, ownerId);
          if (full !== null) return full;
          const id = uuidv7();
          await db
            .insertInto('saved_views')
            .values({ id, tenant_id: tenantId, name, screen, query, ...ownership(ownerId, shared) })
            .execute();
          return viewOf(await find(db, ownerId, id).executeTakeFirstOrThrow());
        }),
      );
    },
    async change(viewer, id, { name, query, shared }) {
      if (!isUuid(id)) return UNKNOWN;
      return uniquely(name ?? '', () =>
        database.asTenant(tenantId, async (db) => {
          // Held, so that its owner does not go between the look and the change.
          const row = await find(db, viewer, id).forUpdate('saved_views').executeTakeFirst();
          if (row === undefined) return UNKNOWN;
          const before = viewOf(row);
          await db
            .updateTable('saved_views')
            .set({
              ...(name === undefined ? {} : { name }),
              ...(query === undefined ? {} : { query }),
              ...(shared === undefined ? {} : ownership(before.ownerId, shared)),
              changed_at: new Date(),
            })
            .where('id', '=', id)
            .execute();
          return viewOf(await find(db, before.ownerId, id).executeTakeFirstOrThrow());
        }),
      );
    },
    async remove(viewer, id) {
      if (!isUuid(id)) return false;
      const result = await database.asTenant(tenantId, (db) =>
        db
          .deleteFrom('saved_views')
          .where('id', '=', id)
          .where((where) => where.or([where('private_to', 'is', null), where('private_to', '=', viewer)]))
          .executeTakeFirst(),
      );
      return result.numDeletedRows > 0n;
    },
  };
}

/** Whoever shares a view owns it; one that nobody owns cannot be kept to oneself. */
function ownership(ownerId: string | null, shared: boolean) {
  return { private_to: shared ? null : ownerId, shared_by: shared ? ownerId : null };
}

/** What the index says of two of one name counts, also when they come at once. */
async function uniquely(name: string, work: () => Promise<SavedView | Refusal>): Promise<SavedView | Refusal> {
  try {
    return await work();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const detail = name === '' ? 'its owner has a view of this name already' : `there is a view "${name}" already`;
    return { refused: 'name-taken', detail };
  }
}

/** One after the other for each owner, so that of two who would be one too many only one comes in. */
async function refuseNumber(db: Scoped, tenantId: string, ownerId: string | null): Promise<Refusal | null> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`views ${tenantId} ${ownerId}`}, 0))`.execute(db);
  const { views } = await db
    .selectFrom('saved_views')
    .select((select) => select.fn.countAll<number>().as('views'))
    .$if(ownerId !== null, (query) =>
      query.where((where) => where.or([where('private_to', '=', ownerId), where('shared_by', '=', ownerId)])),
    )
    .$if(ownerId === null, (query) => query.where('private_to', 'is', null).where('shared_by', 'is', null))
    .executeTakeFirstOrThrow();
  if (views < MOST_VIEWS) return null;
  return { refused: 'too-many-views', detail: `there are ${views} views already; delete one that nobody needs` };
}

function viewsFor(db: Scoped, viewer: string | null) {
  return db
    .selectFrom('saved_views')
    .leftJoin('users', (join) =>
      join.on('users.id', '=', sql<string>`coalesce(saved_views.private_to, saved_views.shared_by)`),
    )
    .selectAll('saved_views')
    .select('users.name as owner')
    .where((where) => where.or([where('private_to', 'is', null), where('private_to', '=', viewer)]));
}

type ViewRow = Awaited<ReturnType<ReturnType<typeof viewsFor>['execute']>>[number];

function viewOf(row: ViewRow): SavedView {
  return {
    id: row.id,
    name: row.name,
    screen: row.screen,
    query: row.query,
    shared: row.private_to === null,
    ownerId: row.private_to ?? row.shared_by,
    owner: row.owner,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  };
}
