import { createHash, randomBytes } from 'node:crypto';

/** A secret of 32 random bytes for a key, link or session. Only the hash is stored: such a secret cannot be guessed, so it needs no slow hash. */
export function newSecret(prefix: string): { token: string; hash: Buffer } {
  const token = prefix + randomBytes(32).toString('base64url');
  return { token, hash: hashSecret(token) };
}

/** SHA-256 of the whole token. */
export function hashSecret(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
