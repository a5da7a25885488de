import type { MailOrder } from '../model/mail-order.ts';

/** A mail as the queue keeps it; what it says is sealed. */
export interface StoredMail {
  id: string;
  sealed: Buffer;
  /** What the sealed value is bound to. */
  purpose: string;
  createdAt: number;
  expiresAt: number;
}

export interface NewMail {
  id: string;
  tenantId: string | null;
  kind: MailOrder['kind'];
  /** Of an invitation. */
  subjectId: string | null;
  expiresAt: number;
}

/** How a mail ended: sent, not wanted any more, or given up. */
export type MailEnd = 'sent' | 'dropped' | 'failed';

/** Mails on their way. */
export interface Mails {
  /** `seal` is given what the value is to be bound to. May be turned away with OLD_SEAL. */
  add(mail: NewMail, seal: (purpose: string) => Buffer): Promise<void>;
  /** null: there is none, or it has ended. */
  find(id: string): Promise<StoredMail | null>;
  /** Notes why an attempt failed; the mail goes on waiting. */
  noteError(id: string, error: string): Promise<void>;
  /** Ends a mail and forgets what it said. */
  end(id: string, how: MailEnd, error: string | null): Promise<void>;
  /** Those that wait since before a time. */
  waiting(beforeMs: number): Promise<{ id: string }[]>;
}
