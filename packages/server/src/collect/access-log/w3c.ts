import { hostName } from './address.ts';
import { anyTime, dateAndTime } from './clock.ts';
import { beforeParsing, type LineParser, type ParsedLine, refuse, request, shown } from './format.ts';
import { keepHeader, statusOf } from './json.ts';
import { addressOf } from './nginx-json.ts';
import { newTarget, protocolName, splitTarget } from './request-line.ts';
import { closingQuote, decimal, escapeControls } from './text.ts';

type Kind = 'w3c' | 'iis' | 'cloudfront';

/**
 * Reads the W3C Extended Log File Format (www.w3.org/TR/WD-logfile) and what IIS, CloudFront and others make of it.
 * `#Fields` names the columns and may come again with others; `#Date` gives the day where there is only a time. Values
 * are separated by tabs or spaces and may be quoted. Times are UTC. IIS and others write `+` for a space in headers,
 * IIS `time-taken` in ms; CloudFront percent-encodes and counts in seconds; elsewhere a whole number is ms and one with a point seconds.
 */
export class W3cParser implements LineParser {
  readonly format: string;
  #columns: ReadonlyMap<string, number> | null = null;
  #width = 0;
  #date = '';
  #kind: Kind = 'w3c';
  readonly #directives = new Map<string, string>();
  readonly #target = newTarget();

  constructor(format: string, state = '') {
    this.format = format;
    for (const line of state.split('\n')) if (line.startsWith('#')) this.#directive(line);
  }

  /** Whose the log is, from its directives. */
  get kind(): Kind {
    return this.#kind;
  }

  state(): string {
    return [...this.#directives.values()].join('\n');
  }

  parse(line: string): ParsedLine {
    const early = beforeParsing(line);
    if (early !== undefined) return early;
    if (line.charCodeAt(0) === 35) return this.#directive(line);
    const columns = this.#columns;
    if (columns === null) return refuse('no-fields', 'no #Fields line came before');
    const values = split(line, this.#width);
    if (values.length < this.#width) return refuse('truncated', `${values.length} of ${this.#width} fields`);
    return this.#read((name) => {
      const index = columns.get(name);
      if (index === undefined) return undefined;
      const value = values[index] as string;
      return value === '-' ? '' : value;
    });
  }

  #directive(line: string): null {
    const colon = line.indexOf(':');
    if (colon < 0) return null;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === '#fields') {
      const names = value.toLowerCase().split(/[ \t]+/);
      const columns = new Map<string, number>();
      for (const [i, column] of names.entries()) if (!columns.has(column)) columns.set(column, i);
      // Logs of other things (firewalls, mail, DNS) share the format.
      this.#columns = SOME_REQUEST.some((column) => columns.has(column)) ? columns : null;
      this.#width = names.length;
      if (columns.has('x-edge-location')) this.#kind = 'cloudfront';
    } else if (name === '#software') this.#kind = /internet information|\biis\b/i.test(value) ? 'iis' : 'w3c';
    else if (name === '#date' || name === '#start-date') this.#date = value.slice(0, 10);
    else return null;
    this.#directives.delete(name);
    this.#directives.set(name, line);
    return null;
  }

  #read(of: (name: string) => string | undefined): ParsedLine {
    const first = (...names: string[]) => names.map(of).find((value) => value !== undefined && value !== '');
    const rawDate = first('date', 'date-local') ?? this.#date;
    const rawTime = first('time', 'time-local');
    const stamp = first('timestamp', 'datetime', 'x-timestamp', 'date-time');
    const time = rawTime === undefined ? anyTime(stamp ?? '') : dateAndTime(rawDate, rawTime);
    if (!(time >= 0)) return refuse('bad-time', `date and time ${shown(`${rawDate} ${rawTime ?? stamp ?? ''}`)}`);
    const rawStatus = first('sc-status', 'c-status', 'x-status');
    const status = statusOf(rawStatus);
    if (status < 0) return refuse('bad-status', `sc-status ${shown(rawStatus ?? '')}`);
    const target = this.#target;
    readTarget(target, first('cs-uri-stem', 'cs-uri-path') ?? '', first('cs-uri', 'cs-url') ?? '');
    if (target.query === '') target.query = (of('cs-uri-query') ?? '').replace(/^\?/, '');
    const agent = of('cs(user-agent)') ?? of('x-user-agent');
    const record = request(
      time,
      addressOf(first('c-ip', 'x-client-ip', 'client-ip') ?? ''),
      hostName(first('x-host-header', 'cs(host)', 'cs-host') ?? '') || target.host,
      of('cs-method') ?? '',
      escapeControls(target.path),
      escapeControls(target.query),
      protocolName(first('cs-version', 'cs-protocol-version', 'cs-protocol') ?? ''),
      status,
      whole(of('sc-bytes')),
      agent === undefined ? null : this.#header(agent),
      this.#header(first('cs(referer)', 'cs(referrer)') ?? ''),
    );
    record.bytesIn = whole(of('cs-bytes'));
    record.durationUs = this.#duration(of);
    record.headers = keepHeader(null, 'accept-language', this.#header(of('cs(accept-language)') ?? ''));
    return record;
  }

  /** A header's value as it was sent, as far as the log's writer lets that be known. */
  #header(value: string): string {
    if (value === '') return '';
    if (this.#kind !== 'cloudfront' && value.indexOf('+') >= 0 && !/[ %]/.test(value)) {
      // "+" and " " are written alike; a plus sign after a space, as in "; +http://", is the one that is known.
      return escapeControls(value.replaceAll('++', ' \u0001').replaceAll('+', ' ').replaceAll('\u0001', '+'));
    }
    return escapeControls(value.indexOf('%') < 0 ? value : percentDecoded(percentDecoded(value)));
  }

  #duration(of: (name: string) => string | undefined): number {
    const millis = decimal(of('timetakenms') ?? '');
    if (millis >= 0) return Math.round(millis * 1e3);
    const seconds = decimal(of('x-duration') ?? '');
    if (seconds >= 0) return Math.round(seconds * 1e6);
    const text = of('time-taken') ?? '';
    const taken = decimal(text);
    if (taken < 0) return -1;
    const isSeconds = this.#kind === 'cloudfront' || (this.#kind === 'w3c' && text.indexOf('.') >= 0);
    return Math.round(taken * (isSeconds ? 1e6 : 1e3));
  }
}

