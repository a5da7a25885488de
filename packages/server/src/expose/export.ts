import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { Answer } from './route.ts';

const PAGE_ROWS = 1000;
const NDJSON = 'application/x-ndjson';
export type ExportFormat = 'csv' | 'ndjson';

/** The parameter that says how rows are written: `format: FORMAT` in the query of an export. */
export const FORMAT = Type.Optional(
  Type.Union([Type.Literal('csv'), Type.Literal('ndjson')], {
    default: 'csv',
    description: 'csv (RFC 4180, names first) unless told; ndjson: one JSON object a line.',
  }),
);

/** The answer of an export for the description of its route: `row` is what a line of NDJSON holds. */
export function exportAnswer(row: TSchema, csv: string): Answer {
  return {
    description:
      'Lines of CSV with names first; or, with format=ndjson, one JSON object a line. Streamed; of any size.',
    type: 'text/csv',
    schema: Type.String({ examples: [csv] }),
    also: { [NDJSON]: row },
    headers: { 'Content-Disposition': 'attachment, with a name for the file.' },
  };
}

/** What leaves as a file. */
export interface Exported<Row extends object> {
  /** Name of the file, without its ending. */
  name: string;
  /** Columns of CSV in their order, each the name of a field; `window.from` is a field of a field. */
  columns: readonly string[];
  pages: AsyncIterable<readonly Row[]>;
}

/**
 * Answers with rows as a file. They are read as fast as the client takes them, and no longer once it has left. What
 * fails before the first page is an answer like any other; what fails later breaks the answer off, so that nobody
 * takes a part for the whole.
 */
export async function sendExport<Row extends object>(
  reply: FastifyReply,
  format: ExportFormat,
  { name, columns, pages }: Exported<Row>,
): Promise<FastifyReply> {
  const iterator = pages[Symbol.asyncIterator]();
  const first = await iterator.next();
  const day = new Date().toISOString().slice(0, 10);
  reply.headers({
    'content-type': format === 'csv' ? 'text/csv; charset=utf-8; header=present' : NDJSON,
    'content-disposition': `attachment; filename="${name}-${day}.${format}"`,
  });
  const lines = format === 'csv' ? csvLines(columns) : { head: '', of: ndjsonLine };
  async function* texts(): AsyncGenerator<string> {
    try {
      if (lines.head !== '') yield lines.head;
      for (let page = first; page.done !== true; page = await iterator.next()) {
        if (page.value.length > 0) yield page.value.map((row) => lines.of(row)).join('');
      }
    } finally {
      await iterator.return?.();
    }
  }
  return reply.send(Readable.from(texts(), { objectMode: false }));
}

/** Rows that are there already, as pages. */
export async function* pagesOf<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  for (let index = 0; index < rows.length; index += PAGE_ROWS) yield rows.slice(index, index + PAGE_ROWS);
}

function ndjsonLine(row: object): string {
  return `${JSON.stringify(row)}\n`;
}

/** Rows as RFC 4180 has them, and the line of names before them. */
export function csvLines(columns: readonly string[]): { head: string; of(row: object): string } {
  const paths = columns.map((name) => name.split('.'));
  return {
    head: `${columns.map(csvCell).join(',')}\r\n`,
    of: (row) => `${paths.map((path) => csvCell(valueAt(row, path))).join(',')}\r\n`,
  };
}

function valueAt(row: object, path: readonly string[]): unknown {
  let value: unknown = row;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/**
 * One cell: empty for null, lists of plain values parted by blanks, other objects as JSON. Quoted where it has to be.
 * What a spreadsheet would take for a formula gets an apostrophe in front; numbers are none.
 */
function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : textOf(value);
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function textOf(value: unknown): string {
  const plain = Array.isArray(value) && value.every((item) => typeof item !== 'object');
  return plain ? (value as unknown[]).join(' ') : JSON.stringify(value);
}
