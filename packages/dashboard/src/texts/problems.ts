/**
 * Refusals of the hub by the code in their `type`. The hub says them in English, and in more detail than a code has; so
 * English has words of its own only where programs and people are to be told otherwise. Other languages have one where it
 * says all there is to say.
 */
export const problems: Record<string, string> = {
  'wrong-credentials': 'No account has this e-mail address and password.',
  'wrong-password': 'This is not your present password.',
  'wrong-code': 'This code is not right, or no longer. One-time codes change every 30 seconds.',
  'account-disabled': 'This account is disabled. The operator of this hub knows why.',
  'tenant-suspended': 'This tenant is suspended. Its operator knows why; nothing was deleted.',
  'second-factor-required': 'A second factor is needed here. Set one up in your account, or log in again with it.',
  'second-factor-first': 'Set up a second factor for yourself first, or log in again with it.',
  'last-factor': 'A tenant of yours asks for a second factor, and this is your last. Set up another one first.',
  'unknown-passkey': 'The hub does not know this passkey.',
  'passkey-refused': 'The hub does not accept the answer of this passkey. Try again.',
  'passkey-known': 'This passkey is added already.',
  'last-owner': 'A tenant keeps at least one owner who can log in. Make somebody else an owner first.',
  'owners-only': 'Only an owner may make or unmake an owner.',
  'account-exists': 'There is an account with this e-mail address already.',
  'breached-password': 'This password is known from breaches elsewhere; others will try it. Take another one.',
};

/** Titles of the fields that traffic is filtered by, by name. English has the hub's. */
export const fields: Record<string, string> = {};
