import { hostName } from './address.ts';

/** What a request line or target holds; empty texts where it does not say. */
export interface Target {
  method: string;
  host: string;
  path: string;
  query: string;
  protocol: string;
}

/**
 * Splits the request line `METHOD target PROTOCOL` between two offsets of a line into `into` (reused by the caller:
 * this runs for every line). A line that is not HTTP (TLS bytes sent to a plain port, `-`, nothing, a probe of another
 * protocol) leaves everything empty: the server did answer it, so it counts, but it has no method or path. The target
 * may contain spaces; a line without protocol is an HTTP/0.9 simple request (RFC 1945, 4.1).
 */
export function splitRequestLine(line: string, from: number, to: number, into: Target): void {
  into.method = '';
  into.host = '';
  into.path = '';
  into.query = '';
  into.protocol = '';
  const space = line.indexOf(' ', from);
  if (space < 0 || space >= to) {
    if (line.charCodeAt(from) === 47) splitTarget(line, from, to, into);
    return;
  }
  let end = to;
  let protocol = '';
  if (line.startsWith(' HTTP/1.1', to - 9)) {
    protocol = 'HTTP/1.1';
    end = to - 9;
  } else if (line.startsWith(' HTTP/2.0', to - 9)) {
    protocol = 'HTTP/2.0';
    end = to - 9;
  } else {
    const last = line.lastIndexOf(' ', to - 1);
    if (last >= space && isProtocol(line, last + 1, to)) {
      protocol = line.slice(last + 1, to);
      end = last;
    }
  }
  if (line.charCodeAt(from) === 47 && protocol !== '') {
    // The method is missing, the rest is a request: `"/path HTTP/1.1"`.
    into.protocol = protocol;
    splitTarget(line, from, end, into);
    return;
  }
  if (space >= end || !isMethod(line, from, space)) return;
  if (protocol === '') {
    if (!looksLikeTarget(line, space + 1, end)) return;
    protocol = 'HTTP/0.9';
  }
  into.method = methodText(line, from, space);
  into.protocol = protocol;
  splitTarget(line, space + 1, end, into);
}

/**
 * Splits a request target between two offsets into path, query and, for the absolute form (RFC 9112, 3.2.2), host.
 * The authority form of CONNECT and `*` are kept as the path.
 */
export function splitTarget(line: string, from: number, to: number, into: Target): void {
  let start = from;
  if (line.charCodeAt(from) !== 47) {
    const scheme = schemeLength(line, from);
    if (scheme > 0) {
      start = from + scheme;
      while (start < to && !endsAuthority(line.charCodeAt(start))) start++;
      const authority = line.slice(from + scheme, start);
      into.host = hostName(authority.slice(authority.lastIndexOf('@') + 1));
    }
  }
  const mark = line.indexOf('?', start);
  if (mark < 0 || mark >= to) {
    into.path = start === to && start > from ? '/' : line.slice(start, to);
    into.query = '';
  } else {
    into.path = mark === start && start > from ? '/' : line.slice(start, mark);
    into.query = line.slice(mark + 1, to);
  }
}

/** An empty target to be filled. */
export function newTarget(): Target {
  return { method: '', host: '', path: '', query: '', protocol: '' };
}

/** A protocol as other formats give it (`HTTP/2`, `h2`, `1.1`, `http/1.1`) as `HTTP/x.y`; '' when it names none. */
export function protocolName(text: string): string {
  const bare = /^(?:http\/|h)?(\d)(?:\.(\d))?$/i.exec(text);
  return bare === null ? '' : `HTTP/${bare[1]}.${bare[2] ?? '0'}`;
}

function schemeLength(line: string, at: number): number {
  if (startsWithIgnoreCase(line, 'http://', at)) return 7;
  return startsWithIgnoreCase(line, 'https://', at) ? 8 : 0;
}

function startsWithIgnoreCase(line: string, word: string, at: number): boolean {
  return line.startsWith(word, at) || line.slice(at, at + word.length).toLowerCase() === word;
}

/** `/`, `?` or `#`. */
function endsAuthority(code: number): boolean {
  return code === 47 || code === 63 || code === 35;
}

function looksLikeTarget(line: string, from: number, to: number): boolean {
  const first = line.charCodeAt(from);
  return from < to && (first === 47 || (first === 42 && to === from + 1) || schemeLength(line, from) > 0);
}

/** Letters, a slash, a digit: `HTTP/1.0`, `RTSP/1.0`, `HTTP/3`. */
function isProtocol(line: string, from: number, to: number): boolean {
  if (to - from > 12 || to - from < 3) return false;
  let i = from;
  while (i < to && isLetter(line.charCodeAt(i))) i++;
  if (i === from || line.charCodeAt(i) !== 47) return false;
  for (i++; i < to; i++) {
    const code = line.charCodeAt(i);
    if (code !== 46 && (code < 48 || code > 57)) return false;
  }
  return line.charCodeAt(to - 1) !== 47;
}

function isLetter(code: number): boolean {
  return (code | 32) >= 97 && (code | 32) <= 122;
}

/** A token of RFC 9110, 5.6.2, that begins with a letter; longer than 32 characters is no method. */
function isMethod(line: string, from: number, to: number): boolean {
  if (to - from > 32 || !isLetter(line.charCodeAt(from))) return false;
  for (let i = from; i < to; i++) {
    const code = line.charCodeAt(i);
    if (!isLetter(code) && !(code >= 48 && code <= 57) && code !== 45 && code !== 95) return false;
  }
  return true;
}

/** One shared text for the methods nearly every line has. */
function methodText(line: string, from: number, to: number): string {
  if (to - from === 3 && line.startsWith('GET', from)) return 'GET';
  if (to - from === 4) {
    if (line.startsWith('POST', from)) return 'POST';
    if (line.startsWith('HEAD', from)) return 'HEAD';
  }
  return line.slice(from, to);
}
