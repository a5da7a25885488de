import { argon2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hashPassword, refusePassword, verifyPassword } from './password.ts';

const GOOD = 'correct horse battery staple';
const OF = { email: 'ada@example.org', name: 'Ada Lovelace' };

describe('a hashed password', () => {
  test('is known again, and no other is', async () => {
    const hash = await hashPassword(GOOD);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(GOOD, hash)).toEqual({ right: true, outdated: false });
    for (const other of [`${GOOD} `, GOOD.toUpperCase(), '', 'x'.repeat(300)]) {
      expect(await verifyPassword(other, hash)).toEqual({ right: false, outdated: false });
    }
  });

  test('has a salt of its own', async () => {
    expect(await hashPassword(GOOD)).not.toBe(await hashPassword(GOOD));
  });

  test('is the same however its letters are composed', async () => {
    const hash = await hashPassword('Stra\u00dfencaf\u00e9 am Meer');
    expect((await verifyPassword('Stra\u00dfencafe\u0301 am Meer', hash)).right).toBe(true);
  });

  test('is told when it was made at other costs', async () => {
    const salt = Buffer.alloc(16, 1);
    const tag = argon2Sync('argon2id', {
      message: Buffer.from(GOOD),
      nonce: salt,
      memory: 8192,
      passes: 1,
      parallelism: 1,
      tagLength: 32,
    });
    const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
    const hash = `$argon2id$v=19$m=8192,t=1,p=1$${text(salt)}$${text(tag)}`;
    expect(await verifyPassword(GOOD, hash)).toEqual({ right: true, outdated: true });
  });

  test.each([null, '', 'nonsense', '$argon2id$v=19$m=9999999,t=2,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAA'])(
    'is nobody’s where %s is kept',
    async (hash) => {
      expect(await verifyPassword(GOOD, hash)).toEqual({ right: false, outdated: false });
    },
  );
});

test.each([
  ['short', 'at least 12'],
  ['🙂🙃🙂🙃🙂🙃', 'this one has 6'],
  ['a'.repeat(257), 'at most 256'],
  ['aaaaaaaaaaaaa', 'different characters'],
  ['ada@example.org', 'everybody tries'],
  ['AdaLovelace2026!', 'everybody tries'],
  ['vedette-password-1', 'everybody tries'],
])('%s is refused: %s', (password, why) => {
  expect(refusePassword(password, OF)).toMatchObject({
    refused: 'weak-password',
    detail: expect.stringContaining(why),
  });
});

test.each([GOOD, 'ada likes long walks home', 'zwölf lange Zeichen', '🙂🙃🤖👽🎃😺👻💩🐙🦑🦀🐚'])(
  '%s is taken',
  (password) => {
    expect(refusePassword(password, OF)).toBeNull();
  },
);
