import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { isRefusal, type Refusal } from '../../model/request.ts';
import type { OtlpEncoding, Reading } from '../../model/ways-in.ts';
import { readBody } from '../body.ts';
import { encodingOf, OTLP_JSON, OTLP_PROTOBUF, onOtlpError, sendExported } from '../otlp-answer.ts';
import type { Hub } from '../ports.ts';
import { refused } from '../problem.ts';
import { addRoute, type RouteSpec, TENANT } from '../route.ts';
import { noted, ownershipOf, refuseBeyondQuota, SENDER_HEADERS, senderOf } from '../sender.ts';

interface Signal {
  url: string;
  what: string;
  rejected: 'rejectedSpans' | 'rejectedLogRecords';
  description: string;
  read(hub: Hub, body: Buffer, encoding: OtlpEncoding, sender: string): Reading | Refusal;
}

const SIGNALS: readonly Signal[] = [
  {
    url: '/v1/traces',
    what: 'ExportTraceService',
    rejected: 'rejectedSpans',
    description:
      'Server spans over HTTP are requests, by the stable or the former names of the semantic conventions. All other ' +
      'spans are passed over. The same body sent again within a day is answered, not stored again.',
    read: (hub, body, encoding) => hub.readers.spans(body, encoding),
  },
  {
    url: '/v1/logs',
    what: 'ExportLogsService',
    rejected: 'rejectedLogRecords',
    description:
      'Records whose attributes or body have the names of an HTTP request, or whose body is a line of an access log in ' +
      'any format that files may have. The same body sent again within a day is answered, not stored again, where a ' +
      'record tells its time more exactly than to a millisecond.',
    read: (hub, body, encoding, sender) => hub.readers.logs(body, encoding, sender),
  },
];

const BYTES = Type.Unsafe<Buffer>({});
/** How OTLP's clients want to hear what is wrong. */
const REFUSALS = {
  [OTLP_JSON]: Type.Object(
    { code: Type.Integer({ examples: [3] }), message: Type.String({ examples: ['the body is not JSON'] }) },
    { title: 'RpcStatus', description: 'google.rpc.Status.' },
  ),
  [OTLP_PROTOBUF]: BYTES,
};
const EXAMPLES: Record<string, object> = {
  '/v1/traces': {
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                kind: 2,
                startTimeUnixNano: '1795000000000000000',
                endTimeUnixNano: '1795000000012000000',
                attributes: [
                  { key: 'http.request.method', value: { stringValue: 'GET' } },
                  { key: 'url.path', value: { stringValue: '/pricing' } },
                  { key: 'http.response.status_code', value: { intValue: '200' } },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
  '/v1/logs': {
    resourceLogs: [
      {
        scopeLogs: [
          {
            logRecords: [
              { body: { stringValue: '192.0.2.1 - - [26/Nov/2026:12:00:00 +0000] "GET /pricing HTTP/1.1" 200 5120' } },
            ],
          },
        ],
      },
    ],
  },
};

/** OTLP over HTTP, where exporters of OpenTelemetry look for it. */
export function addOtlpRoutes(app: FastifyInstance, hub: Hub): void {
  app.setErrorHandler(onOtlpError);
  for (const signal of SIGNALS) addRoute(app, routeOf(hub, signal));
}

function routeOf(hub: Hub, { url, what, rejected, description, read }: Signal): RouteSpec {
  return {
    method: 'POST',
    url,
    access: 'ingest',
    // Requests that are sent in.
    audit: false,
    summary: `OTLP/HTTP: ${what}`,
    description:
      `${description} Content-Encoding may be gzip, deflate, br or zstd. Errors are google.rpc.Status in the encoding ` +
      'of the call; 429 and 503 may be sent again after Retry-After seconds.',
    query: Type.Object({ tenant: TENANT }),
    headers: SENDER_HEADERS,
    refusals: REFUSALS,
    body: {
      types: [OTLP_PROTOBUF, OTLP_JSON],
      schema: Type.Unsafe<object>({ title: `${what}Request`, examples: [EXAMPLES[url]] }),
    },
    answers: {
      200: {
        description: 'Taken; partialSuccess says how many records were not, and why',
        schema: Type.Unsafe<object>({ title: `${what}Response`, type: 'object', examples: [{}] }),
        also: { [OTLP_PROTOBUF]: BYTES },
      },
      400: { description: 'The body is not what its media type says', codes: ['bad-body', 'bad-encoding'] },
      413: { description: 'The body is too large, or holds too many records', codes: ['too-large', 'too-many'] },
      429: {
        description: 'The tenant has had its requests of the day: send it again after Retry-After seconds',
        codes: ['quota-exceeded'],
      },
      415: {
        description: 'Neither protobuf nor JSON',
        codes: ['unsupported-media-type', 'unsupported-encoding', 'unsupported-charset'],
      },
      503: { description: 'No room at the moment: try again after Retry-After seconds' },
    },
    async handler(request, reply) {
      const owner = await ownershipOf(hub, request);
      const sender = senderOf(request, 'otlp');
      const { encoding, body, reading } = await noted(hub, owner.tenantId, sender, async () => {
        const encoding = encodingOf(request.headers['content-type']);
        const body = await readBody(request, hub.network.bodyBytes);
        const reading = read(hub, body, encoding, request.principal?.name ?? '');
        if (isRefusal(reading)) throw refused(reading, reading.refused === 'too-many' ? 413 : 400);
        return { encoding, body, reading };
      });
      const reception = await hub.receiver.receive({
        sender,
        ...owner,
        reading,
        ...(reading.once === true && reading.records.length > 0 ? { idempotencyKey: `otlp:${digest(body)}` } : {}),
      });
      if (reception.fault !== undefined) throw reception.fault;
      refuseBeyondQuota(owner, reception);
      return sendExported(reply, encoding, rejected, reception.rejected);
    },
  };
}

function digest(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64url');
}
