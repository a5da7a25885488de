import { join } from 'node:path';
import { Histogram } from 'prom-client';
import type { Config } from './config.ts';
import type { Closing, Engines } from './engines.ts';
import { createEnricher, type LocalEnricher } from './enrich/enricher.ts';
import { createIpwho } from './enrich/ipwho.ts';
import { createRouteEnricher } from './enrich/route.ts';
import type { DiskGuard } from './flow/disk-guard.ts';
import type { GuardedClient } from './flow/guarded-client.ts';
import { openSpool } from './flow/spool.ts';
import { netOf, siteOf } from './model/address.ts';
import type { MeasurementSink } from './model/measurement.ts';
import type { FileImporter, Receiver } from './model/ways-in.ts';
import { type Admission, openAdmission } from './pipelines/admission.ts';
import { withErasedBeacons, withErasures, withoutErased } from './pipelines/erased-visitors.ts';
import { receiptsWithoutGone, withoutGone } from './pipelines/gone-tenants.ts';
import { createFileImporter } from './pipelines/import.ts';
import { type InteractionPipeline, openInteractionPipeline } from './pipelines/interactions.ts';
import { createNameBudget } from './pipelines/name-budget.ts';
import { createPrepare } from './pipelines/prepare.ts';
import { createPrepareInteractions } from './pipelines/prepare-interaction.ts';
import { createReceiptBook } from './pipelines/receipts.ts';
import { createReceiver } from './pipelines/reception.ts';
import { createSourceLedger, type SourceLedger } from './pipelines/source-ledger.ts';
import { openTrafficPipeline, type TrafficPipeline } from './pipelines/traffic.ts';
import { type ClientKeyring, openClientKeyring } from './privacy/client-keys.ts';
import type { ErasedIds } from './privacy/erased-ids.ts';
import { interactionPolicyOf } from './privacy/interaction-policy.ts';
import { createPolicyBook, type PolicyBook } from './privacy/policy.ts';
import type { Sealer } from './privacy/sealing.ts';
import { isAboutTheRows } from './stores/drivers/clickhouse/client.ts';
import { encodeInteractions } from './stores/interactions-encoding.ts';
import type { Log, Records } from './stores/records.ts';
import { createRowEncoder, encodeRows } from './stores/requests-encoding.ts';
import { type KafkaPlace, openDirectStream, openKafkaStream, type Stream } from './stores/stream.ts';

/** A batch is at most one body of requests, or some 8 MB of several, before it is compressed. */
const LEAST_MESSAGE_BYTES = 32 * 1024 * 1024;
const POLICY_REFRESH_MS = 30_000;
const KEY_REFRESH_MS = 3_600_000;
/** Names of widgets, links and events that are counted of one site on one day. */
const MOST_NAMES = 1000;
/** What was let in is written down so often, and what other processes let in is learnt. */
const USAGE_MS = 1000;
/** What sources did is noted on disk so often. */
const SOURCES_MS = 5000;

export interface TrafficWay {
  pipeline: TrafficPipeline;
  interactions: InteractionPipeline;
  receiver: Receiver;
  sources: SourceLedger;
  importer: FileImporter;
  enricher: LocalEnricher;
  keyring: ClientKeyring;
  policies: PolicyBook;
  admission: Admission;
  /** How long the store takes for a batch, for /metrics. */
  insertSeconds: Histogram;
}

export interface TrafficTools {
  config: Config;
  log: Log;
  engines: Engines;
  sealer: Sealer;
  erasedIds: ErasedIds;
  fetcher: GuardedClient;
  closing: Closing;
  /** Says when nothing more is to be taken in. */
  disks: DiskGuard;
  /** Is told of page views that are durable. */
  measurements: MeasurementSink;
}

/** Puts the way of the requests together: enricher, keys, stream, pipeline, importer. */
export async function openTrafficWay(tools: TrafficTools): Promise<TrafficWay> {
  const { config, log, engines, closing } = tools;
  const { records, requests } = engines;
  const enricher = await openEnricher(tools);
  const keyring = await openClientKeyring(records.unscoped.dayKeys, tools.sealer, { netOf, siteOf }, Date.now());
  closing.add(
    'client keys',
    every(KEY_REFRESH_MS, () => keyring.prepare(Date.now()), log, 'making client keys'),
  );
  const policies = watchPolicies(records, log, closing);
  const { erasedIds } = tools;
  const { standing } = records;
  const { refuse } = tools.disks;
  const admission = await watchUsage(records, log, closing);
  const stored = <B extends { token: string; count: number; bytes: Buffer }>(batch: B) =>
    withoutGone(withoutErased(batch, erasedIds), standing);
  const prepare = withErasures(createPrepare({ enricher, keyring, templateRoute: createRouteEnricher() }), erasedIds);
  const insertSeconds = new Histogram({
    name: 'vedette_insert_duration_seconds',
    help: 'How long the request store took for a batch, stored or not',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
    registers: [],
  });
  const timed = async (work: Promise<void>) => {
    const end = insertSeconds.startTimer();
    await work.finally(end);
  };
  const stream = await openStream(config, log);
  const pipeline = await openTrafficPipeline({
    prepare,
    encode: encodeRows,
    store: {
      insert: (batch) => timed(requests.insert(stored(batch))),
      insertLiveAddresses: (rows) =>
        requests.insertLiveAddresses(
          standing.gone === 0 ? rows : rows.filter(({ tenantId }) => !standing.isGone(tenantId)),
        ),
    },
    interactions: { insert: (batch) => engines.interactions.insert(stored(batch)) },
    stream,
    storesHere: config.kafkaBrokers === undefined || config.roles.includes('process'),
    receipts: receiptsWithoutGone(createReceiptBook(records), standing),
    admission,
    refuse,
    policyOf: policies.traffic,
    onError: (error, doing) => log.error({ err: error }, doing),
    isPermanent: isAboutTheRows,
  });
  const sources = openSources(records, log, closing);
  closing.add('the pipeline', () => pipeline.close());
  const interactions = openInteractionPipeline({
    prepare: withErasedBeacons(
      createPrepareInteractions({ enricher, keyring, names: createNameBudget(MOST_NAMES) }),
      erasedIds,
    ),
    encode: encodeInteractions,
    stream,
    policyOf: (tenantId) => interactionPolicyOf(policies.policy(tenantId)),
    measurements: tools.measurements,
    refuse,
  });
  closing.add('the pipeline of interactions', () => interactions.close());
  const receiver = createReceiver({ intake: pipeline, ownerOf: (host) => records.hosts.ownerOf(host), sources });
  const importer = createFileImporter({
    prepare,
    encoder: createRowEncoder,
    insert: (batch) => timed(requests.insert(stored(batch))),
    admission,
    holdMerges: () => requests.holdMerges(),
    ledgerOf: (tenantId) => records.forTenant(tenantId).imports,
    policyOf: policies.traffic,
    refuse,
  });
  return {
    pipeline,
    interactions,
    receiver,
    sources,
    importer,
    enricher,
    keyring,
    policies,
    admission,
    insertSeconds,
  };
}

