import { clientAddress, type ProxyTrust } from './client-address.ts';
import { type Consent, NO_CONSENT, readConsent } from './consent.ts';
import type { Connection, Exchange } from './exchange.ts';
import type { HeaderUse } from './headers.ts';
import type { Ids } from './ids.ts';
import { redactPath, redactQuery, redactReferrer } from './redaction.ts';

const LONGEST_TEXT = 16_384;
const LONGEST_HEADER = 2048;
const REMEMBERED = 1000;

/** What the headers of a request say. Shared by requests with the same headers; not to be changed. */
export interface Head {
  /** Lower case, without port. */
  host: string;
  userAgent: string;
  referrer: string;
  /** What the proxies wrote, '' where none is trusted. */
  forwarded: string;
  /** What the person has chosen; of the cookies nothing else is taken. */
  consent: Consent;
  /** Names in lower case and values in turn; without user agent and referrer. */
  headers: readonly string[];
}

/** What a request asked for, redacted. Shared by requests for the same; not to be changed. */
export interface Target {
  path: string;
  query: string;
}

/** One request as outputs get it: made sense of, redacted. The object is used again for the next: copy what you keep. */
export interface EdgeRequest {
  /** UUIDv7. */
  readonly id: string;
  /** The same number as of the request before: all but id, time, duration, connection and depth is the same as there. */
  alike: number;
  /** When it began, ms since the epoch, with a fraction. */
  time: number;
  /** '' when unknown, as on a Unix socket. */
  clientAddress: string;
  method: string;
  target: Target;
  head: Head;
  /** Template of the path as the framework has it, '' when it has none. */
  route: string;
  /** 0: the client left before there was a response. */
  status: number;
  /** ms. */
  duration: number;
  /** Body bytes. */
  bytesIn: number;
  bytesOut: number;
  /** `1.1`, `2`… */
  version: string;
  connection: Connection | null;
  /** Which request of its connection it is, from 1; 0 when connections are not told apart. */
  depth: number;
}

/** What does not change between requests. */
export interface Reading {
  /** Told to go on to the next id for each request. */
  ids: Ids;
  trust: ProxyTrust;
  use: (name: string) => HeaderUse;
  /** Name of the cookie that holds the choice; where no header's use is `cookie`, none is looked for. */
  consentCookie?: string | undefined;
}

/** Makes sense of exchanges. `offset`: ms to add to the monotonic clock for ms since the epoch. */
export type Reader = (exchange: Exchange, offset: number) => EdgeRequest;

export function createReader({ ids, trust, use, consentCookie }: Reading): Reader {
  const peers = remembered((peer) => clientAddress(peer, '', trust));
  const readHead = createHeadReader(use, consentCookie);
  const request = new CurrentRequest(ids);
  // Of the last exchange; it is not kept itself, because its request would be with it.
  let url = '';
  let raw: readonly string[] = [];
  let peer: string | undefined;
  let version = '';

  function isLikeLast(exchange: Exchange): boolean {
    return (
      exchange.status === request.status &&
      exchange.bytesOut === request.bytesOut &&
      exchange.bytesIn === request.bytesIn &&
      exchange.method === request.method &&
      exchange.route === request.route &&
      exchange.peer === peer &&
      exchange.version === version &&
      exchange.url === url &&
      isSame(exchange.rawHeaders, raw)
    );
  }

  function take(exchange: Exchange): void {
    request.alike += 1;
    if (exchange.url !== url) {
      url = exchange.url;
      request.target = readTarget(url);
    }
    if (!isSame(exchange.rawHeaders, raw)) {
      raw = exchange.rawHeaders;
      request.head = readHead(raw);
    }
    peer = exchange.peer;
    version = exchange.version;
    const { forwarded } = request.head;
    request.clientAddress = forwarded === '' ? peers(peer ?? '') : clientAddress(peer, forwarded, trust);
    request.method = exchange.method;
    request.route = exchange.route;
    request.status = exchange.status;
    request.bytesIn = exchange.bytesIn;
    request.bytesOut = exchange.bytesOut;
    request.version = version === '2.0' ? '2' : version;
  }

  return (exchange, offset) => {
    // Requests in a row are often alike.
    if (!isLikeLast(exchange)) take(exchange);
    request.time = exchange.started + offset;
    ids.next(Math.floor(request.time));
    request.duration = Math.max(0, exchange.ended - exchange.started);
    request.connection = exchange.connection;
    request.depth = exchange.depth;
    return request;
  };
}

