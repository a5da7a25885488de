import { HEADER_PREFIX, IngestRequest, LONGEST_SECONDS } from '@vedette/contract';
import { Compile } from 'typebox/compile';
import { canonicalAddress } from '../model/address.ts';
import { parseBounded } from '../model/bounded-json.ts';
import { readConsent } from '../model/consent-cookie.ts';
import { KEPT_HEADERS, LONGEST_HEADER } from '../model/kept-headers.ts';
import { type ConsentChoice, emptyRequest, isRefusal, type RawRequest, type Refusal } from '../model/request.ts';
import { isUuid, uuidAfter } from '../model/uuid.ts';
import { parseRfc3339 } from './time-range.ts';

const schema = Compile(IngestRequest);
type Wire = Record<string, unknown>;

/** One record of POST /api/v1/requests as the pipeline takes it; a refusal names the field that is wrong. */
export function readWireRequest(value: unknown): RawRequest | Refusal {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return refuse('a record must be an object');
  if (schema.Check(value)) return toRaw(value as unknown as Wire);
  // Senders write null for what they do not know.
  const known = Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null));
  if (schema.Check(known)) return toRaw(known);
  return refuse(explain(known));
}

/**
 * Reads the lines of one body in turn: objects as `readWireRequest` does, and arrays of two whole numbers, which repeat
 * the line before: ms since that one (less than 0 when earlier), and µs that it took. The id is the one after that of
 * the line before (`uuidAfter`), if it has one. What repeats a refused line is refused as it is.
 */
export function createLineReader(): (line: string) => RawRequest | Refusal {
  let before: RawRequest | Refusal = refuse('an array repeats the line before it, and there is none');
  return (line) => {
    const value = parseBounded(line);
    if ('error' in value) before = refuse(`the line is not JSON: ${value.error}`);
    else if (!Array.isArray(value.json)) before = readWireRequest(value.json);
    else if (!isRefusal(before)) before = repeat(before, value.json);
    return before;
  };
}

function repeat(before: RawRequest, values: unknown[]): RawRequest | Refusal {
  const [later, µs] = values;
  if (values.length !== 2 || !Number.isInteger(later)) {
    return refuse('an array must be of two whole numbers: ms since the line before it, and µs that it took');
  }
  if (!Number.isInteger(µs) || (µs as number) < 0 || (µs as number) > LONGEST_SECONDS * 1e6) {
    return refuse(`duration: ${shown(µs)} is not a whole number of µs up to ${LONGEST_SECONDS} s`);
  }
  const time = before.time + (later as number);
  return { ...before, time, id: before.id === '' ? '' : uuidAfter(before.id, time), durationUs: µs as number };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function toRaw(wire: Wire): RawRequest | Refusal {
  const { time } = wire;
  const raw = emptyRequest(typeof time === 'number' ? Math.round(time) : parseRfc3339(String(time)));
  if (Number.isNaN(raw.time)) return refuse(`time: "${String(time)}" is neither RFC 3339 nor ms since the epoch`);
  const id = textOf(wire.id);
  if (id !== '') {
    if (!isUuid(id)) return refuse(`id: "${id}" is not a UUID`);
    raw.id = id.toLowerCase();
  }
  const address = textOf(wire['client.address']).trim();
  raw.clientAddress = canonicalAddress(address);
  if (address !== '' && raw.clientAddress === '') {
    return refuse(`client.address: "${address}" is not an IPv4 or IPv6 address`);
  }
  raw.host = hostOf(textOf(wire['server.address']));
  raw.method = textOf(wire['http.request.method']);
  splitPath(raw, textOf(wire['url.path']), textOf(wire['url.query']));
  raw.route = textOf(wire['http.route']);
  raw.status = numberOf(wire['http.response.status_code'], 0);
  const seconds = numberOf(wire['http.server.request.duration'], -1);
  raw.durationUs = seconds < 0 ? -1 : Math.round(seconds * 1e6);
  raw.bytesIn = numberOf(wire['http.request.body.size'], -1);
  raw.bytesOut = numberOf(wire['http.response.body.size'], -1);
  raw.consent = (wire['vedette.consent'] as ConsentChoice | undefined) ?? 'unknown';
  raw.protocol = protocolOf(textOf(wire['network.protocol.version']));
  raw.userAgent = (wire['user_agent.original'] as string | undefined) ?? null;
  return readHeaders(raw, wire);
}

function readHeaders(raw: RawRequest, wire: Wire): RawRequest | Refusal {
  for (const key in wire) {
    if (!key.startsWith(HEADER_PREFIX)) continue;
    const name = key.slice(HEADER_PREFIX.length).toLowerCase().replaceAll('_', '-');
    const given = wire[key];
    if (given === null) continue;
    const value = Array.isArray(given) ? given.join(name === 'cookie' ? '; ' : ', ') : given;
    if (typeof value !== 'string') return refuse(`${key}: must be a string or a list of strings`);
    if (name === 'referer') raw.referrer = value.slice(0, LONGEST_HEADER);
    else if (name === 'user-agent') raw.userAgent ??= value;
    else if (name === 'cookie') readCookie(raw, value, wire['vedette.consent'] === undefined);
    else if (KEPT_HEADERS.has(name)) {
      raw.headers ??= {};
      raw.headers[name] = value.slice(0, LONGEST_HEADER);
    }
  }
  return raw;
}

/** Of a sender that passes cookies on, the choice; unless it says that itself. Nothing else of them is looked at. */
function readCookie(raw: RawRequest, cookies: string, asks: boolean): void {
  const { choice, visitorId } = readConsent(cookies);
  if (!asks || choice === 'unknown') return;
  raw.consent = choice;
  if (visitorId !== '') raw.headers = { ...raw.headers, 'vedette-visitor-id': visitorId };
}

function splitPath(raw: RawRequest, path: string, query: string): void {
  const mark = query === '' ? path.indexOf('?') : -1;
  raw.path = mark < 0 ? path : path.slice(0, mark);
  raw.query = mark < 0 ? (query.startsWith('?') ? query.slice(1) : query) : path.slice(mark + 1);
}

/** Lower case, without port and final dot; an IPv6 address without brackets. */
function hostOf(text: string): string {
  const host = text.trim().toLowerCase();
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(host);
  if (bracketed) return bracketed[1] as string;
  return (host.indexOf(':') === host.lastIndexOf(':') ? host.replace(/:\d*$/, '') : host).replace(/\.$/, '');
}

function protocolOf(version: string): string {
  if (version === '') return '';
  if (/^http\//i.test(version)) return version.toUpperCase();
  return `HTTP/${/^\d$/.test(version) ? `${version}.0` : version}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown, unknown: number): number {
  return typeof value === 'number' ? value : unknown;
}

function explain(record: Wire): string {
  const errors = schema.Errors(record);
  const first = errors[0];
  if (first === undefined) return 'the record is malformed';
  if (first.keyword === 'required' && record.time === undefined) return 'time: is missing';
  const name = first.instancePath.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
  const value = shown(record[name]);
  if (name === 'time') return `time: ${value} is neither RFC 3339 nor ms since the epoch`;
  if (name === 'vedette.consent') return `vedette.consent: ${value} is none of granted, refused, unknown`;
  return `${name}: ${value} ${first.message}`;
}

function refuse(detail: string): Refusal {
  return { refused: 'bad-record', detail };
}
