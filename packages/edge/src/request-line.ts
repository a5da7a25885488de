import type { EdgeRequest, Head, Target } from './edge-request.ts';
import { following, type Ids, idAfter } from './ids.ts';

// What JSON must escape, and surrogates, of which there may be lone ones.
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\ud7ff\ue000-\uffff]*$/;

const DURATION = 'http.server.request.duration';
/** Longest repetition: two numbers of eleven characters, and what is around them. */
const REPETITION_BYTES = 32;
/** From which on a number is not written as one of a repetition. */
const LARGE = 1e9;

/**
 * Writes requests as lines of JSON by the names of OpenTelemetry, as `POST /api/v1/requests` takes them; what is unknown
 * is left out. By hand, because it is most of what a request costs. A request that is like the one before but for time,
 * id and duration is an array of two: ms since the one before, and µs that it took; its id is the one after.
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
  // Of the last request that was written. In an array of numbers: a variable would get a new object for each.
  const written = new Float64Array([0, -1]);

  return {
    text(request) {
      const µs = Math.round(request.duration * 1000);
      return `{"time":${ids.time},"id":"${ids.text()}","${DURATION}":${seconds(µs)}${restOf(request)}`;
    },
    remember(request, bytes) {
      like = request.alike;
      last = bytes;
      written[TIME] = ids.time;
      written[COUNTER] = ids.counter;
    },
    repeat(request, bytes, at) {
      if (request.alike !== like || bytes !== last || at + REPETITION_BYTES > bytes.length) return -1;
      const later = ids.time - (written[TIME] as number);
      const µs = Math.round(request.duration * 1000);
      // One that was not written in between has taken the id.
      if (µs >= LARGE || Math.abs(later) >= LARGE || ids.counter !== following(written[COUNTER] as number)) return -1;
      written[TIME] = ids.time;
      written[COUNTER] = ids.counter;
      bytes[at] = OPEN;
      let end = writeWhole(bytes, at + 1, later);
      bytes[end] = COMMA;
      end = writeWhole(bytes, end + 1, µs);
      bytes[end] = CLOSE;
      bytes[end + 1] = NEWLINE;
      return end + 2;
    },
  };
}

const [TIME, COUNTER] = [0, 1];
const [OPEN, CLOSE, COMMA, MINUS, NEWLINE, ZERO] = [0x5b, 0x5d, 0x2c, 0x2d, 0x0a, 0x30];

/** Writes a whole number of at most nine digits; where it ends. */
function writeWhole(bytes: Buffer, at: number, value: number): number {
  let left = value;
  let begin = at;
  if (value < 0) {
    bytes[begin] = MINUS;
    begin += 1;
    left = -value;
  }
  let end = begin + 1;
  for (let most = 10; left >= most; most *= 10) end += 1;
  for (let i = end - 1; i >= begin; i -= 1) {
    const tenth = (left / 10) | 0;
    bytes[i] = ZERO + left - tenth * 10;
    left = tenth;
  }
  return end;
}

/** Seconds with six decimals; far from the usual, with an exponent. */
function seconds(µs: number): string {
  return µs < LARGE ? `${Math.floor(µs / 1e6)}.${String(µs % 1e6).padStart(6, '0')}` : `${µs}e-6`;
}

/** The line of a request in full, from that of the one before, also in full, and its repetition. */
export function lineAfter(before: string, repetition: string): string {
  const record = JSON.parse(before) as { time: number; id: string };
  const [later, µs] = JSON.parse(repetition) as [number, number];
  const time = record.time + later;
  return JSON.stringify({ ...record, time, id: idAfter(record.id, time), [DURATION]: µs / 1e6 });
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
