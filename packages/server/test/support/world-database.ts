import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Config } from '../../src/config.ts';
import type { World } from './world.ts';

/** URL of a world's own PostgreSQL, as the owner of its database. */
export async function databaseUrl({ dir }: Pick<World, 'dir'>): Promise<string> {
  return embeddedUrl(join(dir, 'data'));
}

async function embeddedUrl(data: string): Promise<string> {
  const home = join(data, 'postgres');
  const [port, password] = await Promise.all(['port', 'password'].map((name) => readFile(join(home, name), 'utf8')));
  const login = `vedette:${encodeURIComponent(String(password).trim())}`;
  return `postgres://${login}@127.0.0.1:${String(port).trim()}/vedette`;
}

/**
 * Has the chores of a hub that runs wait for a leap day: what a test sees must not depend on the minute it runs at. They
 * are done when they are asked for, as before.
 */
export async function stopClock({ data, databaseUrl: url }: Config): Promise<void> {
  const client = new pg.Client({ connectionString: url ?? (await embeddedUrl(data)) });
  await client.connect();
  await client.query("UPDATE pgboss.schedule SET cron = '0 0 29 2 *'");
  await client.end();
}
