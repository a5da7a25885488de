import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OWNER } from '../../src/stores/drivers/postgres/initdb.ts';
import { openRecords, type Records } from '../../src/stores/records.ts';
import type { FrontTrouble } from '../support/clickhouse-front.ts';
import { quietLog } from '../support/postgres.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { type KeyedTenant, newTenant } from '../support/tenant.ts';
import { killPostgres, mountDisk, pausePostgres } from './ground.ts';
import { keep, type Program } from './program.ts';
import { insist, type Means, meansOfLine, meansOfProgram } from './world.ts';

const SUPPORT = join(import.meta.dirname, '..', 'support');
const DATA_MB = 512;
const QUERY_MS = 20_000;

/** PostgreSQL, on a disk that can be filled, and a front of ClickHouse as programs of their own, behind lines that fail. */
export interface Engines {
  /** What a hub needs to know. */
  env: Record<string, string>;
  means: Means;
  programs: readonly Program[];
  /** The next INSERTs go wrong in that way. */
  trouble(kind: FrontTrouble, count: number): void;
  tenant(slug: string): Promise<KeyedTenant>;
  query(sql: string): Promise<Record<string, unknown>[]>;
  calm(): void;
  close(keep: boolean): Promise<void>;
}

export async function startEngines(dir: string, logs: string): Promise<Engines> {
  // Not the front's disk: the bare engine behind it has nothing that keeps it clear of a full one.
  const disk = await mountDisk(join(dir, 'postgres'), DATA_MB);
  const [toPostgres, toClickHouse] = [await startTcpProxy(1), await startTcpProxy(1)];
  let frontPort = 0;
  const postgres = keep({
    name: 'postgres',
    args: [join(SUPPORT, 'postgres-child.ts'), join(dir, 'postgres')],
    env: {},
    log: join(logs, 'postgres.log'),
    ready: /"url":"postgres:[^"]*@127\.0\.0\.1:(\d+)\//,
    onUp: (port) => toPostgres.leadTo(port),
  });
  const front = keep({
    name: 'front',
    args: [join(SUPPORT, 'clickhouse-front-child.ts'), join(dir, 'clickhouse')],
    env: {},
    log: join(logs, 'front.log'),
    ready: /"url":"http:\/\/127\.0\.0\.1:(\d+)\//,
    onUp(port) {
      frontPort = port;
      toClickHouse.leadTo(port);
    },
  });
  const [postgresPort] = await Promise.all([postgres.up(), front.up()]);
  const password = (await readFile(join(dir, 'postgres', 'password'), 'utf8')).trim();
  const urlAt = (port: number) => `postgres://${OWNER}:${password}@127.0.0.1:${port}/vedette?sslmode=disable`;
  const cluster = join(dir, 'postgres', 'cluster');
  const records: Records = await openRecords({ url: urlAt(postgresPort), log: quietLog(), maxConnections: 2 });
  const trouble = (kind: FrontTrouble, count: number) => front.send({ trouble: kind, count });
  return {
    env: {
      DATABASE_URL: urlAt(toPostgres.port),
      CLICKHOUSE_URL: `http://127.0.0.1:${toClickHouse.port}/vedette`,
    },
    means: {
      postgres: { kill: () => killPostgres(cluster), pause: ({ ms }) => pausePostgres(cluster, ms) },
      front: {
        ...meansOfProgram(front),
        refuse: async ({ count }) => trouble('refuse', count),
        lose: async ({ count }) => trouble('lose', count),
      },
      'line to postgres': meansOfLine(toPostgres),
      'line to clickhouse': meansOfLine(toClickHouse),
      'data disk': { fill: ({ ms }) => disk?.fill(ms) ?? null },
    },
    programs: [postgres, front],
    trouble,
    // A name is tried only once: a broken answer may have made the tenant.
    async tenant(slug) {
      let attempt = 0;
      return insist('making a tenant', () => newTenant(records, `${slug}-${(attempt += 1)}`));
    },
    query: (sql) => insist('asking the store', () => select(frontPort, sql)),
    calm() {
      for (const line of [toPostgres, toClickHouse] as TcpProxy[]) line.cut(0);
      trouble('refuse', 0);
    },
    async close(keepIt) {
      await records.close();
      await Promise.all([postgres.stop(), front.stop()]);
      await Promise.all([toPostgres.close(), toClickHouse.close()]);
      await disk?.close(keepIt);
    },
  };
}

async function select(port: number, sql: string): Promise<Record<string, unknown>[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/?database=vedette`, {
    method: 'POST',
    body: `${sql}\nFORMAT JSONEachRow`,
    signal: AbortSignal.timeout(QUERY_MS),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(text);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
