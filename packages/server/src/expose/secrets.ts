import { createHash, randomBytes } from 'node:crypto';

export const KEY_PREFIX = 'vdt_';

/** A new API key: 256 random bits behind a prefix that secret scanners can look for. */
export function newApiKey(): string {
  return KEY_PREFIX + randomBytes(32).toString('base64url');
}

/** A new secret for a link or a session: 256 random bits. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a secret. Its 256 random bits need no slow hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
