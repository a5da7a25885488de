import { type Dialect, Kysely, PostgresDialect, PostgresDriver, type RawBuilder, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { Fault } from '../../../model/fault.ts';
import { isUuid } from '../../../model/uuid.ts';
import type { Log } from './log.ts';
import { APP_ROLE, SCHEMA } from './migrate.ts';
import type { Tables } from './tables.ts';

/** Purposes that let a transaction look across tenants; each has policies of its name in the migrations. */
export type Access = 'platform' | 'domain-map' | 'key-lookup' | 'log-in' | 'invitation';

export type Scoped = Transaction<Tables>;

/** The pooled connections of the application's role. Nothing is read or written but inside one of the scopes. */
export interface Database {
  /** Runs `work` in a transaction that sees the rows of one tenant. */
  asTenant<T>(tenantId: string, work: (db: Scoped) => Promise<T>): Promise<T>;
  /** Runs `work` in a transaction that may do what the purpose's policies allow. */
  withAccess<T>(access: Access, work: (db: Scoped) => Promise<T>): Promise<T>;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

const TYPES = { int8: 20, timestamptz: 1184, timestamp: 1114 };

/** bigint as number (all ours stay below 2^53), times as ms since the epoch, the rest as pg does. */
const parsers: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary');
    if (oid === TYPES.int8) return Number;
    const usual = pg.types.getTypeParser(oid, 'text');
    if (oid !== TYPES.timestamptz && oid !== TYPES.timestamp) return usual;
    return (text: string) => (usual(text) as Date).getTime();
  },
};

/** A time in ms to compare a column with. */
export function at(timeMs: number): RawBuilder<number> {
  return sql<number>`${new Date(timeMs)}::timestamptz`;
}

/** Opens a pool in which every session is the application's role from its first statement on. */
export function openDatabase(options: { url: string; log: Log; maxConnections?: number }): Database {
  const pool = new pg.Pool({
    connectionString: withoutOptions(options.url),
    // In the start packet, so that no connection is ever handed out before it has stepped down, and RESET keeps it.
    options: `${optionsOf(options.url)} -c role=${APP_ROLE} -c search_path=${SCHEMA},public`.trim(),
    application_name: 'vedette',
    max: options.maxConnections ?? 10,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: parsers,
  });
  let closing = false;
  // A broken idle connection is replaced at the next use; without a listener it would end the process. Those that are
  // still being closed when the engine stops are nobody's loss.
  pool.on('error', (error) => {
    if (!closing) options.log.warn({ err: error }, 'a PostgreSQL connection broke');
  });
  // One in use tells its query, but says it as an event, too, which would also end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const kysely = new Kysely<Tables>({ dialect: dialectOf(pool) });

  function scoped<T>(setting: string, value: string, work: (db: Scoped) => Promise<T>): Promise<T> {
    const begin = sql.raw(`BEGIN; SET LOCAL ${setting} = ${pg.escapeLiteral(value)}`);
    return kysely.transaction().execute(async (db) => {
      await begin.execute(db);
      return work(db);
    });
  }

  return {
    async asTenant(tenantId, work) {
      if (!isUuid(tenantId)) throw new Fault('bad-tenant', `${JSON.stringify(tenantId)} is not the id of a tenant`);
      return scoped('vedette.tenant', tenantId, work);
    },
    withAccess: (access, work) => scoped('vedette.access', access, work),
    pool,
    close() {
      closing = true;
      return kysely.destroy();
    },
  };
}

/** PostgreSQL, in which a transaction begins together with its scope: one way to the server and back instead of two. */
function dialectOf(pool: pg.Pool): Dialect {
  const usual = new PostgresDialect({ pool });
  class Driver extends PostgresDriver {
    override async beginTransaction(): Promise<void> {
      // As the first statement of the scope does.
    }
    override async rollbackTransaction(
      connection: Parameters<PostgresDriver['rollbackTransaction']>[0],
    ): Promise<void> {
      // A connection that cannot roll back is not used again; what is told is what broke the transaction.
      await super.rollbackTransaction(connection).catch(() => undefined);
    }
  }
  return {
    createDriver: () => new Driver({ pool }),
    createAdapter: () => usual.createAdapter(),
    createQueryCompiler: () => usual.createQueryCompiler(),
    createIntrospector: (db) => usual.createIntrospector(db),
  };
}

function optionsOf(url: string): string {
  return new URL(url).searchParams.get('options') ?? '';
}

/** pg lets the URL win over the settings beside it, so its options are taken out and put in front of ours. */
function withoutOptions(url: string): string {
  const parsed = new URL(url);
  parsed.searchParams.delete('options');
  return parsed.toString();
}
