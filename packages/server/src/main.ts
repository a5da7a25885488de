import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Metric } from 'prom-client';
import { openAuditDesk } from './audit-desk.ts';
import { noteRestore, openBackups } from './backup.ts';
import { createChores } from './chores.ts';
import { createPageReaders, createWireReaders } from './collect/readers.ts';
import { type Config, runtimeDirectory } from './config.ts';
import { openDataDirectory } from './data-directory.ts';
import { watchDisks } from './disk-watch.ts';
import { createDomainChore, createDomainOwnership } from './domain-ownership.ts';
import { type Closing, createClosing, openEngines } from './engines.ts';
import { watchErasedIds } from './erasures.ts';
import { type AppOptions, buildApp } from './expose/app.ts';
import { listenOnSocket, removeSocket } from './expose/control-socket.ts';
import { createMetrics } from './expose/health.ts';
import { createLiveTails } from './expose/live-tails.ts';
import type { Hub, NetworkOptions } from './expose/ports.ts';
import { pageUrl } from './expose/relying-party.ts';
import { createLink } from './expose/routes/links.ts';
import { createSelfRecorder } from './expose/self-recorder.ts';
import { openFactors } from './factors.ts';
import { createGuardedClient } from './flow/guarded-client.ts';
import { createTextResolver } from './flow/text-records.ts';
import { openIntegrations } from './integrations.ts';
import { type NotedKey, noteKey } from './key-note.ts';
import { openMails } from './mails.ts';
import { watchMasterKeys } from './master-keys.ts';
import { addressScope } from './model/address.ts';
import { byHub } from './model/audit-entry.ts';
import { describeClient } from './model/enrichment.ts';
import { Fault } from './model/fault.ts';
import { createPersonDesk } from './person-desk.ts';
import { openTrafficWay } from './pipeline.ts';
import { explainListen, probePort } from './port.ts';
import { openAuditSeal } from './privacy/audit-seal.ts';
import { createConsentDesk } from './privacy/consent-desk.ts';
import { openGuessNames } from './privacy/guess-names.ts';
import { createSealer } from './privacy/sealing.ts';
import { createPolicyDesk } from './privacy-policies.ts';
import { createScanDesk } from './privacy-scans.ts';
import { openSyslog } from './syslog.ts';
import { createDeletionChore, createTenantDesk } from './tenant-desk.ts';
import { scheduleChores } from './work/schedule.ts';

const EDGE = join(import.meta.dirname, '..', '..', 'edge', 'dist');
const DASHBOARD = join(import.meta.dirname, '..', '..', 'dashboard', 'dist');
const BROWSER = join(import.meta.dirname, '..', '..', 'browser', 'dist');
/** What is under way when the hub stops gets so long to end. */
const PATIENCE_MS = 5000;
const MOST_DAYS = 4000;

