import { MOST_RECORDS } from '../../model/ways-in.ts';

/** What of OTLP matters here, as both encodings give it. */

/** A span of kind SERVER. Times are ns since the epoch. */
export interface ServerSpan {
  start: bigint;
  end: bigint;
  attributes: Map<string, unknown>;
}

export interface LogRecord {
  /** When it happened, ns since the epoch; 0 when that is not told. */
  time: bigint;
  /** When it was observed. */
  observed: bigint;
  body: unknown;
  attributes: Map<string, unknown>;
}

/** What one program sent: its resource's attributes, and its spans or logs. Spans of other kinds are only counted. */
export interface ResourceGroup<Item> {
  resource: Map<string, unknown>;
  items: Item[];
  ignored: number;
}

/** Bounds of one body; what has more is refused as a whole. */
export const MOST_ITEMS = MOST_RECORDS;
/** Lists and maps inside one another within a value; deeper ones are left out. */
export const DEEPEST_VALUE = 8;
/** Attributes of one item that are read. */
export const MOST_ATTRIBUTES = 256;

/** The body has more than MOST_ITEMS spans or log records, resources and scopes included. */
export class TooManyItems extends Error {}

/** Counts what a body holds, of all its resources together. */
export function createItemCount(): { add(): void } {
  let count = 0;
  return {
    add() {
      count += 1;
      if (count > MOST_ITEMS) throw new TooManyItems();
    },
  };
}
