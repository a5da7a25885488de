import { counted } from './language.ts';

/** The words of the screens before one is logged in: first run, log-in, invitations, forgotten passwords. */
export const access = {
  fields: {
    email: 'E-mail address',
    name: 'Your name',
    password: 'Password',
    newPassword: 'New password',
  },
  wrong: {
    email: 'An e-mail address looks like name@example.org.',
    name: 'Give a name: others see it beside what you do.',
    password: 'Give the password.',
    code: 'Give the code.',
  },

  password: {
    rules: (least: number) =>
      `At least ${least} characters; anything goes, spaces too. Four random words are a good password. Passwords known from breaches are refused.`,
    label: 'Strength',
    short: (missing: number) => `${counted(missing, 'more character', 'more characters')} needed`,
    same: 'Too few different characters',
    guessable: 'Easily guessed from your name or address',
    weak: 'Weak: it could be guessed',
    fair: 'Fair',
    good: 'Good',
  },

  logIn: {
    title: 'Log in',
    action: 'Log in',
    passkey: 'Log in with a passkey',
    sso: (name: string) => `Log in with ${name}`,
    or: 'or',
    forgotten: 'Forgotten your password?',
    recover: 'No way in at all?',
    recoverLead: 'Whoever runs this hub opens it by a one-time link, made where it runs:',
    changed: 'The password is changed. Log in with the new one.',
  },
  second: {
    title: 'Second step',
    code: 'One-time code',
    recoveryCode: 'Recovery code',
    passkey: 'Use a passkey',
    leads: {
      totp: 'Type the code that your authenticator app shows.',
      recovery: 'Type one of the recovery codes that you kept. Each works once.',
      passkey: 'Confirm with your passkey.',
    },
    instead: {
      totp: 'Use a one-time code instead',
      recovery: 'Use a recovery code instead',
      passkey: 'Use a passkey instead',
    },
    action: 'Go on',
    back: 'Begin again',
  },
  forgotten: {
    title: 'Forgotten password',
    lead: 'You get an e-mail with a link to set a new one, if there is an account with this address.',
    noMail: 'This hub sends no e-mail. Ask an owner or the operator for a new link.',
    action: 'Send the link',
    sent: (email: string) =>
      `If there is an account for ${email}, a link is on its way. It works once and not for long. Look in the spam folder too.`,
    back: 'Back to log-in',
  },
  reset: {
    title: 'A new password',
    lead: (email: string) => `For ${email}. All sessions of this account end, this browser’s too.`,
    action: 'Set the password',
    broken: 'This link does not work',
    brokenLead: 'It was used, has expired, or is not complete. Ask for a new one.',
    again: 'Ask for a new link',
  },

  setUp: {
    title: 'Welcome to Vedette',
    lead: 'Nobody has an account on this hub yet. Yours will be the first: it owns the installation, sees every tenant, and can invite others.',
    link: 'The link that brought you here works for this browser only. From now on you log in with e-mail address and password.',
    action: 'Create the account',
    later: 'Not now: look around first',
    done: 'Somebody has an account on this hub already',
    doneLead: 'The first account was made before. Log in, or ask its owner for an invitation.',
    emailHelp: 'You log in with it; links to set a new password go there.',
  },

  invitation: {
    title: (tenant: string) => `Join ${tenant}`,
    lead: (email: string, role: string) => `You are invited as ${role}, at ${email}.`,
    create: 'Create the account and join',
    join: 'Join',
    decline: 'Not now',
    known: 'You have an account on this hub with this address. Log in to join.',
    other: (present: string, invited: string) =>
      `You are logged in as ${present}, but the invitation is for ${invited}. Log out to accept it as ${invited}.`,
    link: 'This browser came by the operator’s one-time link. Log out to accept the invitation.',
    logOut: 'Log out',
    broken: 'This invitation does not work',
    brokenLead:
      'It was accepted, withdrawn, has expired, or the link is not complete. Ask whoever invited you for a new one.',
    toDashboard: 'To the dashboard',
  },

  /** Why a single sign-on came to nothing, by what the hub calls it. */
  sso: {
    'sso-unreachable': 'The provider does not answer. Try again later, or log in otherwise.',
    'sso-cancelled': 'It was cancelled there.',
    'sso-expired': 'It took too long. Try again.',
    'sso-unverified-email': 'The provider does not vouch for the e-mail address of that account.',
    'sso-no-account': 'Nobody here has the account that you logged in with there. Ask for an invitation.',
    'sso-other-identity': 'The account here with this e-mail address belongs to somebody else at the provider.',
    'sso-account-disabled': 'This account is disabled. The operator of this hub knows why.',
    'sso-failed': 'The provider’s answer was not in order. Try again, or log in otherwise.',
  },

  failed: {
    tooMany: (wait: string) => `Too many attempts. Try again in ${wait}.`,
    tooManySoon: 'Too many attempts. Try again later.',
    sso: 'The single sign-on was refused',
    passkey: 'No passkey was used: it was cancelled, took too long, or this device has none for this hub.',
  },
} as const;
