import type { FactorChange, LetterLanguage } from '../model/letter.ts';
import type { LetterWords } from './letter-words.ts';

/** What changed: the subject, and a sentence on it. `{name}` is where a value goes. */
type Changes = Readonly<Record<FactorChange, readonly [subject: string, told: string]>>;

const en: Changes = {
  'totp-added': [
    'An authenticator app was set up',
    'On {at}, an authenticator app was set up for your account in Vedette. Whoever logs in with your password is asked for one of its codes from now on.',
  ],
  'totp-removed': [
    'Your authenticator app was removed',
    'On {at}, the authenticator app of your account in Vedette was removed. Its codes are no longer asked for.',
  ],
  'passkey-added': [
    'A passkey was added',
    'On {at}, the passkey “{name}” was added to your account in Vedette. Whoever has it logs in without the password.',
  ],
  'passkey-removed': [
    'A passkey was removed',
    'On {at}, the passkey “{name}” of your account in Vedette was removed. It lets nobody in any more.',
  ],
  'recovery-codes-replaced': [
    'New recovery codes were made',
    'On {at}, new recovery codes were made for your account in Vedette. Those before are no longer good.',
  ],
  'sso-added': [
    'Your account can be logged in to by {name}',
    'On {at}, somebody, most likely you, logged in to your account in Vedette by {name} for the first time. From now on it opens your account.',
  ],
  'factors-reset': [
    'Your second factors were taken away',
    'On {at}, an operator took the second factors of your account in Vedette away: authenticator app, passkeys and recovery codes. All its sessions were ended. Set up new ones once you have logged in.',
  ],
};

const de: Changes = {
  'totp-added': [
    'Eine Authenticator-App wurde eingerichtet',
    'Am {at} wurde für Ihr Konto in Vedette eine Authenticator-App eingerichtet. Wer sich mit Ihrem Passwort anmeldet, wird von nun an nach einem ihrer Codes gefragt.',
  ],
  'totp-removed': [
    'Ihre Authenticator-App wurde entfernt',
    'Am {at} wurde die Authenticator-App Ihres Kontos in Vedette entfernt. Nach ihren Codes wird nicht mehr gefragt.',
  ],
  'passkey-added': [
    'Ein Passkey wurde hinzugefügt',
    'Am {at} wurde Ihrem Konto in Vedette der Passkey „{name}“ hinzugefügt. Wer ihn hat, meldet sich ohne das Passwort an.',
  ],
  'passkey-removed': [
    'Ein Passkey wurde entfernt',
    'Am {at} wurde der Passkey „{name}“ Ihres Kontos in Vedette entfernt. Er lässt niemanden mehr hinein.',
  ],
  'recovery-codes-replaced': [
    'Neue Wiederherstellungscodes wurden erzeugt',
    'Am {at} wurden für Ihr Konto in Vedette neue Wiederherstellungscodes erzeugt. Die bisherigen gelten nicht mehr.',
  ],
  'sso-added': [
    'Anmeldung bei Ihrem Konto über {name}',
    'Am {at} hat sich jemand, vermutlich Sie selbst, zum ersten Mal über {name} bei Ihrem Konto in Vedette angemeldet. Von nun an öffnet diese Anmeldung Ihr Konto.',
  ],
  'factors-reset': [
    'Ihre zweiten Faktoren wurden entfernt',
    'Am {at} wurden durch den Betrieb die zweiten Faktoren Ihres Kontos in Vedette entfernt: Authenticator-App, Passkeys und Wiederherstellungscodes. Alle seine Sitzungen wurden beendet. Richten Sie neue ein, sobald Sie sich angemeldet haben.',
  ],
};

const AFTER: Readonly<Record<LetterLanguage, string>> = {
  en: 'If it was not you, somebody can get into your account: change your password at {link}, look through your factors and sessions there, and tell whoever runs this Vedette.',
  de: 'Wenn Sie das nicht waren, kommt jemand in Ihr Konto: Ändern Sie auf {link} Ihr Passwort, sehen Sie dort Ihre Faktoren und Sitzungen durch, und sagen Sie denen Bescheid, die dieses Vedette betreiben.',
};
/** An operator did it, on the person's word or on what somebody passed off as theirs. */
const AFTER_RESET: Readonly<Record<LetterLanguage, string>> = {
  en: 'If you did not ask for it, somebody may have done so in your name: change your password at {link}, and tell whoever runs this Vedette.',
  de: 'Wenn Sie nicht darum gebeten haben, hat das vielleicht jemand in Ihrem Namen getan: Ändern Sie auf {link} Ihr Passwort, und sagen Sie denen Bescheid, die dieses Vedette betreiben.',
};

function lettersOf(changes: Changes, language: LetterLanguage): Record<FactorChange, LetterWords> {
  const letters = Object.entries(changes).map(([change, [subject, told]]): [string, LetterWords] => {
    const after = change === 'factors-reset' ? AFTER_RESET : AFTER;
    return [change, { subject, title: subject, before: [told], button: '', after: [after[language]] }];
  });
  return Object.fromEntries(letters) as Record<FactorChange, LetterWords>;
}

/** Letters that tell of a changed factor. */
export const FACTOR_LETTERS: Readonly<Record<LetterLanguage, Record<FactorChange, LetterWords>>> = {
  en: lettersOf(en, 'en'),
  de: lettersOf(de, 'de'),
};
