import type { PrivacyPolicy } from '@vedette/contract';
import { expect, test } from 'vitest';
import { changesInPlainWords, inPlainWords } from './plain-words.ts';
import { DEFAULT_POLICY } from './policy.ts';

const policy = (change: Partial<PrivacyPolicy>): PrivacyPolicy => ({ ...DEFAULT_POLICY, ...change });
const days = (change: Partial<PrivacyPolicy['retention_days']>) =>
  policy({ retention_days: { ...DEFAULT_POLICY.retention_days, ...change } });
const banner = (change: Partial<PrivacyPolicy['banner']>) =>
  policy({ banner: { ...DEFAULT_POLICY.banner, ...change } });

test('the default in sentences', () => {
  const text = inPlainWords(DEFAULT_POLICY).join(' ');
  for (const part of [
    '396 days',
    '30 days',
    '1095 days',
    '180 days',
    'fewer than 5 people',
    'the city',
    'only counted',
  ]) {
    expect(text).toContain(part);
  }
});

test.each<[string, PrivacyPolicy, RegExp]>([
  ['no banner', banner({ enabled: false }), /not asked/],
  ['no city', policy({ city: false }), /not the city/],
  ['no referrer', policy({ referrer: 'none' }), /no referrer/],
  ['counted', policy({ unknown: 'counted' }), /have not chosen are only counted/],
  ['DNT', policy({ honour_dnt: true }), /Global Privacy Control or Do Not Track/],
  ['one day', days({ unknown: 1 }), /one day under a key/],
  ['marketing', banner({ purposes: ['analytical', 'marketing'] }), /figures and other companies/],
])('%s', (_name, changed, said) => {
  expect(inPlainWords(changed).join(' ')).toMatch(said);
});

test.each<[string, PrivacyPolicy, RegExp[]]>([
  ['nothing', DEFAULT_POLICY, []],
  [
    'shorter',
    days({ granted: 90 }),
    [/granted would be kept for 90 days instead of 396 days, which is shorter/, /there already/],
  ],
  ['longer', days({ evidence: 2000 }), [/Evidence of choices would be kept for 2000 days .* longer/]],
  ['counted', policy({ unknown: 'counted' }), [/only be counted/]],
  ['city', policy({ city: false }), [/no longer/]],
  ['referrer', policy({ referrer: 'host' }), [/only the host/]],
  ['DNT', policy({ honour_dnt: true }), [/Do Not Track would count/]],
  ['least group', policy({ least_group: 20 }), [/from 20 people on instead of 5/]],
  ['banner off', banner({ enabled: false }), [/no longer be asked/]],
  ['purposes', banner({ purposes: [] }), [/asked about nothing instead of/]],
  ['ask again', banner({ ask_again_days: 1 }), [/hold for one day instead of 180 days/]],
  ['link', banner({ policy_url: 'https://example.com/p' }), [/link to https:\/\/example\.com\/p/]],
  ['words', banner({ texts: { de: { title: 'Hallo' } } }), [/other words in de/]],
])('a change of %s', (_name, changed, said) => {
  const lines = changesInPlainWords(DEFAULT_POLICY, changed);
  expect(lines.length).toBe(said.length);
  for (const [index, line] of lines.entries()) expect(line).toMatch(said[index] as RegExp);
  expect(changesInPlainWords(changed, DEFAULT_POLICY).length).toBe(said.length);
});
