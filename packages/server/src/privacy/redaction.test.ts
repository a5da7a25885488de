import fc from 'fast-check';
import { expect, test } from 'vitest';
import table from '../../../contract/cases/redaction.json' with { type: 'json' };
import { redactPath, redactQuery, trimReferrer } from './redaction.ts';

test.each(table.queries)('query $given', ({ given, redacted }) => {
  expect(redactQuery(given)).toBe(redacted);
});

test.each(table.paths)('path $given', ({ given, redacted }) => {
  expect(redactPath(given)).toBe(redacted);
});

test.each(table.referrers)('referrer $given', ({ given, redacted }) => {
  expect(trimReferrer(given, 'full')).toBe(redacted);
});

test.each([
  ['', 'host', ''],
  ['https://www.example.com/a/b?q=1#f', 'host', 'https://www.example.com'],
  ['https://www.example.com/a/b?q=1&token=x#f', 'full', 'https://www.example.com/a/b?q=1&token=[redacted]'],
  ['https://jane:pw@example.com/a', 'host', 'https://example.com'],
  ['https://jane:pw@example.com/a', 'full', 'https://example.com/a'],
  ['https://example.com', 'full', 'https://example.com'],
  ['https://example.com?x=1', 'host', 'https://example.com'],
  ['www.example.com/page', 'host', 'www.example.com'],
  ['https://www.example.com/a', 'none', ''],
] as const)('referrer %s (%s)', (referrer, keep, expected) => {
  expect(trimReferrer(referrer, keep)).toBe(expected);
});

test('whatever the query, names and count of parameters stay, and redacting twice changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (query) => {
      const once = redactQuery(query);
      expect(once.split('&').length).toBe(query.split('&').length);
      expect(redactQuery(once)).toBe(once);
      trimReferrer(query, 'full');
      redactPath(query);
    }),
  );
});
