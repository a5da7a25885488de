import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Type } from 'typebox';
import { unauthorised } from './access.ts';
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
    answers: { 200: { description: 'It does', schema: Type.Object({ status: Type.Literal('alive') }) } },
    async handler() {
      return { status: 'alive' };
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/readyz',
    access: 'public',
    summary: 'Whether both engines answer, and take what comes in',
    answers: {
      200: { description: 'They do', schema: Type.Object({ status: Type.Literal('ready') }) },
      503: { description: 'They do not; errors says which and why' },
    },
    async handler() {
      const outcomes = await Promise.all(hub.probes.map(ask));
      const errors = outcomes.filter((outcome) => outcome !== null);
      const { storeReachable, spool } = hub.figures();
      if (!storeReachable) errors.push({ name: 'requests', reason: `${spool.records} batches wait on disk` });
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
    answers: { 200: { description: 'Prometheus text', type: 'text/plain', schema: Type.String() } },
    async handler(request, reply) {
      const near = request.client === '127.0.0.1' || request.client === '::1' || request.client === '';
      // Behind a proxy on this machine that the hub was not told of, everybody is near.
      const passedOn = PROXY_HEADERS.some((name) => request.headers[name] !== undefined);
      if ((!near || passedOn) && request.principal?.tenantId !== null) {
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
  hub: Pick<Hub, 'figures' | 'interactions' | 'version' | 'syslog'>,
  selfLost: () => number,
): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
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
  if (hub.syslog !== null) countSyslog(hub.syslog, registry);
  return registry;
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
