import { GenerationCache } from '../flow/generation-cache.ts';
import {
  type Agent,
  type Enricher,
  type Network,
  NO_AGENT,
  NO_NETWORK,
  NO_PLACE,
  type Place,
} from '../model/enrichment.ts';
import type { RawRequest } from '../model/request.ts';
import { BOTS, CELLS, type ClassIndex, HOSTING, PEOPLE } from './cells.ts';
import { type Condition, condition } from './condition.ts';
import { DurationSketch } from './duration-sketch.ts';
import { ownText } from './own-text.ts';
import { countsOf, type TallyData } from './tally-data.ts';
import { hashText, mix } from './text-hash.ts';
import { TimeSeries } from './time-series.ts';
import { type TableLimit, TopTable } from './top-table.ts';
import { VisitorCount } from './visitor-count.ts';
import type { Window } from './window.ts';

/** What is remembered of one address, so that the next request of it costs one look-up. */
interface Client {
  network: Network;
  place: Place;
  low: number;
  high: number;
  taken: boolean;
  hosting: boolean;
  networkSlot: number;
  networkGeneration: number;
  placeSlot: number;
  placeGeneration: number;
}

/** What is remembered of one user agent. */
interface KnownAgent {
  agent: Agent;
  low: number;
  high: number;
  taken: boolean;
  isBot: boolean;
  agentSlot: number;
  agentGeneration: number;
  userAgentSlot: number;
  userAgentGeneration: number;
}

const REMEMBERED = 1 << 15;
/** Longer texts are looked up again each time rather than remembered. */
const LONGEST_REMEMBERED = 2048;
const NO_USER_AGENT = '\u0000';

export interface TallyOptions {
  enricher: Enricher;
  window: Window;
  condition: Condition;
  /** Whether to count single addresses. */
  clients: boolean;
  /** For tests: how much a table holds. */
  limit?: TableLimit;
}

/**
 * Counts requests in all the ways the report shows them, in bounded memory. What it gives as data can be merged with
 * that of other tallies, in any order.
 */
export class Tally {
  readonly #enricher: Enricher;
  readonly #window: Window;
  readonly #condition: Condition;
  readonly #countClients: boolean;
  readonly #clients = new GenerationCache<string, Client>(REMEMBERED);
  readonly #agents = new GenerationCache<string, KnownAgent>(REMEMBERED);
  readonly #counts = countsOf();
  readonly #series = new TimeSeries();
  readonly #statuses = new Float64Array(1000 * CELLS);
  readonly #durations = [new DurationSketch(), new DurationSketch(), new DurationSketch()];
  readonly #visitors = [new VisitorCount(), new VisitorCount(), new VisitorCount()];
  readonly #paths: TopTable;
  readonly #hosts: TopTable;
  readonly #referrers: TopTable;
  readonly #places: TopTable;
  readonly #networks: TopTable;
  readonly #agentTable: TopTable;
  readonly #userAgents: TopTable;
  readonly #methods: TopTable;
  readonly #protocols: TopTable;
  readonly #addresses: TopTable;
  #lastAddress: string | undefined;
  #lastClient: Client | undefined;
  #lastUserAgent: string | null = null;
  #lastAgent: KnownAgent | undefined;
  readonly #hash = new Uint32Array(2);

  constructor(options: TallyOptions) {
    this.#enricher = options.enricher;
    this.#window = options.window;
    this.#condition = options.condition;
    this.#countClients = options.clients;
    const table = () => new TopTable(options.limit);
    this.#paths = table();
    this.#hosts = table();
    this.#referrers = table();
    this.#places = table();
    this.#networks = table();
    this.#agentTable = table();
    this.#userAgents = table();
    this.#methods = table();
    this.#protocols = table();
    this.#addresses = table();
  }

  /** The tally of nothing. */
  static empty(): TallyData {
    const enricher = { enrich: () => ({ place: NO_PLACE, network: NO_NETWORK, agent: NO_AGENT }) };
    const window = { from: -Infinity, to: Infinity };
    return new Tally({ enricher, window, condition: condition([]), clients: false }).data();
  }

