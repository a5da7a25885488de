import type { Words } from '../../text.ts';
import { counted } from './language.ts';

export const interactions: Words['interactions'] = {
  title: 'Interaktionen',
  lead: (window, who, site) => `${window} · ${who} · ${site}`,
  who: 'Von wem',
  whose: { people: 'Menschen', bots: 'Bots', hosting: 'Hosting', all: 'Alle' },
  whoseHelp: {
    people: 'Weder Bots noch Hosting-Netze',
    bots: 'Automatische Clients, die Skripte ausführen',
    hosting: 'Aus Hosting-Netzen, ohne sich als Bot auszugeben',
    all: 'Menschen, Bots und Hosting-Netze zusammen',
  },
  note: 'Gezählt werden alle, wie auch immer sie sich entschieden haben. Seiten, Klickraten von Widgets und Trichter sind nur von Menschen bekannt, die eingewilligt haben.',

  figures: {
    label: 'Interaktionen',
    page_view: 'Seitenaufrufe',
    click: 'Widget-Klicks',
    outbound: 'Ausgehende Links',
    error: 'Skriptfehler',
    banner: 'Banner gezeigt',
    custom: 'Eigene Ereignisse',
    help: {
      page_view: 'Gezeigte Seiten, auch von Single-Page-Anwendungen und aus dem Vor-/Zurück-Cache',
      click: 'Klicks auf Elemente mit data-vedette-widget oder von der Website gemeldet',
      outbound: 'Links zu anderen Websites, denen gefolgt wurde',
      error: 'Fehlgeschlagene Skripte; gezählt, ohne ihren Text',
      banner: 'Wie oft das Einwilligungsbanner gezeigt wurde',
      custom: 'Ereignisse, die die Website selbst benannt hat',
    },
    granted: (count, share) => `${count} (${share}) von Menschen, die eingewilligt haben`,
    none: 'keine in diesem Zeitraum',
  },

  views: {
    title: 'Seitenaufrufe im Verlauf',
    of: (width) => `aller, je ${width}`,
    granted: 'Menschen, die eingewilligt haben',
    others: 'Alle anderen',
  },

  vitals: {
    title: 'Web Vitals',
    of: '75. Perzentil: drei von vier Seitenaufrufen waren nicht langsamer',
    names: {
      LCP: 'Größter sichtbarer Inhalt',
      INP: 'Reaktion auf Eingaben',
      CLS: 'Verschiebung des Layouts',
      FCP: 'Erster sichtbarer Inhalt',
      TTFB: 'Zeit bis zum ersten Byte',
    },
    ratings: { good: 'Gut', fair: 'Verbesserungsbedürftig', poor: 'Schlecht' },
    from: (count) => `aus ${count} Seitenaufrufen`,
    limits: (good, poor) => `Gut bis ${good}, schlecht über ${poor}`,
    middle: (p50, p95) => `Median ${p50}, 95. Perzentil ${p95}`,
    unknown: 'In diesem Zeitraum hat es keine Seite gemeldet.',
  },

  lists: {
    label: 'Seiten und Links',
    path: 'Seiten',
    outbound: 'Ausgehend',
    custom: 'Ereignisse',
    error: 'Fehler je Seite',
    of: {
      path: 'Seitenaufrufe von Menschen, die eingewilligt haben; von den anderen wird keine Seite aufbewahrt.',
      outbound: 'Links zu anderen Websites, denen gefolgt wurde, von allen, nach Host.',
      custom: 'Von der Website benannte Ereignisse, von allen.',
      error: 'Fehlgeschlagene Skripte bei Menschen, die eingewilligt haben, nach Seite.',
    },
    unit: { path: 'Seitenaufrufe', outbound: 'Mal gefolgt', custom: 'Ereignisse', error: 'Fehler' },
    people: (count) => `${count} Menschen`,
    unnamed: 'Ohne Namen',
  },

  widgets: {
    title: 'Widgets',
    of: 'Klicks von allen; die Rate von Menschen, die eingewilligt haben',
    name: 'Widget',
    clicks: 'Klicks',
    clicksHelp: 'Alle Klicks, wie auch immer sich die Menschen entschieden haben',
    clicked: 'Geklickt von',
    clickedHelp: 'Verschiedene Menschen, die eingewilligt und darauf geklickt haben',
    saw: 'Seite gesehen',
    sawHelp: 'Verschiedene Menschen, die eingewilligt und eine Seite gesehen haben, auf der darauf geklickt wurde',
    rate: 'Klickrate',
    rateHelp:
      'Anteil derer, die darauf geklickt haben, an den Menschen, die eingewilligt und seine Seite gesehen haben',
    empty: 'In diesem Zeitraum wurde auf kein Widget geklickt. Kennzeichnen Sie eines mit data-vedette-widget="name".',
  },

  funnel: {
    title: 'Trichter',
    of: 'Menschen, die eingewilligt haben, jeder einmal gezählt',
    lead: 'Wie viele Menschen kommen von einem Schritt zum nächsten? Schritte sind Seiten (* steht für Beliebiges) oder Ereignisse mit Namen.',
    kinds: { page_view: 'Seite', click: 'Widget-Klick', outbound: 'Ausgehender Link', custom: 'Eigenes Ereignis' },
    kind: (step) => `Schritt ${step}: Art`,
    match: (step) => `Schritt ${step}: was`,
    placeholders: { page_view: '/preise/*', click: 'anmelden', outbound: 'partner.example.com', custom: 'kauf' },
    add: 'Schritt hinzufügen',
    remove: (step) => `Schritt ${step} entfernen`,
    up: (step) => `Schritt ${step} nach oben`,
    within: 'Vom ersten Schritt zum letzten innerhalb von',
    minutes: (minutes) =>
      minutes < 60
        ? counted(minutes, 'Minute', 'Minuten')
        : minutes < 1440
          ? counted(minutes / 60, 'Stunde', 'Stunden')
          : counted(minutes / 1440, 'Tag', 'Tagen'),
    show: 'Anzeigen',
    clear: 'Leeren',
    blank: (step) => `In Schritt ${step} steht nicht, wonach gesucht werden soll.`,
    result: (visitors, share) => `${visitors} · ${share}`,
    people: (count) => counted(count, 'Mensch', 'Menschen'),
    lost: (count, share) => `${share} des Schritts davor; ${count} gingen nicht weiter`,
    summary: (first, last, share) => `${first} haben begonnen, ${last} kamen ans Ende: ${share}.`,
    nobody: 'Niemand, der eingewilligt hat, ging in diesem Zeitraum den ersten Schritt.',
    label: 'Ergebnis des Trichters',
  },

  sessions: {
    title: 'Sitzungen',
    of: 'nur von Menschen, ohne Bots; eine Sitzung endet nach 30 Minuten ohne Anfrage',
    sessions: 'Sitzungen',
    visitors: 'Menschen, die eingewilligt haben',
    visitorsHelp: 'Verschiedene Menschen über den ganzen Zeitraum, nach der Kennung ihrer Einwilligung',
    daily: 'Eindeutige pro Tag, übrige',
    dailyHelp: 'Wer sich nicht entschieden hat: jeden Tag neu gezählt, sodass zweimal zählt, wer an zwei Tagen kommt',
    bounce: 'Absprungrate',
    bounceHelp: 'Sitzungen mit einer einzigen Seite',
    pages: 'Seiten je Sitzung',
    duration: 'Dauer, Median',
    columns: {
      sessions: 'Sitzungen',
      visitors: 'Eingewilligt',
      daily: 'Eindeutige pro Tag',
      bounce: 'Absprünge',
      pages: 'Seiten',
      duration: 'Median',
    },
    by: {
      entry: 'Einstiegsseiten',
      exit: 'Ausstiegsseiten',
      referrer: 'Referrer',
      country: 'Länder',
      device_type: 'Geräte',
      day: 'Tage',
    },
    byLabel: 'Sitzungen nach',
    unknown: { referrer: 'Keiner (direkt)' },
    derived: (time) => `Sitzungen, die vor ${time} begannen, sind abgeleitet; spätere folgen.`,
    notDerived: 'Noch ist keine Sitzung abgeleitet: Das geschieht etwa zwei Stunden nach ihrem Beginn.',
    refused: 'Von Menschen, die abgelehnt haben, gibt es keine Sitzungen.',
    empty: 'In diesem Zeitraum hat keine Sitzung begonnen.',
  },

  emptyTitle: 'Noch hat keine Seite etwas gemeldet',
  emptyLead: 'Interaktionen kommen vom Skript in der Seite. Es braucht eine Zeile im Kopf der Seite.',
  emptyWindow: 'Nichts in diesem Zeitraum',
  emptyWindowLead: (period) =>
    `Der Zeitraum ist ${period}. In anderen Zeiten oder auf einer anderen Website ist vielleicht mehr.`,
  emptyAction: 'Skript in die Seite einbauen',
  widen: 'Die letzten 12 Monate anzeigen',
};
