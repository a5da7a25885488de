import { afterEach, describe, expect, it } from 'vitest';
import { LOCALE, perLocale, pickLanguage, setLocale, setZone, ZONE } from './locale.ts';

afterEach(() => {
  setLocale('en-GB');
  setZone('UTC');
});

describe('pickLanguage', () => {
  it.each([
    [['de-AT', 'en-US'], { language: 'de', locale: 'de-AT' }],
    [['fr-FR', 'en-US', 'de'], { language: 'en', locale: 'en-US' }],
    [[null, 'de', 'en-US', 'de-CH'], { language: 'de', locale: 'de-CH' }],
    [['de', 'fr-CH'], { language: 'de', locale: null }],
    [['DE-de'], { language: 'de', locale: 'de-DE' }],
    [['not a tag', undefined, 'en'], { language: 'en', locale: null }],
    [['fr', 'nl-NL'], null],
    [[], null],
  ])('%j', (wishes, picked) => {
    expect(pickLanguage(wishes, ['en', 'de'])).toEqual(picked);
  });
});

it('makes formatters once, and anew for another language or zone', () => {
  const made: string[] = [];
  const format = perLocale((locale, zone) => {
    made.push(`${locale} ${zone}`);
    return made.length;
  });
  expect([format(), format()]).toEqual([1, 1]);
  setLocale('de-DE');
  expect([format(), format()]).toEqual([2, 2]);
  setZone('Europe/Berlin');
  expect(format()).toBe(3);
  expect(made).toEqual(['en-GB UTC', 'de-DE UTC', 'de-DE Europe/Berlin']);
  expect([LOCALE, ZONE]).toEqual(['de-DE', 'Europe/Berlin']);
});
