import { readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../../model/fault.ts';
import type { ClickHouse } from './client.ts';

const SHADOW = 'shadow';
const PREFIX = 'vedette_';
const LOGS = 'deduplication_logs';
/** A person’s erasure writes parts anew; what it has not reached yet is not to be in a snapshot. */
const LONGEST_MUTATION_MS = 10 * 60_000;

/** The parts of a table, which stay as they are under names of their own until `thaw`. */
export interface Frozen {
  name: string;
  /** Directory that has a directory for each part. */
  directory: string;
  parts: string[];
  /** Directory of the tokens of INSERTs; changes with the next INSERT. */
  tokens: string;
}

export interface FrozenSize {
  rows: number;
  bytes: number;
}

/** Resolves once no mutation is under way. Fault `mutation-running`. */
export async function awaitMutations(clickhouse: ClickHouse): Promise<void> {
  for (let waited = 0; ; waited += 500) {
    if (!(await isMutating(clickhouse))) return;
    if (waited >= LONGEST_MUTATION_MS) {
      throw new Fault(
        'mutation-running',
        'an erasure is being done in ClickHouse for minutes now; try again when it has ended',
      );
    }
    await sleep(500);
  }
}

export async function isMutating(clickhouse: ClickHouse): Promise<boolean> {
  const [row] = await clickhouse.query<{ n: number }>(
    'SELECT count() AS n FROM system.mutations WHERE database = currentDatabase() AND is_done = 0',
  );
  return (row?.n ?? 0) > 0;
}

/**
 * Makes hard links to all parts of these tables of an embedded engine whose directory is `path`, under a name. To be
 * called between INSERTs: then all tables are of the same moment. `places` is where tables are.
 */
export async function freeze(
  clickhouse: ClickHouse,
  path: string,
  places: ReadonlyMap<string, string>,
  id: string,
): Promise<Frozen[]> {
  return Promise.all(
    [...places].map(async ([name, place]) => {
      await clickhouse.command(`ALTER TABLE ${name} FREEZE WITH NAME '${nameOf(id)}'`);
      const directory = join(shadowOf(path, id), relative(path, place));
      return { name, directory, parts: await partsIn(directory), tokens: join(place, LOGS) };
    }),
  );
}

/** How much there is in what was frozen. Fault `freeze-failed` where that cannot be all. */
export async function measure(clickhouse: ClickHouse, frozen: readonly Frozen[]): Promise<Map<string, FrozenSize>> {
  const all = await clickhouse.query<{ table: string; name: string; rows: number; bytes: number; active: number }>(
    `SELECT table, name, rows, bytes_on_disk AS bytes, active FROM system.parts WHERE database = currentDatabase()`,
  );
  const known = Map.groupBy(all, ({ table }) => table);
  return new Map(frozen.map(({ name, parts }) => [name, sizeOf(name, parts, known.get(name) ?? [])]));
}

/** Gives up what was frozen under a name, or under any but the ones that are to stay. */
export async function thaw(path: string, which: { id: string } | { allBut: readonly string[] }): Promise<void> {
  if ('id' in which) return rm(shadowOf(path, which.id), { recursive: true, force: true });
  const stay = new Set(which.allBut.map(nameOf));
  for (const name of await names(join(path, SHADOW))) {
    if (name.startsWith(PREFIX) && !stay.has(name))
      await rm(join(path, SHADOW, name), { recursive: true, force: true });
  }
}

/** Tables that keep rows, by name, and where their parts are. */
export async function placesOf(clickhouse: ClickHouse): Promise<Map<string, string>> {
  const rows = await clickhouse.query<{ name: string; place: string }>(
    `SELECT name, data_paths[1] AS place FROM system.tables
     WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name`,
  );
  return new Map(rows.map(({ name, place }) => [name, place]));
}

function sizeOf(
  table: string,
  parts: readonly string[],
  known: readonly { name: string; rows: number; bytes: number; active: number }[],
): FrozenSize {
  const wanted = new Set(parts);
  const own = known.filter(({ name }) => wanted.has(name));
  // Merges may have replaced some meanwhile, but not have made all or none of them.
  const lost = parts.length === 0 && known.some(({ active, rows }) => active === 1 && rows > 0);
  if (own.length < parts.length || lost) {
    throw new Fault('freeze-failed', `ClickHouse did not freeze the parts of ${table} as it should`);
  }
  return {
    rows: own.reduce((sum, { rows }) => sum + rows, 0),
    bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function shadowOf(path: string, id: string): string {
  return join(path, SHADOW, nameOf(id));
}

/** The engine writes other characters than these in another way. */
function nameOf(id: string): string {
  return PREFIX + id.replaceAll('-', '');
}

async function partsIn(directory: string): Promise<string[]> {
  return (await names(directory)).sort();
}

async function names(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}
