import type { Filter } from '../model/filter.ts';
import { timeOfUuid } from '../model/uuid.ts';
import { type Binder, createBinder, filterSql } from './requests-fields.ts';
import { windowSql } from './requests-traffic.ts';

/** A question for single requests. `from` is inclusive, `to` exclusive; both ms since the epoch. */
export interface RequestsQuery {
  from: number;
  to: number;
  where: readonly Filter[];
  /** 1–1000. */
  limit: number;
  /** `next` of the page before; null or absent for the first. */
  before?: RequestPosition | null;
}

/** One kept request as it is shown. Texts are '' and numbers null where unknown. */
export interface RequestRecord {
  id: string;
  /** RFC 3339, UTC, ms. */
  time: string;
  received: string;
  domain: string;
  method: string;
  path: string;
  route: string;
  query: string;
  status: number | null;
  duration_ms: number | null;
  bytes_in: number | null;
  bytes_out: number | null;
  protocol: string;
  headers: Record<string, string>;
  /** null: the source does not say; '': the client sent none. */
  user_agent: string | null;
  referrer: string;
  consent: string;
  visitor_id: string;
  /** Unsigned 64-bit integers as decimal text, '0' when unknown. */
  client_key: string;
  net_key: string;
  country: string;
  region: string;
  city: string;
  asn: number | null;
  network: string;
  network_kind: string;
  device: string;
  os: string;
  browser: string;
  bot: boolean;
  bot_name: string;
  bot_kind: string;
  bot_verified: boolean;
  threat_score: number | null;
  threat_sources: string[];
  attack_score: number | null;
  attack_rules: string[];
  origin: string;
}

/** Where a request stands among those of its tenant. */
export interface RequestPosition {
  /** ms since the epoch. */
  time: number;
  id: string;
}

export interface RequestsPage {
  /** Newest first. */
  rows: RequestRecord[];
  /** Where the next page goes on, null at the end. */
  next: RequestPosition | null;
}

const HOUR_MS = 3_600_000;
const MAX_LIMIT = 1000;
// Newest first means reading the window from its end: a small piece holds the first page more often than not.
const PIECES_MS = [HOUR_MS, 12 * HOUR_MS, 7 * 24 * HOUR_MS];

/** What `toRecord` makes a record of. */
export const COLUMNS = `toString(id) AS id, toUnixTimestamp64Milli(time) AS time_ms, received_lag, domain, method, path, route,
  query, status, duration_us, bytes_in, bytes_out, protocol, headers, user_agent, referrer, consent, visitor_id,
  toString(client_key) AS client_key, toString(net_key) AS net_key, country, region, city, asn, as_org, network_kind,
  device_type, os_name, browser_name, is_bot, bot_name, bot_kind, bot_verified, threat_score, threat_sources,
  attack_score, attack_rules, origin`;

export interface RequestRow extends Record<string, unknown> {
  id: string;
  time_ms: number;
}

/** Reads one page by asking for ever larger pieces of the window, from its end. `run` executes a statement. */
export async function readPage(
  query: RequestsQuery,
  tenant: string,
  run: (sql: string, binder: Binder) => Promise<Record<string, unknown>[]>,
): Promise<RequestsPage> {
  const limit = Math.max(1, Math.min(MAX_LIMIT, Math.trunc(query.limit) || 1));
  const after = query.before ?? null;
  const rows: RequestRow[] = [];
  let end = after === null ? query.to : Math.min(query.to, after.time + 1);
  for (const piece of [...PIECES_MS, Infinity]) {
    const start = Math.max(query.from, end - piece);
    if (start >= end || rows.length > limit) break;
    const { sql, binder } = pieceSql(query, tenant, start, end, after, limit + 1 - rows.length);
    rows.push(...((await run(sql, binder)) as RequestRow[]));
    end = start;
  }
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next = rows.length > limit && last !== undefined ? { time: last.time_ms, id: last.id } : null;
  return { rows: page.map(toRecord), next };
}

