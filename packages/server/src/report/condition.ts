import type { Agent, Network, Place } from '../model/enrichment.ts';
import type { FieldName } from '../model/field.ts';
import { type Filter, matcher } from '../model/filter.ts';
import type { RawRequest } from '../model/request.ts';
import { CLASSES, type ClassIndex } from './cells.ts';

/**
 * Filters made ready: each is asked as rarely as its field allows. Those on the client's place and network are
 * answered once an address, those on the agent once a user agent, only the rest once a request.
 */
export interface Condition {
  client(place: Place, network: Network): boolean;
  agent(agent: Agent, userAgent: string | null): boolean;
  cls: readonly boolean[];
  /** null when no filter needs the request itself. */
  request: ((request: RawRequest) => boolean) | null;
}

type Value = string | number;

const CLIENT: Partial<Record<FieldName, (place: Place, network: Network) => Value>> = {
  country: (place) => place.country,
  region: (place) => place.region,
  city: (place) => place.city,
  asn: (_, network) => network.asn,
  network: (_, network) => network.asOrg,
  network_kind: (_, network) => network.kind,
};

const AGENT: Partial<Record<FieldName, (agent: Agent, userAgent: string | null) => Value>> = {
  device: (agent) => agent.deviceType,
  os: (agent) => agent.osName,
  browser: (agent) => agent.browserName,
  bot: (agent) => String(agent.isBot),
  bot_name: (agent) => agent.botName,
  bot_kind: (agent) => agent.botKind,
  user_agent: (_, userAgent) => userAgent ?? '',
};

const REQUEST: Partial<Record<FieldName, (request: RawRequest) => Value>> = {
  domain: (request) => request.host,
  method: (request) => request.method,
  path: (request) => request.path,
  route: (request) => request.route,
  query: (request) => request.query,
  status: (request) => (request.status === 0 ? NaN : request.status),
  status_class: (request) => (request.status === 0 ? '' : `${Math.floor(request.status / 100)}xx`),
  protocol: (request) => request.protocol,
  origin: () => 'import',
  duration_ms: (request) => (request.durationUs < 0 ? NaN : request.durationUs / 1000),
  bytes_in: (request) => request.bytesIn,
  bytes_out: (request) => request.bytesOut,
};

/** All filters together: a request is taken when each of them says yes. */
export function condition(filters: readonly Filter[]): Condition {
  const client: ((place: Place, network: Network) => boolean)[] = [];
  const agent: ((agent: Agent, userAgent: string | null) => boolean)[] = [];
  const request: ((request: RawRequest) => boolean)[] = [];
  const cls = CLASSES.map(() => true);
  for (const filter of filters) {
    const matches = matcher(filter);
    const ofClient = CLIENT[filter.field];
    const ofAgent = AGENT[filter.field];
    const ofRequest = REQUEST[filter.field];
    if (ofClient !== undefined) client.push((place, network) => matches(ofClient(place, network)));
    else if (ofAgent !== undefined) agent.push((found, userAgent) => matches(ofAgent(found, userAgent)));
    else if (ofRequest !== undefined) request.push((r) => matches(ofRequest(r)));
    else if (filter.field === 'referrer') request.push(referrerTest(filter, matches));
    else if (filter.field === 'class') for (const i of [0, 1, 2] as ClassIndex[]) cls[i] &&= matches(CLASSES[i]);
    else throw new Error(`no value for the field ${filter.field}`);
  }
  return {
    client: (place, network) => client.every((test) => test(place, network)),
    agent: (found, userAgent) => agent.every((test) => test(found, userAgent)),
    cls,
    request: request.length === 0 ? null : (r) => request.every((test) => test(r)),
  };
}

/** A referrer is met by its whole text or by its host alone, which is all the hub keeps of it. */
function referrerTest(filter: Filter, matches: (value: Value) => boolean): (request: RawRequest) => boolean {
  const hit = (value: string) => matches(value) !== filter.negated;
  return ({ referrer }) => (hit(referrer) || hit(referrerHost(referrer))) !== filter.negated;
}

/** Host of a referrer without port, in lower case; the referrer itself when it is no URL. */
export function referrerHost(referrer: string): string {
  const start = referrer.indexOf('://');
  if (start < 0) return referrer;
  const host = /^(?:[^/?#@]*@)?(\[[^\]/?#]*\]|[^:/?#]*)/.exec(referrer.slice(start + 3, start + 300))?.[1] ?? '';
  return host === '' ? referrer : host.toLowerCase();
}
