import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Tenant } from '../../stores/records.ts';
import { tenantOf } from '../access.ts';
import { type EventStream, openEventStream } from '../event-stream.ts';
import { MOST_LISTENERS } from '../live-tails.ts';
import { type Beginning, createLiveWriter, readBeginning } from '../live-writer.ts';
import type { Hub } from '../ports.ts';
import { isStillAllowed } from '../presence.ts';
import { ProblemError } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';
import { readTrafficQuestion, TRAFFIC_FILTERS, type TrafficParameters } from '../traffic-question.ts';

const PERMISSION = 'export';
const BEAT_MS = 15_000;
const RETRY_MS = 2000;
/** Beats in a row at which a listener took nothing; then it is gone. */
const MOST_STUCK = 4;
const STREAM = `event: state
id: MTc5NTY5NDQwMDAwMCA
data: {"from":"2026-11-26T12:00:00.000Z","readable":true,"gap_from":null}

event: request
id: MTc5NTY5NDQwMDEyMyAwMWEyMDIxYS03YzNlLTdiMWMtOWQ1Ni0wYjZmM2Y2ZDhlMjE
data: {"id":"01a2021a-7c3e-7b1c-9d56-0b6f3f6d8e21","time":"2026-11-26T12:00:00.101Z","path":"/orders/4711",…}

event: skipped
id: MTc5NTY5NDQwMDEyMyAwMWEyMDIxYS03YzNlLTdiMWMtOWQ1Ni0wYjZmM2Y2ZDhlMjE
data: {"count":1250}

`;

/** A stream that goes on, with how to find out whether it still may. */
interface Open {
  stream: EventStream;
  check(): Promise<void>;
}

/** Requests as they come in. */
export function addLiveRoutes(app: FastifyInstance, hub: Hub): void {
  const open = new Set<Open>();
  hub.stopping.addEventListener('abort', () => {
    for (const { stream } of open) stream.end();
  });
  const checkAll = async () => {
    if (open.size === 0) return;
    await hub.records.standing.refresh();
    for (const { check } of open) await check();
  };
  for (const what of ['sessions', 'keys', 'tenants'] as const) {
    hub.records.watch(what, () => {
      // What cannot be looked up now is looked up at the next beat.
      checkAll().catch((error: unknown) => app.log.warn({ err: error }, 'who watches requests could not be checked'));
    });
  }
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/requests/live',
    access: PERMISSION,
    summary: 'Requests as they come in: server-sent events',
    description: `Those of which a row is kept, within a second or two of when the hub received them; what happened more than 15 minutes before is left out, as are imported files. \`request\` has a row of GET /api/v1/requests, \`skipped\` how many there were beyond the latest 200 of a second, or than a slow listener took, \`state\` from when on requests are told, whether they can be read just now, and, in \`gap_from\`, from when on they are not told before that, to who was away for longer than 10 minutes. Last-Event-ID goes on where another stream ended. Up to ${MOST_LISTENERS} streams of a tenant at once.`,
    query: Type.Object({ tenant: TENANT, where: TRAFFIC_FILTERS.where }),
    headers: { 'Last-Event-ID': 'The last id that one has: of an event, or of a beat.' },
    head: false,
    answers: {
      200: {
        description: 'Goes on until one leaves, may not look any more, or the hub stops',
        type: 'text/event-stream',
        schema: Type.String({ examples: [STREAM] }),
      },
      400: { description: 'Wrong usage; errors names what is wrong', codes: ['bad-event-id'] },
      429: { description: 'Too many calls, or streams of the tenant', codes: ['too-many-listeners'] },
    },
    async handler(request, reply) {
      const { where } = readTrafficQuestion(request.query as TrafficParameters, Date.now());
      const tenant = await tenantOf(hub, request);
      const beginning = beginningOf(request);
      const stream = begin(hub, request, tenant, { where, beginning }, open);
      reply.headers({
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        // Whoever stands between (nginx and its like) passes it on as it comes.
        'x-accel-buffering': 'no',
      });
      return reply.send(stream.body);
    },
  });
}

function begin(
  hub: Hub,
  request: FastifyRequest,
  tenant: Tenant,
  { where, beginning }: { where: ReturnType<typeof readTrafficQuestion>['where']; beginning: Beginning },
  open: Set<Open>,
): EventStream {
  let stuck = 0;
  let waited = 0;
  const stream = openEventStream({
    retryMs: RETRY_MS,
    closed() {
      leave?.();
      clearInterval(beat);
      open.delete(one);
    },
    drained: () => writer.drained(),
  });
  const writer = createLiveWriter(stream, beginning);
  const leave = hub.tails.listen(tenant.id, { where, ...writer }, beginning.behind);
  const one: Open = {
    stream,
    async check() {
      if (!(await isStillAllowed(hub, request, PERMISSION, tenant))) stream.end();
    },
  };
  const beat = setInterval(() => {
    const waiting = stream.body.readableLength;
    stuck = stream.ready || waiting !== waited ? 0 : stuck + 1;
    waited = waiting;
    if (stuck > MOST_STUCK) stream.body.destroy();
    writer.beat();
    one
      .check()
      .catch((error: unknown) => request.log.warn({ err: error }, 'who watches requests could not be checked'));
  }, BEAT_MS);
  if (leave === null) {
    stream.body.destroy();
    throw new ProblemError(
      429,
      'too-many-listeners',
      `${MOST_LISTENERS} watch requests of ${tenant.slug} come in already; close one of these`,
      { headers: { 'retry-after': '10' } },
    );
  }
  open.add(one);
  writer.begin();
  return stream;
}

/** Where the caller goes on. Throws a ProblemError 400 for an id that is none of ours. */
function beginningOf({ headers }: FastifyRequest): Beginning {
  const beginning = readBeginning(String(headers['last-event-id'] ?? ''), Date.now());
  if (beginning !== null) return beginning;
  throw new ProblemError(400, 'bad-event-id', 'Last-Event-ID: no stream gave such an id; begin again without it');
}
