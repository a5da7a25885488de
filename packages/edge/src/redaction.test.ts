import fc from 'fast-check';
import { expect, test } from 'vitest';
import table from '../../contract/cases/redaction.json' with { type: 'json' };
import * as hub from '../../server/src/privacy/redaction.ts';
import { redactPath, redactQuery, redactReferrer } from './redaction.ts';

test.each(table.queries)('query $given', ({ given, redacted }) => expect(redactQuery(given)).toBe(redacted));
test.each(table.paths)('path $given', ({ given, redacted }) => expect(redactPath(given)).toBe(redacted));
test.each(table.referrers)('referrer $given', ({ given, redacted }) => expect(redactReferrer(given)).toBe(redacted));

test('whatever comes is redacted as the hub redacts it', () => {
  const parts = fc.constantFrom(
    'token',
    '=',
    '&',
    '?',
    '#',
    '/',
    '@',
    '%40',
    'a.example',
    'https://',
    'eyJhbGciOiJI',
    'eyJ',
    ';',
    '%2D',
    'author',
    '.',
    'x',
    'Mail',
    'key',
    '\n',
    'ü',
  );
  const text = fc.oneof(
    fc.array(parts, { maxLength: 20 }).map((some) => some.join('')),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );
  fc.assert(
    fc.property(text, (given) => {
      expect(redactQuery(given)).toBe(hub.redactQuery(given));
      expect(redactPath(given)).toBe(hub.redactPath(given));
      expect(redactReferrer(given)).toBe(hub.trimReferrer(given, 'full'));
    }),
    { numRuns: 3000 },
  );
});
