import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isUuid } from '../model/uuid.ts';
import { ProblemError } from './problem.ts';

const SUM_CHARS = 12;
const LONGEST_CURSOR = 1000;

/** What stands at one place of a position. */
type Part = 'number' | 'text' | 'uuid';
type ValueOf<P> = P extends 'number' ? number : string;
/** Where a row stands in its list: the values by which the list is sorted, the last of which tells equal ones apart. */
export type Position<Parts extends readonly Part[] = readonly Part[]> = {
  readonly [Index in keyof Parts]: ValueOf<Parts[Index]>;
};

/** The parameters of a list that can grow: `...pageQuery()` in a route's query. */
export function pageQuery(usual = 100, most = 1000) {
  return {
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: most,
        default: usual,
        description: `Entries of a page, ${usual} by default.`,
      }),
    ),
    cursor: Type.Optional(
      Type.String({
        maxLength: LONGEST_CURSOR,
        pattern: '^[A-Za-z0-9_-]*$',
        description: 'The `next` of the page before, with the same other parameters.',
      }),
    ),
  };
}

/** The page that a call asks for. */
export interface Page<Parts extends readonly Part[]> {
  limit: number;
  /** Of the last row of the page before; null for the first page. */
  after: Position<Parts> | null;
  /** A page out of rows that were read from `after` on, one more than `limit` of them where there are more. */
  cut<Row>(rows: readonly Row[], positionOf: (row: Row) => Position<Parts>): { rows: Row[]; next: string | null };
  /** A page out of all rows, in the order of their positions. For lists that are read whole. */
  slice<Row>(
    rows: readonly Row[],
    positionOf: (row: Row) => Position<Parts>,
    order?: 'ascending' | 'descending',
  ): { rows: Row[]; next: string | null };
}

/**
 * The page of a list that is asked for, by `limit` and `cursor`. A cursor is opaque and holds for the question it was
 * made for: the same route, tenant and other parameters. It is no secret and opens nothing: what it holds is checked
 * to be a position in the caller's own list. Throws a ProblemError 400 `bad-cursor` for any other.
 */
export function readPage<const Parts extends readonly Part[]>(
  request: FastifyRequest,
  tenantId: string | null,
  parts: Parts,
): Page<Parts> {
  const {
    limit = 100,
    cursor,
    tenant: _,
    ...question
  } = request.query as Record<string, unknown> & {
    limit?: number;
    cursor?: string;
  };
  const asked = JSON.stringify([request.routeOptions.url, tenantId, Object.entries(question).sort()]);
  const write = (position: Position<Parts>) => {
    const text = Buffer.from(JSON.stringify(position)).toString('base64url');
    return `${sumOf(asked, text)}${text}`;
  };
  const cut: Page<Parts>['cut'] = (rows, positionOf) => {
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { rows: page, next: rows.length > limit && last !== undefined ? write(positionOf(last)) : null };
  };
  const after = cursor === undefined || cursor === '' ? null : (readCursor(cursor, asked, parts) as Position<Parts>);
  return {
    limit,
    after,
    cut,
    slice(rows, positionOf, order = 'ascending') {
      const sign = order === 'ascending' ? 1 : -1;
      const rest = rows
        .map((row) => ({ row, position: positionOf(row) }))
        .filter(({ position }) => after === null || compare(position, after) * sign > 0)
        .sort((a, b) => compare(a.position, b.position) * sign)
        .map(({ row }) => row);
      return cut(rest, positionOf);
    },
  };
}

function sumOf(asked: string, text: string): string {
  return createHash('sha256').update(`${asked.length}:${asked}${text}`).digest('base64url').slice(0, SUM_CHARS);
}

function readCursor(cursor: string, asked: string, parts: readonly Part[]): readonly (string | number)[] {
  const text = cursor.slice(SUM_CHARS);
  if (sumOf(asked, text) === cursor.slice(0, SUM_CHARS)) {
    const position = parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (
      Array.isArray(position) &&
      position.length === parts.length &&
      parts.every((part, i) => fits(position[i], part))
    )
      return position;
  }
  throw new ProblemError(
    400,
    'bad-cursor',
    'cursor: this list gave no such cursor for these parameters; begin again without it',
    { errors: [{ name: 'cursor', reason: 'is none that this list gave for these parameters' }] },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fits(value: unknown, part: Part): boolean {
  if (part === 'number') return typeof value === 'number' && Number.isFinite(value);
  return typeof value === 'string' && (part === 'text' || isUuid(value));
}

function compare(a: Position, b: Position): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] as string | number;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
