import { counted } from './language.ts';

/** The words of the page that helps to connect a first source. */
export const firstSteps = {
  title: 'First steps',
  lead: (tenant: string) => `Connect what serves ${tenant}: pick what you run, copy, paste, and watch it arrive.`,
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
    file: 'Import a file',
  },
  groups: {
    app: 'Node.js applications',
    server: 'Servers and proxies',
    agent: 'Agents',
    hand: 'By hand',
  },
  choose: 'What do you run?',

  keyTitle: 'A key that may send',
  keyLead: (tenant: string) => `Run this where the hub is installed. The key is for ${tenant} and is shown once.`,
  keyCommand: (tenant: string) => `npx vedette key create --tenant ${tenant} --scope ingest`,
  key: 'Key',
  keyPlaceholder: 'vdt_…',
  keyHelp: 'Paste the key here to have it filled in below. It is kept by this page only, until it is closed.',
  keyNone: 'This holds no key: keys begin with vdt_.',
  keyGood: (tenant: string) => `A key of ${tenant} that may send.`,
  keyUnknown: 'The hub does not know this key: it is mistyped, was revoked, or has expired.',
  keyReadOnly: 'This key may only read. Make one with --scope ingest.',
  keyForeign: (own: string, tenant: string) => `This is a key of ${own}: what it sends will not show under ${tenant}.`,
  address: 'The hub’s address, as the sender reaches it',
  addressBad: 'This is no address. An example: https://hub.example.org',
  addressLoopback: 'Reached from the hub’s own machine only. For a sender elsewhere, put another address.',

  snippetsTitle: (way: string) => `Connect ${way}`,
  copied: (what: string) => `Copy: ${what}`,
  importTitle: 'Import an access log',
  importLead: 'Drop a file anywhere on this page, or choose one. Each line counts once, however often it is imported.',

  status: 'State of the first request',
  waiting: 'Waiting for the first request…',
  late: 'Still waiting for the first request. See below what to check.',
  first: 'The first request arrived.',
  firstFrom: (source: string) => `The first request arrived, from ${source}.`,
  known: (time: string, sources: number) =>
    `Requests arrive: the first came on ${time}${sources === 0 ? '' : `, by now from ${counted(sources, 'source', 'sources')}`}.`,
  knownNext: 'A new source shows here with its first request.',
  newSource: (source: string) => `A new source sends: ${source}.`,
  open: 'Open the Overview',
  sources: 'See all sources',
  stale: 'The hub does not answer at the moment; asking again.',

  checkTitle: 'Nothing arrives?',
  trouble: (name: string, refused: number) =>
    `${name} was heard of${refused > 0 ? `, but ${counted(refused, 'record was', 'records were')} refused` : ''}.`,
  checks: {
    traffic: 'Did anything ask your server since it was set up? Open one of its pages yourself.',
    reach: 'Can the sender’s machine reach the hub? Run this there; it answers {"status":"ok"} or the like:',
    key: 'Is the key of this tenant, of scope ingest, and neither revoked nor expired? It is shown by:',
    domain: (tenant: string) =>
      `A key of the installation itself sorts requests by host: is the host one of the domains of ${tenant}?`,
    time: 'Is the sender’s clock right? Requests from more than a day ahead are refused.',
    log: 'What does the sender’s own log say? The hub answers what is wrong in words.',
  },
  healthCommand: (url: string) => `curl -i ${url}/healthz`,
  keyListCommand: (tenant: string) => `npx vedette key list --tenant ${tenant}`,

  steps: {
    install: 'Install',
    app: 'In your application',
    start: 'Start it with the key',
    send: 'In a terminal',
    file: 'In a terminal, on the hub’s machine',
    remoteFile: 'In a terminal, from another machine',
  },
} as const;
