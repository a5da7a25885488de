import { beforeParsing, type LineParser, type ParsedLine, refuse, shown } from './format.ts';
import { decimal, escapeControls } from './text.ts';

export type JsonObject = Record<string, unknown>;

/** A format of one JSON object a line. Whatever stands before the first `{` (a container's or syslog's prefix) is dropped. */
export class JsonLineParser implements LineParser {
  readonly format: string;
  readonly #read: (entry: JsonObject) => ParsedLine;
  readonly #isOwnMessage: (line: string) => boolean;

  /** `isOwnMessage` recognises lines that are not JSON and that the server is known to mix in. */
  constructor(format: string, read: (entry: JsonObject) => ParsedLine, isOwnMessage = (_line: string) => false) {
    this.format = format;
    this.#read = read;
    this.#isOwnMessage = isOwnMessage;
  }

  state(): string {
    return '';
  }

  parse(line: string): ParsedLine {
    const early = beforeParsing(line);
    if (early !== undefined) return early;
    const entry = parseObject(line);
    if (entry !== null) return this.#read(entry);
    if (this.#isOwnMessage(line)) return null;
    const brace = line.indexOf('{');
    if (brace < 0 || brace > LONGEST_PREFIX) return refuse('not-a-record', 'no JSON object');
    return line.trimEnd().endsWith('}')
      ? refuse('bad-json', `from ${shown(line.slice(brace, brace + 40))}`)
      : refuse('truncated', 'the JSON object is not closed');
  }
}

const LONGEST_PREFIX = 400;

/** The JSON object a line holds, alone or after a prefix without braces; null when there is none. */
export function parseObject(line: string): JsonObject | null {
  const brace = line.indexOf('{');
  if (brace < 0 || brace > LONGEST_PREFIX) return null;
  try {
    const value: unknown = JSON.parse(brace === 0 ? line : line.slice(brace));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text field: numbers as written, '' for null, `-` and everything else. Control characters are escaped. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value === '-' ? '' : escapeControls(value);
  return typeof value === 'number' ? String(value) : '';
}

/** A number field given as number or text; -1 when it is missing, negative or no number. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value >= 0 ? value : -1;
  return typeof value === 'string' ? decimal(value) : -1;
}

/** Whole non-negative number; -1 otherwise. */
export function wholeOf(value: unknown): number {
  const number = numberOf(value);
  return number < 0 ? -1 : Math.floor(number);
}

/** Status code; 0 when there is none, -1 when it cannot be one. */
export function statusOf(value: unknown): number {
  if (value === undefined || value === null || value === '' || value === '-') return 0;
  const number = numberOf(value);
  return Number.isInteger(number) && number <= 999 ? number : -1;
}

/** Headers worth keeping of those a log has; addresses, cookies and authorization are never among them. */
const KEPT_HEADERS = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-type',
  'dnt',
  'origin',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'sec-fetch-user',
  'sec-gpc',
  'x-requested-with',
]);

/** Adds a header to those kept if it is one of them; gives the record to go on with. */
export function keepHeader(
  headers: Record<string, string> | null,
  name: string,
  value: string,
): Record<string, string> | null {
  const key = name.toLowerCase();
  if (value === '' || !KEPT_HEADERS.has(key)) return headers;
  const kept = headers ?? {};
  kept[key] = value;
  return kept;
}
