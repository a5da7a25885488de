import fc from 'fast-check';
import { expect, test } from 'vitest';
import table from '../../contract/cases/consent-cookie.json' with { type: 'json' };
import { readChoice, writeChoice } from './choice.ts';

test.each(table.cookies)('cookies "$given" say $choice, as for the edge and the hub', ({ given, choice, visitor }) => {
  const read = readChoice(given);
  expect(read === null ? 'unknown' : read.choices.analytical ? 'granted' : 'refused').toBe(choice);
  expect(read?.visitor ?? '').toBe(visitor);
});

const id = fc.stringMatching(/^[0-9a-f]{32}$/);

test('what is written is read again, and a visitor’s id is written with a grant only', () => {
  fc.assert(
    fc.property(id, id, fc.boolean(), fc.boolean(), (proof, visitor, analytical, marketing) => {
      const choice = { proof, choices: { analytical, marketing }, visitor: analytical ? visitor : undefined };
      const text = writeChoice(choice, 180, true);
      expect(text).toMatch(/; Path=\/; Max-Age=15552000; SameSite=Lax; Secure$/);
      expect(readChoice(text)).toEqual(choice);
      if (!analytical && proof !== visitor) expect(text).not.toContain(visitor);
    }),
  );
});

test('no text of cookies throws', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void readChoice(text)));
});
