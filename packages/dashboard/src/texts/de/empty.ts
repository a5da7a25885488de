import type { Words } from '../../text.ts';

export const empty: Words['empty'] = {
  title: 'Noch ist nichts eingetroffen',
  lead: 'Geben Sie Vedette ein Zugriffsprotokoll, und diese Seite zeigt, wer da war: Menschen, Bots und Hosting-Netze getrennt. Erkannt werden nginx, Apache, Caddy, Traefik, HAProxy, IIS, CloudFront, AWS-Lastverteiler, Zeek und weitere, auch mit gzip oder zstd gepackt.',
  drop: 'Legen Sie eine Protokolldatei irgendwo auf dieser Seite ab',
  or: 'oder',
  choose: 'Datei auswählen',
  command: 'Auf der Befehlszeile',
  commandHelp: 'Auf diesem Rechner, im Verzeichnis der Installation:',
  importCommand: ({ slug, installation }) => `npx vedette import access.log${installation ? '' : ` --tenant ${slug}`}`,
  windowTitle: 'Keine Anfragen in diesem Zeitraum',
  windowLead: (period) => `Der Zeitraum ist ${period}.`,
  elsewhere: (count, period) => `${count} Anfragen liegen anderswo: ${period}.`,
  jump: 'Anzeigen',
  filteredTitle: 'Keine Anfrage entspricht diesen Filtern',
  filteredLead: (count) => `${count} Anfragen in diesem Zeitraum entsprechen ihnen nicht.`,
  clear: 'Filter aufheben',
  connect: 'Aus einer Anwendung, einem Server oder einem Agenten',
  connectHelp: 'Wählen Sie, was bei Ihnen läuft: Zu jedem gibt es einen Textbaustein mit der Adresse dieses Hubs.',
  connectAll: 'Erste Schritte',
};
