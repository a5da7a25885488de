import { expect, test } from 'vitest';
import type { NetworkKind } from '../model/enrichment.ts';
import { type ConsentFacts, decideKeeping } from './consent.ts';

const person: ConsentFacts = {
  choice: 'unknown',
  gpc: false,
  isBot: false,
  networkKind: 'residential',
  attackScore: null,
  threatScore: null,
};

const full = { row: true, consent: 'granted', visitorId: true, city: true, referrer: 'full' };
const pseudonymous = { row: true, consent: 'unknown', visitorId: false, city: true, referrer: 'host' };
const flagged = { row: true, consent: 'refused', visitorId: false, city: false, referrer: 'host' };
const counted = { row: false, consent: 'refused', visitorId: false, city: false, referrer: 'host' };

test.each<[string, Partial<ConsentFacts>, object]>([
  ['granted', { choice: 'granted' }, full],
  ['granted explicitly, though GPC is on', { choice: 'granted', gpc: true }, full],
  ['granted by a bot', { choice: 'granted', isBot: true }, full],
  ['no choice yet', {}, pseudonymous],
  ['no choice, a bot', { isBot: true }, pseudonymous],
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

test('over all combinations: a refusal never keeps a city, a visitor id or a path of referrers', () => {
  for (const choice of ['granted', 'refused', 'unknown'] as const)
    for (const gpc of [true, false])
      for (const isBot of [true, false])
        for (const networkKind of ['hosting', 'mobile', null] as (NetworkKind | null)[])
          for (const attackScore of [null, 0, 70]) {
            const kept = decideKeeping({ ...person, choice, gpc, isBot, networkKind, attackScore });
            const refused = choice === 'refused' || (gpc && choice !== 'granted');
            if (refused) expect(kept).toMatchObject({ visitorId: false, city: false, referrer: 'host' });
            expect(kept.visitorId).toBe(choice === 'granted');
            if (!kept.row) expect(isBot || networkKind === 'hosting' || (attackScore ?? 0) > 0).toBe(false);
          }
});
