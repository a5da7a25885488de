import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { openClickHouse } from '../../src/stores/drivers/clickhouse/client.ts';

/** What a hub that has stopped left behind. */
export interface OnDisk {
  files: { name: string; bytes: Buffer }[];
  /** Rows of each table of ClickHouse as text, because on disk they are compressed. */
  tables: Map<string, string>;
  /** Where the rows of the live addresses are, below the data directory. */
  liveParts: string[];
}

/** Reads every file below a data directory, and every row. `also`: asks the engine more while it is open. */
export async function readDisk(
  data: string,
  also: (clickhouse: Awaited<ReturnType<typeof openClickHouse>>) => Promise<void> = async () => undefined,
): Promise<OnDisk> {
  // Before the engine is opened, which writes.
  const files = await readAll(data);
  const tables = new Map<string, string>();
  let liveParts: string[] = [];
  const clickhouse = await openClickHouse({ path: join(data, 'clickhouse') });
  const columns = await clickhouse.query<{ name: string; column: string; paths: string[] }>(
    `SELECT t.name AS name, c.name AS column, t.data_paths AS paths FROM system.tables AS t
     JOIN system.columns AS c ON c.database = t.database AND c.table = t.name
     WHERE t.database = currentDatabase() AND t.engine LIKE '%MergeTree' AND c.type NOT LIKE '%AggregateFunction%'`,
  );
  for (const [name, own] of Map.groupBy(columns, (row) => row.name)) {
    const list = own.map(({ column }) => `\`${column}\``).join(', ');
    tables.set(name, JSON.stringify(await clickhouse.query(`SELECT ${list} FROM ${name}`)));
    if (name === 'live_addresses')
      liveParts = (own[0]?.paths ?? []).map((part) => relative(data, resolve(join(data, 'clickhouse'), part)));
  }
  await also(clickhouse);
  await clickhouse.close();
  return { files, tables, liveParts };
}

async function readAll(data: string): Promise<OnDisk['files']> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        return { name: relative(data, path), bytes: await readFile(path) };
      }),
  );
}
