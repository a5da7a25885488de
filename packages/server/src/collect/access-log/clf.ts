import type { RawRequest, Refusal } from '../../model/request.ts';
import { clientAddress, hostName, lastAddress } from './address.ts';
import { anyTime, commonLogTime } from './clock.ts';
import { beforeParsing, type LineParser, type ParsedLine, refuse, request, shown } from './format.ts';
import { newTarget, splitRequestLine } from './request-line.ts';
import { readTail } from './tail.ts';
import { closingQuote, decimal, digits, isDigit, unescapeField } from './text.ts';

/** What a line of the family has beyond the common fields, as bits. */
export const HAS_HOST = 1;
export const HAS_AGENT = 2;

const SPACE = 32;
const QUOTE = 34;
const DASH = 45;
const OPEN = 91;
const CLOSE = 93;

/**
 * The Common Log Format and what grew out of it: Combined, a virtual host in front, durations and other fields behind.
 * One scanner reads them all, because one file may hold several of them (a server with several virtual hosts); the name
 * tells what was asked for or found. Every step moves forward in the line, so hostile lines cost no more than others.
 */
export class ClfParser implements LineParser {
  readonly format: string;
  readonly plain = true;
  /** What the last accepted line had: HAS_… bits. */
  shape = 0;
  readonly #target = newTarget();
  #client = '';
  #host = '';

  constructor(format: string) {
    this.format = format;
  }

  state(): string {
    return '';
  }

  parse(line: string): ParsedLine {
    const early = beforeParsing(line);
    if (early !== undefined) return early;
    this.shape = 0;
    const open = this.#head(line);
    if (open < 0) return refuse('not-a-record', 'no [time] in its place');
    let close = open + 27;
    let time = line.charCodeAt(close) === CLOSE ? commonLogTime(line, open + 1) : Number.NaN;
    if (Number.isNaN(time)) {
      close = line.indexOf(']', open);
      if (close < 0) return refuse('truncated', 'ends within the time');
      time = anyTime(line.slice(open + 1, close));
    }
    if (!(time >= 0)) return refuse('bad-time', `time ${shown(line.slice(open + 1, close))}`);
    return this.#rest(line, close + 1, time);
  }

  /** Reads what stands before `[time]` into client and host; the offset of `[`, or -1 when this is no such line. */
  #head(line: string): number {
    const first = line.indexOf(' ');
    if (first <= 0) return -1;
    this.#host = '';
    if (isPlainIdentity(line, first)) {
      this.#client = clientAddress(line.slice(0, first));
      return first + 5;
    }
    const open = timeBracket(line);
    if (open < 0) return -1;
    let client = line.slice(0, first);
    if (client.endsWith(',')) {
      const end = endOfList(line, first, open);
      this.#client = lastAddress(line.slice(0, end));
      return open;
    }
    const second = line.indexOf(' ', first + 1);
    const next = second > 0 && second < open ? line.slice(first + 1, second) : '';
    const nextAddress = clientAddress(next);
    const address = clientAddress(client);
    if (nextAddress !== '') {
      this.#host = hostName(client);
      this.shape |= HAS_HOST;
      client = nextAddress;
    } else if (address !== '') {
      client = address;
      // Nobody runs identd: a name with a dot in its place is the host, as some hosters have it.
      if (next.indexOf('.') > 0 && countFields(line, open) === 3) {
        this.#host = hostName(next);
        this.shape |= HAS_HOST;
      }
    } else {
      // Without an address to hold on to, only the exact number of fields tells a log line from a wrapped one.
      const fields = countFields(line, open);
      if (fields !== 3 && fields !== 4) return -1;
      if (fields === 4) {
        this.#host = hostName(client);
        this.shape |= HAS_HOST;
      }
      client = '';
    }
    this.#client = client;
    return open;
  }

  /** Reads what follows `[time]`, from the offset after the bracket. */
  #rest(line: string, after: number, time: number): ParsedLine {
    let from = after + 2;
    let durationUs = -1;
    if (line.charCodeAt(after) !== SPACE || line.charCodeAt(after + 1) !== QUOTE) {
      const quote = line.indexOf('"', after);
      if (quote < 0) return refuse(line.length - after < 3 ? 'truncated' : 'not-a-record', 'no request line');
      durationUs = betweenTimeAndRequest(line.slice(after, quote).trim());
      if (durationUs < -1) return refuse('not-a-record', 'no request line after the time');
      from = quote + 1;
    }
    const quote = requestEnd(line, from);
    if (quote < 0) return refuse('truncated', 'ends within the request line');
    const statusEnd = fieldEnd(line, quote + 2);
    const status = statusOf(line, quote + 2, statusEnd);
    if (status < 0) {
      if (quote + 2 >= line.length) return refuse('truncated', 'ends before the status');
      return refuse('bad-status', `status ${shown(line.slice(quote + 2, statusEnd))}`);
    }
    if (statusEnd >= line.length) return refuse('truncated', 'ends before the bytes');
    const bytesEnd = fieldEnd(line, statusEnd + 1);
    let bytes = digits(line, statusEnd + 1, bytesEnd);
    if (bytes < 0) {
      if (bytesEnd !== statusEnd + 2 || line.charCodeAt(statusEnd + 1) !== DASH) {
        if (statusEnd + 1 >= line.length) return refuse('truncated', 'ends before the bytes');
        return refuse('bad-bytes', `bytes ${shown(line.slice(statusEnd + 1, bytesEnd))}`);
      }
      bytes = 0;
    }
    splitRequestLine(line, from, quote, this.#target);
    return this.#agents(line, bytesEnd, this.#build(time, status, bytes, durationUs));
  }

  #build(time: number, status: number, bytes: number, durationUs: number): RawRequest {
    const { host, method, path, query, protocol } = this.#target;
    const own = this.#host === '' ? host : this.#host;
    const record = request(time, this.#client, own, method, path, query, protocol, status, bytes, null, '');
    record.durationUs = durationUs;
    return record;
  }

  /** Referrer, user agent and what follows them, if there are any. */
  #agents(line: string, at: number, record: RawRequest): ParsedLine {
    let end = at;
    if (line.charCodeAt(end) === SPACE && line.charCodeAt(end + 1) === QUOTE) {
      const referrerEnd = closingQuote(line, end + 2);
      if (referrerEnd < 0) return refuse('truncated', 'ends within the referrer');
      if (line.charCodeAt(referrerEnd + 1) !== SPACE || line.charCodeAt(referrerEnd + 2) !== QUOTE) {
        return cutAfterReferrer(line, referrerEnd);
      }
      const agentEnd = closingQuote(line, referrerEnd + 3);
      if (agentEnd < 0) return refuse('truncated', 'ends within the user agent');
      record.referrer = dashless(line, end + 2, referrerEnd);
      record.userAgent = dashless(line, referrerEnd + 3, agentEnd);
      this.shape |= HAS_AGENT;
      end = agentEnd + 1;
    }
    if (end + 1 < line.length) this.shape |= readTail(line, end, record);
    if (line.indexOf('\\') >= 0) unescapeAll(record);
    return record;
  }
}

