import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Seconds that a code stands for; RFC 6238, 4.1. */
const STEP_S = 30;
const DIGITS = 6;
/** Steps before and after the present one that are taken: clocks differ, and typing takes time; RFC 6238, 5.2. */
const DRIFT = 1;
/** As many as SHA-1 gives; RFC 4226, 4 (R6). */
const SECRET_BYTES = 20;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new secret of 160 bits. */
export function newTotpSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** Base32 without padding (RFC 4648, 6), as authenticator apps take it. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31];
}

/** The number of the step at a time in ms since the epoch. */
export function totpStep(timeMs: number): number {
  return Math.floor(timeMs / 1000 / STEP_S);
}

/** The code of a step: RFC 6238 over HOTP (RFC 4226, 5.3) with SHA-1. */
export function totpCode(secret: Uint8Array, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac[mac.length - 1] as number) & 15;
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits;
  return String(number).padStart(digits, '0');
}

/**
 * The step that a code is of, among the present one and those beside it; null for a wrong code, and for a step that is
 * not after `lastStep`: each is good once (RFC 6238, 5.2). All are compared, in a time that does not depend on the code.
 */
export function matchTotp(secret: Uint8Array, code: string, timeMs: number, lastStep: number | null): number | null {
  const given = Buffer.from(code.replace(/[\s-]/g, ''));
  const now = totpStep(timeMs);
  let found: number | null = null;
  for (let step = Math.max(0, now - DRIFT); step <= now + DRIFT; step += 1) {
    const right = Buffer.from(totpCode(secret, step));
    const same = given.length === right.length && timingSafeEqual(given, right);
    if (same && (lastStep === null || step > lastStep)) found = step;
  }
  return found;
}

/**
 * What an authenticator app reads from a QR code, by the Key Uri Format that all of them know. The label is
 * `issuer:account`.
 */
export function otpauthUri(secret: Uint8Array, issuer: string, account: string): string {
  const parameters = new URLSearchParams({
    secret: base32(secret),
    issuer,
    algorithm: 'SHA1',
    digits: String(DIGITS),
    period: String(STEP_S),
  });
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  // A plus stands for itself there.
  return `otpauth://totp/${label}?${parameters.toString().replaceAll('+', '%20')}`;
}
