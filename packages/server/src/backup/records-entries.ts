import { tarHead, tarPadding } from '../flow/tar-writer.ts';
import { MANIFEST, RECORDS, type RecordsIndex } from './format.ts';
import type { Held } from './hold.ts';

const DAY_KEYS = 'day_keys';
const COPY_PIECE = 4 * 1024 * 1024;

/**
 * The entries of an archive before the files: the manifest, then the records, whose snapshot is closed after them.
 * `done` has ended before the last one of them leaves.
 */
export async function* recordsEntries(
  { manifest, snapshot }: Held,
  clientKeys: boolean,
  done: () => Promise<void>,
): AsyncGenerator<Buffer> {
  const created = Date.parse(manifest.created);
  const entry = (name: string, bytes: Buffer) => entryOf(name, bytes, created);
  yield entry(MANIFEST, json(manifest));
  const index: RecordsIndex = { tables: [] };
  for (const table of await snapshot.tables()) {
    if (table.name === DAY_KEYS && !clientKeys) continue;
    const entries: string[] = [];
    const rows = snapshot.rows(table);
    for (;;) {
      const { bytes, end } = await piece(rows);
      if (bytes.length > 0) {
        const name = `postgres/${table.name}.${String(entries.length).padStart(6, '0')}.copy`;
        entries.push(name);
        yield entry(name, bytes);
      }
      if (end === null) continue;
      index.tables.push({ ...table, rows: end, entries });
      break;
    }
  }
  const last = entry(RECORDS, json(index));
  await snapshot.close();
  await done();
  yield last;
}

/** Some megabytes of rows; `end` is the number of rows of the table where these are the last. */
async function piece(rows: AsyncGenerator<Buffer, number>): Promise<{ bytes: Buffer; end: number | null }> {
  const pieces: Buffer[] = [];
  let size = 0;
  while (size < COPY_PIECE) {
    const next = await rows.next();
    if (next.done === true) return { bytes: Buffer.concat(pieces), end: next.value };
    pieces.push(next.value);
    size += next.value.length;
  }
  return { bytes: Buffer.concat(pieces), end: null };
}

/** A whole entry. */
export function entryOf(name: string, bytes: Buffer, modifiedMs: number): Buffer {
  return Buffer.concat([tarHead(name, bytes.length, modifiedMs / 1000), bytes, tarPadding(bytes.length)]);
}

export function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}
