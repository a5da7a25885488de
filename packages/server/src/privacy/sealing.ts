import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { Fault } from '../model/fault.ts';

/** Sealed under version 1, before there were versions: nonce, tag and ciphertext follow. */
const UNVERSIONED = 1;
/** The version of the key follows in four bytes, then nonce, tag and ciphertext. */
const VERSIONED = 2;
const HEAD_BYTES = 5;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const MASTER_KEY_BYTES = 32;

/** Seals secrets under the installation's master key, which lives outside the databases. */
export interface Sealer {
  seal(secret: Buffer, purpose: string): Buffer;
  open(sealed: Buffer, purpose: string): Buffer;
  /** Finds out anew which version seals; for a value that the database turned away as sealed under an older one. */
  refresh?(): Promise<void>;
}

/** The versions of the master key that are at hand. */
export interface MasterKeys {
  /** The version that seals. */
  sealing(): number;
  /** 32 bytes; undefined for a version that is not there (any more). */
  key(version: number): Buffer | undefined;
  refresh?(): Promise<void>;
}

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. Layout: 2, version of the key (4 bytes, big-endian), nonce
 * (12), tag (16), ciphertext; values from before there were versions begin with 1 and the nonce. The head and `purpose`
 * are authenticated, so that one secret cannot be passed off as another.
 * `keys`: 32 bytes, which are version 1, or versions. `open` throws a Fault `unsealing-failed` for another key or
 * changed bytes, and `unknown-master-key` where the version is not there.
 */
export function createSealer(keys: Buffer | MasterKeys): Sealer {
  const versions = Buffer.isBuffer(keys) ? only(keys) : keys;
  return {
    seal(secret, purpose) {
      const version = versions.sealing();
      const head = Buffer.alloc(HEAD_BYTES);
      head.writeUInt8(VERSIONED, 0);
      head.writeUInt32BE(version, 1);
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyOf(versions, version, purpose), nonce);
      cipher.setAAD(Buffer.concat([head, Buffer.from(purpose)]));
      const body = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Buffer.concat([head, nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, purpose) {
      const layout = sealed[0];
      const head = layout === VERSIONED ? sealed.subarray(0, HEAD_BYTES) : sealed.subarray(0, 1);
      const nonceEnd = head.length + NONCE_BYTES;
      const bodyStart = nonceEnd + TAG_BYTES;
      if (sealed.length < bodyStart || (layout !== UNVERSIONED && layout !== VERSIONED)) {
        throw new Fault('unsealing-failed', `a sealed ${purpose} has an unknown layout`);
      }
      const key = keyOf(versions, versionOf(sealed), purpose);
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(head.length, nonceEnd));
      const aad = layout === VERSIONED ? Buffer.concat([head, Buffer.from(purpose)]) : Buffer.from(purpose);
      decipher.setAAD(aad);
      decipher.setAuthTag(sealed.subarray(nonceEnd, bodyStart));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(bodyStart)), decipher.final()]);
      } catch (cause) {
        throw new Fault('unsealing-failed', `a sealed ${purpose} cannot be opened with this master key`, { cause });
      }
    },
    refresh: async () => versions.refresh?.(),
  };
}

/** The version of the key that a value is sealed under; 0 when it has no known layout. */
export function versionOf(sealed: Buffer): number {
  if (sealed[0] === UNVERSIONED) return 1;
  return sealed[0] === VERSIONED && sealed.length >= HEAD_BYTES ? sealed.readUInt32BE(1) : 0;
}

/** Tells a key from another without telling the key. */
export function fingerprintOf(key: Buffer): Buffer {
  return createHmac('sha256', key).update('vedette master key').digest().subarray(0, 16);
}

function only(key: Buffer): MasterKeys {
  if (key.length !== MASTER_KEY_BYTES) {
    throw new Fault('bad-master-key', `the master key must be ${MASTER_KEY_BYTES} bytes, it is ${key.length}`);
  }
  return { sealing: () => 1, key: (version) => (version === 1 ? key : undefined) };
}

function keyOf(versions: MasterKeys, version: number, purpose: string): Buffer {
  const key = versions.key(version);
  if (key !== undefined) return key;
  throw new Fault('unknown-master-key', `a ${purpose} needs version ${version} of the master key, which is not there`);
}
