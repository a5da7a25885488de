import { clientAddress, hostName } from './address.ts';
import { beforeParsing, type LineParser, type ParsedLine, refuse, request, shown } from './format.ts';
import { type JsonObject, statusOf } from './json.ts';
import { timeOf } from './nginx-json.ts';
import { newTarget, protocolName, splitTarget } from './request-line.ts';
import { decimal, escapeControls, unescapeField } from './text.ts';

/** The columns of http.log that are read. The user name and password of basic authentication never are. */
const COLUMNS = [
  'ts',
  'id.orig_h',
  'method',
  'host',
  'uri',
  'referrer',
  'version',
  'user_agent',
  'origin',
  'request_body_len',
  'response_body_len',
  'status_code',
] as const;
type Column = (typeof COLUMNS)[number];

/** One row: text, '' for unset and empty values, undefined for a column the log does not have. */
type Row = (column: Column) => string | undefined;

/**
 * Reads Zeek's (formerly Bro's) http.log as tab-separated values, by its own header: `#separator`, `#empty_field`,
 * `#unset_field` and `#fields`, which may come again with other columns.
 */
export class ZeekTsvParser implements LineParser {
  readonly format = 'zeek';
  #separator = '\t';
  #empty = '(empty)';
  #unset = '-';
  #columns: ReadonlyMap<string, number> | null = null;
  #width = 0;
  readonly #directives = new Map<string, string>();

  constructor(state = '') {
    for (const line of state.split('\n')) if (line.startsWith('#')) this.#directive(line);
  }

  state(): string {
    return [...this.#directives.values()].join('\n');
  }

  parse(line: string): ParsedLine {
    const early = beforeParsing(line);
    if (early !== undefined) return early;
    if (line.charCodeAt(0) === 35) return this.#directive(line);
    if (this.#columns === null) return refuse('no-fields', 'no #fields line of Zeek came before');
    const values = line.split(this.#separator, this.#width + 1);
    if (values.length < this.#width) return refuse('truncated', `${values.length} of ${this.#width} columns`);
    if (values.length > this.#width) return refuse('not-a-record', `more than ${this.#width} columns`);
    const columns = this.#columns;
    return readRow((column) => {
      const index = columns.get(column);
      if (index === undefined) return undefined;
      const value = values[index] as string;
      return value === this.#unset || value === this.#empty ? '' : unescapeField(value);
    });
  }

  #directive(line: string): null {
    const name = /^#[a-z_]+/.exec(line)?.[0] ?? '#';
    const value = line.slice(name.length + 1);
    switch (name) {
      case '#separator':
        this.#separator = unescapeSeparator(value) || '\t';
        break;
      case '#empty_field':
        this.#empty = value;
        break;
      case '#unset_field':
        this.#unset = value;
        break;
      case '#fields': {
        const names = value.split(this.#separator);
        this.#columns = isHttpLog(names) ? new Map(names.map((column, i) => [column, i])) : null;
        this.#width = names.length;
        break;
      }
      default:
        return null;
    }
    this.#directives.delete(name);
    this.#directives.set(name, line);
    return null;
  }
}

/** Reads an entry of Zeek's JSON http.log; entries of its other logs in the same stream give null. */
export function readZeekJson(entry: JsonObject): ParsedLine {
  if (entry['id.orig_h'] === undefined) return refuse('not-a-record', 'no id.orig_h');
  if (typeof entry['_path'] === 'string' && entry['_path'] !== 'http') return null;
  if (!isHttpLog(Object.keys(entry))) return refuse('not-a-record', 'not an entry of http.log');
  const time = timeOf(entry['ts']);
  return readRow((column) => {
    if (column === 'ts') return Number.isNaN(time) ? String(entry['ts']) : String(time / 1000);
    const value = entry[column];
    // Zeek leaves unset columns out.
    if (typeof value === 'string')
      return value === '-' || value === '(empty)' ? '' : escapeControls(unescapeField(value, false));
    return typeof value === 'number' ? String(value) : '';
  });
}

/** One of these is in every http.log, all in none of Zeek's other logs. */
function isHttpLog(names: readonly string[]): boolean {
  return names.includes('trans_depth') || (names.includes('uri') && names.includes('method'));
}

/** `\x09` as Zeek writes its separator. */
function unescapeSeparator(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function readRow(row: Row): ParsedLine {
  const rawTime = row('ts');
  const time = rawTime === undefined ? Number.NaN : timeOf(rawTime);
  if (!(time >= 0)) return refuse('bad-time', rawTime === undefined ? 'no column ts' : `ts ${shown(rawTime)}`);
  const status = statusOf(row('status_code'));
  if (status < 0) return refuse('bad-status', `status_code ${shown(row('status_code') ?? '')}`);
  const target = newTarget();
  const uri = row('uri') ?? '';
  splitTarget(uri, 0, uri.length, target);
  const record = request(
    time,
    clientAddress(row('id.orig_h') ?? ''),
    hostName(row('host') ?? '') || target.host,
    row('method') ?? '',
    target.path,
    target.query,
    protocolName(row('version') ?? ''),
    status,
    wholeOf(row('response_body_len')),
    row('user_agent') ?? null,
    row('referrer') ?? '',
  );
  record.bytesIn = wholeOf(row('request_body_len'));
  const origin = row('origin') ?? '';
  if (origin !== '') record.headers = { origin };
  return record;
}

function wholeOf(text: string | undefined): number {
  return text === undefined ? -1 : decimal(text);
}
