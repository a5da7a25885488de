import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Fault } from '../model/fault.ts';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals secrets under the installation's master key, which lives outside the databases. */
export interface Sealer {
  seal(secret: Buffer, purpose: string): Buffer;
  open(sealed: Buffer, purpose: string): Buffer;
}

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; layout: version (1), nonce (12), tag (16), ciphertext.
 * `purpose` is authenticated, so that one kind of secret cannot be passed off as another.
 * `masterKey` is 32 bytes. `open` throws a Fault `unsealing-failed` for another key or changed bytes.
 */
export function createSealer(masterKey: Buffer): Sealer {
  if (masterKey.length !== 32) {
    throw new Fault('bad-master-key', `the master key must be 32 bytes, it is ${masterKey.length}`);
  }
  return {
    seal(secret, purpose) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', masterKey, nonce);
      cipher.setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, purpose) {
      const body = 1 + NONCE_BYTES + TAG_BYTES;
      if (sealed.length < body || sealed[0] !== VERSION) {
        throw new Fault('unsealing-failed', `a sealed ${purpose} has an unknown layout`);
      }
      const decipher = createDecipheriv('aes-256-gcm', masterKey, sealed.subarray(1, 1 + NONCE_BYTES));
      decipher.setAAD(Buffer.from(purpose));
      decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, body));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(body)), decipher.final()]);
      } catch (cause) {
        throw new Fault('unsealing-failed', `a sealed ${purpose} cannot be opened with this master key`, { cause });
      }
    },
  };
}
