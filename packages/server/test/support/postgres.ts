import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Log } from '../../src/stores/drivers/postgres/log.ts';
import { migrate } from '../../src/stores/drivers/postgres/migrate.ts';
import { type RunningPostgres, startPostgres } from '../../src/stores/drivers/postgres/supervisor.ts';
import { fillEngine } from './template.ts';

/** A log that keeps what it is told from `warn` on. */
export function quietLog(): Log & { said: { fields: object; message?: string }[] } {
  const said: { fields: object; message?: string }[] = [];
  const keep = (fields: object, message?: string) => void said.push({ fields, message });
  return { said, debug: () => undefined, info: () => undefined, warn: keep, error: keep };
}

export interface TestPostgres {
  server: RunningPostgres;
  /** Everything of the server on the disk is below. */
  dir: string;
  /** A migrated database of its own, copied from a template; answers with its URL. */
  freshDatabase(): Promise<string>;
  /** A database with nothing in it. */
  emptyDatabase(): Promise<string>;
  /** Runs SQL as the owner. */
  query(url: string, sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/**
 * Starts an embedded PostgreSQL in a temporary directory; call once a test file, and `stop` at its end. `bare`: a server
 * on which no Vedette has been, so that the application's role is not there either.
 */
export async function startTestPostgres({ bare = false } = {}): Promise<TestPostgres> {
  const dir = await mkdtemp(join(tmpdir(), 'vedette-pg-'));
  const log = quietLog();
  if (!bare) await fillEngine(join(dir, 'pg'), 'postgres');
  // Nothing here has to survive a power cut.
  const server = await startPostgres({ dir: join(dir, 'pg'), log, settings: { fsync: 'off', max_connections: '200' } });
  let template: Promise<void> | null = null;

  function urlOf(database: string): string {
    const url = new URL(server.url);
    url.pathname = `/${database}`;
    return url.toString();
  }

  async function create(from: string): Promise<string> {
    const name = `t_${randomBytes(6).toString('hex')}`;
    await query(urlOf('postgres'), `CREATE DATABASE ${name} TEMPLATE ${from}`);
    return urlOf(name);
  }

  return {
    server,
    dir,
    async freshDatabase() {
      // The server's own database is the template: nobody else connects to it.
      template ??= migrate({ url: server.url, log }).then(() => undefined);
      await template;
      return create('vedette');
    },
    emptyDatabase: () => create('template0'),
    query,
    async stop() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function query(url: string, sql: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}
