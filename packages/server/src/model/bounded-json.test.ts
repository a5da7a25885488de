import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBounded } from './bounded-json.ts';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

test('what nests deeper than the bound is an error, however deep', () => {
  expect(parseBounded(nested(32))).toHaveProperty('json');
  for (const depth of [33, 1000, 1_000_000]) {
    expect(parseBounded(nested(depth))).toEqual({ error: expect.stringContaining('more than 32') });
  }
  expect(parseBounded('{"a":'.repeat(40))).toEqual({ error: expect.stringContaining('more than 32') });
});

test('brackets within strings do not count, whatever is escaped in them', () => {
  const text = JSON.stringify({ a: '[[[["\\'.repeat(50), 'b"\\[': ['\\', '\\"', '[{'] });
  expect(parseBounded(text, 2)).toEqual({ json: JSON.parse(text) });
});

test('a bound changes nothing of what lies within it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4, noUnicodeString: false }), (text) => {
      expect(parseBounded(text, 6)).toEqual({ json: JSON.parse(text) });
    }),
  );
});

test('no text at all makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'[]{}"\\,:1') })), (text) => {
      const parsed = parseBounded(text, 4);
      if ('error' in parsed) expect(parsed.error).not.toBe('');
    }),
  );
});
