import { type ClickHouse, quoteText, type Settings } from './drivers/clickhouse/client.ts';
import { MAY_HOLD, type TableLooked, type TextLook, type Texts } from './texts.ts';

/** Rows that are looked at in one query, and bytes of the column in them. */
const MOST_ROWS = 100_000;
/** The same for a column with a dictionary, of which few texts come back. */
const MOST_CODED_ROWS = 2_000_000;
const MOST_BYTES = 16 * 1024 * 1024;
const LEAST_ROWS = 1000;
/** A compact part does not tell the size of its columns; one of them is taken for this part of the whole. */
const LARGEST_SHARE = 4;
// Whatever a piece holds is grouped; beyond this on disk.
const SETTINGS: Settings = {
  max_memory_usage: 1_000_000_000,
  max_bytes_before_external_group_by: 300_000_000,
  max_threads: 2,
};
/**
 * When the address of a session has to be gone: half an hour after the end of its hour, and the chore's ten minutes
 * (chores.ts, schedule.ts), counted from the beginning of that hour.
 */
const FRESH = 'last_seen > now() - INTERVAL 105 MINUTE';

interface Column {
  table: string;
  column: string;
  type: string;
}

interface Piece {
  where: string;
  rows: number;
}

/** Every text in the tables of the store. */
export function clickhouseTexts(clickhouse: ClickHouse): Texts {
  return {
    engine: 'ClickHouse',
    async *read(look, signal) {
      const columns = await listColumns(clickhouse);
      for (const table of new Set(columns.map((column) => column.table))) {
        signal.throwIfAborted();
        const own = columns.filter((column) => column.table === table);
        yield await readTable(clickhouse, table, own, look, signal);
      }
    },
    async *search(needles, signal) {
      const columns = await listColumns(clickhouse);
      const list = needles.map((needle) => quoteText(needle)).join(', ');
      for (const table of new Set(columns.map((column) => column.table))) {
        signal.throwIfAborted();
        const tests = columns
          .filter((column) => column.table === table && isText(column.type))
          .map(({ column }) => `multiSearchAny(${asText(column)}, [${list}])`);
        if (tests.length === 0 || needles.length === 0) continue;
        const [row] = await clickhouse.query<{ n: number }>(
          `SELECT count() AS n FROM ${quoted(table)} WHERE ${tests.join(' OR ')}`,
          {},
          { ...SETTINGS, max_execution_time: 600 },
        );
        yield { table, found: row?.n ?? 0 };
      }
    },
  };
}

/** Columns that are on the disk, of tables that hold rows. */
function listColumns(clickhouse: ClickHouse): Promise<Column[]> {
  return clickhouse.query(
    `SELECT c.table AS table, c.name AS column, c.type AS type FROM system.columns AS c
     JOIN system.tables AS t ON t.database = c.database AND t.name = c.table
     WHERE c.database = currentDatabase() AND t.engine LIKE '%MergeTree' AND c.default_kind NOT IN ('ALIAS', 'EPHEMERAL')
     ORDER BY table, c.position`,
  );
}

/** Types whose values can hold text; states of aggregate functions hold hashes and numbers. */
function isText(type: string): boolean {
  return /String|IPv[46]|JSON|Variant|Dynamic/.test(type) && !type.startsWith('AggregateFunction');
}

function isCoded(type: string): boolean {
  return type.startsWith('LowCardinality');
}

async function readTable(
  clickhouse: ClickHouse,
  table: string,
  columns: readonly Column[],
  look: TextLook,
  signal: AbortSignal,
): Promise<TableLooked> {
  const texts = columns.filter(({ type }) => isText(type));
  if (texts.length === 0) return { table, why: 'has no column that can hold text' };
  const parts =
    table === 'live_addresses' ? [['fresh', FRESH] as const, ['late', `NOT (${FRESH})`] as const] : [['', ''] as const];
  let items = 0;
  for (const { column, type } of texts) {
    items = 0;
    for (const { where, rows } of await piecesOf(
      clickhouse,
      table,
      column,
      isCoded(type) ? MOST_CODED_ROWS : MOST_ROWS,
    )) {
      for (const [part, condition] of parts) {
        signal.throwIfAborted();
        const conditions = [where, condition].filter((one) => one !== '');
        const found = await clickhouse.query<{ text: string; times: number }>(
          textsOf(table, column, type, conditions),
          {},
          { ...SETTINGS, max_execution_time: 300 },
        );
        for (const { text, times } of found) look({ table, column, part }, text, times);
      }
      items += rows;
    }
  }
  const [size] = await clickhouse.query<{ bytes: number }>(
    `SELECT sum(data_uncompressed_bytes) AS bytes FROM system.parts
     WHERE active AND database = currentDatabase() AND table = ${quoteText(table)}`,
  );
  return { table, items, bytes: size?.bytes ?? 0 };
}

/** The distinct texts of a piece that may hold something. A dictionary is gone through before it is looked into. */
function textsOf(table: string, column: string, type: string, conditions: readonly string[]): string {
  const from = `${quoted(table)}${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`;
  const coarse = `match(text, ${quoteText(MAY_HOLD)})`;
  if (isCoded(type)) {
    return `SELECT text, times FROM (SELECT ${asText(column)} AS text, count() AS times FROM ${from} GROUP BY text) WHERE ${coarse}`;
  }
  return `SELECT text, count() AS times FROM (SELECT ${asText(column)} AS text FROM ${from}) WHERE ${coarse} GROUP BY text`;
}

/** The column in pieces of bounded size: parts as they are on the disk, large ones by ranges of rows. */
async function piecesOf(clickhouse: ClickHouse, table: string, column: string, most: number): Promise<Piece[]> {
  const parts = await clickhouse.query<{ name: string; rows: number; bytes: number }>(
    `SELECT name, any(rows) AS rows,
       sum(if(part_type = 'Compact', intDiv(data_uncompressed_bytes, ${LARGEST_SHARE}), column_data_uncompressed_bytes)) AS bytes
     FROM system.parts_columns
     WHERE active AND database = currentDatabase() AND table = ${quoteText(table)} AND column = ${quoteText(column)}
     GROUP BY name ORDER BY name`,
  );
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  if (rows <= most && bytes <= MOST_BYTES) return [{ where: '', rows }];
  return parts.flatMap((part) => {
    const perRow = Math.max(1, part.bytes / Math.max(1, part.rows));
    const step = Math.max(LEAST_ROWS, Math.min(most, Math.floor(MOST_BYTES / perRow)));
    const whole = `_part = ${quoteText(part.name)}`;
    if (part.rows <= step) return [{ where: whole, rows: part.rows }];
    return Array.from({ length: Math.ceil(part.rows / step) }, (_, index) => ({
      where: `${whole} AND _part_offset >= ${index * step} AND _part_offset < ${(index + 1) * step}`,
      rows: Math.min(step, part.rows - index * step),
    }));
  });
}

function asText(column: string): string {
  return `ifNull(toString(${quoted(column)}), '')`;
}

function quoted(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}
