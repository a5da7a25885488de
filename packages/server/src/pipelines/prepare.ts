import type { Agent, Enricher, Network, Place } from '../model/enrichment.ts';
import type { RawRequest, Refusal, RequestOrigin } from '../model/request.ts';
import type { ClientKeys, StoredRequest } from '../model/stored-request.ts';
import { createIdSequence, type IdSequence } from '../model/uuid.ts';
import type { ClientKeyring } from '../privacy/client-keys.ts';
import { decideKeeping, isVisitorId, type Keeping } from '../privacy/consent.ts';
import type { TrafficPolicy } from '../privacy/policy.ts';
import { redactPath, redactQuery, trimReferrer } from '../privacy/redaction.ts';
import { DAY_MS, expiresOn } from '../privacy/retention.ts';
import { withoutCity } from './coarse-place.ts';
import { countedOf } from './counted-request.ts';

const EARLIEST = Date.UTC(1990, 0, 1);
const NO_SOURCES: readonly string[] = Object.freeze([]);
const VISITOR = 'vedette-visitor-id';

/** What a batch's requests have in common. */
export interface Context {
  tenantId: string;
  origin: RequestOrigin;
  /** ms since the epoch. */
  received: number;
  /** Host of records that name none. */
  fallbackHost: string;
  policy: TrafficPolicy;
}

/** One raw request to one stored request: enriched, keyed, decided by consent, redacted; or a refusal. */
export interface Prepare {
  (raw: RawRequest, context: Context): StoredRequest | Refusal;
  /** The same by parts, for a way in that meets the same parts again and again. */
  readonly parts?: PrepareParts;
}

/** What a row says of the client's address. */
export interface ClientPart {
  keys: ClientKeys;
  place: Place;
  network: Network;
}

/** What a row says of what was asked for. */
export interface TargetPart {
  domain: string;
  path: string;
  query: string;
  route: string;
}

/** What of a stored request follows from one part of the raw one alone. Together it is all of it. */
export interface PrepareParts {
  client(address: string, received: number): ClientPart;
  agent(userAgent: string | null): Agent;
  target(raw: Pick<RawRequest, 'host' | 'path' | 'query' | 'route'>, fallbackHost: string): TargetPart;
  referrer(referrer: string, keeping: Keeping): string;
  /** What is kept of a request. */
  keeping(raw: Pick<RawRequest, 'consent' | 'headers'>, agent: Agent, network: Network, policy: TrafficPolicy): Keeping;
  /** As much of a place as is kept. A shared object for a shared one. */
  place(place: Place, keeping: Keeping): Place;
  /** Day on which the row may be dropped; or why its time cannot be right. */
  expiry(time: number, keeping: Keeping, context: Context): number | Refusal;
  /** The first of so many ids that differ in their last ten hexadecimal digits only, which count up by one. */
  reserveIds(received: number, count: number): string;
}

export interface PrepareStages {
  enricher: Enricher;
  keyring: ClientKeyring;
  templateRoute: (path: string) => string;
}

/** The stages between a way in and the store, in the order a request meets them. */
export function createPrepare(stages: PrepareStages): Required<Prepare> & Prepare {
  const ids = createIdSequence();
  const parts = createParts(stages, ids);

  function prepare(raw: RawRequest, context: Context): StoredRequest | Refusal {
    const { received } = context;
    const { place, network, agent } = stages.enricher.enrich(raw.clientAddress, raw.userAgent);
    const keeping = parts.keeping(raw, agent, network, context.policy);
    const expiry = parts.expiry(raw.time, keeping, context);
    if (typeof expiry !== 'number') return expiry;
    const { domain, path, query, route } = parts.target(raw, context.fallbackHost);
    const row: StoredRequest = {
      id: raw.id === '' ? ids.next(received) : raw.id,
      tenantId: context.tenantId,
      domain,
      request: {
        ...raw,
        clientAddress: '',
        path,
        query,
        route,
        referrer: parts.referrer(raw.referrer, keeping),
        headers: withoutVisitor(raw.headers),
      },
      received,
      expiresOn: expiry,
      kept: keeping.row,
      consent: keeping.consent,
      visitorId: keeping.visitorId ? visitorOf(raw.headers) : '',
      keys: stages.keyring.keysFor(raw.clientAddress, received),
      place: parts.place(place, keeping),
      network,
      agent,
      botVerified: false,
      threatScore: null,
      threatSources: NO_SOURCES,
      attackScore: null,
      attackRules: NO_SOURCES,
      origin: context.origin,
    };
    return keeping.row ? row : countedOf(row);
  }
  return Object.assign(prepare, { parts });
}

function visitorOf(headers: RawRequest['headers']): string {
  const id = headers?.[VISITOR] ?? '';
  return isVisitorId(id) ? id : '';
}

/** The id has a column of its own, which is filled where that may be. */
function withoutVisitor(headers: RawRequest['headers']): RawRequest['headers'] {
  if (headers === null || !(VISITOR in headers)) return headers;
  const { [VISITOR]: _, ...others } = headers;
  return Object.keys(others).length === 0 ? null : others;
}

function createParts({ enricher, keyring, templateRoute }: PrepareStages, ids: IdSequence): PrepareParts {
  return {
    client(address, received) {
      const { place, network } = enricher.enrich(address, null);
      return { keys: keyring.keysFor(address, received), place, network };
    },
    agent: (userAgent) => enricher.enrich('', userAgent).agent,
    target({ host, path, query, route }, fallbackHost) {
      const redacted = redactPath(path);
      return {
        domain: host === '' ? fallbackHost : host,
        path: redacted,
        query: redactQuery(query),
        route: route === '' ? templateRoute(redacted) : route,
      };
    },
    referrer: (referrer, keeping) => trimReferrer(referrer, keeping.referrer),
    keeping: (raw, agent, network, policy) =>
      decideKeeping(
        {
          choice: raw.consent,
          gpc: raw.headers?.['sec-gpc'] === '1',
          dnt: raw.headers?.dnt === '1',
          isBot: agent.isBot,
          networkKind: network.kind,
          attackScore: null,
          threatScore: null,
        },
        policy.rules,
      ),
    place: (place, keeping) => (keeping.city ? place : withoutCity(place)),
    expiry(time, keeping, { received, policy: { retention } }) {
      if (!(time >= EARLIEST && time <= received + DAY_MS)) return implausibleTime(time, received);
      return expiresOn(time, received, retention[keeping.consent]);
    },
    reserveIds: (received, count) => ids.reserve(received, count),
  };
}

function implausibleTime(time: number, now: number): Refusal {
  const shown = Number.isFinite(time) && Math.abs(time) < 8.64e15 ? new Date(time).toISOString() : String(time);
  return {
    refused: 'implausible-time',
    detail: `time ${shown} is before 1990 or more than a day ahead of the hub’s clock (${new Date(now).toISOString()})`,
  };
}