  /** Takes one request, unless it lies outside the window or a filter keeps it out. */
  add(request: RawRequest): void {
    const counts = this.#counts;
    const { time } = request;
    if (time < counts.oldest) counts.oldest = time;
    if (time > counts.newest) counts.newest = time;
    if (time < this.#window.from || time >= this.#window.to) {
      counts.outside++;
      return;
    }
    const client = this.#client(request.clientAddress);
    const agent = this.#agent(request.userAgent);
    const cls = agent.isBot ? BOTS : client.hosting ? HOSTING : PEOPLE;
    const own = this.#condition.request;
    if (!client.taken || !agent.taken || !this.#condition.cls[cls] || (own !== null && !own(request))) {
      counts.filtered++;
      return;
    }
    this.#count(request, client, agent, cls);
  }

  #count(request: RawRequest, client: Client, agent: KnownAgent, cls: ClassIndex): void {
    const counts = this.#counts;
    const { time, status, durationUs } = request;
    if (time < counts.first) counts.first = time;
    if (time > counts.last) counts.last = time;
    const bytes = request.bytesOut > 0 ? request.bytesOut : 0;
    const error = status >= 400 ? 1 : 0;
    counts.requests[cls] = (counts.requests[cls] as number) + 1;
    counts.bytes[cls] = (counts.bytes[cls] as number) + bytes;
    if (status >= 500) counts.serverErrors[cls] = (counts.serverErrors[cls] as number) + 1;
    else if (error === 1) counts.clientErrors[cls] = (counts.clientErrors[cls] as number) + 1;
    this.#series.count(time, cls, bytes, error);
    const at = (status > 0 && status < 1000 ? status : 0) * CELLS;
    const statuses = this.#statuses;
    statuses[at + cls] = (statuses[at + cls] as number) + 1;
    statuses[at + 3] = (statuses[at + 3] as number) + bytes;
    statuses[at + 4] = (statuses[at + 4] as number) + error;
    if (durationUs >= 0) (this.#durations[cls] as DurationSketch).add(durationUs);
    // Without an address (a log of host names), who is another visitor cannot be told.
    if (request.clientAddress !== '') {
      const low = mix(client.low ^ agent.high);
      (this.#visitors[cls] as VisitorCount).add(low, mix(client.high ^ agent.low ^ low));
    }
    this.#paths.count(this.#paths.slot(request.path), cls, bytes, error);
    this.#hosts.count(this.#hosts.slot(request.host), cls, bytes, error);
    this.#referrers.count(this.#referrers.slot(withoutQuery(request.referrer)), cls, bytes, error);
    this.#methods.count(this.#methods.slot(request.method), cls, bytes, error);
    this.#protocols.count(this.#protocols.slot(request.protocol), cls, bytes, error);
    if (this.#countClients) this.#addresses.count(this.#addresses.slot(request.clientAddress), cls, bytes, error);
    this.#countClient(client, cls, bytes, error);
    this.#countAgent(agent, request.userAgent, cls, bytes, error);
  }

  #countClient(client: Client, cls: ClassIndex, bytes: number, error: 0 | 1): void {
    if (client.placeGeneration !== this.#places.generation) {
      const { country, region, city } = client.place;
      client.placeSlot = this.#places.slot(`${country}\t${region}\t${city}`);
      client.placeGeneration = this.#places.generation;
    }
    this.#places.count(client.placeSlot, cls, bytes, error);
    if (client.networkGeneration !== this.#networks.generation) {
      const { asn, asOrg, kind } = client.network;
      client.networkSlot = this.#networks.slot(`${asn}\t${kind}\t${asOrg}`);
      client.networkGeneration = this.#networks.generation;
    }
    this.#networks.count(client.networkSlot, cls, bytes, error);
  }

  #countAgent(known: KnownAgent, userAgent: string | null, cls: ClassIndex, bytes: number, error: 0 | 1): void {
    if (known.agentGeneration !== this.#agentTable.generation) {
      const { deviceType, osName, browserName, botKind, botName } = known.agent;
      known.agentSlot = this.#agentTable.slot(`${deviceType}\t${osName}\t${browserName}\t${botKind}\t${botName}`);
      known.agentGeneration = this.#agentTable.generation;
    }
    this.#agentTable.count(known.agentSlot, cls, bytes, error);
    if (userAgent === null) return;
    if (known.userAgentGeneration !== this.#userAgents.generation) {
      known.userAgentSlot = this.#userAgents.slot(userAgent);
      known.userAgentGeneration = this.#userAgents.generation;
    }
    this.#userAgents.count(known.userAgentSlot, cls, bytes, error);
  }

