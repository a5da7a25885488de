import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isRefusal } from '../../model/request.ts';
import type { BulkReading } from '../../model/ways-in.ts';
import { readBody } from '../body.ts';
import { bulkAnswer, infoOf, onElasticsearchError } from '../elasticsearch-answer.ts';
import type { Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute, type RouteDescription } from '../route.ts';
import { noted, ownershipOf, refuseBeyondQuota, senderOf } from '../sender.ts';

/** Where clients of Elasticsearch find the hub: `/` is the dashboard's, and they take a URL with a path. */
const PREFIX = '/elasticsearch';

/** How Elasticsearch's clients want to hear what is wrong. */
const REFUSALS = {
  'application/json': Type.Object(
    {
      error: Type.Object({ type: Type.String(), reason: Type.String(), root_cause: Type.Array(Type.Unknown()) }),
      status: Type.Integer(),
    },
    {
      title: 'ElasticsearchError',
      examples: [
        {
          error: { root_cause: [], type: 'illegal_argument_exception', reason: 'Malformed action/metadata line [1]' },
          status: 400,
        },
      ],
    },
  ),
};
const LINES = Type.Unsafe<string>({
  type: 'string',
  examples: ['{"create":{}}\n{"@timestamp":"2026-11-26T12:00:00Z","url":{"path":"/pricing"}}\n'],
});
const BULK_ANSWER = Type.Object(
  {
    took: Type.Integer({ description: 'ms' }),
    errors: Type.Boolean(),
    items: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  },
  { title: 'BulkAnswer', examples: [{ took: 3, errors: false, items: [{ create: { status: 201 } }] }] },
);

/** By which Elasticsearch takes bulk bodies. */
const METHODS = ['POST', 'PUT'] as const;

/** All that may be asked by. */
const ALL = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const BULK = {
  // Requests that are sent in.
  audit: false,
  access: 'ingest',
  agents: true,
  description:
    'index and create add a request each; update and delete are refused by item. Documents have the names of ECS or ' +
    'OpenTelemetry, nested or dotted, or a line of an access log in message, log or event.original. An _id that is a ' +
    'UUID is the request’s. When every document has an _id, the same body sent again is answered, not stored again. ' +
    'Keys may also come as ApiKey, or as the password of Basic.',
  body: { types: ['application/x-ndjson', 'application/json'], schema: LINES },
  refusals: REFUSALS,
  answers: {
    200: { description: 'took, errors, and items, one an action', schema: BULK_ANSWER },
    400: { description: 'The body has a line that is no action', codes: ['bad-action', 'bad-encoding'] },
    404: { description: 'No index has such a name', codes: ['not-found'] },
    413: { description: 'The body is too large, or holds too many actions', codes: ['too-large', 'too-many'] },
    429: {
      description: 'The tenant has had its requests of the day: send it again after Retry-After seconds',
      codes: ['quota-exceeded'],
    },
    415: { description: 'Another encoding or charset', codes: ['unsupported-encoding', 'unsupported-charset'] },
    503: { description: 'No room at the moment: try again after Retry-After seconds' },
  },
} as const satisfies Partial<RouteDescription> & { audit: false };

/** As much of Elasticsearch as its clients, OpenSearch's, and log agents need to add documents. */
export function addBulkRoutes(app: FastifyInstance, hub: Hub): void {
  app.setErrorHandler(onElasticsearchError);
  app.addHook('onSend', async (_, reply) => {
    reply.header('x-elastic-product', 'Elasticsearch');
  });
  const handler = (request: FastifyRequest) => takeBulk(hub, request);
  const summary = 'Elasticsearch’s _bulk: takes documents as requests';
  for (const method of METHODS) addRoute(app, { ...BULK, method, url: `${PREFIX}/_bulk`, summary, handler });
  // As Fluent Bit writes it in front of a pipeline's name.
  addUndocumented(app, ['POST'], '/_bulk/', 'another spelling of _bulk', handler);
  const params = Type.Object({ index: Type.String({ maxLength: 255 }) });
  for (const method of METHODS) {
    addRoute(app, { ...BULK, method, url: `${PREFIX}/:index/_bulk`, summary, params, handler });
  }
  addIntroductions(app);
}

