import type { Words } from '../../text.ts';

const listed = (names: readonly string[]) => new Intl.ListFormat('de-DE', { type: 'conjunction' }).format(names);

export const integrations: Words['integrations'] = {
  title: 'Integrationen',
  lead: 'Analysedienste anderer Unternehmen neben Ihren eigenen Zahlen. Alle sind aus, bis Sie sie einschalten, und vor der Einwilligung einer Person verlässt nichts den Hub.',
  readOnly: 'Mit dieser Anmeldung dürfen Sie nur lesen. Ändern dürfen Administratoren des Mandanten.',
  names: { ga4: 'Google Analytics 4', clarity: 'Microsoft Clarity' },
  states: { on: 'An', off: 'Aus', unset: 'Nicht eingerichtet' },
  empty: 'Der Hub bietet keine Integration an.',

  leaves: {
    title: 'Was wohin geht',
    none: 'So, wie es hier eingestellt ist: nichts.',
    ga4: {
      tag: 'An Google, aus dem Browser von Menschen, die eingewilligt haben: alles, was das Tag von Google sendet. Werbesignale sind gesperrt, solange nicht auch in Marketing eingewilligt wurde.',
      measurement:
        'An Google, von diesem Hub: zu jedem Seitenaufruf von Menschen, die eingewilligt haben, Zeit, Host, Pfad, bereinigte Abfrage und Referrer, eine Sitzungsnummer und ob in Marketing eingewilligt wurde. Keine Adresse, kein User-Agent, kein Ort; die Client-ID ist ein Hash der Besucher-ID.',
      property_id:
        'An Google, von diesem Hub, einige Male am Tag: die Zugangsdaten und die Frage nach Zahlen. Nichts von Besuchern.',
    },
    clarity: {
      tag: 'An Microsoft, aus dem Browser von Menschen, die eingewilligt haben: alles, was das Tag von Clarity sendet, auch Aufzeichnungen der Seite.',
      export:
        'An Microsoft, von diesem Hub, viermal am Tag: das Token und die Frage nach Zahlen. Nichts von Besuchern.',
    },
    off: 'Solange sie aus ist, verlässt nichts den Hub.',
  },

  settings: {
    title: 'Einstellungen',
    enabled: 'Eingeschaltet',
    measurement_id: 'Mess-ID',
    measurementHelp: 'In Google Analytics unter „Verwaltung“, „Datenstreams“: G- und Buchstaben oder Ziffern.',
    measurementWrong: 'Eine Mess-ID hat die Form G-ABC123XYZ.',
    tag: 'Tag im Browser laden, nach der Einwilligung',
    measurement: 'Seitenaufrufe von Menschen, die eingewilligt haben, vom Hub senden',
    measurementNeeds: 'Braucht das Geheimnis „API-Secret“.',
    property_id: 'Property-ID, um Zahlen zu vergleichen',
    propertyHelp:
      'Ziffern, unter „Verwaltung“, „Property“. Braucht das Geheimnis „Dienstkonto“. Leer: Es werden keine Zahlen abgerufen.',
    propertyWrong: 'Eine Property-ID besteht nur aus Ziffern, höchstens 20.',
    project_id: 'Projekt-ID',
    projectHelp: 'In Clarity unter „Einstellungen“, „Übersicht“.',
    projectWrong: 'Eine Projekt-ID hat 4 bis 32 Kleinbuchstaben und Ziffern.',
    export: 'Zahlen von Clarity viermal am Tag abrufen, zum Vergleich',
    exportNeeds: 'Braucht das Geheimnis „API-Token“.',
  },

  secrets: {
    title: 'Geheimnisse',
    lead: 'Sie werden beim Eintreffen versiegelt und nie wieder angezeigt.',
    names: { api_secret: 'API-Secret', service_account: 'Dienstkonto (JSON-Schlüssel)', token: 'API-Token' },
    set: (time) => `Gesetzt: ${time}`,
    unset: 'Nicht gesetzt',
    replace: 'Ersetzen',
    enter: 'Setzen',
    remove: 'Entfernen',
    keep: 'Lassen, wie es ist',
    removing: 'Wird beim Speichern entfernt',
    value: (name) => `Neuer Wert: ${name}`,
    replacing: 'Wird beim Speichern ersetzt',
    file: 'Fügen Sie die ganze JSON-Datei ein',
    missing: (names) =>
      `Was eingeschaltet ist, braucht ${listed(names)}: Setzen Sie es unter „Geheimnisse“, oder schalten Sie ab, was es braucht.`,
  },

  save: 'Speichern',
  saved: 'Gespeichert.',
  discard: 'Änderungen verwerfen',
  remove: {
    open: 'Entfernen …',
    title: (name) => `${name} entfernen?`,
    lead: 'Einstellungen, Geheimnisse, Zahlen und alles, was noch gesendet werden soll, werden gelöscht. Was der Dienst schon erhalten hat, bleibt bei ihm.',
    action: 'Entfernen',
  },

  test: {
    run: 'Verbindung prüfen',
    running: 'Wird geprüft …',
    unsaved: 'Speichern Sie zuerst: Geprüft wird, was gespeichert ist.',
    costs: 'Eine Prüfung verbraucht einen der zehn Aufrufe am Tag.',
    good: 'Die Verbindung funktioniert.',
    bad: 'Die Verbindung funktioniert nicht.',
    checked: (good) => (good ? ': gut' : ': nicht gut'),
  },

  state: {
    title: 'Wie es läuft',
    success: 'Letzter Erfolg',
    error: 'Letzter Fehler',
    none: 'keiner',
    never: 'nie',
    sent: 'Gesendet',
    waiting: 'Wartet',
    left: 'Aufrufe heute übrig',
    events: (count) => `${count} Ereignisse`,
    unlimited: 'unbegrenzt',
  },

  figures: {
    title: 'Zahlen neben Ihren eigenen',
    fetched: (time) =>
      `Abgerufen: ${time}. Sie weichen ab, weil Einwilligung, Blocker, Zeitzonen und Definitionen abweichen.`,
    never: 'Noch wurden keine Zahlen abgerufen.',
    columns: { key: 'Wovon', provider: 'Dienst', own: 'Eigene', difference: 'Abweichung' },
  },
};
