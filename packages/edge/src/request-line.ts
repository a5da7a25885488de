import type { EdgeRequest, Head, Target } from './edge-request.ts';
import { type Ids, PREFIX_LENGTH } from './ids.ts';

// What JSON must escape, and surrogates, of which there may be lone ones.
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\ud7ff\ue000-\uffff]*$/;

// A repetition is `[1795000000000,"…",0.000123]`: time, id and duration, each in as many digits as any other time.
const TIME_DIGITS = 13;
const BETWEEN = ',"';
const STAMP_LENGTH = TIME_DIGITS + BETWEEN.length + PREFIX_LENGTH;
const COUNTER_AT = 1 + STAMP_LENGTH;
const DURATION_AT = COUNTER_AT + 3 + '",'.length;
const REPETITION = `[${' '.repeat(STAMP_LENGTH)}000",0.000000]\n`;
/** µs from which on a duration has more than one digit before the point. */
const LONG = 10_000_000;
const HEX = Uint8Array.from(Buffer.from('0123456789abcdef'));

/**
 * Writes requests as lines of JSON by the names of OpenTelemetry, as `POST /api/v1/requests` takes them; what is unknown
 * is left out. By hand, because it is most of what a request costs. A request that is like the one before but for time,
 * id and duration is an array of these three.
 */
export interface LineWriter {
  /** The line of a request. */
  text(request: EdgeRequest): string;
  /** Takes note that the line of a request is the last in these bytes. */
  remember(request: EdgeRequest, bytes: Buffer): void;
  /** Writes a request that is like the last in these bytes; where that ends, or -1 when it is not like it. */
  repeat(request: EdgeRequest, bytes: Buffer, at: number): number;
}

/** `ids`: has the id of the request that is written. */
export function createLineWriter(ids: Ids): LineWriter {
  const restOf = createRestWriter();
  let like = -1;
  let last: Buffer | null = null;
  /** Where the repetition before is, -1 when there is none in these bytes; and the ids' `changes` it was written at. */
  let before = -1;
  let written = -1;

  return {
    text(request) {
      const µs = Math.round(request.duration * 1000);
      const duration = µs < LONG ? `${Math.floor(µs / 1e6)}.${String(µs % 1e6).padStart(6, '0')}` : `${µs}e-6`;
      return `{"time":${ids.time},"id":"${ids.text()}","http.server.request.duration":${duration}${restOf(request)}`;
    },
    remember(request, bytes) {
      like = request.alike;
      if (bytes !== last) before = -1;
      last = bytes;
    },
    repeat(request, bytes, at) {
      const µs = Math.round(request.duration * 1000);
      if (request.alike !== like || bytes !== last || µs >= LONG || at + REPETITION.length > bytes.length) return -1;
      if (before < 0) bytes.write(REPETITION, at, 'latin1');
      else bytes.copyWithin(at, before, before + REPETITION.length);
      if (before < 0 || written !== ids.changes) {
        const stamp = `${ids.time}${BETWEEN}${ids.prefix}`;
        if (stamp.length !== STAMP_LENGTH) return -1;
        bytes.write(stamp, at + 1, 'latin1');
        written = ids.changes;
      }
      before = at;
      writeHex(bytes, at + COUNTER_AT, ids.counter);
      writeSeconds(bytes, at + DURATION_AT, µs);
      return at + REPETITION.length;
    },
  };
}

function writeHex(bytes: Buffer, at: number, value: number): void {
  bytes[at] = HEX[value >> 8] as number;
  bytes[at + 1] = HEX[(value >> 4) & 15] as number;
  bytes[at + 2] = HEX[value & 15] as number;
}

/** Seconds with six decimals. */
function writeSeconds(bytes: Buffer, at: number, µs: number): void {
  let left = µs | 0;
  for (let i = at + 7; i > at + 1; i -= 1) {
    const tenth = (left / 10) | 0;
    bytes[i] = 48 + left - tenth * 10;
    left = tenth;
  }
  bytes[at] = 48 + left;
}

/** What follows the duration; worked out once for requests in a row that share it. */
function createRestWriter(): (request: EdgeRequest) => string {
  let alike = -1;
  let target: Target | null = null;
  let head: Head | null = null;
  let [asked, said, rest] = ['', '', ''];

  return (request) => {
    if (request.alike === alike) return rest;
    if (request.target !== target) {
      target = request.target;
      asked = targetText(target);
    }
    if (request.head !== head) {
      head = request.head;
      said = headText(head);
    }
    const address = request.clientAddress === '' ? '' : `,"client.address":"${request.clientAddress}"`;
    const status = request.status < 100 ? '' : `,"http.response.status_code":${request.status}`;
    const route = request.route === '' ? '' : `,"http.route":${quote(request.route.slice(0, 2048))}`;
    alike = request.alike;
    rest =
      `,"http.request.body.size":${request.bytesIn},"http.response.body.size":${request.bytesOut}${status}${address}` +
      `,"http.request.method":${quote(request.method)},"network.protocol.version":"${request.version}"${route}${asked}${said}}\n`;
    return rest;
  };
}

function targetText({ path, query }: Target): string {
  return query === '' ? `,"url.path":${quote(path)}` : `,"url.path":${quote(path)},"url.query":${quote(query)}`;
}

function headText({ host, userAgent, referrer, consent, headers }: Head): string {
  let text = `,"user_agent.original":${quote(userAgent)}`;
  if (host !== '') text += `,"server.address":${quote(host)}`;
  if (referrer !== '') text += `,"http.request.header.referer":${quote(referrer)}`;
  const { choice, visitorId } = consent;
  if (choice !== 'unknown') text += `,"vedette.consent":"${choice}"`;
  if (visitorId !== '') text += `,"http.request.header.vedette-visitor-id":"${visitorId}"`;
  for (let i = 0; i < headers.length; i += 2) {
    text += `,"http.request.header.${headers[i] as string}":${quote(headers[i + 1] as string)}`;
  }
  return text;
}

function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
