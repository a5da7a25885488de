import type { FactorChange, LetterLanguage } from '../model/letter.ts';
import { FACTOR_LETTERS } from './factor-letter-words.ts';

/** Words of one letter. `{name}` is where a value goes. */
export interface LetterWords {
  subject: string;
  title: string;
  /** Before the button, a paragraph each. */
  before: readonly string[];
  /** What the button says; '' for a letter without one. */
  button: string;
  after: readonly string[];
}

interface Catalogue extends Readonly<Record<FactorChange, LetterWords>> {
  roles: Readonly<Record<string, string>>;
  /** Who invites without an account. */
  operator: string;
  linkHint: string;
  invitation: LetterWords;
  'password-reset': LetterWords;
  'password-changed': LetterWords;
  'email-change': LetterWords;
  'email-taken': LetterWords;
  'email-asked': LetterWords;
  'email-changed': LetterWords;
}

const en: Catalogue = {
  ...FACTOR_LETTERS.en,
  roles: { owner: 'owner', admin: 'administrator', analyst: 'analyst', viewer: 'viewer' },
  operator: 'The operator of this Vedette',
  linkHint: 'If the button does not work, copy this address into your browser:',
  invitation: {
    subject: 'You are invited to {tenant}',
    title: 'Join {tenant}',
    before: ['{inviter} invites you to {tenant} in Vedette, as {role}.'],
    button: 'Accept the invitation',
    after: [
      'The link works once, until {expires}.',
      'If you do not expect this invitation, you need not do anything: without the link nobody gets in.',
    ],
  },
  'password-reset': {
    subject: 'A new password for Vedette',
    title: 'Choose a new password',
    before: ['Somebody, most likely you, asked for a new password for your account.'],
    button: 'Choose a password',
    after: [
      'The link works once, for {minutes} minutes. It ends all sessions of your account.',
      'If it was not you, you need not do anything: your password stays as it is.',
    ],
  },
  'password-changed': {
    subject: 'Your password was changed',
    title: 'Your password was changed',
    before: ['The password of your account was changed on {at}, and all its other sessions were ended.'],
    button: '',
    after: ['If it was not you, ask for a new password at {link}, and tell whoever runs this Vedette.'],
  },
  'email-change': {
    subject: 'Confirm your new e-mail address for Vedette',
    title: 'Confirm your new e-mail address',
    before: ['Somebody, most likely you, wants to log in to Vedette with this address from now on.'],
    button: 'Confirm the address',
    after: [
      'The link works once, until {expires}, for whoever is logged in to the account.',
      'If it was not you, you need not do anything: without the link nothing changes.',
    ],
  },
  'email-taken': {
    subject: 'This address has an account in Vedette already',
    title: 'This address has an account already',
    before: [
      'Somebody, perhaps you, wanted to use this address for another account in Vedette. It belongs to an account already, so nothing was changed.',
    ],
    button: '',
    after: ['If it was you, log in with this address instead, or change the address of that account first.'],
  },
  'email-asked': {
    subject: 'Another e-mail address was asked for',
    title: 'Another e-mail address was asked for',
    before: [
      'On {at}, the e-mail address {email} was asked for for your account in Vedette. Once the link that was sent there is opened, you log in with that one; until then nothing changes.',
    ],
    button: '',
    after: [
      'If it was not you, somebody knows your password: change it in your account at {link}, which voids the link, and tell whoever runs this Vedette.',
    ],
  },
  'email-changed': {
    subject: 'Your e-mail address was changed',
    title: 'Your e-mail address was changed',
    before: ['Since {at} you log in to Vedette with {email}. This address is no longer used.'],
    button: '',
    after: ['If it was not you, tell whoever runs this Vedette at once: they can change it back and end all sessions.'],
  },
};

