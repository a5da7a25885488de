// Makes the data directory that tests start from: DIR is its only argument. In a process of its own, because the
// embedded ClickHouse stays in the one that it was opened in.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openClickHouse } from '../../src/stores/drivers/clickhouse/client.ts';
import { migrateClickHouse } from '../../src/stores/drivers/clickhouse/migrate.ts';
import { migrate } from '../../src/stores/drivers/postgres/migrate.ts';
import { startPostgres } from '../../src/stores/drivers/postgres/supervisor.ts';
import { openTasks } from '../../src/stores/tasks.ts';
import { quietLog } from './postgres.ts';

const data = process.argv[2] ?? '';
const log = quietLog();
const home = join(data, 'postgres');

async function makePostgres(): Promise<void> {
  const server = await startPostgres({ dir: home, log, settings: { fsync: 'off' } });
  await migrate({ url: server.url, log });
  const tasks = await openTasks({ url: server.url, log });
  await tasks.close(0);
  await server.stop();
  for (const name of ['port', 'start.log', 'initdb.log']) await rm(join(home, name), { force: true });
}

async function makeClickHouse(): Promise<void> {
  const clickhouse = await openClickHouse({ path: join(data, 'clickhouse') });
  await migrateClickHouse(clickhouse);
  await clickhouse.close();
}

await Promise.all([makePostgres(), makeClickHouse()]);
// The engine leaves threads behind.
process.exit(0);
