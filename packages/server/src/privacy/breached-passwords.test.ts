import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Mode } from '../../test/emulators/modes.ts';
import { type PwnedPasswordsEmulator, startPwnedPasswords } from '../../test/emulators/pwned-passwords.ts';
import { createGuardedClient, type GuardedClient } from '../flow/guarded-client.ts';
import { createBreachedPasswordCheck, type PasswordCheck } from './breached-passwords.ts';

const KNOWN = 'correct horse battery staple';
const DIGITS = createHash('sha1').update(KNOWN).digest('hex').toUpperCase();

let service: PwnedPasswordsEmulator;
let client: GuardedClient;
let check: PasswordCheck;
let unreachable: string[];

beforeEach(async () => {
  service = await startPwnedPasswords();
  service.breached.set(KNOWN, 12_345);
  client = createGuardedClient({ userAgent: 'Vedette/test', allowPrivate: ['127.0.0.1'] });
  unreachable = [];
  check = createBreachedPasswordCheck({
    client,
    url: service.baseUrl,
    onUnreachable: (reason) => unreachable.push(reason),
  });
});
afterEach(async () => {
  await client.close();
  await service.close();
});

test('a password from a breach is refused, with how often it was seen; another is not', async () => {
  expect(await check(KNOWN)).toEqual({
    refused: 'breached-password',
    detail: expect.stringContaining('12,345 times'),
  });
  expect(await check('entirely unheard of 81734')).toBeNull();
  expect(unreachable).toEqual([]);
});

test('five digits of the hash leave, padding is asked for, and a second question is answered from memory', async () => {
  await check(KNOWN);
  await check(KNOWN);
  expect(service.asked).toEqual([{ path: `/range/${DIGITS.slice(0, 5)}`, padding: 'true' }]);
});

test('a line that only pads the answer is no breach', async () => {
  service.breached.set(KNOWN, 0);
  expect(await check(KNOWN)).toBeNull();
});

test.each<[Mode, string]>([
  ['error', 'provider-failed'],
  ['garbage', 'provider-answer'],
  ['closing', 'outbound-failed'],
  ['hang', 'outbound-timeout'],
  ['huge', 'outbound-too-large'],
  ['redirect', 'outbound-refused'],
])(
  'a service on a bad day (%s) stops nobody, is told of without the digits, and is asked again',
  async (mode, reason) => {
    service.mode = mode;
    expect(await check(KNOWN)).toBeNull();
    expect(unreachable).toEqual([reason]);
    service.mode = 'normal';
    expect(await check(KNOWN)).toMatchObject({ refused: 'breached-password' });
  },
);
