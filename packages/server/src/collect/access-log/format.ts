import type { RawRequest, Refusal } from '../../model/request.ts';

/** A record, why there is none, or null for a line that carries none (directive, comment, the server's own message). */
export type ParsedLine = RawRequest | Refusal | null;

/** Reads the lines of one log one after another; keeps what directives say between them. */
export interface LineParser {
  readonly format: string;
  /** Whether it reads plain lines (plain-line.ts) as they are read there. */
  readonly plain?: boolean;
  parse(line: string): ParsedLine;
  /** The directives seen so far, as text for `openParser`'s `state`, so that reading can go on in the middle of a file. */
  state(): string;
}

export interface OpenOptions {
  /** What `state()` of an earlier parser of the same file gave. */
  state?: string;
  /** The template of the `custom` format. */
  custom?: string;
}

/** A format that can be asked for by name. */
export interface Format {
  name: string;
  title: string;
  example: string;
  open(options: OpenOptions): LineParser;
}

/** Longer lines are refused before anything scans them. */
export const LONGEST_LINE = 64 * 1024;

/** Answers for lines that every format treats alike: null for blank, a refusal for too long, undefined to go on. */
export function beforeParsing(line: string): ParsedLine | undefined {
  if (line.length === 0) return null;
  if (line.length > LONGEST_LINE) return refuse('line-too-long', `more than ${LONGEST_LINE} characters`);
  return line.charCodeAt(0) <= 32 && line.trim() === '' ? null : undefined;
}

export function refuse(refused: string, detail: string): Refusal {
  return { refused, detail };
}

/** A field of a refused line as it may be shown: at most 40 characters. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** A request from the parts nearly every format has. One literal, in the key order of `emptyRequest`, keeps it one shape. */
export function request(
  time: number,
  clientAddress: string,
  host: string,
  method: string,
  path: string,
  query: string,
  protocol: string,
  status: number,
  bytesOut: number,
  userAgent: string | null,
  referrer: string,
): RawRequest {
  return {
    id: '',
    time,
    clientAddress,
    host,
    method,
    path,
    query,
    route: '',
    status,
    durationUs: -1,
    bytesIn: -1,
    bytesOut,
    protocol,
    userAgent,
    referrer,
    headers: null,
    consent: 'unknown',
  };
}
