import type { Agent, Network, Place } from '../model/enrichment.ts';
import type { RawRequest } from '../model/request.ts';
import type { ClientKeys, StoredRequest } from '../model/stored-request.ts';
import { createTsvWriter, escapeTsv, quoteTsv, type TsvWriter } from './requests-tsv.ts';

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

/** The columns of `requests_in` in the order that `encodeRows` writes them. */
export const REQUEST_COLUMNS: readonly string[] = Object.freeze(
  `tenant_id domain id time_ms received_ms expires_on kept consent origin visitor_id
  client_key net_key site_key key_day country region city asn as_org isp network_kind
  device_type os_name browser_name is_bot bot_name bot_kind bot_verified
  method path route query status duration_us bytes_in bytes_out protocol headers user_agent referrer
  threat_score threat_sources attack_score attack_rules`
    .trim()
    .split(/\s+/),
);

const MAX_CACHED_TEXTS = 20_000;
/** Room for everything of a row but path, query, referrer and the rare parts, which ask for their own. */
const FIXED_ROOM = 8192;
const TAB = 9;
const NEWLINE = 10;

const utf8 = new TextEncoder();
const writer = createTsvWriter();

// Enrichers hand out the same frozen object for the same answer, so its bytes are made once. Weak: a reload of the geo
// data replaces them all.
const placeBytes = new WeakMap<Place, Uint8Array>();
const networkBytes = new WeakMap<Network, Uint8Array>();
const agentBytes = new WeakMap<Agent, Uint8Array>();
const keyBytes = new WeakMap<ClientKeys, Uint8Array>();
const shortTexts = createTextCache(FIELD_LIMITS.path);
// In lower case, as host names are compared.
const domains = createTextCache(FIELD_LIMITS.other, (text) => text.toLowerCase());
const userAgents = createTextCache(FIELD_LIMITS.userAgent);

const NULL_FIELD = utf8.encode('\\N\t');
const NO_HEADERS = utf8.encode('{}\t');
const UNSCORED = utf8.encode('-1\t[]\t-1\t[]\n');

/**
 * Rows as tab-separated values in the order of REQUEST_COLUMNS, one line each, as ClickHouse's TabSeparated reads
 * them (https://clickhouse.com/docs/interfaces/formats/TabSeparated). Control characters and backslashes are escaped,
 * a surrogate without its partner becomes U+FFFD, and fields over FIELD_LIMITS are cut.
 */
export function encodeRows(rows: readonly StoredRequest[]): Buffer {
  writer.reset();
  for (const row of rows) writeRow(writer, row);
  return writer.taken();
}

function writeRow(to: TsvWriter, row: StoredRequest): void {
  const { request } = row;
  to.ensure(FIXED_ROOM + 3 * (request.path.length + request.query.length + request.referrer.length));
  to.bytes(shortTexts(row.tenantId));
  to.bytes(domains(row.domain));
  to.text(row.id, 64);
  to.integer(request.time);
  to.integer(row.received);
  to.integer(row.expiresOn);
  to.flag(row.kept);
  to.bytes(shortTexts(row.consent));
  to.bytes(shortTexts(row.origin));
  to.text(row.visitorId, FIELD_LIMITS.other);
  to.bytes(keyBytes.get(row.keys) ?? remember(keyBytes, row.keys, keysText(row.keys)));
  to.bytes(placeBytes.get(row.place) ?? remember(placeBytes, row.place, placeText(row.place)));
  to.bytes(networkBytes.get(row.network) ?? remember(networkBytes, row.network, networkText(row.network)));
  to.bytes(agentBytes.get(row.agent) ?? remember(agentBytes, row.agent, agentText(row.agent)));
  to.flag(row.botVerified);
  writeMessage(to, request);
  if (
    row.threatScore === null &&
    row.attackScore === null &&
    row.threatSources.length === 0 &&
    row.attackRules.length === 0
  ) {
    to.bytes(UNSCORED);
  } else {
    to.ensure(FIXED_ROOM);
    to.integer(row.threatScore ?? -1);
    to.raw(listText(row.threatSources), TAB);
    to.integer(row.attackScore ?? -1);
    to.raw(listText(row.attackRules), NEWLINE);
  }
}

function writeMessage(to: TsvWriter, request: RawRequest): void {
  to.bytes(shortTexts(request.method));
  to.text(request.path, FIELD_LIMITS.path);
  to.bytes(shortTexts(request.route));
  to.text(request.query, FIELD_LIMITS.query);
  to.integer(request.status);
  to.integer(request.durationUs);
  to.integer(request.bytesIn);
  to.integer(request.bytesOut);
  to.bytes(shortTexts(request.protocol));
  if (request.headers === null) to.bytes(NO_HEADERS);
  else {
    to.raw(headersText(request.headers), TAB);
    to.ensure(FIXED_ROOM + 3 * request.referrer.length);
  }
  to.bytes(request.userAgent === null ? NULL_FIELD : userAgents(request.userAgent));
  to.text(request.referrer, FIELD_LIMITS.referrer);
}

/** Escaped bytes with their tab, by text: hosts, routes, user agents and the like come again and again. */
function createTextCache(
  limit: number,
  change: (text: string) => string = (text) => text,
): (text: string) => Uint8Array {
  let young = new Map<string, Uint8Array>();
  let old = new Map<string, Uint8Array>();
  return (text) => {
    const cached = young.get(text);
    if (cached !== undefined) return cached;
    const bytes = old.get(text) ?? utf8.encode(`${escapeTsv(change(text), limit)}\t`);
    if (young.size >= MAX_CACHED_TEXTS) {
      old = young;
      young = new Map();
    }
    young.set(text, bytes);
    return bytes;
  };
}

function remember<Key extends object>(cache: WeakMap<Key, Uint8Array>, key: Key, text: string): Uint8Array {
  const bytes = utf8.encode(text);
  cache.set(key, bytes);
  return bytes;
}

function listText(list: readonly string[]): string {
  const entries = list.slice(0, FIELD_LIMITS.list).map((text) => quoteTsv(text.slice(0, FIELD_LIMITS.other)));
  return `[${entries.join(',')}]`;
}

function headersText(headers: Record<string, string>): string {
  let text = '';
  let size = 0;
  for (const name in headers) {
    const value = headers[name] ?? '';
    size += name.length + value.length;
    if (size > FIELD_LIMITS.headers) break;
    text += `${text === '' ? '' : ','}${quoteTsv(name)}:${quoteTsv(value)}`;
  }
  return `{${text}}`;
}

function keysText({ client, net, site, day }: ClientKeys): string {
  return `${client}\t${net}\t${site}\t${day}\t`;
}

function placeText({ country, region, city }: Place): string {
  return fields([country, region, city]);
}

function networkText({ asn, asOrg, isp, kind }: Network): string {
  return fields([String(asn), asOrg, isp, kind]);
}

function agentText({ deviceType, osName, browserName, isBot, botName, botKind }: Agent): string {
  return fields([deviceType, osName, browserName, isBot ? '1' : '0', botName, botKind]);
}

function fields(texts: readonly string[]): string {
  return texts.map((text) => `${escapeTsv(text, FIELD_LIMITS.other)}\t`).join('');
}
