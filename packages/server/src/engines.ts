import { join } from 'node:path';
import type { Config } from './config.ts';
import { Fault } from './model/fault.ts';
import { type ClickHouse, openClickHouse } from './stores/drivers/clickhouse/client.ts';
import { mendDeduplicationLogs } from './stores/drivers/clickhouse/deduplication-log.ts';
import { oneProcessAtATime } from './stores/drivers/postgres/migrate.ts';
import { startPostgres } from './stores/drivers/postgres/supervisor.ts';
import { type InteractionStore, openInteractions } from './stores/interactions.ts';
import { type Log, openRecords, type Records } from './stores/records.ts';
import { openRequests, type RequestStore } from './stores/requests.ts';
import { openSessions, type SessionStore } from './stores/sessions.ts';
import { openTasks, type Tasks } from './stores/tasks.ts';

/** The engines and the stores over them. */
export interface Engines {
  records: Records;
  requests: RequestStore;
  interactions: InteractionStore;
  sessions: SessionStore;
  tasks: Tasks;
  /** Of the records' owner, and the engine itself: for backups. */
  databaseUrl: string;
  clickhouse: ClickHouse;
  probes: { name: string; check(): Promise<void> }[];
  /** Closes the stores, then the engines; nothing may use them any more. */
  close(): Promise<void>;
}

/** Something to be closed, the last opened first. */
export interface Closing {
  add(name: string, close: () => Promise<unknown> | unknown): void;
  /** Closes everything; what fails is logged and does not keep the rest open. */
  close(): Promise<void>;
}

export function createClosing(log: Log): Closing {
  const open: { name: string; close: () => Promise<unknown> | unknown }[] = [];
  return {
    add: (name, close) => void open.push({ name, close }),
    async close() {
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        try {
          await next.close();
        } catch (error) {
          log.error({ err: error }, `closing ${next.name} failed`);
        }
      }
    },
  };
}

/**
 * Starts both engines side by side, embedded or by URL, and brings their schemas up to date. What was started is
 * stopped again when the other fails. Faults: those of `startPostgres`, `openRecords` and `openClickHouse`.
 */
export async function openEngines(config: Config, log: Log): Promise<Engines> {
  const closing = createClosing(log);
  const records = openPostgres(config, log, closing);
  const outcomes = await Promise.allSettled([records, openStore(config, log, closing, records)]);
  try {
    const failures = new Set<unknown>();
    for (const outcome of outcomes) if (outcome.status === 'rejected') failures.add(outcome.reason);
    if (failures.size > 0) throw together([...failures]);
    const [database, store] = outcomes.map((outcome) => (outcome as PromiseFulfilledResult<unknown>).value) as [
      Awaited<ReturnType<typeof openPostgres>>,
      Awaited<ReturnType<typeof openStore>>,
    ];
    return {
      ...database,
      requests: store.requests,
      clickhouse: store.clickhouse,
      interactions: openInteractions({ clickhouse: store.clickhouse }),
      sessions: openSessions(store.clickhouse),
      probes: [
        { name: 'PostgreSQL', check: () => database.records.ping() },
        { name: 'ClickHouse', check: async () => void (await store.clickhouse.query('SELECT 1')) },
      ],
      close: () => closing.close(),
    };
  } catch (error) {
    await closing.close();
    throw error;
  }
}

/** One fault for what is wrong with either engine, so that it need not be found out one start after the other. */
function together(failures: readonly unknown[]): unknown {
  const [first, second] = failures;
  if (!(first instanceof Fault) || !(second instanceof Fault)) return first;
  return new Fault(first.code, `${first.message}\n${second.message}`, { cause: first });
}

async function openPostgres(
  config: Config,
  log: Log,
  closing: Closing,
): Promise<{ records: Records; tasks: Tasks; databaseUrl: string }> {
  let url = config.databaseUrl;
  if (url === undefined) {
    const server = await startPostgres({ dir: join(config.data, 'postgres'), log });
    closing.add('PostgreSQL', () => server.stop());
    url = server.url;
  }
  const records = await openRecords({ url, log });
  closing.add('the records', () => records.close());
  // One that is embedded is of this process alone, as the lock of the data directory says.
  const tasks = await openTasks({ url, log, alone: config.databaseUrl === undefined });
  closing.add('the tasks', () => tasks.close());
  return { records, tasks, databaseUrl: url };
}

async function openStore(
  config: Config,
  log: Log,
  closing: Closing,
  records: Promise<{ databaseUrl: string }>,
): Promise<{ clickhouse: ClickHouse; requests: RequestStore }> {
  const place =
    config.clickhouseUrl === undefined ? { path: join(config.data, 'clickhouse') } : { url: config.clickhouseUrl };
  if (place.path !== undefined) {
    const forgotten = await mendDeduplicationLogs(place.path);
    if (forgotten > 0) log.warn({ forgotten }, 'ClickHouse was killed while it stored a batch; it is stored again');
  }
  const clickhouse = await openClickHouse(place);
  closing.add('ClickHouse', () => clickhouse.close());
  // An embedded engine is of this process alone; a server is migrated by one process at a time.
  if (place.path !== undefined) return { clickhouse, requests: await openRequests({ clickhouse }) };
  const { databaseUrl } = await records;
  const requests = await oneProcessAtATime({ url: databaseUrl, log }, () => openRequests({ clickhouse }));
  return { clickhouse, requests };
}
