/** Where a text stands: `requests`, `user_agent`. */
export interface TextPlace {
  table: string;
  column: string;
  /** Of rows that are apart from the others of their table, what they are; '' for all. */
  part: string;
}

/** Is told of a text, and in how many rows it stands. */
export type TextLook = (place: TextPlace, text: string, times: number) => void;

/** A table that was looked at, whole; or why it was not. */
export type TableLooked = { table: string; items: number; bytes: number } | { table: string; why: string };

/** All texts of a store, whoever's they are, for scans and for proving that something is gone. Never for a tenant. */
export interface Texts {
  /** `ClickHouse` or `PostgreSQL`. */
  readonly engine: string;
  /**
   * Goes through every column of every table that can hold text, a piece at a time, and calls `look` for texts that may
   * hold an address, an e-mail address or a secret. Yields each table when it is done.
   */
  read(look: TextLook, signal: AbortSignal): AsyncIterable<TableLooked>;
  /** Rows of each table that hold one of the needles in any column; tables without any are told as well. */
  search(needles: readonly string[], signal: AbortSignal): AsyncIterable<{ table: string; found: number }>;
}

/**
 * Matches every text in which something can be found, and many in which nothing is: engines leave the others out before
 * the texts come to us. POSIX and RE2 read it alike.
 */
export const MAY_HOLD =
  '[0-9]{1,3}[.][0-9]{1,3}[.][0-9]{1,3}[.][0-9]|%2[eE]|@|%40|:[0-9a-fA-F]{0,4}:|%3[aA]|%25|vdt_|eyJ|PRIVATE KEY|[bB]earer|' +
  'AKIA|gh[pousr]_|xox[abeprs]-|sk_live_|AIza|private_key|://[^/@ ]*:';
