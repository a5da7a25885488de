import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSealer } from './sealing.ts';

const sealer = createSealer(randomBytes(32));

test('opens what it sealed, and seals the same secret differently each time', () => {
  const secret = Buffer.from('day key material');
  const one = sealer.seal(secret, 'day key 1');
  expect(sealer.open(one, 'day key 1')).toEqual(secret);
  expect(sealer.seal(secret, 'day key 1').equals(one)).toBe(false);
  expect(one.includes(secret)).toBe(false);
});

test.each<[string, (sealed: Buffer) => Buffer, string]>([
  ['another purpose', (sealed) => sealed, 'day key 2'],
  ['a flipped bit in the body', (sealed) => flip(sealed, sealed.length - 1), 'day key 1'],
  ['a flipped bit in the tag', (sealed) => flip(sealed, 14), 'day key 1'],
  ['another version', (sealed) => flip(sealed, 0), 'day key 1'],
  ['a torn value', (sealed) => sealed.subarray(0, 10), 'day key 1'],
])('refuses %s', (_name, change, purpose) => {
  const sealed = sealer.seal(Buffer.from('secret'), 'day key 1');
  expect(() => sealer.open(change(sealed), purpose)).toThrow(expect.objectContaining({ code: 'unsealing-failed' }));
});

test('refuses another master key, and one of the wrong length', () => {
  const sealed = sealer.seal(Buffer.from('secret'), 'p');
  expect(() => createSealer(randomBytes(32)).open(sealed, 'p')).toThrow(/cannot be opened/);
  expect(() => createSealer(randomBytes(16))).toThrow(/must be 32 bytes/);
});

function flip(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