async function takeBulk(hub: Hub, request: FastifyRequest): Promise<object> {
  const started = performance.now();
  const { index = '' } = request.params as { index?: string };
  const owner = await ownershipOf(hub, request);
  const sender = senderOf(request, 'bulk');
  const { body, reading } = await noted(hub, owner.tenantId, sender, async () => {
    const body = await readBody(request, hub.network.bodyBytes);
    const found = hub.readers.bulk(body, index, request.principal?.name ?? '');
    if (isRefusal(found)) throw refused(found, found.refused === 'too-many' ? 413 : 400);
    return { body, reading: found };
  });
  const reception = await hub.receiver.receive({ sender, ...owner, reading, ...onceOnly(reading, body, index) });
  // Nothing was taken: agents that do not look into items know this answer, and send the whole again.
  if (reception.fault !== undefined && reception.accepted === 0) throw reception.fault;
  refuseBeyondQuota(owner, reception);
  return bulkAnswer(reading, reception, Math.round(performance.now() - started));
}

/** A body whose documents have ids of the sender's is the same when it is equal: an id alone may be used again. */
function onceOnly({ allNamed, records }: BulkReading, body: Buffer, index: string): { idempotencyKey?: string } {
  if (!allNamed || records.length === 0) return {};
  const hash = createHash('sha256').update(`${index.length}:${index}`).update(body);
  return { idempotencyKey: `bulk:${hash.digest('base64url')}` };
}

/** What clients and agents ask before they send, with the answers after which they do. */
function addIntroductions(app: FastifyInstance): void {
  const answers = {
    200: { description: 'The answer', schema: Type.Unsafe<object>({ type: 'object', examples: [{}] }) },
  };
  const add = (url: string, summary: string, answer: object) => {
    const handler = async () => answer;
    addRoute(app, {
      method: 'GET',
      url: `${PREFIX}${url}`,
      access: 'ingest',
      agents: true,
      refusals: REFUSALS,
      summary,
      answers,
      handler,
    });
  };
  const license = { status: 'active', uid: 'vedette', type: 'basic' };
  add('', 'What clients of Elasticsearch ask first', infoOf('vedette'));
  const why = 'says nothing; for agents that ask';
  addUndocumented(app, ['GET', 'HEAD'], '/', why, async () => infoOf('vedette'));
  add('/_license', 'The licence, as Beats ask for it', { license });
  add('/_xpack', 'Features, as Beats ask for them', { license: { ...license, mode: 'basic' }, features: {} });
  add('/_cluster/health', 'Health, as Vector and Logstash ask for it', {
    cluster_name: 'vedette',
    status: 'green',
    timed_out: false,
    number_of_nodes: 1,
    number_of_data_nodes: 1,
  });
  // Agents make templates, policies and streams that are not there. There is nothing here that they would be for.
  for (const kind of ['_index_template', '_component_template', '_template', '_ilm/policy', '_data_stream']) {
    addUndocumented(app, ['GET', 'HEAD'], `/${kind}/:name`, why, async () => ({}));
  }
  addUndocumented(app, ALL, '/*', why, async (request) => {
    throw new ProblemError(
      404,
      'not-found',
      `${request.method} ${pathOf(request)} is not supported: only _bulk takes documents, and nothing can be read`,
    );
  });
}

/** A route past the OpenAPI document, and the refusal of the methods that it does not take. */
function addUndocumented(
  app: FastifyInstance,
  methods: readonly (typeof ALL)[number][],
  path: string,
  undocumented: string,
  handler: (request: FastifyRequest) => Promise<object>,
): void {
  const url = `${PREFIX}${path}`;
  const config = { access: BULK.access, agents: BULK.agents, undocumented };
  app.route({ method: [...methods], url, config, handler });
  const others = ALL.filter((method) => !methods.includes(method));
  if (others.length === 0) return;
  const allow = methods.join(', ');
  app.route({
    method: others,
    url,
    config,
    exposeHeadRoute: false,
    handler: async (request: FastifyRequest) => {
      throw new ProblemError(405, 'method-not-allowed', `${pathOf(request)} takes ${allow}`, { headers: { allow } });
    },
  });
}

const pathOf = ({ url }: FastifyRequest) => (url.split('?', 1)[0] as string).slice(0, 200);
