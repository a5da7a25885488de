import type { Words } from '../../text.ts';
import { counted } from './language.ts';

export const live: Words['live'] = {
  title: 'Live-Ansicht',
  lead: 'Anfragen, wie sie eintreffen, ein bis zwei Sekunden nachdem der Hub sie erhalten hat. Nur solche, von denen es einen Datensatz gibt: keine von Menschen, die abgelehnt haben, und keine importierten Dateien.',
  watch: 'Live ansehen',
  watchHelp: 'Anfragen mit diesen Filtern, wie sie eintreffen',
  explore: 'Diese erkunden',
  exploreHelp: 'Die letzte Stunde der Anfragen mit diesen Filtern',
  lastHour: 'in der letzten Stunde',

  who: 'Wer gezeigt wird',
  everybody: 'Alle',

  state: {
    label: 'Verbindung',
    connecting: 'Verbindung wird aufgebaut …',
    live: 'Live',
    paused: 'Angehalten',
    unreadable: 'Warten auf den Hub',
    unreadableHelp: 'Der Hub kann Anfragen gerade nicht lesen. Sie folgen, sobald er es kann.',
    broken: 'Abgebrochen',
    again: (seconds) => `neuer Versuch in ${seconds} s`,
    now: 'Jetzt versuchen',
    refused: 'Nicht gezeigt',
  },

  pause: 'Anhalten',
  goOn: 'Weiter',
  pauseHelp: 'Oder die Leertaste drücken',
  clear: 'Leeren',
  cleared: 'Die Liste wurde geleert.',

  rate: {
    perSecond: (rate) => `${rate} pro Sekunde`,
    came: (count, clock) => `${counted(count, 'Anfrage', 'Anfragen')} seit ${clock}`,
    leftOut: (count) => `${count} ausgelassen`,
    leftOutTitle: 'Ausgelassen',
    leftOutHelp:
      'Es kamen mehr, als einzeln gezeigt werden: die letzten 200 einer Sekunde, über eine langsame Verbindung weniger. Die übrigen sind hier gezählt; unter Erkunden finden Sie alle.',
    chart: (most) => `Anfragen pro Sekunde in der letzten Minute, höchstens ${most}`,
  },

  list: 'Wie sie eintreffen',
  kept: (count) => `höchstens die letzten ${count}, die neueste zuerst`,
  fresh: (count) => counted(count, 'neue Anfrage', 'neue Anfragen'),
  freshPaused: (count) => `${counted(count, 'Anfrage', 'Anfragen')} inzwischen: weiter`,
  gap: (from, to) =>
    `Was zwischen ${from} und ${to} eintraf, fehlt hier: Diese Seite war zu lange fort. Unter Erkunden finden Sie es.`,

  said: {
    came: (count, seconds) => `${counted(count, 'Anfrage', 'Anfragen')} in den letzten ${seconds} Sekunden`,
  },

  empty: {
    nothing: 'Noch ist nichts eingetroffen',
    nothingLead: 'Senden Sie eine erste Anfrage: Ein bis zwei Sekunden später erscheint sie hier.',
    firstSteps: 'Erste Schritte',
    byHand: 'Eine Anfrage von Hand',
    quiet: 'Keine Anfrage in der letzten Stunde',
    quietLead: 'Die nächste erscheint hier von selbst.',
    filtered: 'Keine solche Anfrage in der letzten Stunde',
    filteredLead: 'Die nächste, die diese Filter durchlassen, erscheint hier von selbst.',
    takeAway: 'Filter wegnehmen',
    cleared: 'Geleert',
    clearedLead: 'Die nächste Anfrage erscheint hier von selbst.',
  },
};
