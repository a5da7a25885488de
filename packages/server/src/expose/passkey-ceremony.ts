import type { NewPasskey, PasskeyCreation, PasskeyLogIn, PasskeyRequest } from '@vedette/contract';
import type { Refusal } from '../model/request.ts';
import type * as stored from '../stores/records.ts';
import { challengePart } from './challenge.ts';
import type { RelyingParty } from './relying-party.ts';

/** EdDSA, ES256, RS256: what authenticators have, and nothing else (COSE, RFC 9053). */
const ALGORITHMS = [-8, -7, -257];
/** A ceremony is good for so long. */
export const CEREMONY_MS = 5 * 60_000;

// It takes 200 ms and 27 MB to load, of a hub that may never need it.
const webauthn = () => import('@simplewebauthn/server');

const challengeOf = (token: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(challengePart(token, 'passkey'), 'base64url'));

/** What an authenticator keeps to tell the account by: the user's id, which names nobody. */
export function userHandleOf(userId: string): string {
  return Buffer.from(userId.replaceAll('-', ''), 'hex').toString('base64url');
}

/** For navigator.credentials.create. The authenticator must verify its user, so that a passkey is two factors by itself. */
export async function creationOptions(
  party: RelyingParty,
  token: string,
  user: Pick<stored.User, 'id' | 'email' | 'name'>,
  known: readonly stored.Passkey[],
): Promise<PasskeyCreation> {
  const { generateRegistrationOptions } = await webauthn();
  return (await generateRegistrationOptions({
    rpName: 'Vedette',
    rpID: party.id,
    userID: new Uint8Array(Buffer.from(userHandleOf(user.id), 'base64url')),
    userName: user.email,
    userDisplayName: user.name,
    challenge: challengeOf(token),
    timeout: CEREMONY_MS,
    attestationType: 'none',
    excludeCredentials: known.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  })) as PasskeyCreation;
}

/** What was made; refused where it does not answer these options. Refusal: `passkey-refused`. */
export async function checkCreation(
  party: RelyingParty,
  token: string,
  { name, response }: NewPasskey,
): Promise<Omit<stored.NewPasskey, 'userId'> | Refusal> {
  const { verifyRegistrationResponse } = await webauthn();
  return refusing(async () => {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: response as unknown as Parameters<typeof verifyRegistrationResponse>[0]['response'],
      expectedChallenge: challengePart(token, 'passkey'),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!verified) throw new Error('the attestation does not verify');
    const { credential, credentialDeviceType } = registrationInfo;
    return {
      name: name.trim(),
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: [...new Set(response.response.transports ?? [])],
      synced: credentialDeviceType === 'multiDevice',
    };
  });
}

/** For navigator.credentials.get: by any passkey for this hub, or, as a second factor, by one of these. */
export async function requestOptions(
  party: RelyingParty,
  token: string,
  of: readonly stored.Passkey[] | null,
): Promise<PasskeyRequest> {
  const { generateAuthenticationOptions } = await webauthn();
  return (await generateAuthenticationOptions({
    rpID: party.id,
    challenge: challengeOf(token),
    timeout: CEREMONY_MS,
    userVerification: of === null ? 'required' : 'preferred',
    ...(of === null
      ? {}
      : { allowCredentials: of.map(({ credentialId, transports }) => ({ id: credentialId, transports })) }),
  })) as PasskeyRequest;
}

/**
 * Whether a passkey answers these options; what it counts to now. `alone`: it is the only factor, so that it must have
 * verified its user. Refusal: `passkey-refused`; also for a counter that is not above the last one, as a copy has it.
 */
export async function checkAnswer(
  party: RelyingParty,
  token: string,
  passkey: stored.Passkey,
  { response }: PasskeyLogIn,
  alone: boolean,
): Promise<{ counter: number; synced: boolean } | Refusal> {
  const { verifyAuthenticationResponse } = await webauthn();
  return refusing(async () => {
    const handle = response.response.userHandle ?? '';
    if (handle !== '' && handle !== userHandleOf(passkey.userId)) throw new Error('the passkey names another user');
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as unknown as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
      expectedChallenge: challengePart(token, 'passkey'),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: alone,
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: passkey.counter,
      },
    });
    if (!verified) throw new Error('the signature is wrong');
    return {
      counter: authenticationInfo.newCounter,
      synced: authenticationInfo.credentialDeviceType === 'multiDevice',
    };
  });
}

/** The library throws for everything that does not fit, in words that hold parts of the answer. */
async function refusing<T>(work: () => Promise<T>): Promise<T | Refusal> {
  try {
    return await work();
  } catch (error) {
    return { refused: 'passkey-refused', detail: (error as Error).message.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 300) };
  }
}
