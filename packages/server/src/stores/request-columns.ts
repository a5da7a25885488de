import type { RawRequest } from '../model/request.ts';
import type { StoredRequest } from '../model/stored-request.ts';
import { Codes, SharedCodes } from './codes.ts';
import { FixedColumns } from './fixed-columns.ts';
import type { NativeBlock } from './native-block.ts';

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

/** The columns of one batch while it is walked. */
export class RequestColumns {
  /** The most rows there is room for. */
  readonly capacity: number;
  /** Rows so far. */
  count = 0;
  readonly fixed: FixedColumns;
  readonly domain: Codes;
  readonly consent: Codes;
  readonly origin: Codes;
  readonly method: Codes;
  readonly path: Codes;
  readonly route: Codes;
  readonly protocol: Codes;
  readonly referrer: Codes;
  readonly userAgent: Codes;
  readonly keys: SharedCodes<StoredRequest['keys']>;
  readonly places: SharedCodes<StoredRequest['place']>;
  readonly networks: SharedCodes<StoredRequest['network']>;
  readonly agents: SharedCodes<StoredRequest['agent']>;
  /** What few rows have, by row. */
  readonly #visitors = new Map<number, string>();
  readonly #queries = new Map<number, string>();
  readonly #headers = new Map<number, readonly [string, string][]>();
  readonly #threatSources = new Map<number, readonly string[]>();
  readonly #attackRules = new Map<number, readonly string[]>();

  constructor(rows: number) {
    const codes = (limit: number = FIELD_LIMITS.other) => new Codes(rows, limit);
    this.capacity = rows;
    this.fixed = new FixedColumns(rows);
    this.domain = codes();
    this.consent = codes();
    this.origin = codes();
    this.method = codes();
    this.path = codes(FIELD_LIMITS.path);
    this.route = codes(FIELD_LIMITS.path);
    this.protocol = codes();
    this.referrer = codes(FIELD_LIMITS.referrer);
    this.userAgent = codes(FIELD_LIMITS.userAgent);
    this.keys = new SharedCodes(rows);
    this.places = new SharedCodes(rows);
    this.networks = new SharedCodes(rows);
    this.agents = new SharedCodes(rows);
  }

  add(row: StoredRequest): void {
    const at = this.count++;
    this.fixed.add(at, row);
    this.domain.add(at, row.domain.toLowerCase());
    this.consent.add(at, row.consent);
    this.origin.add(at, row.origin);
    this.keys.add(at, row.keys);
    this.places.add(at, row.place);
    this.networks.add(at, row.network);
    this.agents.add(at, row.agent);
    this.#addMessage(at, row.request);
    if (row.visitorId !== '') this.#visitors.set(at, cut(row.visitorId, FIELD_LIMITS.other));
    if (row.threatSources.length > 0) this.#threatSources.set(at, listed(row.threatSources));
    if (row.attackRules.length > 0) this.#attackRules.set(at, listed(row.attackRules));
  }

  setQuery(at: number, query: string): void {
    if (query !== '') this.#queries.set(at, cut(query, FIELD_LIMITS.query));
  }

  #addMessage(at: number, request: RawRequest): void {
    this.method.add(at, request.method);
    this.path.add(at, request.path);
    this.route.add(at, request.route);
    this.protocol.add(at, request.protocol);
    this.referrer.add(at, request.referrer);
    this.userAgent.add(at, request.userAgent ?? '');
    this.setQuery(at, request.query);
    if (request.headers !== null) this.#headers.set(at, headerEntries(request.headers));
  }

  writeTo(to: NativeBlock): void {
    this.fixed.writeTo(to);
    this.domain.writeTo(to, 'domain');
    this.consent.writeTo(to, 'consent');
    this.origin.writeTo(to, 'origin');
    to.texts('visitor_id', this.#visitors);
    this.#writeClient(to);
    this.method.writeTo(to, 'method');
    this.path.writeTo(to, 'path');
    this.route.writeTo(to, 'route');
    this.protocol.writeTo(to, 'protocol');
    this.referrer.writeTo(to, 'referrer');
    this.userAgent.writeTo(to, 'user_agent');
    to.texts('query', this.#queries);
    to.maps('headers', this.#headers);
    to.lists('threat_sources', this.#threatSources);
    to.lists('attack_rules', this.#attackRules);
  }

  /** Empties the columns for the next batch. */
  clear(): void {
    this.count = 0;
    const coded = [this.domain, this.consent, this.origin, this.method, this.path, this.route, this.protocol];
    const shared = [this.keys, this.places, this.networks, this.agents];
    for (const codes of [...coded, this.referrer, this.userAgent, ...shared]) codes.clear();
    const loose = [this.#visitors, this.#queries, this.#headers, this.#threatSources, this.#attackRules];
    for (const values of loose) values.clear();
  }

  #writeClient(to: NativeBlock): void {
    const [keys, places, networks, agents] = [this.keys, this.places, this.networks, this.agents];
    keys.writeNumbers(to, 'client_key', 'UInt64', ({ client }) => BigInt(client));
    keys.writeNumbers(to, 'net_key', 'UInt64', ({ net }) => BigInt(net));
    keys.writeNumbers(to, 'site_key', 'UInt64', ({ site }) => BigInt(site));
    keys.writeNumbers(to, 'key_day', 'UInt16', ({ day }) => day);
    const text = (value: string) => cut(value, FIELD_LIMITS.other);
    places.writeTexts(to, 'country', (place) => text(place.country));
    places.writeTexts(to, 'region', (place) => text(place.region));
    places.writeTexts(to, 'city', (place) => text(place.city));
    networks.writeNumbers(to, 'asn', 'UInt32', ({ asn }) => asn);
    networks.writeTexts(to, 'as_org', (network) => text(network.asOrg));
    networks.writeTexts(to, 'isp', (network) => text(network.isp));
    networks.writeTexts(to, 'network_kind', (network) => network.kind);
    agents.writeTexts(to, 'device_type', (agent) => agent.deviceType);
    agents.writeTexts(to, 'os_name', (agent) => text(agent.osName));
    agents.writeTexts(to, 'browser_name', (agent) => text(agent.browserName));
    agents.writeNumbers(to, 'is_bot', 'UInt8', ({ isBot }) => (isBot ? 1 : 0));
    agents.writeTexts(to, 'bot_name', (agent) => text(agent.botName));
    agents.writeTexts(to, 'bot_kind', (agent) => agent.botKind);
  }
}

function cut(text: string, limit: number): string {
  return text.length > limit ? text.slice(0, limit) : text;
}

function listed(list: readonly string[]): readonly string[] {
  return list.slice(0, FIELD_LIMITS.list).map((text) => cut(text, FIELD_LIMITS.other));
}

function headerEntries(headers: Record<string, string>): [string, string][] {
  const entries: [string, string][] = [];
  let size = 0;
  for (const [name, value] of Object.entries(headers)) {
    size += name.length + value.length;
    if (size > FIELD_LIMITS.headers) break;
    entries.push([name, value]);
  }
  return entries;
}
