import { readConsent } from '../model/consent-cookie.ts';
import { KEPT_HEADERS, LONGEST_HEADER } from '../model/kept-headers.ts';
import { type ConsentChoice, emptyRequest, type RawRequest, type Refusal } from '../model/request.ts';
import { clientAddress, hostName } from './access-log/address.ts';
import { anyTime, epochNumber } from './access-log/clock.ts';
import { refuse, shown } from './access-log/format.ts';
import { newTarget, protocolName, splitTarget } from './access-log/request-line.ts';

/** Values by dotted name; texts, numbers, flags, or lists of those. */
export type Fields = ReadonlyMap<string, unknown>;

/** Characters kept of one text; more is cut. */
const LONGEST_TEXT = 16_384;
const HEADER = 'http.request.header.';
const CONSENT = new Set<unknown>(['granted', 'refused', 'unknown']);

/** Names by which a record is known to be an HTTP request. */
const TELLING = ['http.request.method', 'http.method', 'http.response.status_code', 'http.status_code'];

/**
 * Names of each value: OpenTelemetry's stable ones first, then its former ones, then those of ECS. The first that holds
 * something is taken. Of addresses, `client.address` is what the program made of proxies' headers, `network.peer` the
 * socket.
 */
const NAMES = {
  time: ['@timestamp', 'time', 'timestamp'],
  client: [
    'client.address',
    'http.client_ip',
    'client.ip',
    'source.ip',
    'source.address',
    'network.peer.address',
    'net.sock.peer.addr',
    'net.peer.ip',
  ],
  host: [
    'server.address',
    'http.host',
    'url.domain',
    'server.domain',
    'destination.domain',
    'http.server_name',
    'net.host.name',
  ],
  method: ['http.request.method_original', 'http.request.method', 'http.method'],
  path: ['url.path'],
  target: ['http.target', 'url.original', 'url.full', 'http.url'],
  query: ['url.query'],
  route: ['http.route'],
  status: ['http.response.status_code', 'http.status_code'],
  bytesIn: ['http.request.body.size', 'http.request.body.bytes', 'http.request_content_length', 'http.request.bytes'],
  bytesOut: [
    'http.response.body.size',
    'http.response.body.bytes',
    'http.response_content_length',
    'http.response.bytes',
  ],
  version: ['network.protocol.version', 'http.version', 'http.flavor'],
  agent: ['user_agent.original', 'http.user_agent', `${HEADER}user-agent`, `${HEADER}user_agent`],
  referrer: ['http.request.referrer', `${HEADER}referer`],
};

/** Whether the names are those of an HTTP request. */
export function isHttp(fields: Fields): boolean {
  return TELLING.some((name) => textOf(fields.get(name)) !== '');
}

/**
 * A request from its values by name. `when` is known from elsewhere (a span): ms since the epoch and microseconds, NaN
 * and -1 where it is not. A client that is no address is unknown. Refusals: `bad-time`, `bad-status`, `bad-consent`.
 */
export function readNamed(fields: Fields, when = { time: Number.NaN, durationUs: -1 }): RawRequest | Refusal {
  const time = Number.isNaN(when.time) ? timeOf(pick(fields, NAMES.time)) : when.time;
  if (Number.isNaN(time)) return refuse('bad-time', badTime(pick(fields, NAMES.time)));
  const rawStatus = pick(fields, NAMES.status);
  const status = rawStatus === undefined ? 0 : numberOf(rawStatus);
  if (!Number.isInteger(status) || status > 999) return refuse('bad-status', `status ${shown(textOf(rawStatus))}`);
  const consent = fields.get('vedette.consent') ?? 'unknown';
  if (!CONSENT.has(consent)) {
    return refuse('bad-consent', `vedette.consent: ${shown(textOf(consent))} is none of granted, refused, unknown`);
  }
  const raw = emptyRequest(time);
  raw.clientAddress = addressOf(fields);
  readTarget(raw, fields);
  raw.method = text(fields, NAMES.method).slice(0, 64);
  raw.route = text(fields, NAMES.route);
  raw.status = status;
  raw.durationUs = when.durationUs >= 0 ? when.durationUs : durationOf(fields);
  raw.bytesIn = sizeOf(fields, NAMES.bytesIn);
  raw.bytesOut = sizeOf(fields, NAMES.bytesOut);
  raw.protocol = protocolName(text(fields, NAMES.version));
  raw.userAgent = pick(fields, NAMES.agent) === undefined ? null : text(fields, NAMES.agent);
  raw.referrer = text(fields, NAMES.referrer).slice(0, LONGEST_HEADER);
  raw.headers = headersOf(fields);
  raw.consent = consent as ConsentChoice;
  if (fields.get('vedette.consent') === undefined) readCookie(raw, fields.get(`${HEADER}cookie`));
  return raw;
}

