/** What a parser needs to go on in the middle of a file; its own affair, kept as JSON. */
export type ImportParserState = unknown;

export interface ImportRange {
  /** Decompressed bytes: from `start`, up to and without `end`. */
  start: number;
  end: number;
  /** Deduplication token of the insert. */
  token: string;
}

export interface ImportCounters {
  read: number;
  accepted: number;
  rejected: number;
}

export interface ImportFile {
  id: string;
  tenantId: string;
  /** The file is known by the hash of its first `headBytes` bytes. */
  headBytes: number;
  headHash: Buffer;
  /** Tells apart files that begin alike, from 0. */
  generation: number;
  name: string;
  format: string;
  parserState: ImportParserState;
  /** Decompressed bytes that are stored. */
  offsetDone: number;
  lines: ImportCounters;
  firstEventAt: number | null;
  lastEventAt: number | null;
  /** Hash of the last bytes before `offsetDone`, to see whether the file is still the same. */
  tailHash: Buffer | null;
  createdAt: number;
  updatedAt: number;
  /** Ranges that were being stored when the importer ended; to be done again exactly so. Ascending. */
  pending: ImportRange[];
}

export interface NewImportFile {
  headBytes: number;
  headHash: Buffer;
  name: string;
  format: string;
  parserState?: ImportParserState;
}

export interface ImportAdvance {
  range: ImportRange;
  /** Lines of this range; added to the file's. */
  lines: ImportCounters;
  firstEventAt: number | null;
  lastEventAt: number | null;
  parserState: ImportParserState;
  tailHash: Buffer | null;
  /** The format, where it is known by now only. */
  format?: string;
}
