import { sql } from 'kysely';
import { uuidv7 } from '../../../model/uuid.ts';
import { PERSON_TABLES, type PersonIds, type PersonPlace, type PersonTable } from '../../person-places.ts';
import type { ErasedId, Erasure, TenantErasures } from '../../records-erasures.ts';
import { at, type Database } from './database.ts';
import type { Log } from './log.ts';
import { compactTables, type Owner } from './owner.ts';

const PAGE = 1000;

interface Tools {
  database: Database;
  owner: Owner;
  log: Log;
}

/** What is known of a tenant's people, and of those whose data was erased. */
export function tenantErasures({ database, owner, log }: Tools, tenantId: string): TenantErasures {
  return {
    async linked(ids) {
      return database.asTenant(tenantId, async (db) => {
        const { rows } = await sql<{ proof: string; visitor: string | null }>`
          SELECT DISTINCT proof_id AS proof, visitor_id AS visitor FROM consent_choices
          WHERE proof_id = ANY(${sql.val([...ids.proofs])}::text[]) OR visitor_id = ANY(${sql.val([...ids.visitors])}::text[])
          LIMIT 10000`.execute(db);
        return {
          proofs: [...new Set([...ids.proofs, ...rows.map(({ proof }) => proof)])],
          visitors: [...new Set([...ids.visitors, ...rows.flatMap(({ visitor }) => visitor ?? [])])],
        };
      });
    },
    places: () =>
      PERSON_TABLES.filter(({ engine }) => engine === 'PostgreSQL').map((table) =>
        placeOf({ database, owner, log }, tenantId, table),
      ),
    async remember(erasureId, hashes, now) {
      await database.asTenant(tenantId, async (db) => {
        for (const hash of hashes) {
          await sql`INSERT INTO erased_ids (tenant_id, id_hash, erasure_id, erased_at)
            VALUES (${tenantId}, ${hash}, ${erasureId}, ${at(now)})
            ON CONFLICT (tenant_id, id_hash) DO UPDATE SET erased_at = excluded.erased_at`.execute(db);
        }
      });
    },
    async known(hashes) {
      const { rows } = await database.asTenant(tenantId, (db) =>
        sql<{ id: string }>`SELECT erasure_id AS id FROM erased_ids
          WHERE id_hash = ANY(${sql.val([...hashes])}::bytea[]) ORDER BY erased_at LIMIT 1`.execute(db),
      );
      return rows[0]?.id ?? null;
    },
    async record({ id, askedAt, erased, searched, complete }) {
      await database.asTenant(tenantId, (db) =>
        sql`INSERT INTO erasures (id, tenant_id, asked_at, erased, searched, complete) VALUES (${id}, ${tenantId},
          ${at(askedAt)}, ${JSON.stringify(erased)}::jsonb, ${JSON.stringify(searched)}::jsonb, ${complete})`.execute(
          db,
        ),
      );
    },
    async list(limit, before = null) {
      const older = before === null ? sql`` : sql`WHERE (asked_at, id) < (${at(before.askedAt)}, ${before.id}::uuid)`;
      const { rows } = await database.asTenant(tenantId, (db) =>
        sql<Erasure>`SELECT id, asked_at AS "askedAt", erased, searched, complete FROM erasures ${older}
          ORDER BY asked_at DESC, id DESC LIMIT ${limit}`.execute(db),
      );
      return rows;
    },
    newId: (now) => uuidv7(now),
    async kept() {
      const { rows } = await database.asTenant(tenantId, (db) =>
        sql<{ name: string; rows: number; oldest: number | null }>`
          SELECT 'consent_choices' AS name, count(*) AS rows, min(made_at) AS oldest FROM consent_choices
          UNION ALL SELECT 'erasures', count(*), min(asked_at) FROM erasures
          UNION ALL SELECT 'sources', count(*), min(first_seen) FROM sources`.execute(db),
      );
      return rows;
    },
  };
}

/** Hashes of everything that was erased, of all tenants. */
export async function listErasedIds(database: Database): Promise<ErasedId[]> {
  const { rows } = await database.withAccess('platform', (db) =>
    sql<ErasedId>`SELECT tenant_id AS "tenantId", id_hash AS hash, erased_at AS "erasedAt" FROM erased_ids`.execute(db),
  );
  return rows;
}

function placeOf({ database, owner, log }: Tools, tenantId: string, place: PersonTable): PersonPlace {
  const table = sql.table(place.table);
  const condition = ({ proofs, visitors }: PersonIds) => {
    const tests = [
      ...place.visitors.map((column) => sql`${sql.ref(column)} = ANY(${sql.val([...visitors])}::text[])`),
      ...place.proofs.map((column) => sql`${sql.ref(column)} = ANY(${sql.val([...proofs])}::text[])`),
    ];
    return sql`(${sql.join(tests, sql` OR `)})`;
  };
  return {
    name: `PostgreSQL ${place.table}`,
    what: place.what,
    async *export(ids) {
      for (let offset = 0; ; offset += PAGE) {
        const { rows } = await database.asTenant(tenantId, (db) =>
          sql<{ row: Record<string, unknown> }>`SELECT to_jsonb(t) AS row FROM ${table} AS t WHERE ${condition(ids)}
            ORDER BY ${sql.ref(place.order)}, t::text LIMIT ${PAGE} OFFSET ${offset}`.execute(db),
        );
        for (const { row } of rows) {
          yield Object.fromEntries(Object.entries(row).filter(([name]) => !place.leaveOut.includes(name)));
        }
        if (rows.length < PAGE) return;
      }
    },
    async erase(ids) {
      const result = await database.asTenant(tenantId, (db) =>
        sql`DELETE FROM ${table} WHERE ${condition(ids)}`.execute(db),
      );
      const rows = Number(result.numAffectedRows ?? 0n);
      // A deleted row stays on the disk until something is written over it.
      if (rows > 0 || place.passing) await compactTables(owner, [place.table], log);
      return rows;
    },
  };
}
