import type { Enricher, Place } from '../model/enrichment.ts';
import type { RawRequest, Refusal, RequestOrigin } from '../model/request.ts';
import type { StoredRequest } from '../model/stored-request.ts';
import { createIdSequence } from '../model/uuid.ts';
import type { ClientKeyring } from '../privacy/client-keys.ts';
import { decideKeeping } from '../privacy/consent.ts';
import { redactPath, redactQuery, trimReferrer } from '../privacy/redaction.ts';
import { DAY_MS, expiresOn, type RetentionDays } from '../privacy/retention.ts';

const EARLIEST = Date.UTC(1990, 0, 1);
const NO_SOURCES: readonly string[] = Object.freeze([]);

/** What a batch's requests have in common. */
export interface Context {
  tenantId: string;
  origin: RequestOrigin;
  /** ms since the epoch. */
  received: number;
  /** Host of records that name none. */
  fallbackHost: string;
  retention: RetentionDays;
}

/** One raw request to one stored request: enriched, keyed, decided by consent, redacted; or a refusal. */
export type Prepare = (raw: RawRequest, context: Context) => StoredRequest | Refusal;

export interface PrepareStages {
  enricher: Enricher;
  keyring: ClientKeyring;
  templateRoute: (path: string) => string;
}

/** The stages between a way in and the store, in the order a request meets them. */
export function createPrepare({ enricher, keyring, templateRoute }: PrepareStages): Prepare {
  const nextId = createIdSequence();
  const cityless = new WeakMap<Place, Place>();

  return (raw, context) => {
    if (!(raw.time >= EARLIEST && raw.time <= context.received + DAY_MS)) return implausibleTime(raw.time);
    const { place, network, agent } = enricher.enrich(raw.clientAddress, raw.userAgent);
    const keeping = decideKeeping({
      choice: raw.consent,
      gpc: raw.headers?.['sec-gpc'] === '1',
      isBot: agent.isBot,
      networkKind: network.kind,
      attackScore: null,
      threatScore: null,
    });
    const path = redactPath(raw.path);
    return {
      id: raw.id === '' ? nextId(context.received) : raw.id,
      tenantId: context.tenantId,
      domain: raw.host === '' ? context.fallbackHost : raw.host,
      request: {
        ...raw,
        clientAddress: '',
        path,
        query: redactQuery(raw.query),
        route: raw.route === '' ? templateRoute(path) : raw.route,
        referrer: trimReferrer(raw.referrer, keeping.referrer),
      },
      received: context.received,
      expiresOn: expiresOn(raw.time, context.received, context.retention[keeping.consent]),
      kept: keeping.row,
      consent: keeping.consent,
      visitorId: keeping.visitorId ? (raw.headers?.['vedette-visitor-id'] ?? '') : '',
      keys: keyring.keysFor(raw.clientAddress, context.received),
      place: keeping.city ? place : withoutCity(place, cityless),
      network,
      agent,
      botVerified: false,
      threatScore: null,
      threatSources: NO_SOURCES,
      attackScore: null,
      attackRules: NO_SOURCES,
      origin: context.origin,
    };
  };
}

function implausibleTime(time: number): Refusal {
  const shown = Number.isFinite(time) && Math.abs(time) < 8.64e15 ? new Date(time).toISOString() : String(time);
  return { refused: 'implausible-time', detail: `time ${shown} is before 1990 or more than a day ahead` };
}

/** Shared by place, so that encoders that cache by identity still can. */
function withoutCity(place: Place, cache: WeakMap<Place, Place>): Place {
  let cut = cache.get(place);
  if (cut === undefined) {
    cut = Object.freeze({ country: place.country, region: place.region, city: '' });
    cache.set(place, cut);
  }
  return cut;
}
