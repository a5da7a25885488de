import { createReadStream } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../model/fault.ts';
import { settled } from '../model/settled.ts';
import { type ClickHouse, openClickHouse } from '../stores/drivers/clickhouse/client.ts';
import { migrateClickHouse } from '../stores/drivers/clickhouse/migrate.ts';
import { placeParts } from '../stores/drivers/clickhouse/place-parts.ts';
import { hasRecords, loadOf, loadRecords } from '../stores/drivers/postgres/load.ts';
import { migrate } from '../stores/drivers/postgres/migrate.ts';
import { startPostgres } from '../stores/drivers/postgres/supervisor.ts';
import type { Log } from '../stores/records.ts';
import { type Manifest, RECORDS, type RecordsIndex } from './format.ts';
import { ignoreMissing, partPlace, tokenPlace } from './plan.ts';

/** Tells the hub, when it starts next, that it was restored. */
export const RESTORED = 'restored.json';

/** All of the directory reaches the disk at the end, and until then nobody starts on it: nothing is to be recovered. */
const UNSAFE = { fsync: 'off', full_page_writes: 'off', wal_compression: 'off' };

/** What a restore has done. */
export interface Restored {
  id: string;
  /** RFC 3339: of when everything is. */
  created: string;
  rows: { postgres: number; clickhouse: number };
  /** Whether requests and figures were in the backup. */
  requests: boolean;
  client_keys: boolean;
  /** What was to happen once and is not taken up again, by what it is. */
  dropped: Record<string, number>;
}

/** Engines of a data directory, migrated as far as the archive is. */
export interface TargetEngines {
  databaseUrl: string;
  clickhouse: ClickHouse | null;
  close(): Promise<void>;
}

export interface TargetPlace {
  data: string;
  databaseUrl: string | undefined;
  clickhouseUrl: string | undefined;
  log: Log;
}

/**
 * Throws a Fault `target-not-empty` or `clickhouse-external` where the engines that are set are nothing to restore this
 * archive into; `resume`: an interrupted restore of it may have filled the database.
 */
export async function checkEngines(place: TargetPlace, manifest: Manifest, resume: boolean): Promise<void> {
  if (manifest.clickhouse !== null && place.clickhouseUrl !== undefined) {
    throw new Fault(
      'clickhouse-external',
      'the archive has requests as files of the embedded ClickHouse, but CLICKHOUSE_URL is a server: restore without it; ' +
        'or unpack the archive, put the directories below clickhouse/TABLE/parts into the server’s detached/ and ATTACH PART them',
    );
  }
  const url = place.databaseUrl;
  if (url === undefined || !(await hasRecords(url))) return;
  if (resume && (await loadOf(url))?.backup === manifest.id) return;
  throw new Fault('target-not-empty', 'the database of DATABASE_URL has records already: restore into one of its own');
}

/** Makes the engines and their schemas. Faults: those of the engines. */
export async function prepareEngines(place: TargetPlace, manifest: Manifest): Promise<TargetEngines> {
  const open: (() => Promise<unknown>)[] = [];
  const close = async () => {
    await settled(open.splice(0).map((end) => end()));
  };
  try {
    const [databaseUrl, clickhouse] = await settled([
      preparePostgres(place, manifest, open),
      prepareClickHouse(place, manifest, open),
    ]);
    return { databaseUrl, clickhouse, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function preparePostgres(
  place: TargetPlace,
  manifest: Manifest,
  open: (() => Promise<unknown>)[],
): Promise<string> {
  const { data, databaseUrl, log } = place;
  let url = databaseUrl;
  if (url === undefined) {
    const server = await startPostgres({ dir: join(data, 'postgres'), log, settings: UNSAFE });
    open.push(() => server.stop());
    url = server.url;
  }
  await migrate({ url, log, upTo: manifest.postgres.migrations.length });
  return url;
}

async function prepareClickHouse(
  { data }: TargetPlace,
  { clickhouse: told }: Manifest,
  open: (() => Promise<unknown>)[],
): Promise<ClickHouse | null> {
  if (told === null) return null;
  const clickhouse = await openClickHouse({ path: join(data, 'clickhouse') });
  open.push(() => clickhouse.close());
  await migrateClickHouse(clickhouse, undefined, Math.max(0, ...told.migrations.map(({ version }) => version)));
  return clickhouse;
}

/** Puts what was unpacked into `directory` where it belongs. */
export async function install(
  place: TargetPlace,
  manifest: Manifest,
  directory: string,
  { databaseUrl, clickhouse }: TargetEngines,
): Promise<Restored> {
  const { data, log } = place;
  const index = JSON.parse(await readFile(join(directory, RECORDS), 'utf8')) as RecordsIndex;
  const tables = index.tables.map(({ entries, ...table }) => ({
    ...table,
    bytes: () => bytesOf(entries.map((name) => join(directory, name))),
  }));
  const told = manifest.clickhouse?.tables ?? [];
  const [dropped] = await settled([
    // A database of the directory's own is made anew when a restore is gone on with.
    loadRecords(databaseUrl, place.databaseUrl === undefined ? null : manifest.id, tables, log),
    clickhouse === null
      ? Promise.resolve()
      : placeParts(
          clickhouse,
          told.map(({ name, parts, rows }) => ({
            name,
            parts,
            rows,
            directory: join(directory, partPlace(name)),
            tokens: join(directory, tokenPlace(name)),
          })),
        ),
  ]);
  const files = join(directory, 'files');
  for (const name of (await readdir(files).catch(ignoreMissing)) ?? []) {
    await rm(join(data, name), { recursive: true, force: true });
    await rename(join(files, name), join(data, name));
  }
  const restored: Restored = {
    id: manifest.id,
    created: manifest.created,
    rows: {
      postgres: index.tables.reduce((sum, { rows }) => sum + rows, 0),
      clickhouse: told.reduce((sum, { rows }) => sum + rows, 0),
    },
    requests: manifest.clickhouse !== null,
    client_keys: manifest.client_keys,
    dropped,
  };
  await writeFile(join(data, RESTORED), JSON.stringify(restored), { mode: 0o600, flush: true });
  return restored;
}

async function* bytesOf(paths: readonly string[]): AsyncGenerator<Buffer> {
  for (const path of paths) {
    for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) yield piece as Buffer;
  }
}
