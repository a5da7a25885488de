import type { Words } from '../../text.ts';
import { counted } from './language.ts';

export const firstSteps: Words['firstSteps'] = {
  title: 'Erste Schritte',
  lead: (tenant) =>
    `Verbinden Sie, was ${tenant} ausliefert: auswählen, was läuft, kopieren, einfügen und zusehen, wie es eintrifft.`,
  ways: {
    express: 'Express',
    fastify: 'Fastify',
    koa: 'Koa',
    hono: 'Hono',
    node: 'node:http',
    nginx: 'nginx',
    haproxy: 'HAProxy',
    caddy: 'Caddy',
    traefik: 'Traefik',
    vector: 'Vector',
    'fluent-bit': 'Fluent Bit',
    opentelemetry: 'OpenTelemetry',
    curl: 'curl',
    file: 'Datei importieren',
    page: 'Skript für Websites',
  },
  groups: {
    app: 'Node.js-Anwendungen',
    server: 'Server und Proxys',
    agent: 'Agenten',
    hand: 'Von Hand',
    page: 'In der Seite',
  },
  choose: 'Was läuft bei Ihnen?',

  keyTitle: 'Ein Schlüssel, der senden darf',
  keyLead: (tenant) =>
    `Führen Sie dies dort aus, wo der Hub installiert ist. Der Schlüssel gilt für ${tenant} und wird nur einmal angezeigt.`,
  keyCommand: (tenant) => `npx vedette key create --tenant ${tenant} --scope ingest`,
  keyScreen: 'Oder machen Sie einen unter API-Schlüssel',
  addressTitle: 'Wo der Hub ist',
  key: 'Schlüssel',
  keyPlaceholder: 'vdt_…',
  keyHelp:
    'Fügen Sie den Schlüssel hier ein, damit er unten eingesetzt wird. Nur diese Seite behält ihn, bis sie geschlossen wird.',
  keyNone: 'Hierin steckt kein Schlüssel: Schlüssel beginnen mit vdt_.',
  keyGood: (tenant) => `Ein Schlüssel von ${tenant}, der senden darf.`,
  keyUnknown: 'Der Hub kennt diesen Schlüssel nicht: Er ist falsch geschrieben, wurde widerrufen oder ist abgelaufen.',
  keyReadOnly: 'Dieser Schlüssel darf nur lesen. Erstellen Sie einen mit --scope ingest.',
  keyForeign: (own, tenant) => `Dies ist ein Schlüssel von ${own}: Was er sendet, erscheint nicht unter ${tenant}.`,
  address: 'Adresse des Hubs, wie der Absender ihn erreicht',
  addressBad: 'Das ist keine Adresse. Ein Beispiel: https://hub.example.org',
  addressLoopback:
    'Nur vom Rechner des Hubs selbst erreichbar. Geben Sie für einen Absender anderswo eine andere Adresse an.',

  snippetsTitle: (way) => `${way} verbinden`,
  more: 'docs/sending.md sagt zu jedem Weg mehr.',
  copied: (what) => `Kopieren: ${what}`,
  curlTitle: 'Eine Anfrage mit curl senden',
  importTitle: 'Ein Zugriffsprotokoll importieren',
  importLead:
    'Legen Sie eine Datei irgendwo auf dieser Seite ab, oder wählen Sie eine aus. Jede Zeile zählt einmal, wie oft sie auch importiert wird.',

  page: {
    title: 'Das Skript in die Seite einbauen',
    lead: 'Es fragt Besucher nach ihrer Einwilligung und zählt Seitenaufrufe, Klicks auf Widgets, Web Vitals und ausgehende Links. Vor einer Entscheidung setzt es kein Cookie.',
    domain: 'Host Ihrer Website',
    domainHelp: 'Das Tag nennt ihn, und der Hub muss wissen, wem er gehört.',
    domainBad: 'Das ist kein Host. Ein Beispiel: www.example.org',
    domainPlaceholder: 'www.example.org',
    known: (host) => `Der Hub kennt ${host} als Host dieses Mandanten.`,
    unknown: (host) =>
      `Der Hub kennt ${host} noch nicht als Host dieses Mandanten: Bis dahin weist er zurück, was die Seiten senden.`,
    openDomains: 'Domains öffnen',
    claim: 'Oder auf dem Rechner des Hubs: sagen, wem der Host gehört',
    claimCommand: (tenant, host) => `npx vedette domain add --tenant ${tenant} ${host}`,
    tag: 'In den Kopf jeder Seite',
    tagNote:
      'Die Fassung und ihr Hash sind festgelegt: Unter dieser Adresse ändert sich das Skript nie. Nach einem Update des Hubs steht hier ein neues Tag.',
    latest: (url) => `${url} ist immer die neueste Fassung; sie lässt sich nicht festlegen.`,
    policy: 'Wo Ihre Website eine Content Security Policy hat, lassen Sie es zu',
    widget: 'Ein Widget zählen: Benennen Sie es in der Seite',
    enter: 'Geben Sie den Host Ihrer Website ein, damit er im Tag eingesetzt wird.',
    waiting: 'Warten auf den ersten Seitenaufruf …',
    arrived: (count) =>
      `Seitenaufrufe treffen ein: ${counted(count, 'Seitenaufruf', 'Seitenaufrufe')} von Menschen in den letzten zwei Stunden.`,
    status: 'Stand des ersten Seitenaufrufs',
    open: 'Interaktionen öffnen',
    banner: 'Banner und Richtlinie',
  },

  status: 'Stand der ersten Anfrage',
  waiting: 'Warten auf die erste Anfrage …',
  late: 'Die erste Anfrage steht noch aus. Unten steht, was zu prüfen ist.',
  first: 'Die erste Anfrage ist eingetroffen.',
  firstFrom: (source) => `Die erste Anfrage ist eingetroffen, von ${source}.`,
  known: (time, sources) =>
    `Anfragen treffen ein: die erste am ${time}${sources === 0 ? '' : `, inzwischen von ${counted(sources, 'Quelle', 'Quellen')}`}.`,
  knownNext: 'Eine neue Quelle erscheint hier mit ihrer ersten Anfrage.',
  newSource: (source) => `Eine neue Quelle sendet: ${source}.`,
  open: 'Übersicht öffnen',
  sources: 'Alle Quellen ansehen',
  stale: 'Der Hub antwortet gerade nicht; er wird wieder gefragt.',

  checkTitle: 'Es trifft nichts ein?',
  trouble: (name, refused) =>
    `${name} hat sich gemeldet${refused > 0 ? `, aber ${counted(refused, 'Datensatz wurde', 'Datensätze wurden')} abgewiesen` : ''}.`,
  checks: {
    traffic: 'Wurde Ihr Server seit der Einrichtung etwas gefragt? Öffnen Sie selbst eine seiner Seiten.',
    reach: 'Erreicht der Rechner des Absenders den Hub? Führen Sie dies dort aus; die Antwort ist {"status":"alive"}:',
    key: 'Ist der Schlüssel von diesem Mandanten, mit der Berechtigung ingest, weder widerrufen noch abgelaufen? Das zeigt:',
    domain: (tenant) =>
      `Ein Schlüssel der Installation selbst ordnet Anfragen nach Host zu: Ist der Host eine der Domains von ${tenant}?`,
    time: 'Geht die Uhr des Absenders richtig? Anfragen, die mehr als einen Tag in der Zukunft liegen, werden abgewiesen.',
    log: 'Was sagt das Protokoll des Absenders? Der Hub antwortet in Worten, was falsch ist.',
  },
  healthCommand: (url) => `curl -i ${url}/healthz`,
  keyListCommand: (tenant) => `npx vedette key list --tenant ${tenant}`,

  steps: {
    install: 'Installieren',
    app: 'In Ihrer Anwendung, etwa app.mjs',
    start: 'Mit dem Schlüssel starten',
    send: 'In einem Terminal',
    file: 'In einem Terminal, auf dem Rechner des Hubs',
    remoteFile: 'In einem Terminal, von einem anderen Rechner',
    listen: 'Auf dem Rechner des Hubs: den Hub so starten, dass er Syslog hört',
    domain: 'Auf dem Rechner des Hubs: sagen, wem der Host gehört',
    nginx: 'In nginx.conf, innerhalb von http { … }',
    haproxy: 'In haproxy.cfg, innerhalb des frontend',
    reload: 'Prüfen und neu laden',
    caddy: 'Im Caddyfile',
    traefik: 'In traefik.yml, ab Version 3: Traces senden',
    traefikLog: 'Oder das Zugriffsprotokoll schreiben lassen, ebenfalls in traefik.yml',
    follow: 'und dieser Datei folgen, wo der Hub auf demselben Rechner läuft',
    vector: 'vector.yaml',
    fluentBit: 'fluent-bit.yaml',
    sdk: 'Ein Programm mit einem OpenTelemetry-SDK: in seiner Umgebung',
    collector: 'Der OpenTelemetry Collector: in seiner Konfiguration',
  },
  notes: {
    proxied: 'Hinter einem Proxy setzen Sie trustedProxies: 1, sonst gilt der Proxy als Client.',
    syslog:
      'Syslog kennt keine Schlüssel: VEDETTE_SYSLOG_ALLOW nennt die Rechner, die senden dürfen. Tragen Sie Ihren dort ein.',
    syslogHere: 'Syslog kennt keine Schlüssel: So gestartet hört der Hub nur diesen Rechner.',
    byHost:
      'Zeilen gehen an den Mandanten, zu dessen Domains ihr Host gehört. Auch ein Muster wie *.example.org ist möglich.',
    nginx: 'Ein server-Block mit eigenem access_log braucht die Zeile ebenfalls.',
    spans:
      'Server-Spans über HTTP zählen als Anfragen; alle anderen Spans werden übergangen. Ein Sampler, der Traces auslässt, lässt Anfragen aus.',
    logs: 'Senden Sie von den Protokollen nur die Zugriffe: Andere Zeilen werden abgewiesen.',
  },
};
