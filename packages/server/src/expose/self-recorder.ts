import type { FastifyInstance, FastifyRequest } from 'fastify';
import { emptyRequest, type RawRequest } from '../model/request.ts';
import type { TrafficIntake } from '../model/ways-in.ts';

const FLUSH_MS = 500;
const FLUSH_ROWS = 1000;
/** Waiting requests; beyond it the oldest go, because the hub's own traffic must never be what fills its memory. */
const MOST_WAITING = 20_000;

/** Records the hub's own HTTP traffic, as any other edge would, without anybody waiting for it. */
export interface SelfRecorder {
  watch(app: FastifyInstance): void;
  /** Requests that were given up because the pipeline had no room. */
  lost(): number;
  /** Delivers what waits; nothing is recorded after. */
  close(): Promise<void>;
}

export function createSelfRecorder(
  intake: TrafficIntake,
  tenantId: string,
  onError: (error: unknown) => void,
): SelfRecorder {
  let waiting: RawRequest[] = [];
  let underWay: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let lost = 0;
  let closed = false;

  function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (underWay !== null || waiting.length === 0) return underWay ?? Promise.resolve();
    const records = waiting;
    waiting = [];
    underWay = send(records);
    return underWay;
  }

  async function send(records: RawRequest[]): Promise<void> {
    try {
      await intake.deliver({ tenantId, origin: 'self', records });
    } catch (error) {
      lost += records.length;
      onError(error);
    } finally {
      underWay = null;
      if (waiting.length > 0) plan();
    }
  }

  function plan(): void {
    if (waiting.length >= FLUSH_ROWS) void flush();
    else timer ??= setTimeout(() => void flush(), FLUSH_MS);
  }

  return {
    watch(app) {
      app.addHook('onResponse', async (request, reply) => {
        if (closed) return;
        waiting.push(describe(request, reply.statusCode, reply.elapsedTime, reply.getHeader('content-length')));
        if (waiting.length > MOST_WAITING) lost += waiting.splice(0, waiting.length - MOST_WAITING).length;
        plan();
      });
    },
    lost: () => lost,
    async close() {
      closed = true;
      while (waiting.length > 0 || underWay !== null) await flush();
    },
  };
}

function describe(request: FastifyRequest, status: number, elapsedMs: number, length: unknown): RawRequest {
  const { url, httpVersion } = request.raw;
  const mark = url?.indexOf('?') ?? -1;
  const route = request.routeOptions.url ?? '';
  const { headers } = request;
  return {
    ...emptyRequest(Math.round(Date.now() - elapsedMs)),
    clientAddress: request.client,
    host: hostName(headers.host),
    method: request.method,
    // A one-time link is a secret until it is used; a proof id stands for a person.
    path:
      route.startsWith('/start/') || route.includes('/proofs/')
        ? route
        : ((mark < 0 ? url : url?.slice(0, mark)) ?? ''),
    query: mark < 0 ? '' : (url?.slice(mark + 1) ?? ''),
    route,
    status,
    durationUs: Math.round(elapsedMs * 1000),
    bytesIn: sizeOf(headers['content-length'] ?? (headers['transfer-encoding'] === undefined ? 0 : undefined)),
    bytesOut: sizeOf(length),
    protocol: `HTTP/${httpVersion}`,
    userAgent: headers['user-agent'] ?? '',
    referrer: headers.referer ?? '',
    consent: isVisitors(request) ? 'refused' : 'unknown',
    headers: headers['sec-gpc'] === undefined ? null : { 'sec-gpc': String(headers['sec-gpc']) },
  };
}

/** Visitors of tenants' sites call from the pages there. They are no visitors of the hub's: their calls are counted. */
function isVisitors({ routeOptions, headers }: FastifyRequest): boolean {
  return routeOptions.config.visitors === true || headers['sec-fetch-site'] === 'cross-site';
}

/** Host without port, lower case. */
export function hostName(header: string | undefined): string {
  return (header ?? '').toLowerCase().replace(/:\d+$/, '');
}

function sizeOf(length: unknown): number {
  const bytes = length === undefined ? -1 : Number(length);
  return Number.isInteger(bytes) ? bytes : -1;
}
