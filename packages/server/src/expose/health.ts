import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Type } from 'typebox';
import { DISK_STATES } from '../model/disk.ts';
import { countBacklog } from './backlog-metrics.ts';
import { unauthorised } from './gate.ts';
import { openApiDocument } from './openapi.ts';
import type { Hub } from './ports.ts';
import { ProblemError } from './problem.ts';
import { addRoute } from './route.ts';

/** How long an engine may take to answer before it counts as not answering. */
const PATIENCE_MS = 2000;
const PROXY_HEADERS = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'];

/** For what watches the hub: liveness, readiness, metrics, and the description of the API. */
export function addHealthRoutes(app: FastifyInstance, hub: Hub, metrics: Registry): void {
  addRoute(app, {
    method: 'GET',
    url: '/healthz',
    access: 'public',
    summary: 'Whether the process answers',
    description: 'disk is the state of the disk guard: good, low, stopped (nothing more is taken in), full.',
    answers: {
      200: {
        description: 'It does',
        schema: Type.Object({
          status: Type.Literal('alive'),
          disk: Type.Union(DISK_STATES.map((state) => Type.Literal(state))),
        }),
      },
    },
    async handler() {
      return { status: 'alive', disk: hub.disks.state() };
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/readyz',
    access: 'public',
    summary: 'Whether both engines answer, and take what comes in',
    answers: {
      200: { description: 'They do', schema: Type.Object({ status: Type.Literal('ready') }) },
      503: { description: 'They do not; errors says which and why', codes: ['not-ready'] },
    },
    async handler() {
      const outcomes = await Promise.all(hub.probes.map(ask));
      const errors = outcomes.filter((outcome) => outcome !== null);
      const { storeReachable, spool } = hub.figures();
      if (!storeReachable) errors.push({ name: 'requests', reason: `${spool.records} batches wait on disk` });
      const disk = hub.disks.state();
      if (disk === 'stopped' || disk === 'full') {
        errors.push({ name: 'disk', reason: 'nearly full, so that nothing is taken in' });
      }
      if (errors.length === 0) return { status: 'ready' };
      const detail = errors.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
      throw new ProblemError(503, 'not-ready', detail, { errors, headers: { 'retry-after': '2' } });
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/metrics',
    access: 'public',
    summary: 'Figures of the hub for Prometheus; on this machine, or for operators',
    answers: {
      200: {
        description: 'Prometheus text',
        type: 'text/plain',
        schema: Type.String({ examples: ['vedette_info{version="0.1.0"} 1\n'] }),
      },
      401: { description: 'Neither near nor an operator', codes: ['unauthorised'] },
    },
    async handler(request, reply) {
      const near = request.client === '127.0.0.1' || request.client === '::1' || request.client === '';
      // Behind a proxy on this machine that the hub was not told of, everybody is near.
      const passedOn = PROXY_HEADERS.some((name) => request.headers[name] !== undefined);
      if ((!near || passedOn) && request.principal?.operator !== true) {
        throw unauthorised('metrics are open on the machine of the hub and to its operators');
      }
      return reply.type(metrics.contentType).send(await metrics.metrics());
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/openapi.json',
    access: 'public',
    summary: 'This description',
    answers: { 200: { description: 'OpenAPI 3.1', schema: Type.Unsafe<object>({ type: 'object' }) } },
    async handler() {
      return openApiDocument(app.specs, hub.version);
    },
  });
}

async function ask(probe: Hub['probes'][number]): Promise<{ name: string; reason: string } | null> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    await Promise.race([probe.check(), patience]);
    return null;
  } catch (error) {
    return { name: probe.name, reason: (error as Error).message.split('\n', 1)[0] as string };
  } finally {
    clearTimeout(timer);
  }
}

/** The hub's metrics. */
export function createMetrics(
  hub: Pick<Hub, 'figures' | 'interactions' | 'version' | 'syslog' | 'disks' | 'receiver' | 'backlog'>,
  selfLost: () => number,
): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // Gauges by the names of counters, which Prometheus' linter refuses; the same is there by type.
  for (const kind of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${kind}_total`);
  new Gauge({ name: 'vedette_info', help: 'Version', labelNames: ['version'], registers: [registry] }).set(
    { version: hub.version },
    1,
  );
  const counters: [string, string, () => number][] = [
    ['vedette_requests_accepted_total', 'Requests taken in', () => hub.figures().accepted],
    ['vedette_requests_refused_total', 'Requests refused by the pipeline', () => hub.figures().refused],
    ['vedette_interactions_accepted_total', 'Events of pages taken in', () => hub.interactions.figures().accepted],
    [
      'vedette_interactions_repeated_total',
      'Events of pages that were sent again and are counted once',
      () => hub.interactions.figures().repeated,
    ],
    ['vedette_batches_total', 'Batches of requests cut', () => hub.figures().batches],
    ['vedette_batches_dead_total', 'Batches that the store will never take', () => hub.figures().dead],
    ['vedette_stream_appended_total', 'Batches that became durable here', () => hub.figures().stream.appended],
    ['vedette_stream_stored_total', 'Batches of the stream that were stored here', () => hub.figures().stream.stored],
    ['vedette_stream_repeats_total', 'Batches that had been stored already', () => hub.figures().repeats],
    ['vedette_stream_retries_total', 'Attempts to hand on or store that failed', () => hub.figures().stream.retries],
    ['vedette_self_requests_lost_total', 'Requests to the hub itself that were not recorded', selfLost],
  ];
  for (const [name, help, read] of counters) {
    const counter = new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        counter.reset();
        counter.inc(read());
      },
    });
  }
  const gauges: [string, string, () => number][] = [
    ['vedette_rows_waiting', 'Rows in memory that wait to be stored', () => hub.figures().pendingRows],
    [
      'vedette_stream_lag',
      'Batches that are durable and not stored, of all processes; NaN while that is not known',
      () => hub.figures().stream.lag ?? Number.NaN,
    ],
    [
      'vedette_spool_batches',
      'Batches on disk that the store, or the broker, does not have',
      () => hub.figures().spool.records,
    ],
    ['vedette_spool_bytes', 'Bytes of those batches', () => hub.figures().spool.bytes],
    ['vedette_store_reachable', '1 while the request store answers', () => Number(hub.figures().storeReachable)],
  ];
  for (const [name, help, read] of gauges) {
    const gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        gauge.set(read());
      },
    });
  }
  countWays(hub.receiver, registry);
  watchDisks(hub.disks, registry);
  countBacklog(() => hub.backlog(), registry);
  if (hub.syslog !== null) countSyslog(hub.syslog, registry);
  return registry;
}

function countWays(receiver: Pick<Hub['receiver'], 'figures'>, registry: Registry): void {
  const counter = new Counter({
    name: 'vedette_ingest_records_total',
    help: 'Records by way in and by what became of them: accepted, rejected, failed (no room, or an engine away)',
    labelNames: ['way', 'outcome'],
    registers: [registry],
    collect() {
      counter.reset();
      for (const [way, outcomes] of receiver.figures()) {
        for (const [outcome, count] of Object.entries(outcomes)) counter.inc({ way, outcome }, count);
      }
    },
  });
}

function watchDisks(disks: Hub['disks'], registry: Registry): void {
  const free = new Gauge({
    name: 'vedette_disk_free_bytes',
    help: 'Free room of the disks of the hub',
    labelNames: ['path'],
    registers: [registry],
    collect() {
      free.reset();
      for (const { path, free: bytes } of disks.figures()) free.set({ path }, bytes);
    },
  });
  const stop = new Gauge({
    name: 'vedette_disk_stop_bytes',
    help: 'Free room below which nothing more is taken in',
    labelNames: ['path'],
    registers: [registry],
    collect() {
      stop.reset();
      for (const { path, stop: bytes } of disks.figures()) stop.set({ path }, bytes);
    },
  });
  const state = new Gauge({
    name: 'vedette_disk_guard_state',
    help: 'State of the disk guard: 0 good, 1 low, 2 stopped (nothing is taken in), 3 full',
    registers: [registry],
    collect() {
      state.set(DISK_STATES.indexOf(disks.state()));
    },
  });
  const refused = new Counter({
    name: 'vedette_disk_refused_total',
    help: 'Deliveries refused for want of room on a disk, by way in',
    labelNames: ['way'],
    registers: [registry],
    collect() {
      refused.reset();
      for (const [way, count] of disks.refused()) refused.inc({ way }, count);
    },
  });
}

function countSyslog(syslog: NonNullable<Hub['syslog']>, registry: Registry): void {
  const counter = new Counter({
    name: 'vedette_syslog_messages_total',
    help: 'Messages of syslog by what became of them; refused ones by reason',
    labelNames: ['outcome', 'reason'],
    registers: [registry],
    collect() {
      const { refused, ...others } = syslog.figures();
      counter.reset();
      for (const [outcome, count] of Object.entries(others)) counter.inc({ outcome, reason: '' }, count);
      for (const [reason, count] of Object.entries(refused)) counter.inc({ outcome: 'refused', reason }, count);
    },
  });
}

/** Counts and times the calls of an app by route and status. */
export function observeCalls(app: FastifyInstance, registry: Registry): void {
  const seconds = new Histogram({
    name: 'vedette_http_request_duration_seconds',
    help: 'Calls of the API by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'other';
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
}
