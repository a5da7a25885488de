import pg from 'pg';
import { MAY_HOLD, type TableLooked, type TextLook, type Texts } from '../../texts.ts';
import type { Owner } from './owner.ts';

/** Rows that are fetched at once; each may hold a document. */
const PAGE = 500;

interface Column {
  schema: string;
  table: string;
  column: string;
  type: string;
}

/** Every text in the database, in all schemas but the server's own; read as the owner, who sees every tenant's rows. */
export function postgresTexts(owner: Owner): Texts {
  return {
    engine: 'PostgreSQL',
    async *read(look, signal) {
      for (const [table, columns] of await owner.connect('scan', tablesOf)) {
        signal.throwIfAborted();
        yield await owner.connect('scan', (client) => readTable(client, table, columns, look, signal));
      }
    },
    async *search(needles, signal) {
      if (needles.length === 0) return;
      for (const [table, columns] of await owner.connect('search', tablesOf)) {
        signal.throwIfAborted();
        const anywhere = columns.map((column) => asText(column)).join(` || ' ' || `);
        const found = await owner.connect('search', async (client) => {
          const { rows } = await client.query<{ n: string }>(
            `SELECT count(*) AS n FROM (SELECT ${anywhere} AS text FROM ${nameOf(columns)}) AS t
             WHERE ${needles.map((_, index) => `position($${index + 1} IN text) > 0`).join(' OR ')}`,
            [...needles],
          );
          return Number(rows[0]?.n ?? 0);
        });
        yield { table, found };
      }
    },
  };
}

/** Tables, which hold rows themselves, with the columns that can hold text. */
async function tablesOf(client: pg.Client): Promise<Map<string, Column[]>> {
  const { rows } = await client.query<Column>(
    `SELECT n.nspname AS schema, c.relname AS table, a.attname AS column, format_type(a.atttypid, NULL) AS type
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type e ON e.oid = t.typelem
     WHERE c.relkind IN ('r', 'm') AND a.attnum > 0 AND NOT a.attisdropped
       AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg_temp%'
       AND (t.typcategory IN ('S', 'I') OR t.typname IN ('json', 'jsonb', 'bytea', 'xml', 'hstore')
         OR e.typcategory IN ('S', 'I') OR e.typname IN ('json', 'jsonb', 'bytea'))
     ORDER BY 1, 2, a.attnum`,
  );
  const tables = new Map<string, Column[]>();
  for (const row of rows) {
    const name = `${row.schema}.${row.table}`;
    tables.set(name, [...(tables.get(name) ?? []), row]);
  }
  return tables;
}

async function readTable(
  client: pg.Client,
  table: string,
  columns: readonly Column[],
  look: TextLook,
  signal: AbortSignal,
): Promise<TableLooked> {
  const coarse = new RegExp(MAY_HOLD);
  let items = 0;
  let bytes = 0;
  const list = columns.map((column, index) => `${asText(column)} AS c${index}`).join(', ');
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await client.query(`DECLARE texts NO SCROLL CURSOR FOR SELECT ${list} FROM ${nameOf(columns)}`);
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await client.query<Record<string, string>>(`FETCH ${PAGE} FROM texts`);
    for (const row of rows) {
      for (const [index, { column }] of columns.entries()) {
        const text = row[`c${index}`] ?? '';
        bytes += text.length;
        if (text !== '' && coarse.test(text)) look({ table, column, part: '' }, text, 1);
      }
    }
    items += rows.length;
    if (rows.length < PAGE) break;
  }
  await client.query('COMMIT');
  return { table, items, bytes };
}

function nameOf([first]: readonly Column[]): string {
  const { schema, table } = first as Column;
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
}

/** Bytes as the text they may hold: what is printable stays as it is. */
function asText({ column, type }: Column): string {
  const name = pg.escapeIdentifier(column);
  return type === 'bytea' ? `coalesce(encode(${name}, 'escape'), '')` : `coalesce(${name}::text, '')`;
}
