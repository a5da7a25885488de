import pg from 'pg';
import type { Log } from './log.ts';
import { SCHEMA } from './migrate.ts';

/** A connection as the database's owner, for the little that the application's role may not do. */
export interface Owner {
  /** Runs `work` on a connection of its own, which is closed after. */
  connect<T>(application: string, work: (client: pg.Client) => Promise<T>): Promise<T>;
}

export function ownerOf(url: string, log: Log): Owner {
  return {
    async connect(application, work) {
      const client = new pg.Client({
        connectionString: url,
        application_name: `vedette-${application}`,
        keepAlive: true,
      });
      client.on('error', (error) => log.warn({ err: error }, `the connection for ${application} broke`));
      await client.connect();
      try {
        await client.query(`SET search_path = ${SCHEMA}, public`);
        return await work(client);
      } finally {
        await client.end().catch(() => undefined);
      }
    },
  };
}

/**
 * Writes tables anew, without the rows that were deleted or replaced, which otherwise stay on the disk until something
 * is written over them; and has the log of changes (WAL) of before removed where this user may. Each table is locked
 * for as long as it takes.
 */
export async function compactTables(owner: Owner, tables: readonly string[], log: Log): Promise<void> {
  await owner.connect('compact', async (client) => {
    for (const table of tables) await client.query(`VACUUM (FULL) ${pg.escapeIdentifier(table)}`);
    try {
      await client.query('SELECT pg_switch_wal()');
      await client.query('CHECKPOINT');
    } catch (error) {
      log.info({ err: error }, 'the database server keeps its log of changes by its own rules');
    }
  });
}
