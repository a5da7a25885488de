import type { StoredRequest } from '../model/stored-request.ts';
import { NativeBlock } from './native-block.ts';

/** Longer fields are cut to this many UTF-16 units before they are stored. */
export const FIELD_LIMITS = Object.freeze({
  path: 2048,
  query: 2048,
  userAgent: 1024,
  referrer: 1024,
  /** Names and values of all headers together; what comes after is left out. */
  headers: 8192,
  /** Every other text. */
  other: 512,
  /** Entries of a list (threat sources, attack rules). */
  list: 64,
});

const COLUMNS = 45;
const HIGH = 0x1_0000_0000;
const MOST_INTEGER = Number.MAX_SAFE_INTEGER;
const writer = new NativeBlock();

/**
 * Rows as one block of ClickHouse's Native format, for `requests_in`. A surrogate without its partner becomes U+FFFD,
 * and fields over FIELD_LIMITS are cut.
 */
export function encodeRows(rows: readonly StoredRequest[]): Buffer {
  const { length } = rows;
  if (length === 0) return Buffer.alloc(0);
  writer.begin(COLUMNS, length);
  writeIdentity(rows);
  writeClient(rows);
  writeMessage(rows);
  writeScores(rows);
  return writer.end();
}

function writeIdentity(rows: readonly StoredRequest[]): void {
  coded('domain', rows, (row) => row.domain.toLowerCase(), FIELD_LIMITS.other);
  coded('consent', rows, (row) => row.consent, FIELD_LIMITS.other);
  coded('origin', rows, (row) => row.origin, FIELD_LIMITS.other);
  writer.numbers(
    'tenant_id',
    'UUID',
    uuids(rows, (row) => row.tenantId),
  );
  writer.numbers(
    'id',
    'UUID',
    uuids(rows, (row) => row.id),
  );
  writer.numbers(
    'time_ms',
    'Int64',
    integers(rows, (row) => row.request.time),
  );
  writer.numbers(
    'received_ms',
    'Int64',
    integers(rows, (row) => row.received),
  );
  writer.numbers(
    'expires_on',
    'UInt16',
    Uint16Array.from(rows, (row) => row.expiresOn),
  );
  writer.numbers(
    'kept',
    'UInt8',
    Uint8Array.from(rows, (row) => (row.kept ? 1 : 0)),
  );
  writer.texts(
    'visitor_id',
    rows.map((row) => cut(row.visitorId, FIELD_LIMITS.other)),
  );
}

/** What enrichers hand out as shared objects is looked at once an object, not once a row. */
function writeClient(rows: readonly StoredRequest[]): void {
  const keys = sharedBy(rows, (row) => row.keys);
  writer.numbers(
    'client_key',
    'UInt64',
    spread(
      keys,
      BigUint64Array.from(keys.values, ({ client }) => BigInt(client)),
    ),
  );
  writer.numbers(
    'net_key',
    'UInt64',
    spread(
      keys,
      BigUint64Array.from(keys.values, ({ net }) => BigInt(net)),
    ),
  );
  writer.numbers(
    'site_key',
    'UInt64',
    spread(
      keys,
      BigUint64Array.from(keys.values, ({ site }) => BigInt(site)),
    ),
  );
  writer.numbers(
    'key_day',
    'UInt16',
    spread(
      keys,
      Uint16Array.from(keys.values, ({ day }) => day),
    ),
  );
  const places = sharedBy(rows, (row) => row.place);
  codedShared('country', places, (place) => place.country);
  codedShared('region', places, (place) => place.region);
  codedShared('city', places, (place) => place.city);
  const networks = sharedBy(rows, (row) => row.network);
  writer.numbers(
    'asn',
    'UInt32',
    spread(
      networks,
      Uint32Array.from(networks.values, ({ asn }) => asn),
    ),
  );
  codedShared('as_org', networks, (network) => network.asOrg);
  codedShared('isp', networks, (network) => network.isp);
  codedShared('network_kind', networks, (network) => network.kind);
  const agents = sharedBy(rows, (row) => row.agent);
  codedShared('device_type', agents, (agent) => agent.deviceType);
  codedShared('os_name', agents, (agent) => agent.osName);
  codedShared('browser_name', agents, (agent) => agent.browserName);
  writer.numbers(
    'is_bot',
    'UInt8',
    spread(
      agents,
      Uint8Array.from(agents.values, ({ isBot }) => (isBot ? 1 : 0)),
    ),
  );
  codedShared('bot_name', agents, (agent) => agent.botName);
  codedShared('bot_kind', agents, (agent) => agent.botKind);
  writer.numbers(
    'bot_verified',
    'UInt8',
    Uint8Array.from(rows, (row) => (row.botVerified ? 1 : 0)),
  );
}

function writeMessage(rows: readonly StoredRequest[]): void {
  coded('method', rows, ({ request }) => request.method, FIELD_LIMITS.other);
  coded('path', rows, ({ request }) => request.path, FIELD_LIMITS.path);
  coded('route', rows, ({ request }) => request.route, FIELD_LIMITS.path);
  coded('protocol', rows, ({ request }) => request.protocol, FIELD_LIMITS.other);
  coded('referrer', rows, ({ request }) => request.referrer, FIELD_LIMITS.referrer);
  coded('user_agent', rows, ({ request }) => request.userAgent ?? '', FIELD_LIMITS.userAgent);
  writer.numbers(
    'user_agent_known',
    'UInt8',
    Uint8Array.from(rows, ({ request }) => (request.userAgent === null ? 0 : 1)),
  );
  writer.texts(
    'query',
    rows.map(({ request }) => cut(request.query, FIELD_LIMITS.query)),
  );
  writer.numbers(
    'status',
    'UInt16',
    Uint16Array.from(rows, ({ request }) => clampStatus(request.status)),
  );
  writer.numbers(
    'duration_us',
    'Int64',
    integers(rows, ({ request }) => request.durationUs),
  );
  writer.numbers(
    'bytes_in',
    'Int64',
    integers(rows, ({ request }) => request.bytesIn),
  );
  writer.numbers(
    'bytes_out',
    'Int64',
    integers(rows, ({ request }) => request.bytesOut),
  );
  writer.maps(
    'headers',
    rows.map(({ request }) => (request.headers === null ? null : headerEntries(request.headers))),
  );
}

