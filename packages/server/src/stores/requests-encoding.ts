import type { StoredRequest } from '../model/stored-request.ts';
import { type CodedCommon, CodedRows } from './coded-rows.ts';
import { NativeBlock } from './native-block.ts';
import { FIELD_LIMITS, RequestColumns } from './request-columns.ts';

export { FIELD_LIMITS };

const COLUMNS = 45;
/** The next batch of the same kind may be somewhat larger. */
const ROOM = 1.2;
/** Larger columns are not kept. */
const MOST_SPARE = 200_000;
const block = new NativeBlock();

/** Takes the rows of one batch one after another, so that none of them has to be kept until the batch is whole. */
export interface RowEncoder {
  add(row: StoredRequest): void;
  /** A way to add rows by the numbers of their parts, in between others. */
  coded(common: CodedCommon): CodedRows;
  /** The most rows it takes. */
  readonly capacity: number;
  /** Rows taken so far. */
  readonly count: number;
  /** The rows as one block of ClickHouse's Native format, for `requests_in`; nothing for no rows. */
  finish(): Buffer;
}

/**
 * An encoder for at most `capacity` rows. A surrogate without its partner becomes U+FFFD, and fields over FIELD_LIMITS
 * are cut. Each row is looked at once, because a walk for each of 45 columns took four times as long; what enrichers
 * hand out as shared objects is turned into text once an object.
 */
export function createRowEncoder(capacity: number): RowEncoder {
  const columns = columnsFor(capacity);
  return {
    capacity,
    add: (row) => columns.add(row),
    coded: (common) => new CodedRows(columns, common),
    get count() {
      return columns.count;
    },
    finish() {
      block.begin(COLUMNS, columns.count);
      if (columns.count > 0) columns.writeTo(block);
      const bytes = columns.count > 0 ? block.end() : Buffer.alloc(0);
      giveBack(columns);
      return bytes;
    },
  };
}

/** Columns of a batch that is finished, for the next one: megabytes that need not be allocated and collected again. */
let spare: RequestColumns | null = null;

function columnsFor(rows: number): RequestColumns {
  const found = spare;
  if (found === null || found.capacity < rows) return new RequestColumns(Math.ceil(rows * ROOM));
  spare = null;
  return found;
}

function giveBack(columns: RequestColumns): void {
  columns.clear();
  if (columns.capacity > MOST_SPARE || columns.capacity <= (spare?.capacity ?? 0)) return;
  spare = columns;
}

/** Rows as one block; see createRowEncoder. */
export function encodeRows(rows: readonly StoredRequest[]): Buffer {
  const encoder = createRowEncoder(rows.length);
  for (const row of rows) encoder.add(row);
  return encoder.finish();
}
