import { createHmac } from 'node:crypto';

/**
 * What one attempt to log in, or to add a passkey, is made of. The browser keeps a random token in a cookie, the hub
 * only its hash; all that the other side is told or has to know is derived from the token, so that nothing secret is
 * stored, and an attempt that another browser began cannot be ended in this one.
 */
export type ChallengePart = 'passkey' | 'sso state' | 'sso nonce' | 'sso verifier';

/** 256 bits, base64url: also what RFC 7636, 4.1 wants of a code verifier. */
export function challengePart(token: string, part: ChallengePart): string {
  return createHmac('sha256', token).update(part).digest('base64url');
}