/** Of senders that pass cookies on, the choice; nothing else of them is looked at. */
function readCookie(raw: RawRequest, value: unknown): void {
  const cookies = Array.isArray(value) ? value.map(textOf).join('; ') : textOf(value);
  const { choice, visitorId } = readConsent(cookies);
  if (choice === 'unknown') return;
  raw.consent = choice;
  if (visitorId !== '') raw.headers = { ...raw.headers, 'vedette-visitor-id': visitorId };
}

/** Path, query and host; a whole URL or target tells what the single values leave open. */
function readTarget(raw: RawRequest, fields: Fields): void {
  const target = newTarget();
  const whole = text(fields, NAMES.target);
  splitTarget(whole, 0, whole.length, target);
  const path = text(fields, NAMES.path);
  const query = text(fields, NAMES.query);
  const mark = query === '' ? path.indexOf('?') : -1;
  raw.path = mark < 0 ? path || target.path : path.slice(0, mark);
  raw.query = mark < 0 ? query.replace(/^\?/, '') || target.query : path.slice(mark + 1);
  raw.host = hostName(text(fields, NAMES.host).trim()) || target.host;
}

function addressOf(fields: Fields): string {
  for (const name of NAMES.client) {
    const address = clientAddress(textOf(fields.get(name)).trim());
    if (address !== '') return address;
  }
  return '';
}

function headersOf(fields: Fields): Record<string, string> | null {
  let headers: Record<string, string> | null = null;
  for (const [key, value] of fields) {
    if (!key.startsWith(HEADER)) continue;
    const name = key.slice(HEADER.length).toLowerCase().replaceAll('_', '-');
    const content = Array.isArray(value) ? value.map(textOf).join(', ') : textOf(value);
    if (content === '' || !KEPT_HEADERS.has(name)) continue;
    headers ??= {};
    headers[name] = content.slice(0, LONGEST_HEADER);
  }
  return headers;
}

/** Seconds by OpenTelemetry, ns by ECS; -1 when neither is told. */
function durationOf(fields: Fields): number {
  const seconds = numberOf(fields.get('http.server.request.duration') ?? Number.NaN);
  if (seconds >= 0) return Math.round(seconds * 1e6);
  const nanoseconds = numberOf(fields.get('event.duration') ?? Number.NaN);
  return nanoseconds >= 0 ? Math.round(nanoseconds / 1000) : -1;
}

function sizeOf(fields: Fields, names: readonly string[]): number {
  const size = numberOf(pick(fields, names) ?? Number.NaN);
  return size >= 0 ? Math.floor(size) : -1;
}

function timeOf(value: unknown): number {
  if (typeof value === 'number') return Math.round(epochNumber(value));
  return typeof value === 'string' ? Math.round(anyTime(value)) : Number.NaN;
}

function badTime(value: unknown): string {
  return value === undefined ? 'no time is told' : `time ${shown(textOf(value))}`;
}

function pick(fields: Fields, names: readonly string[]): unknown {
  for (const name of names) {
    const value = first(fields.get(name));
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

function text(fields: Fields, names: readonly string[]): string {
  return textOf(pick(fields, names)).slice(0, LONGEST_TEXT);
}

/** Of a list the first value: Elasticsearch's documents may hold a list wherever they hold a value. */
function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

function textOf(value: unknown): string {
  const one = first(value);
  if (typeof one === 'string') return one;
  return typeof one === 'number' || typeof one === 'boolean' ? String(one) : '';
}

/** A number that is not negative, also as text; NaN otherwise. */
function numberOf(value: unknown): number {
  const one = first(value);
  const number = typeof one === 'string' && /^\d{1,20}(?:\.\d{1,20})?$/.test(one) ? Number(one) : one;
  return typeof number === 'number' && number >= 0 && number <= Number.MAX_SAFE_INTEGER ? number : Number.NaN;
}
