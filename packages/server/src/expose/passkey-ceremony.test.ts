import type { NewPasskey, PasskeyLogIn } from '@vedette/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CreationOptions, createAuthenticator } from '../../test/emulators/authenticator.ts';
import { isRefusal } from '../model/request.ts';
import type * as stored from '../stores/records.ts';
import { checkAnswer, checkCreation, creationOptions, requestOptions, userHandleOf } from './passkey-ceremony.ts';

const PARTY = { id: 'hub.example', origin: 'https://hub.example' };
const ANNA = { id: '0197a000-0000-7000-8000-000000000001', email: 'anna@example.org', name: 'Anna' };
const device = createAuthenticator(PARTY.origin, { counts: false });

async function creation(): Promise<NewPasskey> {
  const options = await creationOptions(PARTY, 'token', ANNA, []);
  return { name: 'Laptop', response: device.create(options as CreationOptions) } as unknown as NewPasskey;
}

async function passkey(): Promise<stored.Passkey> {
  const made = await checkCreation(PARTY, 'token', await creation());
  if (isRefusal(made)) throw new Error(made.detail);
  return { ...made, id: ANNA.id, userId: ANNA.id, createdAt: 0, lastUsedAt: null };
}

/** One byte of a part is another, the end is missing, or it is something else altogether. */
const spoiling = fc.oneof(
  fc.record({ at: fc.nat(400), by: fc.integer({ min: 1, max: 255 }) }).map(({ at, by }) => (bytes: Buffer) => {
    const index = at % bytes.length;
    bytes[index] = (bytes[index] as number) ^ by;
    return bytes;
  }),
  fc.nat(400).map((at) => (bytes: Buffer) => bytes.subarray(0, at % bytes.length)),
  fc.uint8Array({ minLength: 1, maxLength: 300 }).map((other) => () => Buffer.from(other)),
);

function spoil(text: string, by: (bytes: Buffer) => Buffer): string {
  return by(Buffer.from(text, 'base64url')).toString('base64url') || 'AA';
}

/** Whether the numbers r and s of two signatures by ECDSA (DER, RFC 3279 §2.2.3) are the same, whatever is around them. */
function sameNumbers(one: PasskeyLogIn, other: PasskeyLogIn): boolean {
  const [a, b] = [one, other].map(({ response }) => Buffer.from(response.response.signature, 'base64url')) as [
    Buffer,
    Buffer,
  ];
  const endOfR = 4 + (b[3] as number);
  return [
    [4, endOfR],
    [endOfR + 2, b.length],
  ].every(([from, to]) => a.length >= b.length && a.subarray(from, to).equals(b.subarray(from, to)));
}

test('the user handle is the id of the user, which names nobody', () => {
  expect(Buffer.from(userHandleOf(ANNA.id), 'base64url').toString('hex')).toBe(ANNA.id.replaceAll('-', ''));
});

test('a spoilt answer is refused, and never a fault', async () => {
  const known = await passkey();
  const options = await requestOptions(PARTY, 'token', null);
  const good = { response: device.get(options) } as unknown as PasskeyLogIn;
  expect(await checkAnswer(PARTY, 'token', known, good, true)).toEqual({ counter: 0, synced: true });
  const parts = fc.constantFrom('clientDataJSON' as const, 'authenticatorData' as const, 'signature' as const);
  await fc.assert(
    fc.asyncProperty(parts, spoiling, async (part, by) => {
      const spoilt = structuredClone(good);
      spoilt.response.response[part] = spoil(good.response.response[part], by);
      if (spoilt.response.response[part] === good.response.response[part]) return;
      const answer = await checkAnswer(PARTY, 'token', known, spoilt, true);
      // What is wrapped around the numbers of a signature is read with leniency: it is the same signature.
      if (part === 'signature' && !isRefusal(answer) && sameNumbers(spoilt, good)) return;
      expect(answer).toEqual({ refused: 'passkey-refused', detail: expect.any(String) });
    }),
    { numRuns: 200 },
  );
});

test('a spoilt new passkey is refused, or one that was made nonetheless; never a fault', async () => {
  const good = await creation();
  await fc.assert(
    fc.asyncProperty(spoiling, async (by) => {
      const spoilt = structuredClone(good);
      const { attestationObject } = good.response.response;
      spoilt.response.response.attestationObject = spoil(attestationObject, by);
      // Without an attestation nobody vouches for the key: a spoilt one is a key that nobody has.
      const made = await checkCreation(PARTY, 'token', spoilt);
      expect(isRefusal(made) || made.publicKey.length <= 8192).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('the handle of another user is refused', async () => {
  const known = await passkey();
  const options = await requestOptions(PARTY, 'token', [known]);
  const response = { response: device.get(options) } as unknown as PasskeyLogIn;
  const other = { ...known, userId: '0197a000-0000-7000-8000-000000000002' };
  expect(await checkAnswer(PARTY, 'token', other, response, true)).toMatchObject({ refused: 'passkey-refused' });
});