function createHeadReader(
  use: (name: string) => HeaderUse,
  consentCookie: string | undefined,
): (raw: readonly string[]) => Head {
  const hosts = remembered(hostOf);
  const names = remembered((name) => name.toLowerCase());
  return (raw) => {
    const headers: string[] = [];
    const head: Head = { host: '', userAgent: '', referrer: '', forwarded: '', consent: NO_CONSENT, headers };
    for (let i = 0; i + 1 < raw.length; i += 2) {
      const name = raw[i] as string;
      const value = raw[i + 1] as string;
      switch (use(name)) {
        case 'keep':
          keep(headers, names(name), value);
          break;
        case 'traceparent':
          if (isTraceParent(value)) headers.push('traceparent', value);
          break;
        case 'host':
          // The first counts, as for the app.
          if (head.host === '') head.host = hosts(value);
          break;
        case 'user-agent':
          if (head.userAgent === '') head.userAgent = cut(value, LONGEST_HEADER);
          break;
        case 'referer':
          if (head.referrer === '') head.referrer = cut(redactReferrer(value), LONGEST_HEADER);
          break;
        case 'cookie':
          // HTTP/2 has cookies in as many headers as it likes.
          if (head.consent === NO_CONSENT) head.consent = readConsent(value, consentCookie);
          break;
        case 'forwarded':
          head.forwarded = head.forwarded === '' ? value : `${head.forwarded},${value}`;
          break;
        default:
      }
    }
    return head;
  };
}

/** A header that came twice is one list of both, as for the app. */
function keep(headers: string[], name: string, value: string): void {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] !== name) continue;
    headers[i + 1] = cut(`${headers[i + 1] as string}, ${value}`, LONGEST_HEADER);
    return;
  }
  headers.push(name, cut(value, LONGEST_HEADER));
}

const NO_TARGET: Target = { path: '', query: '' };
const NO_HEAD: Head = { host: '', userAgent: '', referrer: '', forwarded: '', consent: NO_CONSENT, headers: [] };

/** The one object. Of a class: the engine keeps a literal with a getter as a dictionary, in which every look is a search. */
class CurrentRequest implements EdgeRequest {
  alike = 0;
  time = 0;
  clientAddress = '';
  method = '';
  target = NO_TARGET;
  head = NO_HEAD;
  route = '';
  status = 0;
  duration = 0;
  bytesIn = 0;
  bytesOut = 0;
  version = '';
  connection: Connection | null = null;
  depth = 0;
  readonly #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  get id(): string {
    return this.#ids.text();
  }
}

/** Path and query of a request's target in any of its forms (RFC 9112 §3.2). */
function readTarget(url: string): Target {
  const mark = url.indexOf('?');
  let path = mark < 0 ? url : url.slice(0, mark);
  if (path.charCodeAt(0) !== 47 && path.includes('://')) {
    const slash = path.indexOf('/', path.indexOf('://') + 3);
    path = slash < 0 ? '/' : path.slice(slash);
  }
  // Redacted before it is cut: a cut could make a secret unrecognisable.
  const query = mark < 0 ? '' : redactQuery(url.slice(mark + 1));
  return { path: cut(redactPath(path), LONGEST_TEXT), query: cut(query, LONGEST_TEXT) };
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i += 1) if (some[i] !== others[i]) return false;
  return true;
}

function cut(text: string, most: number): string {
  return text.length > most ? text.slice(0, most) : text;
}

/** Lower case, without port and final dot; an IPv6 address without brackets. */
function hostOf(header: string): string {
  const host = header.trim().toLowerCase().slice(0, 1024);
  const bracketed = /^\[([^\]]+)\](?::\d*)?$/.exec(host);
  if (bracketed !== null) return bracketed[1] as string;
  return host.replace(/:\d*$/, '').replace(/\.$/, '');
}

/** `traceparent` of the W3C, version 00 and what may come after. */
function isTraceParent(value: string): boolean {
  return /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.{0,100})?$/.test(value);
}

/** Remembers answers for as many texts as are common; what clients make up pushes them out all at once. */
function remembered(work: (text: string) => string): (text: string) => string {
  let known = new Map<string, string>();
  return (text) => {
    let answer = known.get(text);
    if (answer === undefined) {
      answer = work(text);
      if (known.size >= REMEMBERED) known = new Map();
      known.set(text, answer);
    }
    return answer;
  };
}
