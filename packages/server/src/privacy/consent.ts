import type { NetworkKind } from '../model/enrichment.ts';
import type { ConsentChoice } from '../model/request.ts';

/** All that the decision looks at. Scores and network kind may be unknown yet (null). */
export interface ConsentFacts {
  choice: ConsentChoice;
  /** `Sec-GPC: 1` was sent (Global Privacy Control). */
  gpc: boolean;
  isBot: boolean;
  networkKind: NetworkKind | null;
  /** 0–100; null while unknown. Above 0 is a match. */
  attackScore: number | null;
  threatScore: number | null;
}

/** What a request's row may hold. */
export interface Keeping {
  /** false: counted in the roll-ups only. */
  row: boolean;
  /** The class under which it is stored and retained. */
  consent: ConsentChoice;
  visitorId: boolean;
  city: boolean;
  referrer: 'full' | 'host';
}

const FULL: Keeping = Object.freeze({ row: true, consent: 'granted', visitorId: true, city: true, referrer: 'full' });
const PSEUDONYMOUS: Keeping = Object.freeze({
  row: true,
  consent: 'unknown',
  visitorId: false,
  city: true,
  referrer: 'host',
});
const FLAGGED: Keeping = Object.freeze({
  row: true,
  consent: 'refused',
  visitorId: false,
  city: false,
  referrer: 'host',
});
const COUNTED: Keeping = Object.freeze({
  row: false,
  consent: 'refused',
  visitorId: false,
  city: false,
  referrer: 'host',
});

/**
 * Decides what is kept of a request. Granted: the full row. Unknown (no choice yet, API clients, imported logs): a
 * pseudonymous row. Refused, or GPC without an explicit grant: counted only, but a pseudonymous row without city for
 * a bot, a hosting network, or a matched attack or indicator, because those are no person's visit.
 */
export function decideKeeping(facts: ConsentFacts): Keeping {
  if (facts.choice === 'granted') return FULL;
  if (facts.choice === 'unknown' && !facts.gpc) return PSEUDONYMOUS;
  const noPersonsVisit =
    facts.isBot ||
    facts.networkKind === 'hosting' ||
    (facts.attackScore !== null && facts.attackScore > 0) ||
    (facts.threatScore !== null && facts.threatScore > 0);
  return noPersonsVisit ? FLAGGED : COUNTED;
}
