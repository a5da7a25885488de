import { ConsentText } from '@vedette/contract';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { bannerText, bannerTexts, PRODUCT_LANGUAGES, textVersion } from './consent-text.ts';
import { DEFAULT_POLICY, privacyPolicyOf } from './policy.ts';

const schema = Compile(ConsentText);
const own = privacyPolicyOf({
  banner: {
    texts: { de: { title: 'Na?' }, 'de-AT': { accept: 'Passt' }, es: { title: '¿Podemos?' }, en: { title: 'OK?' } },
  },
});

test('the product speaks English, German and French, in words that fit', () => {
  expect(PRODUCT_LANGUAGES).toEqual(expect.arrayContaining(['en', 'de', 'fr']));
  for (const { text, language } of bannerTexts(DEFAULT_POLICY).values()) {
    expect(schema.Errors(text), language).toEqual([]);
    for (const [name, words] of Object.entries(text)) expect(words, `${language}.${name}`).not.toBe('');
  }
});

test.each([
  ['de', 'de'],
  ['DE', 'de'],
  ['de-DE', 'de'],
  ['de-Latn-CH-1996', 'de'],
  ['fr-CA', 'fr'],
  ['en', 'en'],
  ['nl', 'en'],
  ['', 'en'],
  ['zh-Hant-TW', 'en'],
  ['-', 'en'],
  ['d', 'en'],
  ['de_AT', 'en'],
])('who reads %j is asked in %s', (asked, language) => {
  expect(bannerText(DEFAULT_POLICY, asked).language).toBe(language);
});

test('own words come before the product’s, a region’s before those of its language', () => {
  expect(bannerText(own, 'de-CH').text).toMatchObject({ title: 'Na?', accept: 'Zustimmen' });
  expect(bannerText(own, 'de-at').text).toMatchObject({ title: 'Na?', accept: 'Passt', refuse: 'Ablehnen' });
  expect(bannerText(own, 'de-at').language).toBe('de-AT');
  expect(bannerText(own, 'es-MX').text).toMatchObject({ title: '¿Podemos?', accept: 'Accept' });
  expect(bannerText(own, 'it').text.title).toBe('OK?');
});

test('a version is made of the words: of all of them, and of nothing else', () => {
  const { text, version } = bannerText(DEFAULT_POLICY, 'en');
  expect(version).toMatch(/^[0-9a-f]{16}$/);
  expect(textVersion(Object.fromEntries(Object.entries(text).reverse()) as ConsentText)).toBe(version);
  for (const name of Object.keys(text)) expect(textVersion({ ...text, [name]: 'other' })).not.toBe(version);
  expect(bannerText(privacyPolicyOf({ city: false }), 'en').version).toBe(version);
  expect(bannerText(own, 'en').version).not.toBe(version);
});

test('any text can be asked for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (language) => {
      expect(schema.Check(bannerText(own, language).text)).toBe(true);
    }),
  );
});