/**
 * Reads one request; null: there is no row of it. An id that has a time, as those that hubs and edges give have, says about
 * where to look, but for what was imported later: only then is the column of ids read through.
 */
export async function readOne(
  id: string,
  tenant: string,
  run: (sql: string, binder: Binder) => Promise<Record<string, unknown>[]>,
): Promise<RequestRecord | null> {
  const at = timeOfUuid(id);
  for (const window of at === null ? [null] : [{ from: at - HOUR_MS, to: at + HOUR_MS }, null]) {
    const binder = createBinder();
    const conditions = [
      `tenant_id = ${binder.bind(tenant, 'UUID')}`,
      ...(window === null ? [] : [windowSql({ source: 'rows', ...window }, binder)]),
      `requests.id = ${binder.bind(id, 'UUID')}`,
    ];
    const [row] = await run(`SELECT ${COLUMNS}\nFROM requests\nWHERE ${conditions.join(' AND ')}\nLIMIT 1`, binder);
    if (row !== undefined) return toRecord(row as RequestRow);
  }
  return null;
}

function pieceSql(
  query: RequestsQuery,
  tenant: string,
  from: number,
  to: number,
  after: RequestPosition | null,
  limit: number,
): { sql: string; binder: Binder } {
  const binder = createBinder();
  const conditions = [
    `tenant_id = ${binder.bind(tenant, 'UUID')}`,
    windowSql({ source: 'rows', from, to }, binder),
    ...query.where.map((filter) => filterSql(filter, 'rows', binder)),
  ];
  if (after !== null) {
    const time = `fromUnixTimestamp64Milli(${binder.bind(after.time, 'Int64')}, 'UTC')`;
    conditions.push(`(time < ${time} OR (time = ${time} AND requests.id < ${binder.bind(after.id, 'UUID')}))`);
  }
  const sql = `SELECT ${COLUMNS}\nFROM requests\nWHERE ${conditions.join(' AND ')}\nORDER BY time DESC, requests.id DESC\nLIMIT ${limit}`;
  return { sql, binder };
}

/** A row of `COLUMNS` as it is shown. */
export function toRecord(row: RequestRow): RequestRecord {
  const text = (name: string) => String(row[name]);
  const known = (name: string, least = 0) => (Number(row[name]) < least ? null : Number(row[name]));
  const time = Number(row.time_ms);
  return {
    id: row.id,
    time: new Date(time).toISOString(),
    received: new Date(time + Number(row['received_lag'])).toISOString(),
    domain: text('domain'),
    method: text('method'),
    path: text('path'),
    route: text('route'),
    query: text('query'),
    status: known('status', 1),
    duration_ms: Number(row['duration_us']) < 0 ? null : Number(row['duration_us']) / 1000,
    bytes_in: known('bytes_in'),
    bytes_out: known('bytes_out'),
    protocol: text('protocol'),
    headers: row['headers'] as Record<string, string>,
    user_agent: row['user_agent'] as string | null,
    referrer: text('referrer'),
    consent: text('consent'),
    visitor_id: text('visitor_id'),
    client_key: text('client_key'),
    net_key: text('net_key'),
    country: text('country'),
    region: text('region'),
    city: text('city'),
    asn: known('asn', 1),
    network: text('as_org'),
    network_kind: text('network_kind'),
    device: text('device_type'),
    os: text('os_name'),
    browser: text('browser_name'),
    bot: row['is_bot'] === 1,
    bot_name: text('bot_name'),
    bot_kind: text('bot_kind'),
    bot_verified: row['bot_verified'] === 1,
    threat_score: known('threat_score'),
    threat_sources: row['threat_sources'] as string[],
    attack_score: known('attack_score'),
    attack_rules: row['attack_rules'] as string[],
    origin: text('origin'),
  };
}
