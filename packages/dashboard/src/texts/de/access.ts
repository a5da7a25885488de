import type { Words } from '../../text.ts';
import { counted } from './language.ts';

export const access: Words['access'] = {
  fields: {
    email: 'E-Mail-Adresse',
    name: 'Ihr Name',
    password: 'Passwort',
    newPassword: 'Neues Passwort',
  },
  wrong: {
    email: 'Eine E-Mail-Adresse sieht aus wie name@example.org.',
    name: 'Geben Sie einen Namen an: Andere sehen ihn neben dem, was Sie tun.',
    password: 'Geben Sie das Passwort an.',
    code: 'Geben Sie den Code an.',
  },

  password: {
    rules: (least) =>
      `Mindestens ${least} Zeichen; alles ist erlaubt, auch Leerzeichen. Vier zufällige Wörter sind ein gutes Passwort. Aus Datenlecks bekannte werden abgelehnt.`,
    label: 'Stärke',
    short: (missing) => `${counted(missing, 'Zeichen fehlt', 'Zeichen fehlen')} noch`,
    same: 'Zu wenige verschiedene Zeichen',
    guessable: 'Aus Ihrem Namen oder Ihrer Adresse leicht zu erraten',
    weak: 'Schwach: Es ließe sich erraten',
    fair: 'Mittel',
    good: 'Gut',
  },

  logIn: {
    title: 'Anmelden',
    action: 'Anmelden',
    passkey: 'Mit einem Passkey anmelden',
    sso: (name) => `Mit ${name} anmelden`,
    or: 'oder',
    forgotten: 'Passwort vergessen?',
    recover: 'Gar kein Weg hinein?',
    recoverLead: 'Wer diesen Hub betreibt, öffnet ihn mit einem Einmal-Link, der dort entsteht, wo er läuft:',
    changed: 'Das Passwort ist geändert. Melden Sie sich mit dem neuen an.',
  },
  second: {
    title: 'Zweiter Schritt',
    code: 'Einmalcode',
    recoveryCode: 'Ersatzcode',
    passkey: 'Passkey benutzen',
    leads: {
      totp: 'Geben Sie den Code ein, den Ihre Authenticator-App zeigt.',
      recovery: 'Geben Sie einen der Ersatzcodes ein, die Sie aufbewahrt haben. Jeder gilt einmal.',
      passkey: 'Bestätigen Sie mit Ihrem Passkey.',
    },
    instead: {
      totp: 'Stattdessen einen Einmalcode benutzen',
      recovery: 'Stattdessen einen Ersatzcode benutzen',
      passkey: 'Stattdessen einen Passkey benutzen',
    },
    action: 'Weiter',
    back: 'Von vorn beginnen',
  },
  forgotten: {
    title: 'Passwort vergessen',
    lead: 'Gibt es ein Konto mit dieser Adresse, bekommen Sie eine E-Mail mit einem Link, um ein neues zu setzen.',
    noMail: 'Dieser Hub verschickt keine E-Mails. Bitten Sie einen Eigentümer oder den Betreiber um einen neuen Link.',
    action: 'Link schicken',
    sent: (email) =>
      `Gibt es ein Konto für ${email}, ist ein Link unterwegs. Er gilt einmal und nicht lange. Sehen Sie auch im Spam-Ordner nach.`,
    back: 'Zurück zur Anmeldung',
  },
  reset: {
    title: 'Ein neues Passwort',
    lead: (email) => `Für ${email}. Alle Anmeldungen dieses Kontos enden, auch die in diesem Browser.`,
    action: 'Passwort setzen',
    broken: 'Dieser Link gilt nicht',
    brokenLead: 'Er wurde benutzt, ist abgelaufen oder nicht vollständig. Fordern Sie einen neuen an.',
    again: 'Neuen Link anfordern',
  },

  setUp: {
    title: 'Willkommen bei Vedette',
    lead: 'Auf diesem Hub hat noch niemand ein Konto. Ihres wird das erste: Ihm gehört die Installation, es sieht jeden Mandanten und kann andere einladen.',
    link: 'Der Link, der Sie hierher gebracht hat, gilt nur für diesen Browser. Von nun an melden Sie sich mit E-Mail-Adresse und Passwort an.',
    action: 'Konto anlegen',
    later: 'Jetzt nicht: erst umsehen',
    done: 'Auf diesem Hub hat schon jemand ein Konto',
    doneLead:
      'Das erste Konto wurde bereits angelegt. Melden Sie sich an, oder bitten Sie dessen Inhaber um eine Einladung.',
    emailHelp: 'Damit melden Sie sich an; dorthin gehen Links für ein neues Passwort.',
  },

  invitation: {
    title: (tenant) => `${tenant} beitreten`,
    lead: (email, role) => `Sie sind unter ${email} eingeladen, mit der Rolle ${role}.`,
    create: 'Konto anlegen und beitreten',
    join: 'Beitreten',
    decline: 'Jetzt nicht',
    known: 'Sie haben auf diesem Hub ein Konto mit dieser Adresse. Melden Sie sich an, um beizutreten.',
    other: (present, invited) =>
      `Sie sind als ${present} angemeldet, die Einladung ist aber für ${invited}. Melden Sie sich ab, um sie als ${invited} anzunehmen.`,
    link: 'Dieser Browser kam über den Einmal-Link des Betreibers. Melden Sie sich ab, um die Einladung anzunehmen.',
    logOut: 'Abmelden',
    broken: 'Diese Einladung gilt nicht',
    brokenLead:
      'Sie wurde angenommen oder zurückgenommen, ist abgelaufen, oder der Link ist nicht vollständig. Bitten Sie um eine neue.',
    toDashboard: 'Zur Übersicht',
  },

  sso: {
    'sso-unreachable':
      'Der Anbieter antwortet nicht. Versuchen Sie es später noch einmal, oder melden Sie sich anders an.',
    'sso-cancelled': 'Dort wurde abgebrochen.',
    'sso-expired': 'Es hat zu lange gedauert. Versuchen Sie es noch einmal.',
    'sso-unverified-email': 'Der Anbieter verbürgt sich nicht für die E-Mail-Adresse jenes Kontos.',
    'sso-no-account':
      'Zu dem Konto, mit dem Sie sich dort angemeldet haben, gibt es hier keines. Bitten Sie um eine Einladung.',
    'sso-other-identity': 'Das hiesige Konto mit dieser E-Mail-Adresse gehört beim Anbieter jemand anderem.',
    'sso-account-disabled': 'Dieses Konto ist gesperrt. Der Betreiber dieses Hubs weiß, warum.',
    'sso-failed':
      'Die Antwort des Anbieters war nicht in Ordnung. Versuchen Sie es noch einmal, oder melden Sie sich anders an.',
  },

  failed: {
    tooMany: (wait) => `Zu viele Versuche. Probieren Sie es in ${wait} noch einmal.`,
    tooManySoon: 'Zu viele Versuche. Probieren Sie es später noch einmal.',
    sso: 'Die Anmeldung beim Anbieter wurde abgelehnt',
    passkey:
      'Es wurde kein Passkey benutzt: abgebrochen, zu lange gewartet, oder dieses Gerät hat keinen für diesen Hub.',
  },
};
