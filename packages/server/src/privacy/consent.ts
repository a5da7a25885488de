import type { PrivacyPolicy } from '@vedette/contract';
import type { NetworkKind } from '../model/enrichment.ts';
import type { ConsentChoice } from '../model/request.ts';

/** All that the decision looks at. Scores and network kind may be unknown yet (null). */
export interface ConsentFacts {
  choice: ConsentChoice;
  /** `Sec-GPC: 1` was sent (Global Privacy Control). */
  gpc: boolean;
  /** `DNT: 1` was sent (Do Not Track). */
  dnt: boolean;
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
  referrer: 'full' | 'host' | 'none';
}

/** What is kept by a policy, in each case there is. Frozen, and the same object for policies that say the same. */
export interface KeepingRules {
  granted: Keeping;
  /** Nobody's choice is known: of a person, and of what is no person's visit. */
  unknown: Keeping;
  unknownFlagged: Keeping;
  refused: Keeping;
  refusedFlagged: Keeping;
  honourDnt: boolean;
}

type Minimising = Pick<PrivacyPolicy, 'unknown' | 'city' | 'referrer' | 'honour_dnt'>;

const known = new Map<string, KeepingRules>();

/** The consent table as a policy has it: never more than the table allows. */
export function keepingRules({ unknown, city, referrer, honour_dnt: honourDnt }: Minimising): KeepingRules {
  const name = `${unknown} ${city} ${referrer} ${honourDnt}`;
  let rules = known.get(name);
  if (rules === undefined) {
    const host = referrer === 'full' ? 'host' : referrer;
    const pseudonymous = keep({ row: true, consent: 'unknown', city, referrer: host });
    const counts = unknown === 'counted';
    rules = Object.freeze({
      granted: keep({ row: true, consent: 'granted', visitorId: true, city, referrer }),
      unknown: counts ? keep({ row: false, consent: 'unknown' }) : pseudonymous,
      unknownFlagged: counts ? keep({ row: true, consent: 'unknown', referrer: host }) : pseudonymous,
      refused: keep({ row: false, consent: 'refused' }),
      refusedFlagged: keep({ row: true, consent: 'refused', referrer: host }),
      honourDnt,
    });
    known.set(name, rules);
  }
  return rules;
}

function keep(more: Pick<Keeping, 'row' | 'consent'> & Partial<Keeping>): Keeping {
  return Object.freeze({ visitorId: false, city: false, referrer: 'none', ...more });
}

export const DEFAULT_RULES = keepingRules({ unknown: 'pseudonymous', city: true, referrer: 'full', honour_dnt: false });

/**
 * Decides what is kept of a request. Granted: the full row. Unknown (no choice yet, API clients, imported logs): a
 * pseudonymous row. Refused, or GPC without an explicit grant: counted only, but a pseudonymous row without city for
 * a bot, a hosting network, or a matched attack or indicator, because those are no person's visit. Where a policy has
 * the unknown counted, the same holds for them.
 */
export function decideKeeping(facts: ConsentFacts, rules: KeepingRules = DEFAULT_RULES): Keeping {
  if (facts.choice === 'granted') return rules.granted;
  const noPersonsVisit =
    facts.isBot ||
    facts.networkKind === 'hosting' ||
    (facts.attackScore !== null && facts.attackScore > 0) ||
    (facts.threatScore !== null && facts.threatScore > 0);
  if (facts.choice === 'unknown' && !facts.gpc && !(facts.dnt && rules.honourDnt)) {
    return noPersonsVisit ? rules.unknownFlagged : rules.unknown;
  }
  return noPersonsVisit ? rules.refusedFlagged : rules.refused;
}

/** 32 hexadecimal digits: what the browser script makes, and nothing else is taken for one. */
export function isVisitorId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}
