import type { Words } from '../../text.ts';
import { account } from './account.ts';
import { audit } from './audit.ts';
import { explore } from './explore.ts';
import { firstSteps } from './first-steps.ts';
import { keys } from './keys.ts';
import { counted } from './language.ts';
import { live } from './live.ts';
import type { Overview } from './overview.ts';
import { people } from './people.ts';
import { settings } from './settings.ts';
import { sources } from './sources.ts';
import { domains, tenants } from './tenants.ts';

type General = Omit<
  Words,
  | keyof Overview
  | 'status'
  | 'reasons'
  | 'kinds'
  | 'problems'
  | 'fields'
  | 'empty'
  | 'sources'
  | 'firstSteps'
  | 'import'
  | 'consent'
  | 'explore'
  | 'integrations'
  | 'interactions'
  | 'live'
  | 'palette'
  | 'privacy'
  | 'ui'
  | 'access'
  | 'account'
  | 'audit'
  | 'domains'
  | 'keys'
  | 'people'
  | 'settings'
  | 'tenants'
>;

const UNITS = {
  minute: ['Minute', 'Minuten'],
  hour: ['Stunde', 'Stunden'],
  day: ['Tag', 'Tage'],
  'UTC day': ['UTC-Tag', 'UTC-Tage'],
} as const;

