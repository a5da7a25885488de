import { createHash, randomBytes } from 'node:crypto';

/** How many a person gets at once. */
export const RECOVERY_CODES = 10;
// Crockford's alphabet: nothing in it can be taken for another when it is read from paper.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LETTERS = 24;
const GROUP = 6;

/** New recovery codes, as they are shown: `4v7c2k-…`, 120 bits each. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = [...randomBytes(LETTERS)].map((byte) => ALPHABET[byte & 31]).join('');
    return (letters.match(new RegExp(`.{${GROUP}}`, 'g')) as string[]).join('-');
  });
}

/**
 * What is kept of a code; null for what is none. It is read as people type it: groups, case, and letters that look like
 * digits do not matter. A code has more than 112 bits, so that it needs no slow hash (OWASP ASVS 5.0, 6.5.2).
 */
export function hashRecoveryCode(userId: string, code: string): Buffer | null {
  if (code.length > 4 * LETTERS) return null;
  const letters = code.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1');
  if (letters.length !== LETTERS || [...letters].some((letter) => !ALPHABET.includes(letter))) return null;
  return createHash('sha256').update(`recovery code of ${userId}: ${letters}`).digest();
}
