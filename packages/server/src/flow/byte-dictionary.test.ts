import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteDictionary } from './byte-dictionary.ts';

test('numbers texts in the order of their first coming, wherever they stand', () => {
  // Few letters, so that texts come again, begin alike and differ late; the length takes each way through a word.
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '\u00ff', ' '), maxLength: 9 });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 200 }), (words) => {
      const dictionary = new ByteDictionary(1000, 100_000);
      const bytes = Buffer.from(words.join(''), 'latin1');
      const seen: string[] = [];
      let at = 0;
      for (const text of words) {
        if (!seen.includes(text)) seen.push(text);
        expect(dictionary.number(bytes, at, at + text.length)).toBe(seen.indexOf(text));
        at += text.length;
      }
      expect(dictionary.size).toBe(seen.length);
    }),
  );
});

test('grows to what it may hold, and refuses what is new after that', () => {
  const dictionary = new ByteDictionary(5000, 1_000_000);
  const texts = Array.from({ length: 6000 }, (_, index) => Buffer.from(`text ${index}`));
  const number = (text: Buffer) => dictionary.number(text, 0, text.length);
  expect(texts.map(number)).toEqual(texts.map((_, index) => (index < 5000 ? index : -1)));
  expect(dictionary.full).toBe(true);
  expect(number(texts[4999] as Buffer)).toBe(4999);
  dictionary.clear();
  expect([dictionary.size, dictionary.full]).toEqual([0, false]);
  expect(number(texts[5500] as Buffer)).toBe(0);
  expect(number(texts[0] as Buffer)).toBe(1);
});

test('is bounded in bytes as well, and takes a shorter text where a longer one has no room', () => {
  const dictionary = new ByteDictionary(100, 10);
  const text = Buffer.from('0123456789ab');
  expect(dictionary.number(text, 0, 8)).toBe(0);
  expect(dictionary.number(text, 0, 9)).toBe(-1);
  expect(dictionary.number(text, 0, 2)).toBe(1);
  expect(dictionary.full).toBe(true);
});
