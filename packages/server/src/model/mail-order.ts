import type { FactorChange } from './letter.ts';
import type { Role } from './permission.ts';

/** A mail that is to be written and sent. Times are ms since the epoch. */
export type MailOrder =
  | {
      kind: 'invitation';
      invitationId: string;
      tenantId: string;
      /** To see whether the invitation still stands when the mail goes out. */
      token: string;
      to: string;
      link: string;
      tenant: string;
      /** '' for an operator without an account. */
      inviter: string;
      role: Role;
      locale: string | null;
      expiresAt: number;
    }
  | { kind: 'password-reset'; email: string; token: string; link: string; expiresAt: number }
  | { kind: 'password-changed'; to: string; link: string; locale: string | null; at: number }
  /** To the address that an account is to have. */
  | { kind: 'email-change'; to: string; token: string; link: string; locale: string | null; expiresAt: number }
  /** To the address it has, or had: that another one was asked for, and that it is in force. */
  | {
      kind: 'email-asked' | 'email-changed';
      to: string;
      email: string;
      link: string;
      locale: string | null;
      at: number;
    }
  /** To whom a factor belongs, or belonged. `name`: of the passkey or the provider; '' where there is none. */
  | {
      kind: 'factor-changed';
      change: FactorChange;
      to: string;
      name: string;
      link: string;
      locale: string | null;
      at: number;
    };

/** Takes mails to be sent; resolves once they are on disk. */
export interface MailDesk {
  post(order: MailOrder): Promise<void>;
}