function writeScores(rows: readonly StoredRequest[]): void {
  writer.numbers(
    'threat_score',
    'Int8',
    Int8Array.from(rows, (row) => row.threatScore ?? -1),
  );
  writer.lists(
    'threat_sources',
    rows.map((row) => listed(row.threatSources)),
  );
  writer.numbers(
    'attack_score',
    'Int8',
    Int8Array.from(rows, (row) => row.attackScore ?? -1),
  );
  writer.lists(
    'attack_rules',
    rows.map((row) => listed(row.attackRules)),
  );
}

/** Distinct values in order of appearance, and each row's place among them. */
interface Shared<Value> {
  values: Value[];
  index: Uint32Array;
}

function sharedBy<Value>(rows: readonly StoredRequest[], of: (row: StoredRequest) => Value): Shared<Value> {
  const places = new Map<Value, number>();
  const index = new Uint32Array(rows.length);
  let last: Value | undefined;
  let lastPlace = 0;
  for (let row = 0; row < rows.length; row += 1) {
    const value = of(rows[row] as StoredRequest);
    if (row > 0 && value === last) {
      index[row] = lastPlace;
      continue;
    }
    let place = places.get(value);
    if (place === undefined) {
      place = places.size;
      places.set(value, place);
    }
    index[row] = place;
    last = value;
    lastPlace = place;
  }
  return { values: [...places.keys()], index };
}

function coded(name: string, rows: readonly StoredRequest[], of: (row: StoredRequest) => string, limit: number): void {
  const { values, index } = sharedBy(rows, of);
  if (values.every((value) => value.length <= limit)) writer.coded(name, values, index);
  else codedShared(name, { values, index }, (value) => value, limit);
}

/** A text of shared objects: many objects may say the same. */
function codedShared<Value>(
  name: string,
  { values, index }: Shared<Value>,
  of: (value: Value) => string,
  limit: number = FIELD_LIMITS.other,
): void {
  const places = new Map<string, number>();
  const recoded = new Uint32Array(values.length);
  for (let at = 0; at < values.length; at += 1) {
    const text = cut(of(values[at] as Value), limit);
    let place = places.get(text);
    if (place === undefined) {
      place = places.size;
      places.set(text, place);
    }
    recoded[at] = place;
  }
  writer.coded(name, [...places.keys()], spread({ values, index }, recoded));
}

/** One entry a row, from one entry a distinct value. */
function spread<Numbers extends Uint8Array | Uint16Array | Uint32Array | BigUint64Array>(
  { index }: Shared<unknown>,
  of: Numbers,
): Numbers {
  const all = new (of.constructor as new (length: number) => Numbers)(index.length);
  for (let row = 0; row < index.length; row += 1) all[row] = of[index[row] as number] as never;
  return all;
}

/** 64-bit two's complement; what is no number or not exact becomes -1. */
function integers(rows: readonly StoredRequest[], of: (row: StoredRequest) => number): Uint32Array {
  const halves = new Uint32Array(2 * rows.length);
  for (let row = 0; row < rows.length; row += 1) {
    const value = Math.trunc(of(rows[row] as StoredRequest));
    const exact = value >= -MOST_INTEGER && value <= MOST_INTEGER ? value : -1;
    const high = Math.floor(exact / HIGH);
    halves[2 * row] = exact - high * HIGH;
    halves[2 * row + 1] = high;
  }
  return halves;
}

/** A UUID is two little-endian 64-bit halves, the high one first. */
function uuids(rows: readonly StoredRequest[], of: (row: StoredRequest) => string): Uint8Array {
  const bytes = new Uint8Array(16 * rows.length);
  let last = '';
  for (let row = 0; row < rows.length; row += 1) {
    const text = of(rows[row] as StoredRequest);
    const to = 16 * row;
    if (text === last) bytes.copyWithin(to, to - 16, to);
    else writeUuid(bytes, to, text);
    last = text;
  }
  return bytes;
}

function writeUuid(bytes: Uint8Array, to: number, text: string): void {
  let at = 0;
  for (let byte = 0; byte < 16; byte += 1) {
    if (text.charCodeAt(at) === 0x2d) at += 1;
    const value = (hexDigit(text.charCodeAt(at)) << 4) | hexDigit(text.charCodeAt(at + 1));
    bytes[to + (byte < 8 ? 7 - byte : 23 - byte)] = value;
    at += 2;
  }
}

function hexDigit(code: number): number {
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57;
}

function clampStatus(status: number): number {
  return status >= 0 && status <= 0xffff ? status : 0;
}

function cut(text: string, limit: number): string {
  return text.length > limit ? text.slice(0, limit) : text;
}

function listed(list: readonly string[]): readonly string[] | null {
  return list.length === 0 ? null : list.slice(0, FIELD_LIMITS.list).map((text) => cut(text, FIELD_LIMITS.other));
}

function headerEntries(headers: Record<string, string>): [string, string][] | null {
  const entries: [string, string][] = [];
  let size = 0;
  for (const [name, value] of Object.entries(headers)) {
    size += name.length + value.length;
    if (size > FIELD_LIMITS.headers) break;
    entries.push([name, value]);
  }
  return entries.length === 0 ? null : entries;
}
