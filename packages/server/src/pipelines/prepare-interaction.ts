import type { Enricher } from '../model/enrichment.ts';
import type { RawBeacon, RawInteraction, StoredInteraction } from '../model/interaction.ts';
import { NO_KEYS } from '../model/stored-request.ts';
import type { ClientKeyring } from '../privacy/client-keys.ts';
import { decideKeeping, type Keeping } from '../privacy/consent.ts';
import type { InteractionPolicy } from '../privacy/interaction-policy.ts';
import { redactPath, redactQuery, redactTokens, trimReferrer } from '../privacy/redaction.ts';
import { expiresOn } from '../privacy/retention.ts';
import { countryOf, withoutCity } from './coarse-place.ts';
import type { NameBudget } from './name-budget.ts';

/** An event is not told later than that; what says more is taken for that old. */
const MOST_AGE_MS = 86_400_000;
// Kinds whose name people choose: what is not among the first so many of a site is counted together.
const FREELY_NAMED = new Set(['click', 'outbound', 'custom']);

export interface InteractionStages {
  enricher: Enricher;
  keyring: ClientKeyring;
  names: NameBudget;
}

/** A beacon to the interactions in it as the store takes them, one for each event, in order. */
export type PrepareInteractions = (
  beacon: RawBeacon,
  received: number,
  policy: InteractionPolicy,
) => StoredInteraction[];

/**
 * The stages between a beacon and the store: enriched as requests are, decided by the consent table, redacted, the
 * address replaced by keys. Of people who did not grant, nothing stays but what the roll-ups count: kind, name, value,
 * class, country, device type and the hour.
 */
export function createPrepareInteractions({ enricher, keyring, names }: InteractionStages): PrepareInteractions {
  return (beacon, received, policy) => {
    const { tenantId, domain, choice, clientAddress, userAgent } = beacon;
    const { place, network, agent } = enricher.enrich(clientAddress, userAgent);
    const { gpc, dnt } = beacon;
    const { isBot } = agent;
    const facts = { choice, gpc, dnt, isBot, networkKind: network.kind, attackScore: null, threatScore: null };
    const keeping = decideKeeping(facts, policy.rules);
    const kept = keeping.row && keeping.consent === 'granted';
    const common = {
      tenantId,
      domain,
      received,
      kept,
      expiresOn: expiresOn(received, received, policy.interactionDays),
      visitorId: kept && keeping.visitorId ? beacon.visitorId : '',
      keys: kept ? keyring.keysFor(clientAddress, received) : NO_KEYS,
      place: kept ? (keeping.city ? place : withoutCity(place)) : countryOf(place),
      network,
      agent,
    };
    return beacon.events.map((event) => ({
      ...common,
      id: event.id,
      kind: event.kind,
      time: received - Math.min(Math.max(event.age, 0), MOST_AGE_MS),
      name: nameOf(event, `${tenantId} ${domain}`, received, names),
      value: event.value,
      ...(kept ? pageOf(event, keeping.referrer) : NOTHING_OF_A_PAGE),
    }));
  };
}

const NOTHING_OF_A_PAGE = Object.freeze({ path: '', query: '', referrer: '' });

function pageOf(event: RawInteraction, most: Keeping['referrer']) {
  return {
    path: redactPath(event.path),
    // In the names of parameters, too.
    query: redactTokens(redactQuery(event.query)),
    referrer: redactTokens(trimReferrer(event.referrer, most)),
  };
}

function nameOf(event: RawInteraction, site: string, received: number, names: NameBudget): string {
  if (event.name === '') return '';
  const name = redactQuery(redactPath(event.name));
  return FREELY_NAMED.has(event.kind) ? names.within(site, name, received) : name;
}
