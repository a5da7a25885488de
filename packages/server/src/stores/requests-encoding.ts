import type { RawRequest } from '../model/request.ts';
import type { StoredRequest } from '../model/stored-request.ts';
import { NativeBlock } from './native-block.ts';
import { Codes, FixedColumns, SharedCodes } from './request-columns.ts';

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
const block = new NativeBlock();

/** Takes the rows of one batch one after another, so that none of them has to be kept until the batch is whole. */
export interface RowEncoder {
  add(row: StoredRequest): void;
  /** Rows taken so far. */
  readonly count: number;
  /** The rows as one block of ClickHouse's Native format, for `requests_in`; nothing for no rows. */
  finish(): Buffer;
}

/**
 * An encoder for at most `capacity` rows. A surrogate without its partner becomes U+FFFD, and fields over FIELD_LIMITS
 * are cut. Each row is looked at once, because a walk for each of 45 columns took four times as long; what enrichers
 * hand out as shared objects is turned into text once an object.
 */
export function createRowEncoder(capacity: number): RowEncoder {
  const columns = new RequestColumns(capacity);
  let count = 0;
  return {
    add(row) {
      columns.add(count, row);
      count += 1;
    },
    get count() {
      return count;
    },
    finish() {
      if (count === 0) return Buffer.alloc(0);
      block.begin(COLUMNS, count);
      columns.writeTo(block);
      return block.end();
    },
  };
}

/** Rows as one block; see createRowEncoder. */
export function encodeRows(rows: readonly StoredRequest[]): Buffer {
  const encoder = createRowEncoder(rows.length);
  for (const row of rows) encoder.add(row);
  return encoder.finish();
}

/** The columns of one batch while it is walked. */
class RequestColumns {
  readonly #fixed: FixedColumns;
  readonly #domain: Codes;
  readonly #consent: Codes;
  readonly #origin: Codes;
  readonly #method: Codes;
  readonly #path: Codes;
  readonly #route: Codes;
  readonly #protocol: Codes;
  readonly #referrer: Codes;
  readonly #userAgent: Codes;
  readonly #keys: SharedCodes<StoredRequest['keys']>;
  readonly #places: SharedCodes<StoredRequest['place']>;
  readonly #networks: SharedCodes<StoredRequest['network']>;
  readonly #agents: SharedCodes<StoredRequest['agent']>;
  readonly #visitors: string[] = [];
  readonly #queries: string[] = [];
  readonly #headers: (readonly [string, string][] | null)[] = [];
  readonly #threatSources: (readonly string[] | null)[] = [];
  readonly #attackRules: (readonly string[] | null)[] = [];

  constructor(rows: number) {
    const codes = (limit: number = FIELD_LIMITS.other) => new Codes(rows, limit);
    this.#fixed = new FixedColumns(rows);
    this.#domain = codes();
    this.#consent = codes();
    this.#origin = codes();
    this.#method = codes();
    this.#path = codes(FIELD_LIMITS.path);
    this.#route = codes(FIELD_LIMITS.path);
    this.#protocol = codes();
    this.#referrer = codes(FIELD_LIMITS.referrer);
    this.#userAgent = codes(FIELD_LIMITS.userAgent);
    this.#keys = new SharedCodes(rows);
    this.#places = new SharedCodes(rows);
    this.#networks = new SharedCodes(rows);
    this.#agents = new SharedCodes(rows);
  }

  add(at: number, row: StoredRequest): void {
    this.#fixed.add(at, row);
    this.#domain.add(at, row.domain.toLowerCase());
    this.#consent.add(at, row.consent);
    this.#origin.add(at, row.origin);
    this.#keys.add(at, row.keys);
    this.#places.add(at, row.place);
    this.#networks.add(at, row.network);
    this.#agents.add(at, row.agent);
    this.#visitors.push(cut(row.visitorId, FIELD_LIMITS.other));
    this.#threatSources.push(listed(row.threatSources));
    this.#attackRules.push(listed(row.attackRules));
    this.#addMessage(at, row.request);
  }

  #addMessage(at: number, request: RawRequest): void {
    this.#method.add(at, request.method);
    this.#path.add(at, request.path);
    this.#route.add(at, request.route);
    this.#protocol.add(at, request.protocol);
    this.#referrer.add(at, request.referrer);
    this.#userAgent.add(at, request.userAgent ?? '');
    this.#queries.push(cut(request.query, FIELD_LIMITS.query));
    this.#headers.push(request.headers === null ? null : headerEntries(request.headers));
  }

  writeTo(to: NativeBlock): void {
    this.#fixed.writeTo(to);
    this.#domain.writeTo(to, 'domain');
    this.#consent.writeTo(to, 'consent');
    this.#origin.writeTo(to, 'origin');
    to.texts('visitor_id', this.#visitors);
    this.#writeClient(to);
    this.#method.writeTo(to, 'method');
    this.#path.writeTo(to, 'path');
    this.#route.writeTo(to, 'route');
    this.#protocol.writeTo(to, 'protocol');
    this.#referrer.writeTo(to, 'referrer');
    this.#userAgent.writeTo(to, 'user_agent');
    to.texts('query', this.#queries);
    to.maps('headers', this.#headers);
    to.lists('threat_sources', this.#threatSources);
    to.lists('attack_rules', this.#attackRules);
  }

  #writeClient(to: NativeBlock): void {
    const [keys, places, networks, agents] = [this.#keys, this.#places, this.#networks, this.#agents];
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
