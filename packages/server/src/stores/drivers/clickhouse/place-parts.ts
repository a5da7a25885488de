import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../../model/fault.ts';
import { settled } from '../../../model/settled.ts';
import type { ClickHouse } from './client.ts';
import { placesOf } from './freeze.ts';

/** A table as an archive has it, unpacked. */
export interface UnpackedTable {
  name: string;
  parts: readonly string[];
  rows: number;
  /** Has a directory for each part. */
  directory: string;
  /** Directory of the tokens of INSERTs; may be missing. */
  tokens: string;
}

/**
 * Gives an embedded engine, whose schema is made and whose tables are empty, the parts of an archive as they are: under
 * their own names, so that the tokens of their INSERTs go on to hold, and past the views, which have done their work on
 * them. They are moved there, so that it takes no longer for many files. Throws a Fault `parts-refused` where the engine
 * does not take all of it.
 */
export async function placeParts(clickhouse: ClickHouse, tables: readonly UnpackedTable[]): Promise<void> {
  const places = await placesOf(clickhouse);
  const put = async (table: UnpackedTable) => {
    const place = places.get(table.name);
    if (place === undefined)
      throw new Fault('archive-damaged', `the archive has a table ${table.name} that its version had not`);
    await clickhouse.command(`DETACH TABLE ${table.name}`);
    for (const part of table.parts) await rename(join(table.directory, part), join(place, part));
    await rm(join(place, 'deduplication_logs'), { recursive: true, force: true });
    if (existsSync(table.tokens)) await rename(table.tokens, join(place, 'deduplication_logs'));
    await clickhouse.command(`ATTACH TABLE ${table.name}`);
    // There is time for merges when a hub runs on it; of what is merged here, all would have to reach the disk again.
    await clickhouse.command(`SYSTEM STOP MERGES ${table.name}`);
  };
  // As many at once as there are connections. All end before a failure is told: the directories are to be nobody's then.
  await settled(tables.map(put));
  await checkParts(clickhouse, tables);
}

/** Whether everything was loaded; what was merged since, though no longer active, is still told of. */
async function checkParts(clickhouse: ClickHouse, tables: readonly UnpackedTable[]): Promise<void> {
  const found = await clickhouse.query<{ table: string; name: string; rows: number }>(
    'SELECT table, name, rows FROM system.parts WHERE database = currentDatabase()',
  );
  const loaded = Map.groupBy(found, ({ table }) => table);
  for (const { name, parts, rows } of tables) {
    const wanted = new Set(parts);
    const own = (loaded.get(name) ?? []).filter((part) => wanted.has(part.name));
    const sum = own.reduce((total, part) => total + part.rows, 0);
    // Parts without rows, as are left where a partition was dropped or replaced, are taken away when a table is opened.
    if (sum === rows) continue;
    throw new Fault(
      'parts-refused',
      `ClickHouse took ${own.length} of ${parts.length} parts of ${name}, with ${sum} of ${rows} rows`,
    );
  }
}
