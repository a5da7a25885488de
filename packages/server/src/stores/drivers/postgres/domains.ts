import { type Selectable, sql } from 'kysely';
import { isRefusal, type Refusal } from '../../../model/request.ts';
import { uuidv7 } from '../../../model/uuid.ts';
import type { Domain, PlatformRecords, TenantRecords } from '../../records.ts';
import { normaliseHostPattern } from '../../records-hosts.ts';
import { at, type Database, type Scoped } from './database.ts';
import type { Tables } from './tables.ts';

const LONGEST_ERROR = 500;

function domainOf(row: Selectable<Tables['domains']>): Domain {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    pattern: row.pattern,
    createdAt: row.created_at,
    token: row.token,
    verifiedAt: row.verified_at,
    verifiedBy: row.verified_by,
    checkedAt: row.checked_at,
    checkError: row.check_error,
  };
}

function taken(pattern: string): Refusal {
  return { refused: 'domain-taken', detail: `${pattern} belongs to another tenant` };
}

/** The domains of one tenant. */
export function tenantDomains(database: Database, tenantId: string): TenantRecords['domains'] {
  const find = (db: Scoped, pattern: string) =>
    db.selectFrom('domains').selectAll().where('pattern', '=', pattern).executeTakeFirst();

  /** Makes a claim verified, unless another tenant has it so; what the index says of two at once counts. */
  async function verify(
    pattern: string,
    by: NonNullable<Domain['verifiedBy']>,
    now: number,
  ): Promise<Domain | Refusal> {
    try {
      const row = await database.asTenant(tenantId, (db) =>
        db
          .updateTable('domains')
          .set({ verified_at: new Date(now), verified_by: by, check_error: null })
          .where('pattern', '=', pattern)
          .returningAll()
          .executeTakeFirst(),
      );
      return row === undefined ? unknownDomain(pattern) : domainOf(row);
    } catch (error) {
      if (isDuplicate(error)) return taken(pattern);
      throw error;
    }
  }

  /** The tenant's domain of that pattern, made where it is missing. */
  async function claim(text: string): Promise<{ domain: Domain; made: boolean } | Refusal> {
    const pattern = normaliseHostPattern(text);
    if (typeof pattern !== 'string') return pattern;
    return database.asTenant(tenantId, async (db) => {
      const inserted = await db
        .insertInto('domains')
        .values({ id: uuidv7(), tenant_id: tenantId, pattern })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'pattern']).doNothing())
        .returningAll()
        .executeTakeFirst();
      const row = inserted ?? (await find(db, pattern));
      return row === undefined ? unknownDomain(pattern) : { domain: domainOf(row), made: inserted !== undefined };
    });
  }

  return {
    async add(text) {
      const claimed = await claim(text);
      if (isRefusal(claimed)) return claimed;
      const { domain, made } = claimed;
      if (domain.verifiedAt !== null) return domain;
      const outcome = await verify(domain.pattern, 'operator', Date.now());
      // A claim that was made for this alone goes again.
      if (isRefusal(outcome) && made) await this.remove(domain.pattern);
      return outcome;
    },
    async claim(text) {
      const claimed = await claim(text);
      return isRefusal(claimed) ? claimed : claimed.domain;
    },
    async list() {
      const rows = await database.asTenant(tenantId, (db) =>
        db.selectFrom('domains').selectAll().orderBy('pattern').execute(),
      );
      return rows.map(domainOf);
    },
    async find(text) {
      const pattern = normaliseHostPattern(text);
      if (typeof pattern !== 'string') return null;
      const row = await database.asTenant(tenantId, (db) => find(db, pattern));
      return row === undefined ? null : domainOf(row);
    },
    async noteCheck(text, { by, error }, nowMs) {
      const pattern = normaliseHostPattern(text);
      if (typeof pattern !== 'string') return pattern;
      const refusal = by === null ? null : await verify(pattern, by, nowMs);
      const lost = refusal !== null && isRefusal(refusal) ? refusal : null;
      const row = await database.asTenant(tenantId, (db) =>
        db
          .updateTable('domains')
          .set({ checked_at: new Date(nowMs), check_error: (lost?.detail ?? error)?.slice(0, LONGEST_ERROR) ?? null })
          .where('pattern', '=', pattern)
          .returningAll()
          .executeTakeFirst(),
      );
      return lost ?? (row === undefined ? unknownDomain(pattern) : domainOf(row));
    },
    async remove(text) {
      const pattern = normaliseHostPattern(text);
      if (typeof pattern !== 'string') return false;
      const result = await database.asTenant(tenantId, (db) =>
        db.deleteFrom('domains').where('pattern', '=', pattern).executeTakeFirst(),
      );
      return result.numDeletedRows > 0n;
    },
  };
}

function unknownDomain(pattern: string): Refusal {
  return { refused: 'unknown-domain', detail: `the tenant has no domain ${pattern}` };
}

function isDuplicate(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === '23505';
}

/** All domains, for the operator and for checks across tenants. */
export function platformDomains(database: Database): PlatformRecords['domains'] {
  return {
    async list() {
      const rows = await database.withAccess('platform', (db) =>
        db.selectFrom('domains').selectAll().orderBy('pattern').orderBy('created_at').execute(),
      );
      return rows.map(domainOf);
    },
    async unverified(sinceMs) {
      const rows = await database.withAccess('platform', (db) =>
        db
          .selectFrom('domains')
          .innerJoin('tenants', 'tenants.id', 'domains.tenant_id')
          .selectAll('domains')
          .where('verified_at', 'is', null)
          .where('domains.created_at', '>', at(sinceMs))
          .where('tenants.suspended_at', 'is', null)
          .orderBy(sql`checked_at NULLS FIRST`)
          .execute(),
      );
      return rows.map(domainOf);
    },
    async verified(pattern) {
      const row = await database.withAccess('platform', (db) =>
        db
          .selectFrom('domains')
          .selectAll()
          .where('pattern', '=', pattern)
          .where('verified_at', 'is not', null)
          .executeTakeFirst(),
      );
      return row === undefined ? null : domainOf(row);
    },
    async unverify(domainId, why) {
      await database.withAccess('platform', (db) =>
        db
          .updateTable('domains')
          .set({ verified_at: null, verified_by: null, check_error: why.slice(0, LONGEST_ERROR) })
          .where('id', '=', domainId)
          .execute(),
      );
    },
  };
}