async function openEnricher({ config, log, fetcher, closing }: TrafficTools): Promise<LocalEnricher> {
  const { geoPath, geo6Path, asnPath, asn6Path } = config;
  const gaps = config.ipwhois === 'on' ? createIpwho({ fetcher, baseUrl: config.ipwhoisUrl }) : undefined;
  if (gaps !== undefined) closing.add('ipwho.is', () => gaps.close());
  const enricher = await createEnricher({
    geoPath,
    geo6Path,
    asnPath,
    asn6Path,
    updateDir: join(config.data, 'geo'),
    gaps,
    onFault: (error) => log.warn({ err: error }, 'enrichment data'),
  });
  closing.add('the enricher', () => enricher.close());
  return enricher;
}

/** The ledger of sources, written every few seconds and at the end. */
function openSources(records: Records, log: Log, closing: Closing): SourceLedger {
  const sources = createSourceLedger(async (tenantId, tallies) => {
    if (!records.standing.isGone(tenantId)) await records.forTenant(tenantId).sources.add(tallies);
  });
  const stop = every(SOURCES_MS, () => sources.flush(), log, 'writing down the sources');
  closing.add('the sources', async () => {
    stop();
    await sources.flush();
  });
  return sources;
}

/** The counts of requests by tenant, written every second and at the end. */
async function watchUsage(records: Records, log: Log, closing: Closing): Promise<Admission> {
  const admission = await openAdmission({ standing: records.standing, usage: records.unscoped.usage });
  const stop = every(USAGE_MS, () => admission.flush(), log, 'counting the requests of tenants');
  closing.add('the counts of requests', async () => {
    stop();
    await admission.flush();
  });
  return admission;
}

/** Tenants' policies, from memory; never a look-up on the way of a request. A change is announced; a timer makes sure. */
function watchPolicies(records: Records, log: Log, closing: Closing): PolicyBook {
  const load = () => records.policies.refresh();
  closing.add('policies', every(POLICY_REFRESH_MS, load, log, 'reading the policies of tenants'));
  return createPolicyBook(
    (tenantId) => records.policies.of(tenantId),
    (tenantId) => records.standing.of(tenantId)?.quota.retention_days ?? null,
  );
}

/** Through Kafka where there is one, else straight to the store. */
async function openStream(config: Config, log: Log): Promise<Stream> {
  const spool = await openSpool(join(config.data, 'spool'), config.spoolBytes, (detail) =>
    log.error({ detail }, 'a part of the spool is damaged'),
  );
  const onError = (error: unknown, doing: string) => log.error({ err: error }, doing);
  const place = kafkaPlaceOf(config);
  return place === null ? openDirectStream({ spool, onError }) : openKafkaStream({ spool, onError }, place);
}

/** Where Kafka is and how it is used; null where there is none. */
export function kafkaPlaceOf(config: Config): KafkaPlace | null {
  const { kafkaBrokers: brokers, kafkaUser: username, kafkaPassword: password = '' } = config;
  if (brokers === undefined) return null;
  const mechanism = config.kafkaSasl.toUpperCase() as 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  return {
    brokers,
    topic: config.kafkaTopic,
    partitions: config.kafkaPartitions,
    replicas: config.kafkaReplicas,
    tls: config.kafkaTls === 'on',
    sasl: username === undefined ? undefined : { mechanism, username, password },
    messageBytes: Math.max(LEAST_MESSAGE_BYTES, 2 * config.bodyBytes),
  };
}

/** Does something again and again; answers with what ends it. */
function every(ms: number, work: () => Promise<unknown>, log: Log, doing: string): () => void {
  const timer = setInterval(() => {
    work().catch((error: unknown) => log.warn({ err: error }, `${doing} failed; trying again later`));
  }, ms);
  timer.unref();
  return () => clearInterval(timer);
}
