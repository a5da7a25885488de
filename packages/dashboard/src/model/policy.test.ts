import type { PrivacyPolicy } from '@vedette/contract';
import { describe, expect, it } from 'vitest';
import { PRODUCT_TEXTS } from '../state/product-texts.ts';
import {
  isChanged,
  isLanguage,
  type PolicyDraft,
  samePolicy,
  toDraft,
  toPolicy,
  wordsOf,
  wrongFields,
} from './policy.ts';

const policy: PrivacyPolicy = {
  retention_days: { granted: 396, unknown: 30, refused: 30, interactions: 396, sessions: 396, evidence: 1095 },
  unknown: 'pseudonymous',
  city: true,
  referrer: 'full',
  honour_dnt: false,
  least_group: 5,
  banner: {
    enabled: true,
    purposes: ['analytical'],
    policy_url: 'https://www.example.org/privacy',
    ask_again_days: 180,
    texts: { de: { title: 'Hallo?' } },
  },
};
const draft = (part: Partial<PolicyDraft>): PolicyDraft => ({ ...toDraft(policy), ...part });

describe('a policy that is edited', () => {
  it('is the same policy while nothing is changed', () => {
    expect(toPolicy(toDraft(policy))).toEqual(policy);
    expect(isChanged(policy, toDraft(policy))).toBe(false);
  });
  it.each<[string, Partial<PolicyDraft>, Partial<PrivacyPolicy['banner']>]>([
    ['an empty address is none', { policyUrl: '  ' }, { policy_url: null }],
    ['purposes keep their order', { purposes: ['marketing', 'analytical'] }, { purposes: ['analytical', 'marketing'] }],
    ['blank words are the product’s', { texts: { de: { title: ' ' }, fr: {} } }, { texts: {} }],
    ['words are trimmed', { texts: { de: { title: ' Hallo ' } } }, { texts: { de: { title: 'Hallo' } } }],
  ])('%s', (_, part, banner) => {
    expect(toPolicy(draft(part))?.banner).toMatchObject(banner);
    expect(isChanged(policy, draft(part))).toBe(true);
  });
  it('is not changed by blanks around what was there', () => {
    expect(isChanged(policy, draft({ policyUrl: ' https://www.example.org/privacy ', askAgain: '180' }))).toBe(false);
  });
});

describe('wrongFields', () => {
  const retention = toDraft(policy).retention;
  it.each<[Partial<PolicyDraft>, string[]]>([
    [{}, []],
    [{ retention: { ...retention, granted: '0' } }, ['retention.granted']],
    [{ retention: { ...retention, granted: '3661' } }, ['retention.granted']],
    [{ retention: { ...retention, granted: '3660', unknown: '90' } }, []],
    [{ retention: { ...retention, unknown: '91', refused: '91' } }, ['retention.unknown', 'retention.refused']],
    [{ retention: { ...retention, sessions: '1.5', evidence: '' } }, ['retention.sessions', 'retention.evidence']],
    [{ askAgain: '397' }, ['askAgain']],
    [{ leastGroup: '4' }, ['leastGroup']],
    [{ leastGroup: '5' }, []],
    [{ policyUrl: 'javascript:alert(1)' }, ['policyUrl']],
    [{ policyUrl: 'https://' }, ['policyUrl']],
    [{ policyUrl: `https://example.org/${'x'.repeat(2000)}` }, ['policyUrl']],
    [{ policyUrl: '' }, []],
  ])('%j', (part, wrong) => {
    expect([...wrongFields(draft(part)).keys()]).toEqual(wrong);
    expect(toPolicy(draft(part)) === null).toBe(wrong.length > 0);
  });
});

describe('samePolicy', () => {
  it('does not mind the order of names, but that of purposes', () => {
    const { banner, ...rest } = policy;
    expect(samePolicy(policy, { banner, ...rest })).toBe(true);
    expect(samePolicy(policy, { ...policy, city: false })).toBe(false);
  });
});

describe('wordsOf', () => {
  it.each([
    ['de', {}, 'de'],
    ['de-AT', {}, 'de'],
    ['nl', {}, 'en'],
    ['constructor', {}, 'en'],
  ])('the product speaks %s as %j has nothing: %s', (language, own, spoken) => {
    expect(wordsOf(language, own, PRODUCT_TEXTS)?.words).toEqual(PRODUCT_TEXTS[spoken]);
  });
  it('puts one’s own words in their places', () => {
    const found = wordsOf('de', { de: { title: 'Hallo?', body: ' ' } }, PRODUCT_TEXTS);
    expect(found?.words).toEqual({ ...PRODUCT_TEXTS.de, title: 'Hallo?' });
    expect(found?.product).toEqual(PRODUCT_TEXTS.de);
  });
});

it.each([
  ['de', true],
  ['pt-BR', true],
  ['zh-Hant-TW', true],
  ['DE', false],
  ['d', false],
  ['', false],
  ['__proto__', false],
])('isLanguage(%s)', (tag, good) => {
  expect(isLanguage(tag)).toBe(good);
});
