import { expect, test } from 'vitest';
import { NETWORK_KINDS, type NetworkKind } from '../model/enrichment.ts';
import type { ConsentChoice } from '../model/request.ts';
import { type ConsentFacts, DEFAULT_RULES, decideKeeping, isVisitorId, type Keeping, keepingRules } from './consent.ts';

const person: ConsentFacts = {
  choice: 'unknown',
  gpc: false,
  dnt: false,
  isBot: false,
  networkKind: 'residential',
  attackScore: null,
  threatScore: null,
};

const full = { row: true, consent: 'granted', visitorId: true, city: true, referrer: 'full' };
const pseudonymous = { row: true, consent: 'unknown', visitorId: false, city: true, referrer: 'host' };
const flagged = { row: true, consent: 'refused', visitorId: false, city: false, referrer: 'host' };
const counted = { row: false, consent: 'refused', visitorId: false, city: false, referrer: 'none' };

test.each<[string, Partial<ConsentFacts>, object]>([
  ['granted', { choice: 'granted' }, full],
  ['granted explicitly, though GPC is on', { choice: 'granted', gpc: true }, full],
  ['granted by a bot', { choice: 'granted', isBot: true }, full],
  ['no choice yet', {}, pseudonymous],
  ['no choice, a bot', { isBot: true }, pseudonymous],
  ['no choice, DNT, which nobody asked to be honoured', { dnt: true }, pseudonymous],
  ['GPC without a grant', { gpc: true }, counted],
  ['refused', { choice: 'refused' }, counted],
  ['refused, everything else unknown', { choice: 'refused', networkKind: null }, counted],
  ['refused, scores known to be zero', { choice: 'refused', attackScore: 0, threatScore: 0 }, counted],
  ['refused, a bot', { choice: 'refused', isBot: true }, flagged],
  ['refused, from a hosting network', { choice: 'refused', networkKind: 'hosting' }, flagged],
  ['refused, matched an attack', { choice: 'refused', attackScore: 40 }, flagged],
  ['refused, matched an indicator', { choice: 'refused', threatScore: 1 }, flagged],
  ['GPC, a bot', { gpc: true, isBot: true }, flagged],
])('%s', (_name, facts, expected) => {
  expect(decideKeeping({ ...person, ...facts })).toEqual(expected);
});

const strict = keepingRules({ unknown: 'counted', city: false, referrer: 'none', honour_dnt: true });

test.each<[string, Partial<ConsentFacts>, object]>([
  ['granted', { choice: 'granted', dnt: true }, { ...full, city: false, referrer: 'none' }],
  ['no choice', {}, { ...counted, consent: 'unknown' }],
  ['no choice, a bot', { isBot: true }, { ...flagged, consent: 'unknown', referrer: 'none' }],
  ['DNT', { dnt: true }, counted],
  ['DNT, from a hosting network', { dnt: true, networkKind: 'hosting' }, { ...flagged, referrer: 'none' }],
  ['refused, an attack', { choice: 'refused', attackScore: 1 }, { ...flagged, referrer: 'none' }],
])('by the strictest policy: %s', (_name, facts, expected) => {
  expect(decideKeeping({ ...person, ...facts }, strict)).toEqual(expected);
});

// DESIGN's table, cell by cell, written down another way than the code has it.
const BOOLEANS = [false, true];
const SCORES = [null, 0, 1, 100];
const KINDS: (NetworkKind | null)[] = [null, ...NETWORK_KINDS];
const POLICIES = (['pseudonymous', 'counted'] as const).flatMap((unknown) =>
  BOOLEANS.flatMap((city) =>
    (['full', 'host', 'none'] as const).flatMap((referrer) =>
      BOOLEANS.map((honour_dnt) => ({ unknown, city, referrer, honour_dnt })),
    ),
  ),
);
type Policy = (typeof POLICIES)[number];
const DEPTH = ['none', 'host', 'full'];

function byTheTable(facts: ConsentFacts, policy: Policy): Keeping {
  const asked = facts.gpc || (facts.dnt && policy.honour_dnt);
  const consent: ConsentChoice = facts.choice === 'unknown' && asked ? 'refused' : facts.choice;
  const machine =
    facts.isBot || facts.networkKind === 'hosting' || Number(facts.attackScore) > 0 || Number(facts.threatScore) > 0;
  const countsOnly = consent === 'refused' || (consent === 'unknown' && policy.unknown === 'counted');
  const row = !countsOnly || machine;
  const most = !row ? 'none' : consent === 'granted' ? 'full' : 'host';
  const referrer = DEPTH[Math.min(DEPTH.indexOf(most), DEPTH.indexOf(policy.referrer))] as Keeping['referrer'];
  return { row, consent, visitorId: consent === 'granted', city: policy.city && !countsOnly, referrer };
}

test('every combination of choice, GPC, DNT, bot, network, attack, threat and policy is as the table says', () => {
  let cells = 0;
  for (const policy of POLICIES) {
    const rules = keepingRules(policy);
    for (const choice of ['granted', 'refused', 'unknown'] as const)
      for (const gpc of BOOLEANS)
        for (const dnt of BOOLEANS)
          for (const isBot of BOOLEANS)
            for (const networkKind of KINDS)
              for (const attackScore of SCORES)
                for (const threatScore of SCORES) {
                  const facts = { choice, gpc, dnt, isBot, networkKind, attackScore, threatScore };
                  const kept = decideKeeping(facts, rules);
                  const expected = byTheTable(facts, policy);
                  const same =
                    kept.row === expected.row &&
                    kept.consent === expected.consent &&
                    kept.visitorId === expected.visitorId &&
                    kept.city === expected.city &&
                    kept.referrer === expected.referrer;
                  if (!same) expect(kept, JSON.stringify({ facts, policy })).toEqual(expected);
                  // No policy keeps more than there would be without it.
                  const most = decideKeeping(facts);
                  const more =
                    (kept.row && !most.row) ||
                    (kept.city && !most.city) ||
                    (kept.visitorId && !most.visitorId) ||
                    DEPTH.indexOf(kept.referrer) > DEPTH.indexOf(most.referrer);
                  if (more) expect(kept, JSON.stringify({ facts, policy })).toEqual(most);
                  cells += 1;
                }
  }
  expect(cells).toBe(POLICIES.length * 3 * 2 * 2 * 2 * KINDS.length * 4 * 4);
});

test('policies that say the same share what they keep, and nobody can change it', () => {
  const again = keepingRules({ unknown: 'pseudonymous', city: true, referrer: 'full', honour_dnt: false });
  expect(again).toBe(DEFAULT_RULES);
  for (const rules of POLICIES.map(keepingRules)) {
    expect(Object.isFrozen(rules)).toBe(true);
    for (const kept of Object.values(rules)) expect(Object.isFrozen(kept)).toBe(true);
  }
});

test.each([
  ['0123456789abcdef0123456789abcdef', true],
  ['0123456789ABCDEF0123456789ABCDEF', false],
  ['0123456789abcdef0123456789abcde', false],
  ['0123456789abcdef0123456789abcdef0', false],
  ['0123456789abcdef0123456789abcdef\n', false],
  ['jane.roe@example.com', false],
  ['', false],
])('visitor id %j: %s', (text, is) => {
  expect(isVisitorId(text)).toBe(is);
});