  /** A page and what it needs come in a row, so the client of the last request is often that of the next. */
  #client(address: string): Client {
    if (address !== this.#lastAddress) {
      this.#lastClient = this.#clients.get(address) ?? this.#meetClient(address);
      this.#lastAddress = address;
    }
    return this.#lastClient as Client;
  }

  #agent(userAgent: string | null): KnownAgent {
    if (userAgent !== this.#lastUserAgent || this.#lastAgent === undefined) {
      this.#lastAgent = this.#agents.get(userAgent ?? NO_USER_AGENT) ?? this.#meetAgent(userAgent);
      this.#lastUserAgent = userAgent;
    }
    return this.#lastAgent;
  }

  #meetClient(address: string): Client {
    // The enricher keeps what it is given: it must not be a slice of the block.
    const own = ownText(address);
    const { place, network } = this.#enricher.enrich(own, null);
    hashText(address, this.#hash);
    const client: Client = {
      place,
      network,
      low: this.#hash[0] as number,
      high: this.#hash[1] as number,
      taken: this.#condition.client(place, network),
      hosting: network.kind === 'hosting',
      networkSlot: 0,
      networkGeneration: -1,
      placeSlot: 0,
      placeGeneration: -1,
    };
    this.#clients.set(own, client);
    return client;
  }

  #meetAgent(userAgent: string | null): KnownAgent {
    const own = userAgent === null ? null : ownText(userAgent, LONGEST_REMEMBERED);
    const { agent } = this.#enricher.enrich('', own);
    const key = userAgent ?? NO_USER_AGENT;
    hashText(key, this.#hash);
    const known: KnownAgent = {
      agent,
      low: this.#hash[0] as number,
      high: this.#hash[1] as number,
      taken: this.#condition.agent(agent, userAgent),
      isBot: agent.isBot,
      agentSlot: 0,
      agentGeneration: -1,
      userAgentSlot: 0,
      userAgentGeneration: -1,
    };
    if (key.length <= LONGEST_REMEMBERED) this.#agents.set(own ?? NO_USER_AGENT, known);
    return known;
  }

  /** All that was counted, as plain data. */
  data(): TallyData {
    return {
      counts: this.#counts,
      series: this.#series.data(),
      statuses: this.#statuses,
      durations: this.#durations.map((sketch) => sketch.data),
      visitors: this.#visitors.map((count) => count.data()),
      tables: {
        paths: this.#paths.data(),
        hosts: this.#hosts.data(),
        referrers: this.#referrers.data(),
        places: this.#places.data(),
        networks: this.#networks.data(),
        agents: this.#agentTable.data(),
        userAgents: this.#userAgents.data(),
        methods: this.#methods.data(),
        protocols: this.#protocols.data(),
        addresses: this.#addresses.data(),
      },
    };
  }
}

/** A referrer without query and fragment, which seldom repeat and often hold what is nobody's business. */
function withoutQuery(referrer: string): string {
  if (referrer === '') return referrer;
  const query = referrer.indexOf('?');
  const end = query < 0 ? referrer.indexOf('#') : query;
  return end < 0 ? referrer : referrer.slice(0, end);
}
