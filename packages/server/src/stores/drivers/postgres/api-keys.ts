import type { Selectable } from 'kysely';
import { LRUCache } from 'lru-cache';
import { uuidv7 } from '../../../model/uuid.ts';
import type { ApiKey, Principal, TenantRecords } from '../../records.ts';
import { at, type Database, type Scoped } from './database.ts';
import type { Log } from './log.ts';
import { hashSecret, newSecret } from './secrets.ts';
import type { Tables } from './tables.ts';

export const KEY_PREFIX = 'vdt_';
const SHOWN = KEY_PREFIX.length + 6;
const LONGEST_TOKEN = 128;
const NOTE_EVERY_MS = 10_000;

function keyOf(row: Omit<Selectable<Tables['api_keys']>, 'secret_hash'>): ApiKey {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    name: row.name,
    prefix: row.prefix,
    scope: row.scope,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    rotatedFrom: row.rotated_from,
  };
}

const SHOWN_COLUMNS = [
  'id',
  'tenant_id',
  'name',
  'prefix',
  'scope',
  'created_at',
  'last_used_at',
  'expires_at',
  'revoked_at',
  'rotated_from',
] as const;

interface NewKey {
  scope: ApiKey['scope'];
  name: string;
  expiresAt: number | null;
  rotatedFrom: string | null;
}

async function insertKey(db: Scoped, tenantId: string, made: NewKey): Promise<{ key: ApiKey; token: string }> {
  const { token, hash } = newSecret(KEY_PREFIX);
  const row = await db
    .insertInto('api_keys')
    .values({
      id: uuidv7(),
      tenant_id: tenantId,
      name: made.name,
      prefix: token.slice(0, SHOWN),
      secret_hash: hash,
      scope: made.scope,
      expires_at: made.expiresAt === null ? null : new Date(made.expiresAt),
      rotated_from: made.rotatedFrom,
    })
    .returning(SHOWN_COLUMNS)
    .executeTakeFirstOrThrow();
  return { key: keyOf(row), token };
}

/** The API keys of one tenant. */
export function tenantKeys(database: Database, tenantId: string): TenantRecords['keys'] {
  return {
    create: ({ scope, name = '', expiresAt = null }) =>
      database.asTenant(tenantId, (db) => insertKey(db, tenantId, { scope, name, expiresAt, rotatedFrom: null })),
    async list() {
      const rows = await database.asTenant(tenantId, (db) =>
        db.selectFrom('api_keys').select(SHOWN_COLUMNS).orderBy('id').execute(),
      );
      return rows.map(keyOf);
    },
    async revoke(keyId) {
      const result = await database.asTenant(tenantId, (db) =>
        db
          .updateTable('api_keys')
          .set({ revoked_at: new Date() })
          .where('id', '=', keyId)
          .where('revoked_at', 'is', null)
          .executeTakeFirst(),
      );
      return result.numUpdatedRows > 0n;
    },
    rotate: (keyId, overlapMs) => database.asTenant(tenantId, (db) => rotateKey(db, tenantId, keyId, overlapMs)),
  };
}

async function rotateKey(
  db: Scoped,
  tenantId: string,
  keyId: string,
  overlapMs: number,
): ReturnType<TenantRecords['keys']['rotate']> {
  const now = Date.now();
  // Locked, so that of two who rotate at once one is told that it was.
  const row = await db
    .selectFrom('api_keys')
    .select(SHOWN_COLUMNS)
    .where('id', '=', keyId)
    .where('revoked_at', 'is', null)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', at(now))]))
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return { refused: 'unknown-key', detail: 'there is no such key in force' };
  const later = await db.selectFrom('api_keys').select('prefix').where('rotated_from', '=', keyId).executeTakeFirst();
  if (later !== undefined) {
    return {
      refused: 'key-rotated',
      detail: `this key was rotated already; the one that follows it begins with ${later.prefix}`,
    };
  }
  const { scope, name, expires_at: expires, created_at: created } = row;
  const made = await insertKey(db, tenantId, {
    scope,
    name,
    expiresAt: expires === null ? null : now + (expires - created),
    rotatedFrom: keyId,
  });
  const end = Math.min(expires ?? Number.POSITIVE_INFINITY, now + overlapMs);
  const former = await db
    .updateTable('api_keys')
    .set(overlapMs === 0 ? { revoked_at: new Date(now) } : { expires_at: new Date(end) })
    .where('id', '=', keyId)
    .returning(SHOWN_COLUMNS)
    .executeTakeFirstOrThrow();
  return { ...made, former: keyOf(former) };
}

type Known = { principal: Principal; expiresAt: number | null } | 'unknown';

/** Answers who a key belongs to. */
export interface KeyDesk {
  authenticate(token: string): Promise<Principal | null>;
  /** Forgets all that is cached; `trusted` false also stops caching until the next call with true. */
  forget(trusted: boolean): void;
  close(): Promise<void>;
}

/**
 * Looks keys up once and remembers the answer until a change is announced. While announcements are away nothing is
 * remembered, so that a revoked key does not go on working.
 */
export function openKeyDesk(database: Database, log: Log): KeyDesk {
  const cache = new LRUCache<string, Known>({ max: 20_000, ttl: 60_000 });
  let trusted = false;
  let generation = 0;
  let used = new Map<string, number>();

  async function lookUp(hash: Buffer): Promise<Known> {
    const row = await database.withAccess('key-lookup', (db) =>
      db
        .selectFrom('api_keys')
        .select(['api_keys.id', 'api_keys.name', 'api_keys.tenant_id', 'api_keys.scope', 'api_keys.expires_at'])
        .where('secret_hash', '=', hash)
        .where('revoked_at', 'is', null)
        .executeTakeFirst(),
    );
    if (row === undefined) return 'unknown';
    const { id, name, scope } = row;
    const principal: Principal = { kind: 'key', id, name, tenantId: row.tenant_id, scope };
    return { principal: Object.freeze(principal), expiresAt: row.expires_at };
  }

  async function noteUse(): Promise<void> {
    if (used.size === 0) return;
    const batch = used;
    used = new Map();
    try {
      await database.withAccess('key-lookup', async (db) => {
        // In the order of ids, so that two hubs do not wait for each other's rows.
        for (const [id, at] of [...batch].sort(([a], [b]) => (a < b ? -1 : 1))) {
          await db
            .updateTable('api_keys')
            .set({ last_used_at: new Date(at) })
            .where('id', '=', id)
            .execute();
        }
      });
    } catch (error) {
      log.warn({ err: error }, 'cannot note the last use of API keys');
      for (const [id, at] of batch) if (!used.has(id)) used.set(id, at);
    }
  }

  const timer = setInterval(() => void noteUse(), NOTE_EVERY_MS);
  timer.unref();
  return {
    async authenticate(token) {
      if (!token.startsWith(KEY_PREFIX) || token.length > LONGEST_TOKEN) return null;
      const hash = hashSecret(token);
      const name = hash.toString('base64');
      let known = cache.get(name);
      if (known === undefined) {
        const before = generation;
        known = await lookUp(hash);
        // A change announced meanwhile may not be in what was read.
        if (trusted && before === generation) cache.set(name, known);
      }
      const now = Date.now();
      if (known === 'unknown' || (known.expiresAt !== null && known.expiresAt <= now)) return null;
      used.set(known.principal.id, now);
      return known.principal;
    },
    forget(nowTrusted) {
      generation += 1;
      trusted = nowTrusted;
      cache.clear();
    },
    async close() {
      clearInterval(timer);
      await noteUse();
    },
  };
}
