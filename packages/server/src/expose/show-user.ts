import type { EmailChange, User } from '@vedette/contract';
import type * as changes from '../stores/people.ts';
import type * as stored from '../stores/records.ts';

/** A person as the API shows one. */
export function showUser({ id, email, name, locale }: stored.User): User {
  return { id, email, name, locale };
}

/** An e-mail address that waits to be confirmed, as the API shows it. */
export function showEmailChange({ email, expiresAt }: changes.EmailChange): EmailChange {
  return { email, expires: new Date(expiresAt).toISOString() };
}