/** Columns of which a log of HTTP requests has one. */
const SOME_REQUEST = ['cs-uri-stem', 'cs-uri', 'cs-uri-path', 'cs-method', 'sc-status'];

/** `cs-uri` may be a path, an absolute URL, or a host and path without a scheme. */
function readTarget(target: ReturnType<typeof newTarget>, stem: string, uri: string): void {
  target.host = '';
  const bare = stem === '' && uri !== '' && uri.charCodeAt(0) !== 47 && uri.indexOf('://') < 0;
  const text = stem === '' ? (bare ? `http://${uri}` : uri) : stem;
  splitTarget(text, 0, text.length, target);
}

/** Percent-encoded UTF-8; what is not valid is left as it is. */
function percentDecoded(text: string): string {
  if (text.indexOf('%') < 0) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function whole(text: string | undefined): number {
  return text === undefined ? -1 : Math.floor(decimal(text));
}

/** At most `most` values between tabs, or between spaces where there is no tab; quoted values may hold both. */
function split(line: string, most: number): string[] {
  const separator = line.indexOf('\t') >= 0 ? 9 : 32;
  const mark = String.fromCharCode(separator);
  const values: string[] = [];
  let at = 0;
  while (at < line.length && values.length < most) {
    if (separator === 32 && line.charCodeAt(at) === 32) {
      at++;
      continue;
    }
    let end = line.charCodeAt(at) === 34 ? closingQuote(line, at + 1, separator) : -1;
    if (end >= 0) {
      values.push(line.slice(at + 1, end));
      end++;
    } else {
      end = line.indexOf(mark, at);
      if (end < 0) end = line.length;
      values.push(line.slice(at, end));
    }
    at = end + 1;
  }
  if (separator === 9 && line.endsWith('\t') && values.length < most) values.push('');
  return values;
}