export interface RunningHub {
  /** Where people reach it, without a final slash. */
  url: string;
  port: number;
  socketPath: string;
  hub: Hub;
  /** A new one-time link. */
  link(): Promise<{ url: string; expires: string }>;
  /** Stops listening, stores what was accepted, stops the engines. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts a whole hub: the one place where engines are constructed and everything is put together. Rejects with a Fault
 * that says what is wrong, with all that was started stopped again.
 */
export async function startHub(config: Config, version: string, log: Logger): Promise<RunningHub> {
  const closing = createClosing(log);
  let closed: Promise<void> | null = null;
  const close = () => (closed ??= closing.close());
  try {
    return { ...(await assemble(config, version, log, closing)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function assemble(
  config: Config,
  version: string,
  log: Logger,
  closing: Closing,
): Promise<Omit<RunningHub, 'close'>> {
  const data = await openDataDirectory(config.data, config.masterKeyFile);
  closing.add('the data directory', () => data.close());
  await probePort(config.host, config.port);
  const disks = await watchDisks(config, log, closing);
  const engines = await openEngines(config, log);
  closing.add('the engines', () => engines.close());
  const fetcher = createGuardedClient({ userAgent: `Vedette/${version}`, allowPrivate: config.outboundAllow });
  closing.add('outside calls', () => fetcher.close());
  const { records, requests, interactions, sessions, tasks } = engines;
  const embedded = config.databaseUrl === undefined;
  const note = embedded ? (known: readonly NotedKey[]) => noteKey(config.data, known) : undefined;
  const masterKeys = await watchMasterKeys(data.keyRing, records, log, note);
  const sealer = createSealer(masterKeys);
  const integrations = openIntegrations({ config, log, engines, sealer, fetcher, closing });
  const { measurements } = integrations;
  const mails = openMails({ config, log, engines, sealer });
  const seal = await openAuditSeal(records.unscoped.sealed, sealer);
  const audit = await openAuditDesk({ data: config.data, records, seal, log, closing });
  await noteRestore(config.data, records.installation.id, audit);
  const erasedIds = await watchErasedIds(records, sealer, log, closing);
  const way = await openTrafficWay({ config, log, engines, sealer, erasedIds, fetcher, closing, disks, measurements });
  const proof = { fetcher, lookUpText: createTextResolver(config.dnsServers) };
  const scans = createScanDesk(config, engines, config.roles.includes('work'));
  if (config.roles.includes('work')) {
    const others = {
      ...integrations.chores,
      ...mails.chores,
      deleteTenants: createDeletionChore(config, engines, log),
      checkDomains: createDomainChore(records, proof, log),
    };
    const tools = { config, log, disks, records, requests, sessions, fetcher, others, audit, ...way };
    await scheduleChores(tasks, createChores(tools));
    tasks.start();
  }
  const consent = createConsentDesk({
    policyOf: way.policies.policy,
    bookOf: (tenantId) => records.forTenant(tenantId).consent,
    tagsOf: (tenantId) => records.integrations.tagsOf(tenantId),
    async onRefused(tenantId, proofId) {
      // Page views from before that still wait for a provider may not leave any more.
      const own = records.forTenant(tenantId);
      const visitors = new Set((await own.consent.history(proofId)).map(({ visitorId }) => visitorId));
      for (const visitor of visitors) if (visitor !== null) await own.integrations.outbox.forget(visitor);
    },
    refuse: disks.refuseUnlessUrgent,
    onError: (error, doing) => log.warn({ err: error }, `${doing} failed`),
  });
  closing.add('the consent desk', () => consent.close());
  const tails = createLiveTails(
    (tenantId) => requests.forTenant(tenantId).arrivals,
    (error) => log.warn({ err: error }, 'requests cannot be read as they come in'),
  );
  closing.add('live tails', () => tails.close());
  const stopping = new AbortController();
  const hub: Hub = {
    version,
    started: Date.now(),
    records,
    intake: way.pipeline,
    receiver: way.receiver,
    readers: createWireReaders(),
    pages: createPageReaders(),
    interactions: way.interactions,
    interactionsOf: (tenantId) => ({
      ...interactions.forTenant(tenantId),
      sessions: sessions.forTenant(tenantId).figures,
    }),
    sources: way.sources,
    syslog: await openSyslog({ config, log, records, receiver: way.receiver, disks, closing }),
    importer: way.importer,
    integrations: integrations.desk,
    measurements: integrations.measurements,
    consent,
    async bannersShown(tenantId, { from, to, domain }) {
      const days = { from, to, domain, by: 'day', kind: 'banner', class: 'people', limit: MOST_DAYS } as const;
      const { rows } = await interactions.forTenant(tenantId).figures(days);
      return new Map(rows.map(({ key, count }) => [Date.parse(key), count]));
    },
    requestsOf: (tenantId) => requests.forTenant(tenantId),
    tails,
    figures: () => way.pipeline.figures(),
    disks,
    probes: engines.probes,
    attributions: () => attributionsOf(way.enricher.sources()),
    network: networkOptions(config),
    privacy: {
      scans,
      people: createPersonDesk(config, engines, erasedIds),
      policies: createPolicyDesk(records, requests),
    },
    ...openFactors({ config, version, log, records, sealer, closing }),
    mails: mails.desk,
    tenants: createTenantDesk(engines, way.admission),
    ownership: createDomainOwnership(records, proof),
    audit,
    guessName: await openGuessNames(records.unscoped.sealed, sealer),
    describeClient: (address, userAgent) => describeClient(way.enricher.enrich(address, userAgent)),
    rotateKey: () => masterKeys.rotate(),
    backups: await openBackups({ config, version, log, engines, sealer, closing }),
    async backlog() {
      const counts = [tasks.deadCount(), records.unscoped.users.sessions(Date.now())] as const;
      const [queues, dead, people] = await Promise.all([tasks.depths(), ...counts]);
      return { queues, dead, sessions: people };
    },
    collects: config.roles.includes('collect'),
    exposes: config.roles.includes('expose'),
    log,
    stopping: stopping.signal,
  };
  const listening = await listen(config, hub, log, closing, [way.insertSeconds]);
  const link = async () => {
    const made = await createLink(hub);
    await audit.add(records.installation.id, byHub('link.create', 'dashboard', { expires: made.expires }));
    return made;
  };
  // The last added is the first to go: what takes long is told before the doors are closed.
  closing.add('imports', () => stopping.abort(new Fault('stopping', 'the hub is stopping; go on when it is back')));
  return { ...listening, hub, link };
}

/** The control socket and the network, each an app of its own over the same routes. */
async function listen(
  config: Config,
  hub: Hub,
  log: Logger,
  closing: Closing,
  measured: readonly Metric[],
): Promise<{ url: string; port: number; socketPath: string }> {
  const recorder = createSelfRecorder(hub.intake, hub.records.installation.id, (error) => {
    // Of a disk that is nearly full the log tells once.
    if (!(error instanceof Fault && error.code === 'disk-low')) {
      log.warn({ err: error }, 'requests to the hub itself were not recorded');
    }
  });
  closing.add('the recorder', () => recorder.close());
  const metrics = createMetrics(hub, recorder.lost);
  for (const metric of measured) metrics.registerMetric(metric);
  const build = async (audience: AppOptions['audience']) => {
    const app = await buildApp(hub, { audience, log, metrics, recorder });
    closing.add(`the ${audience} side`, () => closeServer(app));
    return app;
  };
  const control = await build('control');
  const socketPath = await listenOnSocket(control.server, config.data, runtimeDirectory() ?? tmpdir());
  closing.add('the control socket', () => removeSocket(socketPath, config.data));
  const app = await build('network');
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    throw await explainListen(error, config.host, config.port);
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  const told = config.publicUrl?.replace(/\/+$/, '');
  hub.network.publicUrl = told ?? `http://${shownHost(config.host)}:${port}`;
  hub.network.pageUrl = told ?? pageUrl(hub.network.publicUrl);
  return { url: hub.network.publicUrl, port, socketPath };
}

/** Takes no more calls, lets those under way end for a while, then ends them. */
async function closeServer(app: Awaited<ReturnType<typeof buildApp>>): Promise<void> {
  const { server } = app;
  const timer = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
  try {
    const gone = server.listening ? new Promise((resolve) => server.close(resolve)) : null;
    server.closeIdleConnections();
    await Promise.all([gone, app.close()]);
  } finally {
    clearTimeout(timer);
  }
}

function networkOptions(config: Config): NetworkOptions {
  const publicHost = config.publicUrl === undefined ? [] : [new URL(config.publicUrl).hostname];
  return {
    loopback: config.host === 'localhost' || addressScope(config.host) === 'loopback',
    hosts: [...config.hosts, ...publicHost],
    trustedProxies: config.trustedProxies,
    forwardedHeader: config.forwardedHeader,
    bodyBytes: config.bodyBytes,
    rateLimit: config.rateLimit,
    sessionMs: config.sessionDays * 86_400_000,
    linkMs: config.linkMinutes * 60_000,
    secondFactorRequired: config.secondFactor === 'required',
    publicUrl: config.publicUrl ?? '',
    pageUrl: config.publicUrl ?? '',
    edgeDir: EDGE,
    dashboardDir: DASHBOARD,
    browserDir: BROWSER,
    browserKeptDir: join(config.data, 'browser'),
  };
}

/** A host as it stands in a URL that opens on this machine. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function attributionsOf(sources: readonly { attribution: string }[]): { name: string; text: string; url: string }[] {
  const texts = [...new Set(sources.map(({ attribution }) => attribution).filter((text) => text !== ''))];
  return texts.map((text) => ({
    name: text.split(/[(,]/, 1)[0]?.trim() ?? text,
    text,
    url: /https?:\/\/[^\s),]+/.exec(text)?.[0] ?? '',
  }));
}