/** ` - - [` follows the first field: by far the most common head. */
function isPlainIdentity(line: string, first: number): boolean {
  return (
    line.charCodeAt(first + 5) === OPEN &&
    line.charCodeAt(first + 1) === DASH &&
    line.charCodeAt(first + 2) === SPACE &&
    line.charCodeAt(first + 3) === DASH &&
    line.charCodeAt(first + 4) === SPACE
  );
}

/** Offset of the first ` [` that something like a time follows; a user name may contain brackets. */
function timeBracket(line: string): number {
  let open = line.indexOf(' [');
  const first = open;
  while (open >= 0) {
    const slash = line.charCodeAt(open + 4);
    if (isDigit(line.charCodeAt(open + 2)) && (slash === 47 || isDigit(slash))) return open + 1;
    open = line.indexOf(' [', open + 2);
  }
  // A bracket in the right place whose content is no time is reported as such.
  return first > 0 && countFields(line, first + 1) === 3 ? first + 1 : -1;
}

/** Fields before an offset, which a space precedes. */
function countFields(line: string, open: number): number {
  let fields = 0;
  for (let i = line.indexOf(' '); i >= 0 && i < open; i = line.indexOf(' ', i + 1)) fields++;
  return fields;
}

/** End of `a, b, c` whose first comma stands before `at`. */
function endOfList(line: string, at: number, open: number): number {
  let end = at;
  while (line.charCodeAt(end - 1) === 44) {
    const next = line.indexOf(' ', end + 1);
    if (next < 0 || next >= open) break;
    end = next;
  }
  return end;
}

/** `(0 s)` or one number of seconds between time and request, in µs; -1 for nothing, -2 for something else. */
function betweenTimeAndRequest(text: string): number {
  if (text === '' || text === '-') return -1;
  const bare = text.startsWith('(') && text.endsWith(' s)') ? text.slice(1, -3) : text;
  const seconds = decimal(bare);
  return seconds < 0 ? -2 : Math.round(seconds * 1e6);
}

/** End of the request line: a quote that ` 200` or ` -` follows, else the first closing quote. */
function requestEnd(line: string, from: number): number {
  const first = closingQuote(line, from);
  let quote = first;
  while (quote >= 0) {
    const code = line.charCodeAt(quote + 2);
    if (quote + 2 >= line.length || isDigit(code) || (code === DASH && line.charCodeAt(quote + 3) === SPACE))
      return quote;
    quote = closingQuote(line, quote + 1);
  }
  return first;
}

function fieldEnd(line: string, from: number): number {
  const space = line.indexOf(' ', from);
  return space < 0 ? line.length : space;
}

/** Up to three digits, 0 for `-`, -1 for anything else. */
function statusOf(line: string, from: number, to: number): number {
  if (to === from + 1 && line.charCodeAt(from) === DASH) return 0;
  return to - from === 3 ? digits(line, from, to) : -1;
}

function cutAfterReferrer(line: string, end: number): Refusal {
  return line.length - end < 3
    ? refuse('truncated', 'ends before the user agent')
    : refuse('not-a-record', 'no quoted user agent after the referrer');
}

function dashless(line: string, from: number, to: number): string {
  return to - from === 1 && line.charCodeAt(from) === DASH ? '' : line.slice(from, to);
}

function unescapeAll(record: RawRequest): void {
  record.path = unescapeField(record.path);
  record.query = unescapeField(record.query);
  record.referrer = unescapeField(record.referrer);
  if (record.userAgent !== null) record.userAgent = unescapeField(record.userAgent);
}
