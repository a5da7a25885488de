import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkPolicy,
  createPolicyBook,
  DEFAULT_POLICY,
  DEFAULT_TRAFFIC_POLICY,
  privacyPolicyOf,
  trafficPolicyOf,
} from './policy.ts';

const { banner, retention_days: days } = DEFAULT_POLICY;

describe('what holds', () => {
  test.each<[string, Record<string, unknown>, object]>([
    ['nothing set', {}, {}],
    ['days as they were set before', { retentionDays: { unknown: 7 } }, { retention_days: { ...days, unknown: 7 } }],
    [
      'days both ways: the newer counts',
      { retentionDays: { unknown: 7, granted: 90 }, retention_days: { unknown: 8 } },
      { retention_days: { ...days, unknown: 8, granted: 90 } },
    ],
    ['days that cannot be', { retentionDays: { granted: 0, unknown: 1.5, refused: 1e9 } }, {}],
    ['days that are none', { retention_days: 'long', retentionDays: [1] }, {}],
    ['one field', { unknown: 'counted' }, { unknown: 'counted' }],
    ['a word that is not known', { unknown: 'everything', referrer: 'host' }, { referrer: 'host' }],
    ['a group too small', { least_group: 2 }, {}],
    ['part of the banner', { banner: { enabled: false } }, { banner: { ...banner, enabled: false } }],
    [
      'own words',
      { banner: { texts: { de: { title: 'Na?' }, es: { title: '¿?' } } } },
      { banner: { ...banner, texts: { de: { title: 'Na?' }, es: { title: '¿?' } } } },
    ],
    ['words that are none', { banner: { texts: { de: { title: 1 } } } }, {}],
    ['a purpose twice', { banner: { purposes: ['marketing', 'marketing'] }, city: false }, { city: false }],
    ['a link that is none', { banner: { policy_url: 'javascript:alert(1)' } }, {}],
    ['something else altogether', { note: 'x', banner: null, city: 'no' }, {}],
  ])('with %s', (_, stored, more) => {
    expect(privacyPolicyOf(stored)).toEqual({ ...DEFAULT_POLICY, ...more });
  });

  test('is a policy that could be set, whatever is stored, and nobody can change it', () => {
    const key = fc.constantFrom(...Object.keys(DEFAULT_POLICY), ...Object.keys(banner), ...Object.keys(days), 'x');
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(
        'counted',
        'host',
        true,
        400,
        -1,
        ['marketing'],
        ['analytical', 'analytical'],
        'https://a.example',
      ),
    );
    const object = fc.dictionary(key, fc.oneof(value, fc.dictionary(key, value)));
    fc.assert(
      fc.property(object, (stored) => {
        const policy = privacyPolicyOf(stored);
        expect(checkPolicy(policy)).toBe(policy);
        expect(Object.isFrozen(policy) && Object.isFrozen(policy.banner) && Object.isFrozen(policy.banner.texts)).toBe(
          true,
        );
        expect(privacyPolicyOf(policy)).toEqual(policy);
        trafficPolicyOf(policy);
      }),
    );
  });
});

describe('what may be set', () => {
  test('is a complete policy', () => {
    const policy = structuredClone(DEFAULT_POLICY);
    expect(checkPolicy(policy)).toBe(policy);
  });

  test.each<[string, object | null]>([
    ['policy', null],
    ['retention_days', { retention_days: 5 }],
    ['retention_days.unknown', { retention_days: { ...days, unknown: 0 } }],
    ['retention_days.evidence', { retention_days: { ...days, evidence: 4000 } }],
    ['retention_days.granted', { retention_days: { ...days, granted: undefined } }],
    ['unknown', { unknown: 'full' }],
    ['referrer', { referrer: 'everything' }],
    ['least_group', { least_group: 4 }],
    ['visitor_id', { visitor_id: true }],
    ['banner.purposes', { banner: { ...banner, purposes: ['analytical', 'analytical'] } }],
    ['banner.policy_url', { banner: { ...banner, policy_url: 'https://' } }],
    ['banner.texts.de.title', { banner: { ...banner, texts: { de: { title: '' } } } }],
    ['banner.texts.Deutsch!', { banner: { ...banner, texts: { 'Deutsch!': { title: 'x' } } } }],
    ['banner.texts.de', { banner: { ...banner, texts: { de: { titel: 'x' } } } }],
  ])('and what is wrong is named: %s', (field, wrong) => {
    const policy = wrong === null ? null : JSON.parse(JSON.stringify({ ...DEFAULT_POLICY, ...wrong }));
    const refusal = checkPolicy(policy);
    expect(refusal).toMatchObject({ refused: 'bad-policy' });
    expect((refusal as { field: string }).field).toContain(field);
    expect((refusal as { detail: string }).detail).toContain(field);
  });

  test('is nothing that the check trips over', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void expect(checkPolicy(value)).toHaveProperty('refused')));
  });
});

test('the book resolves a policy once, and again when it was set anew', () => {
  const stored = new Map<string, Record<string, unknown>>([['a', {}]]);
  const book = createPolicyBook((tenantId) => stored.get(tenantId));
  expect(book.traffic('a')).toEqual(DEFAULT_TRAFFIC_POLICY);
  const before = book.traffic('a');
  expect(book.traffic('a')).toBe(before);
  expect(book.policy('nobody')).toBe(DEFAULT_POLICY);
  stored.set('a', { unknown: 'counted', retentionDays: { refused: 3 } });
  expect(book.traffic('a').rules.unknown.row).toBe(false);
  expect(book.traffic('a').retention).toEqual({ granted: 396, unknown: 30, refused: 3 });
});
