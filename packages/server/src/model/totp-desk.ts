import type { Refusal } from './request.ts';

/** Authenticator apps of people. Secrets leave it once, when one is set up. */
export interface TotpDesk {
  /** A new secret, which asks for nothing until it is confirmed. `issuer`: what the app calls this hub. Refusal: `totp-on`. */
  begin(user: { id: string; email: string }, issuer: string): Promise<TotpSecret | Refusal>;
  /** Puts it in force by its first code. Refusals: `no-totp`, `wrong-code`. */
  confirm(userId: string, code: string): Promise<Refusal | null>;
  /** Whether it is a code of the app that is in force; uses it up. */
  verify(userId: string, code: string): Promise<boolean>;
}

export interface TotpSecret {
  /** Base32. */
  secret: string;
  uri: string;
  qrSvg: string;
}
