import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FACTOR_CHANGES, LETTER_LANGUAGES, type Letter, letterLanguage } from '../model/letter.ts';
import { writeLetter } from './letter.ts';
import { LETTER_WORDS } from './letter-words.ts';

const AT = Date.UTC(2026, 10, 26, 16, 5);
const LINK = 'https://hub.example.com/invitation#vdi_secret';
const LETTERS: Letter[] = [
  { kind: 'invitation', link: LINK, tenant: 'Acme & Söhne', inviter: 'Ada', role: 'analyst', expiresAt: AT },
  { kind: 'password-reset', link: LINK, minutes: 60 },
  { kind: 'password-changed', link: LINK, at: AT },
  ...FACTOR_CHANGES.map((kind) => ({ kind, name: 'Laptop', link: LINK, at: AT })),
];
const CASES = LETTERS.flatMap((letter) => LETTER_LANGUAGES.map((language) => [letter.kind, language, letter] as const));

test.each(CASES)('%s in %s says everything in both parts and leaves no gap', (_, language, letter) => {
  const { subject, text, html } = writeLetter(letter, language);
  for (const part of [subject, text, html]) expect(part).not.toMatch(/\{\w+\}|undefined/);
  expect(text).toContain(LINK);
  expect(html).toContain(LINK);
  expect(html).toContain(`<html lang="${language}">`);
  // What loads from elsewhere tells who read it when.
  expect(html).not.toMatch(/<(?:img|link|script|style)|url\(/);
});

test.each(LETTERS.map((letter) => [letter.kind, letter] as const))('%s differs by language', (_, letter) => {
  expect(writeLetter(letter, 'de').text).not.toBe(writeLetter(letter, 'en').text);
});

test('times are in the words of the language, in UTC', () => {
  const [invitation] = LETTERS as [Letter];
  expect(writeLetter(invitation, 'en').text).toContain('26 November 2026 at 16:05 UTC');
  expect(writeLetter(invitation, 'de').text).toContain('26. November 2026 um 16:05 UTC');
});

test('who invites without an account is the operator', () => {
  const [invitation] = LETTERS as [Letter & { kind: 'invitation' }];
  for (const language of LETTER_LANGUAGES) {
    const { text } = writeLetter({ ...invitation, inviter: '' }, language);
    expect(text.startsWith(LETTER_WORDS[language].operator)).toBe(true);
  }
});

test('every language has words for every role', () => {
  for (const language of LETTER_LANGUAGES) {
    expect(Object.keys(LETTER_WORDS[language].roles)).toEqual(['owner', 'admin', 'analyst', 'viewer']);
  }
});

test('a changed factor is told of by its name, which is never markup', () => {
  for (const language of LETTER_LANGUAGES) {
    const letter = { kind: 'passkey-added', name: 'My <b>{link}</b>\r\nphone', link: LINK, at: AT } as const;
    const { text, html } = writeLetter(letter, language);
    expect(text).toContain('My <b>{link}</b> phone');
    expect(html).not.toContain('<b>');
  }
});

test('names are names: one line, cut, never markup, never a place for values', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('{link}', '<script>alert(1)</script>', 'x\r\nBcc: a@b.example', '\u202Egnp.exe', 'a'.repeat(5000)),
  );
  fc.assert(
    fc.property(hostile, hostile, (tenant, inviter) => {
      const letter: Letter = { kind: 'invitation', link: LINK, tenant, inviter, role: 'viewer', expiresAt: AT };
      const { subject, text, html } = writeLetter(letter, 'en');
      expect(subject).not.toMatch(/[\p{Cc}\u202A-\u202E\u2028\u2029]/u);
      expect([...subject].length).toBeLessThan(120);
      expect(text.match(/\n/g)?.length).toBe(
        writeLetter({ ...letter, tenant: 'a', inviter: 'b' }, 'en').text.match(/\n/g)?.length,
      );
      expect(html).not.toContain('<script');
      expect(html.match(/https:\/\/hub/g)).toHaveLength(2);
    }),
  );
});

test.each([
  ['de', 'de'],
  ['de-AT', 'de'],
  ['DE_ch', 'de'],
  ['en-GB', 'en'],
  ['fr', 'en'],
  ['', 'en'],
  [null, 'en'],
] as const)('a reader with the locale %s gets %s', (locale, language) => expect(letterLanguage(locale)).toBe(language));
