import type { Agent, Network, Place } from '../model/enrichment.ts';
import type { ConsentChoice, RequestOrigin } from '../model/request.ts';
import type { ClientKeys } from '../model/stored-request.ts';
import type { RequestColumns } from './request-columns.ts';

/** What coded rows have in common: they are kept, without visitor, headers, scores, duration and incoming bytes. */
export interface CodedCommon {
  tenantId: string;
  /** ms since the epoch. */
  received: number;
  consent: ConsentChoice;
  origin: RequestOrigin;
  /** Id of the block's first row if that is a coded one; the last ten digits count the rows from there. */
  firstId: string;
}

/** What each coded row says for itself; times in ms, `expiresOn` in days since the epoch. */
export interface CodedNumbers {
  time: number;
  expiresOn: number;
  status: number;
  bytesOut: number;
}

/** What was asked for. */
export interface CodedTarget {
  method: string;
  domain: string;
  path: string;
  query: string;
  route: string;
  protocol: string;
}

const TARGET_PLACES = 5;
const CLIENT_PLACES = 3;
const AGENT_PLACES = 3;

/**
 * Rows given by the numbers of parts that many of them share: a part is put into the block's dictionaries once, and a
 * row then costs a few numbers, a tenth of what it costs as an object.
 */
export class CodedRows {
  readonly #columns: RequestColumns;
  readonly #firstCount: number;
  readonly #consent: number;
  readonly #origin: number;
  /** Places in the dictionaries of the columns, so many for each part. */
  readonly #clients: number[] = [];
  readonly #agents: number[] = [];
  readonly #targets: number[] = [];
  readonly #queries: string[] = [];

  /** For the rows that the columns get from now on. */
  constructor(columns: RequestColumns, common: CodedCommon) {
    this.#columns = columns;
    this.#firstCount = Number.parseInt(common.firstId.slice(-10), 16);
    this.#consent = columns.consent.place(common.consent);
    this.#origin = columns.origin.place(common.origin);
    columns.fixed.prepare(common, columns.count);
  }

  /** The number of a client, for `add`. Place and network are shared objects. */
  client(keys: ClientKeys, place: Place, network: Network): number {
    const columns = this.#columns;
    this.#clients.push(columns.keys.place(keys), columns.places.place(place), columns.networks.place(network));
    return this.#clients.length / CLIENT_PLACES - 1;
  }

  /** The number of a user agent, null when the source does not say. */
  agent(userAgent: string | null, agent: Agent): number {
    const known = userAgent === null ? 0 : 1;
    this.#agents.push(this.#columns.userAgent.place(userAgent ?? ''), this.#columns.agents.place(agent), known);
    return this.#agents.length / AGENT_PLACES - 1;
  }

  target({ method, domain, path, query, route, protocol }: CodedTarget): number {
    const columns = this.#columns;
    this.#targets.push(
      columns.method.place(method),
      columns.domain.place(domain.toLowerCase()),
      columns.path.place(path),
      columns.route.place(route),
      columns.protocol.place(protocol),
    );
    this.#queries.push(query);
    return this.#queries.length - 1;
  }

  referrer(text: string): number {
    return this.#columns.referrer.place(text);
  }

  /** Adds a row by the numbers of its parts. */
  add(client: number, agent: number, target: number, referrer: number, numbers: CodedNumbers): void {
    const columns = this.#columns;
    const at = columns.count++;
    columns.fixed.addCoded(at, this.#firstCount + at, numbers);
    columns.consent.set(at, this.#consent);
    columns.origin.set(at, this.#origin);
    const clients = this.#clients;
    columns.keys.set(at, clients[CLIENT_PLACES * client] as number);
    columns.places.set(at, clients[CLIENT_PLACES * client + 1] as number);
    columns.networks.set(at, clients[CLIENT_PLACES * client + 2] as number);
    const agents = this.#agents;
    columns.userAgent.set(at, agents[AGENT_PLACES * agent] as number);
    columns.agents.set(at, agents[AGENT_PLACES * agent + 1] as number);
    columns.fixed.setAgentKnown(at, agents[AGENT_PLACES * agent + 2] as number);
    const targets = this.#targets;
    const first = TARGET_PLACES * target;
    columns.method.set(at, targets[first] as number);
    columns.domain.set(at, targets[first + 1] as number);
    columns.path.set(at, targets[first + 2] as number);
    columns.route.set(at, targets[first + 3] as number);
    columns.protocol.set(at, targets[first + 4] as number);
    columns.referrer.set(at, referrer);
    columns.setQuery(at, this.#queries[target] as string);
  }
}
