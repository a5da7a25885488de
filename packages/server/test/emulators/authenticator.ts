import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** Flags of authenticator data; WebAuthn Level 3, 6.1. */
const FLAG = { present: 0x01, verified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 };
const AAGUID = Buffer.from('76656465747465000000746573740000', 'hex');

interface Credential {
  id: Buffer;
  rpId: string;
  /** As the relying party named it; base64url. */
  userId: string;
  key: KeyObject;
  counter: number;
}

/** How one ceremony differs from what an honest browser and authenticator do. */
export interface Oddity {
  origin?: string;
  rpId?: string;
  challenge?: string;
  type?: string;
  /** false: nobody touched it. */
  present?: boolean;
  /** false: no PIN or fingerprint was shown. */
  verified?: boolean;
  /** The counter to tell instead of the next one. */
  counter?: number;
  /** Signs with another key. */
  otherKey?: boolean;
}

export interface CreationOptions {
  challenge: string;
  rp: { id?: string };
  user: { id: string };
  excludeCredentials?: { id: string }[];
}

export interface RequestOptions {
  challenge: string;
  rpId?: string;
  allowCredentials?: { id: string }[];
}

export interface Authenticator {
  /** navigator.credentials.create, as JSON. Throws where a credential is excluded. */
  create(options: CreationOptions, odd?: Oddity): object & { id: string };
  /** navigator.credentials.get, as JSON. Throws where there is no credential for it. */
  get(options: RequestOptions, odd?: Oddity): object & { id: string };
  credentials: Credential[];
}

/**
 * An authenticator and the browser before it, in software: ES256, attestation `none`. `counts`: false, as passkeys that
 * are synchronised, which leave the counter at 0.
 */
export function createAuthenticator(origin: string, { counts = true }: { counts?: boolean } = {}): Authenticator {
  const credentials: Credential[] = [];
  const clientData = (type: string, challenge: string, odd: Oddity) =>
    Buffer.from(
      JSON.stringify({
        type: odd.type ?? type,
        challenge: odd.challenge ?? challenge,
        origin: odd.origin ?? origin,
        crossOrigin: false,
      }),
    );

  return {
    credentials,
    create({ challenge, rp, user, excludeCredentials = [] }, odd = {}) {
      if (excludeCredentials.some(({ id }) => credentials.some((known) => known.id.toString('base64url') === id))) {
        throw new Error('InvalidStateError');
      }
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const rpId = rp.id ?? new URL(origin).hostname;
      const id = randomBytes(32);
      const credential: Credential = { id, rpId, userId: user.id, key: privateKey, counter: 0 };
      credentials.push(credential);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const attested = Buffer.concat([AAGUID, length, id, cose(publicKey)]);
      const authData = Buffer.concat([authenticatorData(credential, FLAG.attested, counts, odd), attested]);
      return {
        id: id.toString('base64url'),
        rawId: id.toString('base64url'),
        type: 'public-key',
        authenticatorAttachment: 'platform',
        clientExtensionResults: { credProps: { rk: true } },
        response: {
          clientDataJSON: clientData('webauthn.create', challenge, odd).toString('base64url'),
          attestationObject: cborMap([
            [cborText('fmt'), cborText('none')],
            [cborText('attStmt'), cborMap([])],
            [cborText('authData'), cborBytes(authData)],
          ]).toString('base64url'),
          transports: ['internal', 'hybrid'],
        },
      };
    },
    get({ challenge, rpId = new URL(origin).hostname, allowCredentials = [] }, odd = {}) {
      const credential = credentials.find(
        ({ id, rpId: own }) =>
          own === rpId &&
          (allowCredentials.length === 0 || allowCredentials.some((one) => one.id === id.toString('base64url'))),
      );
      if (credential === undefined) throw new Error('NotAllowedError');
      const data = clientData('webauthn.get', challenge, odd);
      const authData = authenticatorData(credential, 0, counts, odd);
      const signed = Buffer.concat([authData, createHash('sha256').update(data).digest()]);
      const key =
        odd.otherKey === true ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey : credential.key;
      const id = credential.id.toString('base64url');
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: data.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: sign('sha256', signed, key).toString('base64url'),
          userHandle: credential.userId,
        },
      };
    },
  };
}

function authenticatorData(credential: Credential, flags: number, counts: boolean, odd: Oddity): Buffer {
  if (counts) credential.counter += 1;
  const head = Buffer.alloc(5);
  const synchronised = counts ? 0 : FLAG.backupEligible | FLAG.backedUp;
  head[0] =
    flags | synchronised | (odd.present === false ? 0 : FLAG.present) | (odd.verified === false ? 0 : FLAG.verified);
  head.writeUInt32BE(odd.counter ?? credential.counter, 1);
  return Buffer.concat([
    createHash('sha256')
      .update(odd.rpId ?? credential.rpId)
      .digest(),
    head,
  ]);
}

/** A P-256 key as COSE has it (RFC 9053, 7.1.1): EC2, ES256. */
function cose(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return cborMap([
    [cborNumber(1), cborNumber(2)],
    [cborNumber(3), cborNumber(-7)],
    [cborNumber(-1), cborNumber(1)],
    [cborNumber(-2), cborBytes(Buffer.from(x, 'base64url'))],
    [cborNumber(-3), cborBytes(Buffer.from(y, 'base64url'))],
  ]);
}

/** The head of a CBOR item; RFC 8949, 3. */
function cborHead(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 0x100) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 0xff]);
}

const cborNumber = (value: number): Buffer => (value < 0 ? cborHead(1, -1 - value) : cborHead(0, value));
const cborBytes = (value: Buffer): Buffer => Buffer.concat([cborHead(2, value.length), value]);
const cborText = (value: string): Buffer => Buffer.concat([cborHead(3, value.length), Buffer.from(value)]);
const cborMap = (pairs: [Buffer, Buffer][]): Buffer => Buffer.concat([cborHead(5, pairs.length), ...pairs.flat()]);