/** What is not of one screen only. */
export const general: General = {
  product: 'Vedette',
  none: '–',
  unknown: 'Unbekannt',
  loading: 'Wird geladen …',
  close: 'Schließen',
  cancel: 'Abbrechen',
  skipToMain: 'Zum Inhalt springen',
  copy: 'Kopieren',
  copied: 'Kopiert',
  selected: 'Markiert: Drücken Sie Strg+C',
  unit: (unit, count) => {
    const [one, other] = UNITS[unit];
    return count === 1 ? one : counted(count, one, other);
  },

  header: {
    title: (tenant) => `${tenant} · Vedette`,
    titleOf: (screen, tenant) => `${screen} · ${tenant} · Vedette`,
    screens: 'Bereiche',
    titles: {
      overview: 'Übersicht',
      explore: explore.title,
      live: live.title,
      interactions: 'Interaktionen',
      consent: 'Einwilligung',
      privacy: 'Datenschutz',
      integrations: 'Integrationen',
      sources: sources.title,
      'first-steps': firstSteps.title,
      account: account.title,
      audit: audit.title,
      domains: domains.title,
      keys: keys.title,
      people: people.title,
      settings: settings.title,
      tenants: tenants.title,
    },
    noTenant: 'Sie sind in keinem Mandanten Mitglied. Bitten Sie den Betreiber dieses Hubs um eine Einladung.',
    tenant: 'Mandant',
    installation: 'Installation',
    import: 'Importieren',
    importTitle: 'Ein Zugriffsprotokoll importieren',
    live: 'Live',
    liveOn: (seconds) => `Wird alle ${seconds} Sekunden aktualisiert. Zum Anhalten drücken.`,
    liveOff: (seconds) => `Angehalten. Drücken, um alle ${seconds} Sekunden zu aktualisieren.`,
    paused: 'Angehalten',
    unreachable: 'Nicht erreichbar',
    unreachableHelp: 'Der Hub antwortet nicht. Er wird von selbst wieder gefragt.',
  },

  locale: {
    language: 'Sprache',
    failed: 'Die Texte dieser Sprache konnten nicht geladen werden.',
    zone: 'Zeitzone',
    local: (zone) => `Hier: ${zone}`,
  },

  site: { label: 'Website', all: 'Alle Websites' },

  range: {
    label: 'Zeitraum',
    short: { '1h': '1 h', '24h': '24 h', '7d': '7 T', '30d': '30 T', '12mo': '12 M', all: 'Alle' },
    long: {
      '1h': 'Letzte Stunde',
      '24h': 'Letzte 24 Stunden',
      '7d': 'Letzte 7 Tage',
      '30d': 'Letzte 30 Tage',
      '12mo': 'Letzte 12 Monate',
      all: 'Alle Daten',
    },
    custom: 'Eigener',
    customTitle: 'Eigener Zeitraum',
    from: (zone) => `Von (${zone})`,
    to: (zone) => `Bis (${zone})`,
    apply: 'Anwenden',
    invalid: 'Das Ende muss nach dem Beginn liegen.',
    before: (period) => `verglichen mit ${period}`,
    gap: (taken) => `Diese Zeit überspringen die Uhren bei der Umstellung; gemeint ist ${taken}.`,
    twice: (taken) => `Diese Zeit zeigen die Uhren bei der Umstellung zweimal; gemeint ist ${taken}.`,
  },

  outside: {
    more: (shown, count) => `${shown} weitere ${count === 1 ? 'Anfrage' : 'Anfragen'} außerhalb dieses Zeitraums`,
    unfiltered: ', vor den Filtern',
    show: 'Alle anzeigen',
  },

  unknownTenant: {
    title: (slug) => `Es gibt keinen Mandanten „${slug}“`,
    lead: 'Keinen dieses Namens oder keinen, den Sie sehen dürfen. Diese sehen Sie:',
    tenants: 'Mandanten',
  },

  filter: {
    label: 'Filter',
    add: 'Filter hinzufügen',
    clear: 'Alle aufheben',
    cleared: 'Die Filter wurden aufgehoben.',
    field: 'Feld',
    operator: 'Bedingung',
    value: 'Wert',
    apply: 'Hinzufügen',
    hint: 'Mehrere Werte mit Kommas; * steht für Beliebiges; ein leerer Wert bedeutet unbekannt.',
    numberHint: 'Eine Zahl, ein Bereich wie 400..499 oder, bei Status, 5xx.',
    is: {
      '=': 'ist',
      '!=': 'ist nicht',
      '~': 'enthält',
      '!~': 'enthält nicht',
      '>': 'ist über',
      '>=': 'ist mindestens',
      '<': 'ist unter',
      '<=': 'ist höchstens',
    },
    invert: (chip, opposite) => `${chip}. Drücken, um daraus „${opposite}“ zu machen.`,
    remove: (chip) => `Filter entfernen: ${chip}`,
    empty: 'unbekannt',
    yes: 'ja',
    no: 'nein',
    all: 'Alle Anfragen werden gezeigt.',
    shown: (shown, total) => `${shown} von ${total} Anfragen`,
    hidden: (count) => `${count} ausgefiltert`,
    hiddenTitle: 'In diesem Zeitraum ausgefiltert',
    hides: 'lässt aus',
    hiddenHelp: 'Jeder Filter für sich, über denselben Zeitraum. Drücken, um nur zu sehen, was er auslässt.',
    showHidden: 'Diese anzeigen',
    wrong: (count) =>
      count === 1
        ? 'Ein Filter lässt sich nicht anwenden, darum ist nichts zu zeigen'
        : 'Einige Filter lassen sich nicht anwenden, darum ist nichts zu zeigen',
    wrongChip: (chip) => `${chip}: Dieser Filter lässt sich nicht anwenden.`,
    removeWrong: 'Diese Filter entfernen',
    needsValue: 'Geben Sie einen Wert an.',
    needsNumber: 'Dieses Feld nimmt Zahlen: 400, 400..499 oder, bei Status, 5xx.',
  },

  units: { minute: 'Min.', hour: 'Std.', day: 'Tg.' },

  ago: {
    now: 'gerade eben',
    ago: (span) => `vor ${span}`,
    never: 'nie',
  },

  signIn: {
    title: 'Öffnen Sie Vedette über den Einmal-Link',
    lead: 'Dieser Hub antwortet nur Browsern, die über einen Link kamen. Der Link wurde beim Start des Hubs ausgegeben; jeder gilt einmal.',
    again: 'Für einen neuen Link führen Sie auf dem Rechner des Hubs aus:',
    command: 'npx vedette link',
    retry: 'Noch einmal versuchen',
  },

  error: {
    title: 'Das konnte nicht geladen werden',
    retry: 'Noch einmal versuchen',
    network: 'Der Hub antwortet nicht. Läuft er?',
    unreadable: 'Der Hub hat etwas geantwortet, das nicht zu verstehen ist.',
    status: (status) => `Der Hub hat mit dem Status ${status} geantwortet.`,
    unreachable: 'Der Hub ist nicht erreichbar',
    unreachableLead:
      'Grau steht da, was zuletzt bekannt war. Es geht von selbst weiter, sobald der Hub wieder antwortet.',
    stale: (why) => `Nicht aktuell: ${why}`,
    crashed: 'Dieser Bereich ist ausgefallen. Meist hilft es, die Seite neu zu laden.',
    reload: 'Neu laden',
    notLoaded:
      'Dieser Bereich konnte nicht geladen werden. Laden Sie die Seite neu: Vielleicht wurde der Hub aktualisiert.',
    notAllowed: 'Nicht mit dieser Anmeldung',
    notPermitted: 'Dieser Bereich ist für Menschen mit einer anderen Rolle in diesem Mandanten.',
    permittedRoles: (roles) => `Er ist für: ${roles}.`,
    operatorsOnly: 'Er ist für Betreiber dieses Hubs.',
  },

  footer: {
    version: (version) => `Vedette ${version}`,
    data: 'Daten',
    map: 'Karte: Natural Earth',
    times: (zone) => `Zeiten in ${zone}`,
    exports: 'Exporte in UTC',
    source: { 'roll-up': 'aus Aggregaten', rows: 'aus Datensätzen' },
    updated: (clock) => `aktualisiert ${clock}`,
  },
};
