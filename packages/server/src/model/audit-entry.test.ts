import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auditContent, cleanDetail, cleanText, NO_HASH } from './audit-entry.ts';

test.each([
  [{ password: 'x' }, { password: '(secret)' }],
  [
    { new_password: 'x', oldPassphrase: 'y', clientSecret: 'z' },
    { new_password: '(secret)', oldPassphrase: '(secret)', clientSecret: '(secret)' },
  ],
  [{ deep: { list: [{ token: 'x', n: 1 }] } }, { deep: { list: [{ token: '(secret)', n: 1 }] } }],
  [{ note: 'the key vdt_abcdefghijk was used' }, { note: '(secret)' }],
  [{ note: '$argon2id$v=19$m=1' }, { note: '(secret)' }],
  [{ header: 'Bearer abc' }, { header: '(secret)' }],
  [
    { recovery_codes: ['a', 'b'], code: '123456' },
    { recovery_codes: '(secret)', code: '(secret)' },
  ],
  // That there is one, and how many there are, may be told.
  [
    { password: true, recovery_codes: 10, token: null },
    { password: true, recovery_codes: 10, token: null },
  ],
  [
    { at: new Date(0), none: undefined, odd: Number.NaN, big: Number.POSITIVE_INFINITY },
    { at: '1970-01-01T00:00:00.000Z', odd: null, big: null },
  ],
  [{ text: 'a\0b\ud800' }, { text: 'ab\ufffd' }],
])('%j is kept as %j', (detail, kept) => {
  expect(cleanDetail(detail as Record<string, unknown>)).toEqual(kept);
});

test('what is long is cut, and says so', () => {
  expect(cleanText('x'.repeat(1000))).toHaveLength(300);
  const many = cleanDetail(Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`n${n}`, n])));
  expect(Object.keys(many)).toHaveLength(51);
  expect(many.shortened).toBe(true);
  const large = cleanDetail(Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`n${n}`, 'x'.repeat(300)])));
  expect(JSON.stringify(large).length).toBeLessThan(8100);
  expect(large.shortened).toBe(true);
});

test('of any facts at all, what is kept is bounded JSON that a database takes', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.anything({ withDate: true, withBigInt: true })),
      (detail) => {
        const text = JSON.stringify(cleanDetail(detail));
        expect(text.length).toBeLessThan(8100);
        expect(text).not.toContain('\\u0000');
        expect(text.isWellFormed()).toBe(true);
      },
    ),
  );
});

test('a date that is none is nothing', () => {
  expect(cleanDetail({ at: new Date(Number.NaN), since: new Date(0) })).toEqual({
    at: null,
    since: '1970-01-01T00:00:00.000Z',
  });
});

test('the content that is hashed does not hang on the order of names, and on everything else', () => {
  const entry = {
    id: 'i',
    tenantId: 't',
    number: 1,
    time: 1,
    actor: { kind: 'hub' as const, id: null, name: 'hub' },
    action: 'a.b',
    target: null,
    detail: { a: 1, b: { c: [{ d: 1, e: 2 }] } },
    outcome: 'done' as const,
    address: null,
    agent: null,
    previous: NO_HASH,
  };
  expect(auditContent({ ...entry, detail: { b: { c: [{ e: 2, d: 1 }] }, a: 1 } })).toBe(auditContent(entry));
  const others = [
    { id: 'j' },
    { tenantId: 'u' },
    { number: 2 },
    { time: 2 },
    { actor: { kind: 'socket' as const, id: null, name: 'hub' } },
    { action: 'a.c' },
    { target: '' },
    { detail: { a: 1, b: { c: [{ d: 1, e: 3 }] } } },
    { outcome: 'failed' as const },
    { address: '' },
    { agent: '' },
    { previous: Buffer.alloc(32, 1) },
  ];
  expect(new Set([entry, ...others.map((other) => ({ ...entry, ...other }))].map(auditContent)).size).toBe(13);
});
