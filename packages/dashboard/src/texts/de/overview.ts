import type { Words } from '../../text.ts';
import { counted } from './language.ts';

export type Overview = Pick<Words, 'figures' | 'classes' | 'timeline' | 'columns' | 'map' | 'lists'>;

export const overview: Overview = {
  figures: {
    label: 'Kennzahlen',
    requests: 'Anfragen',
    people: 'Menschen',
    bots: 'Bots',
    hosting: 'Hosting',
    uniques: 'Eindeutige pro Tag',
    errors: 'Serverfehler (5xx)',
    latency: 'Antwortzeit, Menschen',
    bytes: 'Gesendet',
    ofAll: (share) => `${share} von allen`,
    errorCount: (count) => `${count} Anfragen`,
    bytesEach: (size) => `je ${size}`,
    p50: 'p50',
    p95: 'p95',
    timed: (timed, all) => `aus ${timed} von ${all}`,
    timedHelp: (timed, all) => `${timed} von ${all} Anfragen von Menschen sagen, wie lange sie gedauert haben`,
    noDurations: 'keine Dauer in diesen Protokollen',
    noBytes: 'keine Größe in diesen Protokollen',
    visitorsHelp: 'verschiedene Clients, jeder einmal je Tag des Eintreffens',
    help: {
      requests: 'Alle Anfragen, die den Filtern entsprechen',
      people: 'Anfragen, die weder von Bots noch aus Hosting-Netzen kommen',
      bots: 'Anfragen automatischer Clients',
      hosting: 'Anfragen aus Hosting-Netzen, die sich nicht als Bot ausgeben',
      uniques:
        'Verschiedene Clients nach einem Schlüssel, der täglich wechselt; wer an zwei Tagen kommt, zählt zweimal',
      errors: 'Anteil der Anfragen, die mit einem Status ab 500 beantwortet wurden; 4xx sind keine Fehler des Servers',
      latency: 'Die Hälfte der Anfragen von Menschen dauerte nicht länger als p50; 95 von 100 nicht länger als p95',
      bytes: 'Bytes der Antworten',
    },
    filterTo: (name) => `Nur ${name} anzeigen`,
    filterOff: (name) => `Nur ${name} werden angezeigt. Drücken, um alle anzuzeigen.`,
  },

  classes: { people: 'Menschen', bots: 'Bots', hosting: 'Hosting' },

  timeline: {
    title: 'Anfragen im Verlauf',
    per: (width) => `je ${width}`,
    hint: 'Zum Vergrößern ziehen',
    zoomOut: 'Verkleinern',
    toggle: (name) => `${name} im Diagramm zeigen`,
    total: 'Alle',
    summary: (total, period, peak, peakAt) =>
      `${total} Anfragen in ${period}. Der höchste Balken hat ${peak} (${peakAt}).`,
    table: 'Tabelle',
    chart: 'Diagramm',
    time: (zone) => `Von (${zone})`,
  },

  columns: {
    summary: (title, total, period, peak, peakAt) =>
      `${title}: ${total} in ${period}. Die höchste Säule hat ${peak} (${peakAt}).`,
  },

  map: {
    title: 'Woher',
    show: 'Auf der Karte zeigen',
    all: 'Alle',
    map: 'Karte',
    table: 'Tabelle',
    country: 'Land',
    share: 'Anteil',
    unknownPlace: (count) => `${count} von unbekannten Orten`,
    loading: 'Karte wird geladen …',
    failed: 'Die Karte konnte nicht geladen werden.',
    describe: (count) =>
      `Weltkarte der Anfragen nach Ländern; ${counted(count, 'Land', 'Länder')}. Die Tabelle enthält dieselben Zahlen.`,
  },

  lists: {
    more: 'Mehr anzeigen',
    less: 'Weniger anzeigen',
    explore: 'Alle unter „Erkunden“',
    empty: 'Nichts in diesem Zeitraum.',
    filter: (what, counts) => `${what}: ${counts}. Drücken, um nur diese anzuzeigen.`,
    exclude: (what) => `${what} auslassen`,
    excludeTitle: 'Auslassen',
    split: (all, people, bots, hosting) => `${all} Anfragen: ${people} Menschen, ${bots} Bots, ${hosting} Hosting`,
    requests: 'Anfragen',
    groups: {
      places: 'Orte',
      content: 'Inhalte',
      sources: 'Netze',
      answers: 'Antworten',
      origins: 'Referrer',
      clients: 'Clients',
      automation: 'Bots',
    },
    titles: {
      path: 'Pfade',
      domain: 'Hosts',
      referrer: 'Referrer',
      country: 'Länder',
      region: 'Regionen',
      city: 'Orte',
      network: 'Netze',
      network_kind: 'Arten',
      asn: 'AS-Nummern',
      status: 'Status',
      method: 'Methoden',
      browser: 'Browser',
      os: 'Systeme',
      device: 'Geräte',
      bot_name: 'Bots',
      bot_kind: 'Arten',
    },
    unnamed: { referrer: 'Keiner (direkt)', path: 'Kein Pfad', bot_name: 'Ohne Namen', status: 'Keiner' },
  },
};
