/** Languages that letters are written in. */
export const LETTER_LANGUAGES = ['en', 'de'] as const;
export type LetterLanguage = (typeof LETTER_LANGUAGES)[number];

/** What changed in how a person logs in, besides the password and the address. */
export const FACTOR_CHANGES = [
  'totp-added',
  'totp-removed',
  'passkey-added',
  'passkey-removed',
  'recovery-codes-replaced',
  'sso-added',
  'factors-reset',
] as const;
export type FactorChange = (typeof FACTOR_CHANGES)[number];

/** What a mail is about, before it is put into words. Times are ms since the epoch. */
export type Letter =
  | { kind: 'invitation'; link: string; tenant: string; inviter: string; role: string; expiresAt: number }
  | { kind: 'password-reset'; link: string; minutes: number }
  | { kind: 'password-changed'; link: string; at: number }
  | { kind: 'email-change'; link: string; expiresAt: number }
  /** The address has an account already: its owner is told, and whoever asked is not. */
  | { kind: 'email-taken'; link: string }
  | { kind: 'email-asked' | 'email-changed'; email: string; link: string; at: number }
  /** `name`: of the passkey or the provider; '' where there is none. */
  | { kind: FactorChange; name: string; link: string; at: number };

/** The language of a letter to a reader with this locale (BCP 47); English where there is no other. */
export function letterLanguage(locale: string | null | undefined): LetterLanguage {
  const primary = locale?.split(/[-_]/, 1)[0]?.toLowerCase();
  return LETTER_LANGUAGES.find((language) => language === primary) ?? 'en';
}
