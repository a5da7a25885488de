import { createCipheriv, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSealer, fingerprintOf, type MasterKeys, versionOf } from './sealing.ts';

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
  ['a flipped bit in the tag', (sealed) => flip(sealed, 18), 'day key 1'],
  ['another layout', (sealed) => Buffer.concat([Buffer.of(9), sealed.subarray(1)]), 'day key 1'],
  [
    'the layout of before there were versions',
    (sealed) => Buffer.concat([Buffer.of(1), sealed.subarray(5)]),
    'day key 1',
  ],
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

test('opens what was sealed before there were versions, as version 1', () => {
  const key = randomBytes(32);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from('day key 1'));
  const body = Buffer.concat([cipher.update('secret'), cipher.final()]);
  const old = Buffer.concat([Buffer.of(1), nonce, cipher.getAuthTag(), body]);
  expect(versionOf(old)).toBe(1);
  expect(createSealer(key).open(old, 'day key 1').toString()).toBe('secret');
});

test('seals under the version in force, opens under any that is there, and says which is not', () => {
  const keys = new Map([1, 2, 3].map((version) => [version, randomBytes(32)]));
  let sealing = 1;
  const versions: MasterKeys = { sealing: () => sealing, key: (version) => keys.get(version) };
  const ring = createSealer(versions);
  const one = ring.seal(Buffer.from('a'), 'p');
  sealing = 3;
  const three = ring.seal(Buffer.from('b'), 'p');
  expect([versionOf(one), versionOf(three)]).toEqual([1, 3]);
  expect(ring.open(one, 'p').toString() + ring.open(three, 'p').toString()).toBe('ab');
  // A value that claims another version is no other version's.
  const moved = Buffer.from(three);
  moved.writeUInt32BE(2, 1);
  expect(() => ring.open(moved, 'p')).toThrow(expect.objectContaining({ code: 'unsealing-failed' }));
  keys.delete(1);
  expect(() => ring.open(one, 'p')).toThrow(expect.objectContaining({ code: 'unknown-master-key' }));
});

test('values of no known layout have no version', () => {
  for (const bytes of [[], [0], [2], [2, 0, 0, 0], [7, 0, 0, 0, 1]]) expect(versionOf(Buffer.from(bytes))).toBe(0);
});

test('fingerprints tell keys apart and do not hold them', () => {
  const [a, b] = [randomBytes(32), randomBytes(32)];
  expect(fingerprintOf(a).equals(fingerprintOf(a))).toBe(true);
  expect(fingerprintOf(a).equals(fingerprintOf(b))).toBe(false);
  expect(a.includes(fingerprintOf(a))).toBe(false);
});

function flip(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
