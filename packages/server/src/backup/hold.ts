import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Fault } from '../model/fault.ts';
import type { Sealer } from '../privacy/sealing.ts';
import type { ClickHouse } from '../stores/drivers/clickhouse/client.ts';
import {
  awaitMutations,
  type Frozen,
  type FrozenSize,
  freeze,
  isMutating,
  measure,
  placesOf,
} from '../stores/drivers/clickhouse/freeze.ts';
import { type Camera, openCamera, type RecordsSnapshot } from '../stores/drivers/postgres/snapshot.ts';
import type { Log } from '../stores/records.ts';
import type { MasterKeyVersion } from '../stores/sealed.ts';
import { checkPurpose, FORMAT, FORMAT_VERSION, type Manifest, type RunMigration } from './format.ts';
import { copyTree, ignoreMissing, linkTree, openFiles, partPlace, type Tree, tokenPlace } from './plan.ts';

/** Addresses lie there for an hour, and in no copy; the list of migrations is in the manifest. */
const LEFT_OUT = /^(?:live_addresses|schema_migrations|sessions_next_.*)$/;
const TRIES = 5;

export interface BackupTools {
  /** The data directory. */
  data: string;
  version: string;
  log: Log;
  /** Of the records, for their owner. */
  url: string;
  clickhouse: ClickHouse;
  /** Directory of the embedded engine; null where ClickHouse is a server. */
  clickhousePath: string | null;
  sealer: Sealer;
  masterKeys(): Promise<MasterKeyVersion[]>;
}

export interface BackupOptions {
  /** Takes the keys of the days along. */
  clientKeys: boolean;
  /** Takes place and network data along that were downloaded. */
  geo: boolean;
  /** false: leaves the requests out, which a server has. */
  requests: boolean;
  /** Whether an interrupted one is to be gone on with. */
  resumable: boolean;
}

/** Everything as it is at one moment. */
export interface Held {
  manifest: Manifest;
  snapshot: RecordsSnapshot;
  trees: Tree[];
}

interface Moment {
  created: string;
  snapshot: RecordsSnapshot;
  frozen: Frozen[];
  sizes: Map<string, FrozenSize>;
}

/**
 * Takes hold of everything as it is at one moment, which lies between two INSERTs. Files stay in `stage`, and below the
 * engine's directory under the name `id`. Faults: `clickhouse-external`, `rows-hidden`, `mutation-running`.
 */
export async function hold(tools: BackupTools, stage: string, id: string, options: BackupOptions): Promise<Held> {
  const { clickhouse, clickhousePath: path, data } = tools;
  if (options.requests && path === null) {
    throw new Fault(
      'clickhouse-external',
      'CLICKHOUSE_URL is a server, which backs its data up by itself: "BACKUP DATABASE vedette TO Disk(…)"; ' +
        'take the rest with --without-requests right after that',
    );
  }
  const files = join(stage, 'files');
  await mkdir(files, { recursive: true, mode: 0o700 });
  // All that can be done before: INSERTs wait for the moment.
  const camera = await openCamera(tools.url, tools.log);
  try {
    const places = options.requests ? await placesOf(clickhouse) : new Map<string, string>();
    for (const name of places.keys()) if (LEFT_OUT.test(name)) places.delete(name);
    const { created, snapshot, frozen, sizes } = await momentOf(tools, { stage, camera, places, id });
    for (const name of options.geo ? ['browser', 'geo'] : ['browser'])
      await linkTree(join(data, name), join(files, name));
    const clickhouseOf = async () => ({
      ...(await versionOf(clickhouse)),
      tables: frozen.map(({ name, parts }) => ({ name, parts, rows: 0, bytes: 0, ...sizes.get(name) })),
    });
    const manifest: Manifest = {
      format: FORMAT,
      format_version: FORMAT_VERSION,
      id,
      created,
      vedette: tools.version,
      stored_bytes: [...sizes.values()].reduce((sum, { bytes }) => sum + bytes, sizeOf(stage)),
      client_keys: options.clientKeys,
      master_key: await keyCheck(tools, id),
      postgres: { migrations: snapshot.migrations },
      clickhouse: options.requests ? await clickhouseOf() : null,
    };
    return { manifest, snapshot, trees: treesOf(data, stage, frozen) };
  } catch (error) {
    await camera.close();
    throw error;
  }
}

interface Setting {
  stage: string;
  camera: Camera;
  places: ReadonlyMap<string, string>;
  id: string;
}

async function momentOf(tools: BackupTools, { stage, camera, places, id }: Setting): Promise<Moment> {
  const { clickhouse, clickhousePath: path, data } = tools;
  const files = join(stage, 'files');
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    await awaitMutations(clickhouse);
    const moment = await clickhouse.betweenInserts(async () => {
      if (path !== null && (await isMutating(clickhouse))) return null;
      const created = new Date().toISOString();
      // Before the snapshot: no end of the audit log is noted that the snapshot has not.
      await copyFile(join(data, 'audit-heads.json'), join(files, 'audit-heads.json')).catch(ignoreMissing);
      const snapshot = await camera.take();
      // Segments are cut and written over, so that a link would not hold what is in them now.
      await copyTree(join(data, 'spool'), join(files, 'spool'));
      await linkTree(join(data, 'spool', 'dead'), join(files, 'spool', 'dead'));
      const frozen = path === null ? [] : await freeze(clickhouse, path, places, id);
      for (const { name, tokens } of frozen) await copyTree(tokens, join(stage, 'tokens', name));
      return { created, snapshot, frozen, sizes: await measure(clickhouse, frozen) };
    });
    if (moment !== null) return moment;
  }
  throw new Fault('mutation-running', 'one erasure after the other is being done; try again later');
}

function treesOf(data: string, stage: string, frozen: readonly Frozen[]): Tree[] {
  const trees = [
    { name: 'files', directory: join(stage, 'files') },
    ...frozen.map(({ name }) => ({ name: tokenPlace(name), directory: join(stage, 'tokens', name) })),
    ...frozen.map(({ name, directory }) => ({ name: partPlace(name), directory })),
  ];
  return trees
    .filter(({ directory }) => existsSync(directory))
    .map(({ name, directory }) => ({ name, directory: relative(data, directory) }));
}

/** Bytes of the files below a directory. */
function sizeOf(directory: string): number {
  let bytes = 0;
  for (const { size } of openFiles([{ name: '', directory }])) bytes += size;
  return bytes;
}

async function versionOf(clickhouse: ClickHouse): Promise<{ version: string; migrations: RunMigration[] }> {
  const migrations = await clickhouse.query<RunMigration>(
    `SELECT number AS version, any(m.name) AS name, any(m.checksum) AS checksum
     FROM schema_migrations AS m GROUP BY number ORDER BY number`,
  );
  const [row] = await clickhouse.query<{ version: string }>('SELECT version() AS version');
  return { version: row?.version ?? '', migrations };
}

async function keyCheck({ masterKeys, sealer }: BackupTools, id: string): Promise<Manifest['master_key']> {
  const seal = () => sealer.seal(randomBytes(32), checkPurpose(id)).toString('base64');
  await sealer.refresh?.();
  return {
    versions: (await masterKeys())
      .filter(({ state }) => state !== 'retired')
      .map(({ version, fingerprint }) => ({ version, fingerprint: fingerprint.toString('hex') })),
    check: seal(),
  };
}
