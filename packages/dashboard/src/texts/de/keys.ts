import type { Words } from '../../text.ts';

export const keys: Words['keys'] = {
  title: 'API-Schlüssel',
  lead: (tenant) => `Womit Programme an ${tenant} senden und danach fragen.`,
  table: 'Schlüssel',
  columns: {
    name: 'Name',
    scope: 'Berechtigung',
    state: 'Zustand',
    used: 'Zuletzt benutzt',
    created: 'Gemacht',
    expires: 'Läuft ab',
  },
  scopeHelp: {
    ingest: 'Sendet Anfragen und Dateien; sieht nichts. Für Edges, Server und Protokoll-Agenten.',
    read: 'Fragt nach Kennzahlen, Listen und Exporten; ändert nichts. Für Berichte und andere Werkzeuge.',
    admin: 'Beides, und ändert Einstellungen und Schlüssel. Für Automatik, der Sie wie sich selbst vertrauen.',
  },
  states: { good: 'In Kraft', soon: 'Läuft bald ab', expired: 'Abgelaufen', revoked: 'Widerrufen' },
  unnamed: 'Ohne Namen',
  never: 'Nie',
  showAll: 'Abgelaufene und widerrufene zeigen',
  empty: 'Kein Schlüssel ist in Kraft',
  emptyLead:
    'Machen Sie für jedes Programm, das sendet oder fragt, einen eigenen, damit jeder für sich widerrufen werden kann.',

  make: {
    open: 'Schlüssel machen …',
    title: 'Einen Schlüssel machen',
    name: 'Name',
    nameHelp: 'Was ihn benutzt, und wo.',
    nameWrong: 'Geben Sie ihm einen Namen: Daran erkennen Sie ihn wieder.',
    scope: 'Was er darf',
    expires: 'Läuft ab',
    terms: { '+30d': 'in 30 Tagen', '+90d': 'in 90 Tagen', '+365d': 'in einem Jahr', '': 'nie' },
    expiresHelp: 'Zwei Wochen vorher steht es hier. Wer rechtzeitig erneuert, hat den nächsten.',
    action: 'Schlüssel machen',
  },
  made: {
    title: (name) => `Der Schlüssel „${name}“`,
    lead: 'Legen Sie ihn dorthin, wo das Programm ihn findet. Er wird nur jetzt gezeigt, und der Hub behält keine Kopie.',
    rotated: (time) => `Der bisherige Schlüssel gilt noch bis ${time}.`,
    done: 'Ich habe ihn',
  },
  rotate: {
    open: 'Erneuern …',
    title: (name) => `„${name}“ erneuern?`,
    lead: 'Ein neuer Schlüssel mit derselben Berechtigung und demselben Namen entsteht. Der jetzige gilt noch eine Weile, damit Sie wechseln können.',
    overlap: 'Der jetzige Schlüssel gilt noch',
    overlaps: { '1h': '1 Stunde', '24h': '24 Stunden', '7d': '7 Tage', '0s': 'gar nicht: Er endet sofort' },
    action: 'Neuen Schlüssel machen',
  },
  revoke: {
    open: 'Widerrufen …',
    title: (name) => `„${name}“ widerrufen?`,
    lead: 'Was ihn benutzt, wird von nun an abgewiesen. Es lässt sich nicht rückgängig machen.',
    used: (time) => `Zuletzt benutzt wurde er ${time}.`,
    action: 'Widerrufen',
    done: (name) => `Der Schlüssel „${name}“ ist widerrufen.`,
  },
};