const de: Catalogue = {
  ...FACTOR_LETTERS.de,
  roles: { owner: 'Inhaberin oder Inhaber', admin: 'Administration', analyst: 'Analyse', viewer: 'Lesezugriff' },
  operator: 'Der Betrieb dieses Vedette',
  linkHint: 'Wenn die Schaltfläche nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser:',
  invitation: {
    subject: 'Einladung zu {tenant}',
    title: 'Einladung zu {tenant}',
    before: ['{inviter} lädt Sie zu {tenant} in Vedette ein. Ihre Rolle: {role}.'],
    button: 'Einladung annehmen',
    after: [
      'Der Link gilt einmal, bis {expires}.',
      'Wenn Sie diese Einladung nicht erwarten, müssen Sie nichts tun: Ohne den Link kommt niemand hinein.',
    ],
  },
  'password-reset': {
    subject: 'Ein neues Passwort für Vedette',
    title: 'Neues Passwort wählen',
    before: ['Jemand, vermutlich Sie selbst, hat für Ihr Konto ein neues Passwort angefordert.'],
    button: 'Passwort wählen',
    after: [
      'Der Link gilt einmal, {minutes} Minuten lang. Er beendet alle Sitzungen Ihres Kontos.',
      'Wenn Sie das nicht waren, müssen Sie nichts tun: Ihr Passwort bleibt, wie es ist.',
    ],
  },
  'password-changed': {
    subject: 'Ihr Passwort wurde geändert',
    title: 'Ihr Passwort wurde geändert',
    before: ['Das Passwort Ihres Kontos wurde am {at} geändert, alle anderen Sitzungen wurden beendet.'],
    button: '',
    after: [
      'Wenn Sie das nicht waren, fordern Sie auf {link} ein neues Passwort an und sagen Sie denen Bescheid, die dieses Vedette betreiben.',
    ],
  },
  'email-change': {
    subject: 'Ihre neue E-Mail-Adresse für Vedette bestätigen',
    title: 'Neue E-Mail-Adresse bestätigen',
    before: ['Jemand, vermutlich Sie selbst, möchte sich bei Vedette künftig mit dieser Adresse anmelden.'],
    button: 'Adresse bestätigen',
    after: [
      'Der Link gilt einmal, bis {expires}, für die Person, die bei dem Konto angemeldet ist.',
      'Wenn Sie das nicht waren, müssen Sie nichts tun: Ohne den Link ändert sich nichts.',
    ],
  },
  'email-taken': {
    subject: 'Diese Adresse hat in Vedette schon ein Konto',
    title: 'Diese Adresse hat schon ein Konto',
    before: [
      'Jemand, vielleicht Sie selbst, wollte diese Adresse für ein anderes Konto in Vedette verwenden. Sie gehört schon zu einem Konto, deshalb wurde nichts geändert.',
    ],
    button: '',
    after: [
      'Wenn Sie das waren, melden Sie sich stattdessen mit dieser Adresse an, oder ändern Sie zuerst die Adresse jenes Kontos.',
    ],
  },
  'email-asked': {
    subject: 'Eine andere E-Mail-Adresse wurde verlangt',
    title: 'Eine andere E-Mail-Adresse wurde verlangt',
    before: [
      'Am {at} wurde für Ihr Konto in Vedette die E-Mail-Adresse {email} verlangt. Sobald der Link geöffnet wird, der dorthin ging, melden Sie sich mit ihr an; bis dahin ändert sich nichts.',
    ],
    button: '',
    after: [
      'Wenn Sie das nicht waren, kennt jemand Ihr Passwort: Ändern Sie es in Ihrem Konto auf {link}, das macht den Link ungültig, und sagen Sie denen Bescheid, die dieses Vedette betreiben.',
    ],
  },
  'email-changed': {
    subject: 'Ihre E-Mail-Adresse wurde geändert',
    title: 'Ihre E-Mail-Adresse wurde geändert',
    before: ['Seit {at} melden Sie sich bei Vedette mit {email} an. Diese Adresse wird nicht mehr verwendet.'],
    button: '',
    after: [
      'Wenn Sie das nicht waren, sagen Sie denen sofort Bescheid, die dieses Vedette betreiben: Sie können sie zurückändern und alle Sitzungen beenden.',
    ],
  },
};

export const LETTER_WORDS: Readonly<Record<LetterLanguage, Catalogue>> = { en, de };
